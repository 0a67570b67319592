"""Bounds the time of parsing and rendering, for pages whose reader waits."""

from __future__ import annotations

import time
from collections.abc import Callable


class TooSlow(Exception):
    """Reports a text that could not be rendered before its deadline."""


class Deadline:
    """Ends work after ``seconds``: code that may take long calls :meth:`check` between its steps."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def check(self) -> None:
        """Raises :class:`TooSlow` when the time is over."""
        if self._clock() > self._end:
            raise TooSlow


class Never(Deadline):
    """Ends no work, however long it takes."""

    def __init__(self) -> None:
        super().__init__(0, clock=lambda: 0)


NEVER = Never()
