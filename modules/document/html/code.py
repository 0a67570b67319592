"""Renders blocks of code with coloured syntax."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Mapping

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from modules.document.html.site import Site

# Characters; longer code is shown without colours. The time of most languages grows with the square of the length, and
# that of some faster. A language is listed after it was measured: repeating any sign to this length takes at most
# 0.8 seconds. A language that is not listed has no colours, because some take minutes for a thousand characters.
LONGEST_CODE = 8_000
LONGEST_IN: Mapping[str, int] = {
    **dict.fromkeys(
        [
            "asm",
            "awk",
            "bash",
            "batch",
            "bnf",
            "clojure",
            "cmake",
            "console",
            "css",
            "dart",
            "delphi",
            "diff",
            "django",
            "docker",
            "dockerfile",
            "ebnf",
            "elixir",
            "erlang",
            "fortran",
            "fsharp",
            "go",
            "golang",
            "graphql",
            "groovy",
            "haskell",
            "html",
            "http",
            "ini",
            "javascript",
            "jinja",
            "js",
            "json",
            "jsonnet",
            "jsx",
            "julia",
            "kotlin",
            "latex",
            "lisp",
            "lua",
            "matlab",
            "mysql",
            "nasm",
            "nginx",
            "ocaml",
            "octave",
            "pascal",
            "perl",
            "php",
            "plpgsql",
            "postgresql",
            "powershell",
            "prolog",
            "properties",
            "protobuf",
            "py",
            "pycon",
            "pytb",
            "python",
            "r",
            "rb",
            "rconsole",
            "robotframework",
            "rs",
            "ruby",
            "rust",
            "scala",
            "scheme",
            "scss",
            "sed",
            "sh",
            "shell",
            "shell-session",
            "solidity",
            "sql",
            "sqlite3",
            "swift",
            "tex",
            "text",
            "toml",
            "ts",
            "tsx",
            "typescript",
            "vb.net",
            "vbnet",
            "verilog",
            "vhdl",
            "vim",
            "vue",
            "xml",
            "yaml",
            "yml",
            "zig",
            "zsh",
        ],
        LONGEST_CODE,
    ),
    **dict.fromkeys(
        [
            "java",
            "c",
            "c++",
            "cpp",
            "objective-c",
            "arduino",
            "make",
            "makefile",
            "apacheconf",
            "markdown",
            "md",
            "terraform",
            "hcl",
        ],
        3_000,
    ),
    **dict.fromkeys(["csharp", "c#", "cs", "gherkin", "rst"], 2_000),
}
WITHOUT_NAME = frozenset({"Text only"})  # lexers whose names are no language
MOST_LONG_BLOCKS = 12  # coloured blocks of that length in a document, or more shorter ones in the same time


def code_block(content: str, language: str, site: Site) -> str:
    """Returns a block of code that can be scrolled by keyboard, coloured by classes if its language is known.

    Its head names the language. A script puts the button that copies into it.
    """
    body, name = html.escape(content, quote=False), site.words["code"]
    longest = LONGEST_IN.get(language.lower(), 0)
    with contextlib.suppress(ClassNotFound):
        if longest:
            lexer = get_lexer_by_name(language, stripnl=False)
            name = lexer.name if lexer.name not in WITHOUT_NAME else name
            if len(content) <= longest and _is_affordable(len(content) / longest, site):
                body = highlight(content, lexer, HtmlFormatter(nowrap=True))
    label = html.escape(name)
    return (
        f'<div class="code-box"><p class="code-head">{label}</p>'
        f'<pre class="code" role="group" aria-label="{label}" tabindex="0"><code>{body}</code></pre></div>\n'
    )


def _is_affordable(part: float, site: Site) -> bool:
    """Counts a block that has this part of its longest length, and tells whether the document may have it too."""
    site.coloured += part**2
    return site.coloured <= MOST_LONG_BLOCKS
