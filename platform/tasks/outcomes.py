"""Names the ways in which a task can fail that need no trace in the log. Their words hold no personal data."""


class Unreachable(Exception):
    """Says that the other side does not answer. All tasks of the queue rest, and the attempt does not count."""


class Hopeless(Exception):
    """Says that another attempt would fail too."""


class Postponed(Exception):
    """Says that the other side wants another attempt later. The attempt counts."""
