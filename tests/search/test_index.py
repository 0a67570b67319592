"""Tests that the index holds what learners may read, after every change, and nothing else."""

import json
from textwrap import dedent

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import User
from modules.authoring import apply, planning, rerendering, uploads
from modules.models import Draft, IndexedPage, IndexedStem, Module, Section
from modules.quizzes import withdrawal
from modules.search import index
from tests.cast import NOON, a_module

pytestmark = pytest.mark.django_db

TEXT = """\
    # Judulmodul

    Pengantarnya.

    ## Judulbagian

    Isibagian.

    ### Rahasiasoalcek? {.check}

    - [x] Rahasiacekbenar
      > Rahasiacekumpan
    - [ ] Rahasiaceksalah

    > Rahasiacekjelas

    ### Subjudul

    Ekor. <!-- Rahasiakomentar -->

    ## Kuis akhir

    Rahasiakuis.

    ### Rahasiasoal?

    - [x] Rahasiabenar
      > Rahasiaumpan
    - [ ] Rahasiasalah

    > Rahasiajelas
    """


def words() -> str:
    """Returns everything that the index holds, in small letters."""
    rows = [json.dumps(row) for row in IndexedPage.objects.values_list("title", "pieces")]
    return " ".join([*rows, *IndexedStem.objects.values_list("stem", flat=True)]).lower()


def load_again(module: Module, old: str, new: str) -> Module:
    text = module.text().replace(old, new)
    plan = planning.plan_document(module, uploads.parse_with_images(text, module=module))
    return apply.apply_plan(plan, by=None, now=NOON)


def test_titles_headings_and_texts_are_held_and_questions_are_not():
    a_module(TEXT)
    held = words()
    assert [
        word
        for word in ("judulmodul", "pengantar", "judulbagian", "isibagian", "subjudul", "ekor")
        if word not in held
    ] == []
    assert "rahasia" not in held


def test_unpublished_modules_and_drafts_are_not_held(instructor: User):
    a_module(TEXT, published=False)
    Draft.objects.create(author=instructor, text=dedent(TEXT))
    assert not IndexedPage.objects.exists()
    assert not IndexedStem.objects.exists()


def test_load_changes_what_is_held():
    module = a_module(TEXT)
    load_again(module, "Isibagian", "Katabaru")
    assert "isibagian" not in words()
    assert "katabaru" in words()


def test_failed_load_leaves_what_was_held():
    module = a_module(TEXT)
    savepoint = transaction.savepoint()
    load_again(module, "Isibagian", "Katabaru")
    transaction.savepoint_rollback(savepoint)
    assert "isibagian" in words()
    assert "katabaru" not in words()


@pytest.mark.parametrize(("keeps_learners", "pages"), [(False, 0), (True, 2)])
def test_withdrawn_module_is_held_only_for_those_who_go_on(keeps_learners: bool, pages: int):
    module = a_module(TEXT)
    withdrawal.withdraw(module, by=None, now=NOON, keeps_learners=keeps_learners)
    assert IndexedPage.objects.count() == pages
    assert IndexedStem.objects.exists() == bool(pages)
    withdrawal.publish(module, by=None, now=NOON)
    assert IndexedPage.objects.count() == 2


def test_deleted_module_leaves_nothing():
    module = a_module(TEXT)
    module.current = None
    module.save()
    module.delete()
    assert not IndexedPage.objects.exists()
    assert not IndexedStem.objects.exists()


def test_rendering_again_is_followed():
    module = a_module(TEXT)
    Module.objects.filter(pk=module.pk).update(rendered_with="earlier")
    Section.objects.update(html="<p>Kataluar</p>")
    index.rebuild_outdated()
    assert "kataluar" in words()
    module.refresh_from_db()
    rerendering.rerender_module(module)
    assert "kataluar" not in words()
    assert index.rebuild_outdated() == 0


def test_prepare_makes_what_is_missing():
    a_module(TEXT)
    held = words()
    IndexedPage.objects.all().delete()
    IndexedStem.objects.all().delete()
    call_command("prepare", anew=True, examples=True)
    assert set(held.split()) <= set(words().split())


def test_another_stemmer_or_code_makes_the_index_again():
    a_module(TEXT)
    assert index.rebuild_outdated() == 0
    IndexedPage.objects.update(made_with="an earlier version")
    IndexedStem.objects.all().delete()
    assert index.rebuild_outdated() == 1
    assert "isibagian" in words()


def test_stopped_rebuild_goes_on(monkeypatch):
    a_module(TEXT)
    a_module(TEXT.replace("Judulmodul", "Lainnya"))
    held = words()
    IndexedPage.objects.update(made_with="an earlier version")
    follow, calls = index.follow, []

    def stop_at_the_second(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        follow(*arguments)

    monkeypatch.setattr(index, "follow", stop_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        index.rebuild_outdated()
    assert sorted(words().split()) == sorted(held.split())
    monkeypatch.undo()
    assert index.rebuild_outdated() == 1
    assert sorted(words().split()) == sorted(held.split())


def test_module_that_an_earlier_release_unpublished_is_taken_out():
    module = a_module(TEXT)
    Module.objects.filter(pk=module.pk).update(published_at=None)
    assert index.rebuild_outdated() == 1
    assert not IndexedStem.objects.exists()
