"""Finds what could act in HTML: tags, attributes and addresses that no page of ours has."""

from __future__ import annotations

from html.parser import HTMLParser

ACTIVE_TAGS = frozenset(
    {"script", "iframe", "object", "embed", "applet", "svg", "style", "link", "meta", "base", "frame", "frameset",
     "video", "audio", "source", "template", "portal"}
)  # fmt: skip
FIELDS = frozenset({"radio", "checkbox", "text", None})
SCHEMES = ("http://", "https://", "mailto:", "tel:", "#", "/")


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ACTIVE_TAGS or (tag == "input" and values.get("type") not in FIELDS):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            address = "".join((value or "").split()).lower()
            is_address = name in ("href", "src", "action", "formaction", "xlink:href", "srcdoc", "background")
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.found.append(f"<{tag} {name}>")
            elif is_address and address and not address.startswith(SCHEMES):
                self.found.append(f"<{tag} {name}={address[:40]}>")

    handle_startendtag = handle_starttag


def active_content(html: str) -> list[str]:
    """Returns each tag and attribute of HTML that could act."""
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found
