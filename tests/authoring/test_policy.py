"""What a load may do without asking: the admin and the command line follow the same rules."""

import pytest

from modules.authoring import planning, policy, uploads
from modules.authoring.policy import Consent, needed_consent
from modules.document.syntax import parser
from modules.models import Module
from tests.cast import PLANETS, READABLE, a_module, read_all, take

pytestmark = pytest.mark.django_db


def consent(text: str, module: Module | None) -> Consent:
    document = uploads.parse_with_images(text, module=module)
    return needed_consent(planning.plan_document(module, document))


def test_new_module_needs_no_consent():
    assert consent(PLANETS, None) == Consent.NONE


def test_module_without_learners_needs_no_consent():
    assert consent(PLANETS.replace("Mars.", "Mars dan Bulan."), a_module()) == Consent.NONE


def test_typing_error_that_readers_do_not_notice_needs_no_consent(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    assert consent(READABLE.replace("Merkurius", "Merkurjus"), module) == Consent.NONE


def test_changed_text_that_somebody_has_read_needs_consent(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    changed = READABLE.replace("Jupiter, Saturnus", "Ada empat planet besar di luar sana")
    assert consent(changed, module) == Consent.LEARNERS


def test_changed_key_of_an_answered_question_needs_consent(learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter"])
    swapped = PLANETS.replace("- [ ] Mars", "- [x] Mars", 1).replace("- [x] Jupiter", "- [ ] Jupiter", 1)
    assert consent(swapped, module) == Consent.LEARNERS


def test_text_of_which_nothing_stays_needs_a_person(learner):
    module = a_module(READABLE)
    read_all(learner, module)
    assert consent("# Tata surya\n\n## Resep\n\nNasi goreng.\n", module) == Consent.EVERYTHING_GOES


def test_title_with_the_same_slug_may_be_another_module():
    module = a_module("# Belajar C\n\n## Satu\n\nLarik.\n")
    assert consent("# Belajar C++\n\n## Dua\n\nKelas.\n", module) == Consent.OTHER_MODULE


def test_slug_of_another_module_is_held():
    first = a_module(READABLE)
    second = a_module("# Bintang\n\n## Satu\n\nMatahari.\n")
    document = parser.parse_document("---\nslug: tata-surya\n---\n# Bintang\n\n## Satu\n\nMatahari.\n")
    assert policy.slug_holder(second, document) == first
    assert not policy.is_ready(second, document)
    assert policy.slug_holder(first, document) is None


@pytest.mark.parametrize(
    "title", ["مرحبا بالعالم", "日本語", "Привет", "Ελληνικά", "ภาษาไทย", "🚀", "!!!", "???", "1. 漢字"]
)
def test_titles_of_other_scripts_have_modules_of_their_own(title):
    other = a_module("# —\n\n## Satu\n\nLarik.\n")
    module = a_module(f"# {title}\n\n## Satu\n\nLarik.\n")

    assert module.pk != other.pk
    assert a_module(f"# {title}\n\n## Satu\n\nLarik lain.\n").pk == module.pk
    assert Module.objects.count() == 2


@pytest.mark.parametrize(("title", "slug"), [("日本語", "modul"), ("!!!", "modul"), ("1. 漢字", "1")])
def test_module_with_an_old_slug_is_found_by_title(title, slug):
    text = f"# {title}\n\n## Satu\n\nLarik.\n"
    module = a_module(text)
    Module.objects.update(slug=slug)

    assert policy.module_for_document(parser.parse_document(text)) == module
    assert policy.module_for_document(parser.parse_document(text.replace(title, "한국어"))) is None
