"""Erases a person: says before what goes and what stays, and then does it in one act.

Accounts know nothing of learning. So the package that knows of all tables adds what it says and does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from accounts.models import User

Sentences = Callable[[User], Iterator[str]]


class Eraser(Protocol):
    def __call__(self, user: User, *, keeps_proofs: bool) -> None: ...


@dataclass(slots=True)
class _Known:
    goes: Sentences
    stays: Sentences
    proofs: Callable[[User], int]
    erase: Eraser


_known: list[_Known] = []


def add(*, goes: Sentences, stays: Sentences, proofs: Callable[[User], int], erase: Eraser) -> None:
    """Lets a package say what goes with a person and what stays, count the proofs, and erase."""
    _known[:] = [_Known(goes, stays, proofs, erase)]


def what_goes(user: User) -> list[str]:
    """Returns a sentence for each kind of thing that goes with the person."""
    return [sentence for each in _known for sentence in each.goes(user)]


def what_stays(user: User) -> list[str]:
    """Returns a sentence for each kind of thing that stays without the person."""
    return [sentence for each in _known for sentence in each.stays(user)]


def number_of_proofs(user: User) -> int:
    """Returns how many valid proofs the person has, about which there is a choice."""
    return sum(each.proofs(user) for each in _known)


def erase(user: User, *, keeps_proofs: bool) -> None:
    """Erases the person. Nobody can bring them back, and no backup does."""
    for each in _known:
        each.erase(user, keeps_proofs=keeps_proofs)
