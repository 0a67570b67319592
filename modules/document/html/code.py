"""Renders blocks of code with coloured syntax."""

from __future__ import annotations

import contextlib
import html

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LONGEST_CODE = 50_000  # characters; longer code is shown without colours, since highlighting takes long


def code_block(content: str, language: str) -> str:
    """Returns a block of code that can be scrolled by keyboard, coloured by classes if its language is known."""
    body = html.escape(content, quote=False)
    if language and len(content) <= LONGEST_CODE:
        with contextlib.suppress(ClassNotFound):
            body = highlight(content, get_lexer_by_name(language, stripnl=False), HtmlFormatter(nowrap=True))
    return f'<pre class="code" tabindex="0"><code>{body}</code></pre>\n'
