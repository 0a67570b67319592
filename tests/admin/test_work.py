"""The work of the pages of a draft grows like its parts and problems, not like their square."""

import pytest

from modules.models import Draft
from tests.cast import a_module
from tests.document.test_work import MOST_GROWTH, calls_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SMALL, TIMES = 40, 3


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def text_of(shape: str, parts: int, words: str = "Isi") -> str:
    head = "# Besar\n\n## Awal\n\nAwal.\n\n"
    units = {
        "sections": "## Bagian {n}\n\n{words} nomor {n} tentang hal {n}.\n\n",
        "alike": "## Bagian\n\n{words} yang sama.\n\n",
        "questions": "### Soal {n}?\n\n- [ ] {words} a{n}\n- [x] {words} b{n}\n\n> Sebab {n}.\n\n",
        "choices": "- [ ] {words} {n}\n",
        "lines": "{words} nomor {n} yang lain.\n\n",
        "links": "[{words}](tiada{n}.md)\n\n",
        "checks": "### Cek {n} {.check}\n\n- [ ] {words} a\n- [x] {words} b\n\n",
        "pools": "### Kelompok {n} {draw=1}\n\n#### Soal {n}?\n\n- [ ] {words} a{n}\n- [x] b\n\n",
    }
    if shape in ("questions", "pools"):
        head += "## Kuis akhir\n\n"
    if shape == "choices":
        head += "## Kuis akhir\n\n### Apa?\n\n- [x] benar\n"
    return head + "".join(units[shape].replace("{n}", str(n)).replace("{words}", words) for n in range(parts))


SHAPES = ("sections", "alike", "questions", "choices", "lines", "links", "checks", "pools")
CHANGES = {
    "rewritten": lambda text: text.replace("Isi", "Uraian"),
    "renamed": lambda text: text.replace("Bagian", "Pasal").replace("Soal", "Tanya"),
    "emptied": lambda text: text.partition("## Awal")[0] + "## Awal\n\nAwal.\n",
    "same": lambda text: text,
}


def page_calls(browser, address: str) -> int:
    browser.get(address)
    return calls_of(lambda: browser.get(address))


def is_in_proportion(small: int, large: int) -> bool:
    return large <= MOST_GROWTH * TIMES * small


@pytest.mark.parametrize("shape", SHAPES)
def test_work_of_draft_page_grows_like_the_document(browser, instructor, shape):
    calls = []
    for parts in (SMALL, SMALL * TIMES):
        draft = Draft.objects.create(author=instructor, text=text_of(shape, parts))
        calls.append(page_calls(browser, f"/admin/modules/draft/{draft.pk}/change/"))

    assert is_in_proportion(*calls)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_work_of_plan_page_grows_like_the_document(browser, instructor, shape, change):
    calls = []
    for parts in (SMALL, SMALL * TIMES):
        text = f"---\nslug: besar-{parts}\n---\n{text_of(shape, parts)}"
        module = a_module(text)
        draft = Draft.objects.create(
            author=instructor, module=module, base_revision=module.current, text=CHANGES[change](text)
        )
        calls.append(page_calls(browser, f"/admin/modules/draft/{draft.pk}/plan/"))

    assert is_in_proportion(*calls)


@pytest.mark.parametrize("shape", SHAPES)
def test_work_of_module_page_grows_like_the_document(browser, shape):
    calls = []
    for parts in (SMALL, SMALL * TIMES):
        module = a_module(f"---\nslug: besar-{parts}\n---\n{text_of(shape, parts)}")
        calls.append(page_calls(browser, f"/admin/modules/module/{module.pk}/change/"))

    assert is_in_proportion(*calls)
