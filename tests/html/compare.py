"""Compares two folders that ``tests.html.keep`` wrote, and prints every difference but white space.

    python -m tests.html.compare BEFORE AFTER [OLD::NEW ...]

Each ``OLD::NEW`` names a class or a field that was renamed on purpose. The exit status is 1 where a page differs.
"""

import difflib
import re
import sys
from pathlib import Path

KEPT_AS_IS = re.compile(r"(<(pre|textarea)\b.*?</\2>)", re.S)
TAG = re.compile(r"(<[^>]*>)")
SECRET = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*|(\.)[0-9a-f]{12}(?=\.(?:css|js|woff2|svg))')
BLOCK = re.compile(
    r"</?(?:html|head|meta|link|title|script|body|header|footer|main|nav|section|article|aside|div|p|h[1-6]|ul|ol|li|dl|dt|dd"
    r"|table|thead|tbody|tr|th|td|caption|form|fieldset|legend|template|figure|details|summary|option|select|svg|path|circle"
    r"|button|br|hr|pre|textarea|blockquote)\b"
)


def main(before: str, after: str, *renames: str) -> int:
    pairs = [rename.split("::", 1) for rename in renames]
    names = sorted(
        {
            path.relative_to(root).as_posix()
            for root in (Path(before), Path(after))
            for path in root.rglob("*.html")
        }
    )
    different = 0
    for name in names:
        old, new = (lines(root / name, pairs) for root in (Path(before), Path(after)))
        changes = [
            line
            for line in difflib.unified_diff(old, new, lineterm="", n=1)
            if not line.startswith(("---", "+++"))
        ]
        if changes:
            different += 1
            print(f"== {name}", *changes[:20], sep="\n")
    print(f"{len(names)} pages compared, {different} differ")
    return 1 if different else 0


def lines(path: Path, renames: list[list[str]]) -> list[str]:
    """Returns a page as lines of tags and texts, without white space that a browser does not show."""
    if not path.exists():
        return ["the page is missing"]
    page = SECRET.sub(r"\1\2", path.read_text(encoding="utf-8"))
    for old, new in renames:
        page = page.replace(old, new)
    parts = []
    for number, part in enumerate(KEPT_AS_IS.split(page)):
        if number % 3 == 1:
            parts.append(part)
        elif number % 3 == 0:
            parts += TAG.split(part)
    return [line for line in collapsed(parts) if line]


def collapsed(parts: list[str]) -> list[str]:
    """Collapses white space as a browser does: none beside the tag of a block, one blank elsewhere."""
    result: list[str] = []
    texts = [part if part.startswith(("<pre", "<textarea")) else re.sub(r"\s+", " ", part) for part in parts]
    texts = [text for text in texts if text]
    for place, text in enumerate(texts):
        if text.startswith("<"):
            result.append(re.sub(r" ?(/?)>$", r"\1>", text))
            continue
        begins_block = place == 0 or BLOCK.match(texts[place - 1])
        ends_block = place + 1 == len(texts) or BLOCK.match(texts[place + 1])
        shown = text.lstrip() if begins_block else text
        result.append(shown.rstrip() if ends_block else shown)
    return result


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
