"""Tests the page with a whole module for paper."""

import re

import pytest
from django.urls import reverse

from modules.models import Enrolment, Reading
from tests.cast import a_module

pytestmark = pytest.mark.django_db

TEXT = """\
# Untuk kertas

Pengantar.[^1]

[^1]: Kaki pengantar.

## Satu

Lihat [Dua](#dua).[^2] | x

[^2]: Kaki satu.

| a | b |
|---|---|
| 1 | 2 |

<details>
<summary>Lipatan</summary>

Isi lipatan.

</details>

### Dua tambah dua? {.check}

- [ ] 3
  > Umpan balik rahasia.
- [x] 4

> Pembahasan rahasia.

## Dua

### Bagian dalam

| a | b |
|---|---|
| 1 | 2 |

## Kuis akhir

### Rahasia?

- [x] Kunci kuis
- [ ] Salah
"""


@pytest.fixture
def printed(client, learner):
    a_module(TEXT)
    client.force_login(learner)
    return client.get(reverse("printable", args=["untuk-kertas"])).content.decode()


def test_whole_module_is_on_one_page_with_its_links(printed):
    for words in ("Pengantar.", "Kaki pengantar.", "Kaki satu.", "Isi lipatan.", "Dua tambah dua?"):
        assert words in printed
    assert '<a href="#s-dua"' in printed
    assert "<details open>" in printed
    assert 'data-printed="Untuk kertas"' in printed


def test_page_for_paper_has_no_keys_and_records_nothing(printed):
    for secret in ("Umpan balik rahasia", "Pembahasan rahasia", "Kunci kuis", "Rahasia?"):
        assert secret not in printed
    assert not Enrolment.objects.exists()
    assert not Reading.objects.exists()


def test_names_on_one_page_are_unique(printed):
    names = re.findall(r' id="([^"]+)"', printed)
    assert sorted(names) == sorted(set(names))
    labels = re.findall(r'role="region" aria-label="([^"]+)"', printed)
    assert sorted(labels) == sorted(set(labels))


def test_headings_of_sections_follow_the_title(printed):
    article = printed[printed.index("<article") : printed.index("</article")]
    levels = [int(level) for level in re.findall(r"<h(\d)", article)]
    assert levels == [1, 2, 3, 2, 3]


def test_page_for_paper_needs_a_published_module_and_a_sign_in(client, learner):
    a_module(TEXT, published=False)
    url = reverse("printable", args=["untuk-kertas"])
    assert client.get(url).status_code == 302
    client.force_login(learner)
    assert client.get(url).status_code == 404
