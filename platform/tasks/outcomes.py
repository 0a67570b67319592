"""Names the two ways in which a task can fail that need no ordinary pause."""


class Unreachable(Exception):
    """Says that the other side does not answer. All tasks of the queue rest, and the attempt does not count."""


class Hopeless(Exception):
    """Says that another attempt would fail too."""
