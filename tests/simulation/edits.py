"""Chooses the edits that authors make, and how often each of them happens.

A part that stays the same keeps its uid. The edits decide that, and a load has to find it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import edit_choices, edit_document, edit_headings, edit_questions, edit_sections, edit_sweeps
from .authors import Author
from .documents import Document

Edit = Callable[[Author], Document | None]


def go_back(author: Author) -> Document | None:
    """Returns to an earlier document."""
    return author.random.choice(author.history) if author.history else None


WEIGHTS: dict[Edit, float] = {
    edit_sections.rename_a_word: 8,
    edit_sections.rename_wholly: 6,
    edit_sections.rename_all: 0.5,
    edit_sections.move: 6,
    edit_sections.reorder: 3,
    edit_sections.rename_and_move: 4,
    edit_sections.split: 5,
    edit_sections.merge: 4,
    edit_sections.rewrite_a_third: 6,
    edit_sections.rewrite_and_rename: 4,
    edit_sections.fix_a_typo: 6,
    edit_sections.typo_in_a_heading: 4,
    edit_sections.add_a_paragraph: 4,
    edit_sections.insert: 6,
    edit_sections.delete: 5,
    edit_sections.bring_back: 4,
    edit_sections.swap_titles: 0.7,
    edit_sections.inherit_a_title: 0.7,
    edit_sections.change_the_introduction: 1,
    edit_sections.move_the_quiz: 0.5,
    edit_sections.retitle: 0.5,
    edit_sections.change_the_settings: 0.7,
    edit_headings.raise_a_heading: 3,
    edit_headings.lower_a_heading: 2,
    edit_headings.change_all_levels: 0.5,
    edit_document.translate: 0.4,
    edit_questions.drop_the_quiz: 0.3,
    edit_questions.return_the_quiz: 20,
    edit_questions.reword_a_prompt: 5,
    edit_questions.rename_a_question: 3,
    edit_questions.typo_in_a_prompt: 3,
    edit_questions.change_points: 2,
    edit_questions.explain: 2,
    edit_questions.insert_a_question: 4,
    edit_questions.insert_before_an_explanation: 2,
    edit_questions.delete_a_question: 3,
    edit_questions.bring_a_question_back: 3,
    edit_questions.move_a_question: 3,
    edit_questions.gather_into_a_pool: 2,
    edit_questions.dissolve_a_pool: 0.7,
    edit_questions.draw_otherwise: 1,
    edit_choices.typo_in_a_choice: 3,
    edit_choices.reword_a_choice: 3,
    edit_choices.reword_two_choices: 2,
    edit_choices.replace_a_choice: 3,
    edit_choices.add_a_choice: 3,
    edit_choices.remove_a_choice: 2,
    edit_choices.reorder_choices: 2,
    edit_choices.change_the_key: 4,
    edit_sweeps.sweep_choices: 2,
    go_back: 1,
}


def edit(author: Author, weights: Mapping[Edit, float] = WEIGHTS) -> str:
    """Lets an author make one edit and returns its name."""
    while True:
        chosen = author.random.choices(list(weights), list(weights.values()))[0]
        document = chosen(author)
        if document is not None and document != author.document:
            before, kind = author.document, chosen.__name__.replace("_", " ")
            author.keep(document)
            author.blame(kind, before)
            return kind
