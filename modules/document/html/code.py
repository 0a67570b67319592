"""Renders blocks of code with coloured syntax."""

from __future__ import annotations

import contextlib
import html

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from modules.document.html.site import Site

# Characters; longer code is shown without colours. The time of some languages grows with the square of the length:
# 8,000 line ends in C take more than half a second.
LONGEST_CODE = 8_000
MOST_LONG_BLOCKS = 12  # coloured blocks of that length in a document, or more shorter ones in the same time


def code_block(content: str, language: str, site: Site) -> str:
    """Returns a block of code that can be scrolled by keyboard, coloured by classes if its language is known."""
    body = html.escape(content, quote=False)
    if language and len(content) <= LONGEST_CODE and _is_affordable(len(content), site):
        with contextlib.suppress(ClassNotFound):
            body = highlight(content, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code" tabindex="0"><code>{body}</code></pre>\n'


def _is_affordable(length: int, site: Site) -> bool:
    """Checks whether the document may have this coloured block too, and counts it."""
    site.coloured += length**2
    return site.coloured <= MOST_LONG_BLOCKS * LONGEST_CODE**2
