"""Edits the questions and the pools of a document.

Each edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .authors import Author
from .documents import Document, Question
from .edit_parts import any_question, move_one, removed_parts, replace_part
from .words import with_typo

MOST_QUESTIONS = 25  # of a document; more makes the simulation slower


def reword_a_prompt(author: Author) -> Document | None:
    question = any_question(author)
    if question is None:
        return None
    words = question.heading[:-1].split(" ")
    for _ in range(max(1, len(words) // 4)):
        words[author.random.randrange(len(words))] = author.language.word()
    return replace_part(author, question, replace(question, heading=" ".join(words) + "?"))


def rename_a_question(author: Author) -> Document | None:
    """Asks something else with the same choices: a new question, here or elsewhere. The old one is gone."""
    question = any_question(author)
    if question is None:
        return None
    others = [other for other in author.document.questions if other is not question]
    here = author.document.questions.index(question)
    place = here if author.chance(0.5) else author.random.randint(0, len(others))
    others.insert(place, _asking_something_else(author, question))
    return replace(author.document, questions=tuple(others))


def _asking_something_else(author: Author, question: Question) -> Question:
    uid = next(author.uids)
    return replace(
        question,
        uid=uid,
        heading=author.language.prompt(),
        body=author.language.sentence() if question.body else "",
        choices=tuple(replace(choice, uid=next(author.uids)) for choice in question.choices),
        identity=f"soal-{uid}" if question.identity else "",
    )


def insert_before_an_explanation(author: Author) -> Document | None:
    """Inserts a question between a question and its explanation, which belongs to the new question from now on."""
    explained = [question for question in author.document.questions if question.explanation]
    if not explained or len(author.document.questions) >= MOST_QUESTIONS:
        return None
    question = author.random.choice(explained)
    new = replace(author.new_question(), explanation=question.explanation)
    questions = list(author.document.questions)
    place = questions.index(question)
    questions[place : place + 1] = [replace(question, explanation=""), new]
    return replace(author.document, questions=tuple(questions))


def typo_in_a_prompt(author: Author) -> Document | None:
    question = any_question(author)
    return question and replace_part(
        author, question, replace(question, heading=with_typo(author.random, question.heading))
    )


def change_points(author: Author) -> Document | None:
    question = any_question(author)
    return question and replace_part(author, question, replace(question, points=question.points % 5 + 1))


def explain(author: Author) -> Document | None:
    question = any_question(author)
    return question and replace_part(
        author, question, replace(question, explanation=author.language.sentence())
    )


def insert_a_question(author: Author) -> Document | None:
    questions = list(author.document.questions)
    if not 0 < len(questions) < MOST_QUESTIONS:
        return None
    questions.insert(author.random.randint(0, len(questions)), author.new_question())
    return replace(author.document, questions=tuple(questions))


def delete_a_question(author: Author) -> Document | None:
    question = any_question(author)
    if question is None or len(author.document.questions) < 2:
        return None
    remaining = tuple(other for other in author.document.questions if other is not question)
    return replace(author.document, questions=remaining)


def bring_a_question_back(author: Author) -> Document | None:
    removed = removed_parts(author, Question)
    if not removed or not 0 < len(author.document.questions) < MOST_QUESTIONS:
        return None
    question = author.random.choice(removed)
    if author.chance(0.3):
        question = replace(question, heading=with_typo(author.random, question.heading))
    questions = list(author.document.questions)
    questions.insert(author.random.randint(0, len(questions)), question)
    return replace(author.document, questions=tuple(questions))


def move_a_question(author: Author) -> Document | None:
    moved = move_one(author, author.document.questions)
    return moved and replace(author.document, questions=moved)


def drop_the_quiz(author: Author) -> Document | None:
    return replace(author.document, questions=()) if author.document.questions else None


def return_the_quiz(author: Author) -> Document | None:
    """Restores the questions of the last document that had any."""
    last = next((document.questions for document in reversed(author.history) if document.questions), ())
    return None if author.document.questions or not last else replace(author.document, questions=last)


# --------------------------------------------------------------------------------------------------- pools


def gather_into_a_pool(author: Author) -> Document | None:
    """Puts some neighbouring questions into a pool."""
    questions = list(author.document.questions)
    if not author.habits.has_pools or len(questions) < 2:
        return None
    start = author.random.randrange(len(questions) - 1)
    pool = f"{author.language.heading()} {author.random.choice(('{.pool}', '{draw=1}', '{draw=2}'))}"
    for place in range(start, min(len(questions), start + author.random.randint(2, 5))):
        questions[place] = replace(questions[place], pool=pool)
    return replace(author.document, questions=tuple(questions))


def dissolve_a_pool(author: Author) -> Document | None:
    return _change_any_pool(author, lambda _pool: "")


def draw_otherwise(author: Author) -> Document | None:
    return _change_any_pool(
        author, lambda pool: f"{pool.partition(' {')[0]} {{draw={author.random.randint(1, 4)}}}"
    )


def _change_any_pool(author: Author, change: Callable[[str], str]) -> Document | None:
    pools = sorted({question.pool for question in author.document.questions if question.pool})
    if not pools:
        return None
    pool = author.random.choice(pools)
    new_pool = change(pool)
    changed = (
        replace(question, pool=new_pool) if question.pool == pool else question
        for question in author.document.questions
    )
    return replace(author.document, questions=tuple(changed))
