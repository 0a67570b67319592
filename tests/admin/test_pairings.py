"""Tests that parts are paired by hand on the plan page, and that a decision stays while its page is left."""

import pytest

from modules.models import Draft, Module
from tests.cast import a_module, read_all

pytestmark = pytest.mark.django_db

TEXT = "# M\n\n## Inti\n\nProton dan neutron.\n\n## Awan\n\nHujan turun.\n\n## Batu\n\nGranit keras.\n"
EDITED = (
    "# M\n\n## Inti\n\nProton dan neutron.\n\n## Gerbong\n\nKereta berangkat.\n\n## Layar\n\nKapal melaut.\n"
)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def module(learner) -> Module:
    module = a_module(TEXT)
    read_all(learner, module)
    return module


@pytest.fixture
def draft(module, instructor) -> Draft:
    return Draft.objects.create(author=instructor, module=module, base_revision=module.current, text=EDITED)


def address(draft: Draft) -> str:
    return f"/admin/modules/draft/{draft.pk}/plan/"


def press(browser, draft: Draft, action: str, **decisions: str):
    """Presses a button of a plan page that shows these decisions."""
    page = browser.get(address(draft)).context["page"]
    sealed = {"base_revision": page.plan.base_revision, "promised": page.promised, "seal": page.fingerprint}
    return browser.post(address(draft), {**sealed, "action": action, **decisions})


def fields(answer) -> dict:
    cards = (card for card in answer.context["page"].cards if getattr(card, "pairing", None))
    return {card.change.title: card.pairing for card in cards}


def test_two_parts_paired_with_the_same_one_are_refused(browser, draft, module):
    awan = str(module.sections.get(title="Awan").pk)
    pairs = {"pair:section:gerbong": awan, "pair:section:layar": awan}
    sentence = "“Awan” dipilih lebih dari sekali."
    for action in ("count", "load"):
        answer = press(browser, draft, action, **pairs)
        assert sentence in answer.content.decode()
        chosen = {
            name: [one.title for one in field.options if one.is_chosen]
            for name, field in fields(answer).items()
        }
        assert chosen == {"Gerbong": ["Awan"], "Layar": ["Awan"], "Batu": []}
    assert Module.objects.get().text() == TEXT
    assert sentence not in press(browser, draft, "count", **{"pair:section:gerbong": awan}).content.decode()


def chosen_in(answer) -> dict[str, list[str]]:
    """Returns the titles that are chosen in the field of each part."""
    return {
        name: [one.title for one in field.options if one.is_chosen] for name, field in fields(answer).items()
    }


@pytest.mark.parametrize("action", ["count", "load"])
def test_part_that_goes_on_from_two_is_refused(browser, draft, module, action):
    awan, batu = (str(module.sections.get(title=title).pk) for title in ("Awan", "Batu"))
    both = {"pair:section:gerbong": awan, f"becomes:section:{batu}": "gerbong"}
    sentence = "“Gerbong” tidak bisa melanjutkan “Awan” dan “Batu” sekaligus."
    answer = press(browser, draft, action, **both)
    assert answer.content.decode().count(sentence) == 1
    assert chosen_in(answer) == {"Gerbong": ["Awan"], "Layar": [], "Batu": ["Gerbong"], "Awan": []}
    assert sentence in browser.get(address(draft)).content.decode()  # it stays with the draft
    assert Module.objects.get().text() == TEXT
    mended = press(browser, draft, "count", **both | {f"becomes:section:{batu}": ""})
    assert sentence not in mended.content.decode()
    draft.refresh_from_db()
    assert draft.decisions["by_ambiguity"] == {"section:gerbong": awan}


def test_two_parts_that_become_one_are_refused(browser, draft, module):
    awan, batu = (str(module.sections.get(title=title).pk) for title in ("Awan", "Batu"))
    both = {f"becomes:section:{awan}": "gerbong", f"becomes:section:{batu}": "gerbong"}
    answer = press(browser, draft, "load", **both)
    assert "“Gerbong” tidak bisa melanjutkan “Awan” dan “Batu” sekaligus." in answer.content.decode()
    assert chosen_in(answer) == {"Gerbong": [], "Layar": [], "Batu": ["Gerbong"], "Awan": ["Gerbong"]}
    assert Module.objects.get().text() == TEXT


def test_part_that_is_new_and_goes_on_is_refused(browser, draft, module):
    awan = str(module.sections.get(title="Awan").pk)
    answer = press(
        browser, draft, "load", **{"pair:section:gerbong": "", f"becomes:section:{awan}": "gerbong"}
    )
    sentence = "“Gerbong” tidak bisa sekaligus baru dan melanjutkan “Awan”."
    assert answer.content.decode().count(sentence) == 1
    assert (fields(answer)["Gerbong"].is_new, Module.objects.get().text()) == (True, TEXT)


def test_two_fields_that_agree_pair_the_parts(browser, draft, module):
    awan = str(module.sections.get(title="Awan").pk)
    press(browser, draft, "count", **{"pair:section:gerbong": awan, f"becomes:section:{awan}": "gerbong"})
    draft.refresh_from_db()
    assert draft.decisions["by_ambiguity"] == {"section:gerbong": awan}


def test_refusal_says_once_that_a_part_is_chosen_twice(browser, draft, module):
    awan = str(module.sections.get(title="Awan").pk)
    answer = press(browser, draft, "load", **{"pair:section:gerbong": awan, "pair:section:layar": awan})
    assert answer.content.decode().count("“Awan” dipilih lebih dari sekali.") == 1


def test_pair_with_a_part_that_is_gone_is_not_offered(browser, draft):
    answer = press(browser, draft, "count", **{"pair:section:gerbong": "987654"})
    assert [option.title for option in fields(answer)["Gerbong"].options] == ["Awan", "Batu"]


@pytest.mark.parametrize(
    ("action", "place"),
    [("preview", "/preview/plans/{pk}/"), ("text", "/admin/modules/draft/{pk}/change/")],
)
def test_leaving_the_page_keeps_decisions(browser, draft, module, action, place):
    awan = str(module.sections.get(title="Awan").pk)
    answer = press(browser, draft, action, **{"pair:section:gerbong": awan, "reason": "Keliru."})
    assert answer.url == place.format(pk=draft.pk)
    page = browser.get(address(draft)).context["page"]
    assert (page.plan.decisions.by_ambiguity, page.reason) == ({"section:gerbong": awan}, "Keliru.")


def test_leaving_the_page_decides_no_proposal(browser, draft):
    sent = {
        "proposal:section:a": "1",
        "decision:section:a": "1",
        "proposal:section:b": "2",
        "decision:section:b": "",
    }
    press(browser, draft, "preview", **sent)
    draft.refresh_from_db()
    assert draft.decisions["by_ambiguity"] == {"section:b": ""}


def test_preview_of_a_plan_leads_back_to_it(browser, draft, signed_in, administrator, learner):
    preview = f"/preview/plans/{draft.pk}/"
    for path in (preview, f"{preview}gerbong/"):
        assert f'href="{address(draft)}"' in browser.get(path).content.decode()
    assert f'href="{preview}gerbong/"' in browser.get(preview).content.decode()
    assert signed_in(learner).get(preview).status_code == 404
