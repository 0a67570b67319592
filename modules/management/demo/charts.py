"""Gives the English module of the demo in the versions that its author wrote one after the other.

The file holds the first version. A later one is the version before with some passages replaced.
"""

from collections.abc import Sequence
from pathlib import Path

SLUG = "reading-charts"
FILE = Path(__file__).with_name("charts.md")

# The first version accepts a wrong answer to this question. This is the right one, which attentive learners gave.
CORRECTED = "four-to-six"
RIGHT_ANSWER = "50"

Edits = Sequence[tuple[str, str]]

SAMPLES = """\
## Small samples {#small-samples}

The smallest hospitals have both the best and the worst results of a country. They do not work better or worse: with few \
patients, chance alone moves a percentage far. A hundred coin tosses rarely give more than 60 heads, ten tosses often do.

So ask for the count before you rank anything. Where the count is small, wait for more, or put several years together.

"""

# The second version corrects a key, explains the spread better, drops a section, and brings another one.
SECOND: Edits = (
    ("- [=] 2 ± 0\n\n> Read again", "- [=] 50 ± 0\n\n> Two is half of four. Read again"),
    (
        "They need different lessons.\n",
        "They need different lessons.\n\nAsk for the *range* at least: the smallest value and the largest one. Better still "
        "is a picture of all values, for example a dot for each.\n",
    ),
    (
        "## Pie charts {#pie}\n\nA pie chart shows parts of one whole. It works for two or three slices of clearly different "
        "size. People are bad at comparing angles, so that a bar chart shows the same numbers better as soon as there are "
        "more slices.\n\nA pie in three dimensions enlarges the slices in front. There is no reason to draw one.\n\n",
        "",
    ),
    (
        "## Before you share a chart {#before-sharing}",
        SAMPLES + "## Before you share a chart {#before-sharing}",
    ),
)

HOSPITALS = """\
### The smallest hospitals have the best and the worst results. What explains it best? {#hospitals}

- [x] With few patients, chance moves a percentage far.
  > Right.
- [ ] Small hospitals are badly run.
  > Then they would not have the best results too.
- [ ] Small hospitals report wrong numbers.
  > Nothing suggests that.

> Read again: [Small samples](#small-samples).

"""

# The draft has a change of each kind that a plan can show: rules, a title, words, a key, a section and a question.
DRAFT: Edits = (
    ("pass_mark: 70\n", "pass_mark: 75\n"),
    ("time_limit: 40\n", "time_limit: 45\n"),
    ("## Why we draw data {#why-draw}", "## What a drawing shows {#why-draw}"),
    (
        "Two axes in one chart deserve suspicion. By choosing the scales, an author can make any two lines cross wherever "
        "they like.",
        "Be careful with two axes in one chart. The author chooses both scales, and so can let the lines cross anywhere. Draw "
        "two charts, one below the other, and compare them at the same dates.",
    ),
    (
        "\nA fall and a rise of the same percentage do not cancel out. A price of 100 that falls by 50% is 50. It then has to "
        "rise by 100% to be back.\n",
        "",
    ),
    ("- [ ] How many people have shared it already\n", "- [x] When it was collected\n"),
    ("### Which of these may explain", HOSPITALS + "### Which of these may explain"),
)


def first_version() -> str:
    return FILE.read_text(encoding="utf-8")


def second_version() -> str:
    return _edited(first_version(), SECOND)


def draft_version() -> str:
    return _edited(second_version(), DRAFT)


def _edited(text: str, edits: Edits) -> str:
    """Replaces each passage; raises :class:`ValueError` where the text does not have it exactly once."""
    for old, new in edits:
        if text.count(old) != 1:
            raise ValueError(f"The text has this passage {text.count(old)} times: {old[:60]}")
        text = text.replace(old, new)
    return text
