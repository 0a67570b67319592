"""Makes links of bare addresses: of pages as on GitHub, and of mail also where they have underscores."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

LONGEST = 2_000  # characters of an address that becomes a link; raised, text with many addresses takes longer
LONGEST_TARGET = (
    8_000  # characters of the address of a link; raised, the name of a host takes longer to write
)
LONGEST_LOCAL = 64  # characters before the @ of a mail address, as mail itself allows
LONGEST_DOMAIN = 255  # characters after it

SCHEME = re.compile(r"(?:https?|mailto)\Z")
BEFORE = frozenset(" \t\r\n*_~(")  # signs that may stand before the address of a page
HOST = re.compile(r"(?:https?://|www\.)([\w.-]+)")
PAGE = re.compile(r"[^\s<\0]+")
TRAILING = frozenset("?!.,:*_~'\"[]")  # signs at the end that belong to the sentence
NO_MAIL = re.compile(r"(?:[^\W_]_*|[/:@])\Z")  # ends the text before an address that belongs to a longer word
LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\Z")
MAIL = re.compile(r"[A-Za-z0-9.+_-]*@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def link_addresses(parser: MarkdownIt) -> None:
    """Adds the rules to a parser. None looks further than an address may be long, so that time stays in proportion."""
    parser.inline.add_terminator_char("w")
    parser.inline.ruler.push("address_without_scheme", _www)
    parser.inline.ruler.push("address_with_scheme", _scheme)
    parser.inline.ruler.before("emphasis", "mail_address", _mail)


def _www(state: StateInline, silent: bool) -> bool:
    if silent or state.linkLevel > 0 or not state.src.startswith("www.", state.pos):
        return False
    address = _page_address(state, state.pos)
    return bool(address) and _link(state, "", address, f"http://{address}")


def _scheme(state: StateInline, silent: bool) -> bool:
    """Parses an address whose scheme ends with the colon at this position."""
    if silent or state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    scheme = SCHEME.search(state.pending[-len("mailto") :])
    if scheme is None:
        return False
    start = state.pos - len(scheme[0])
    address = _mail_with_scheme(state, start) if scheme[0] == "mailto" else _page_address(state, start)
    return bool(address) and _link(state, scheme[0], address, address)


def _page_address(state: StateInline, start: int) -> str:
    """Returns the address of a page that begins at a position, or an empty text."""
    if start > 0 and state.src[start - 1] not in BEFORE:
        return ""
    window = state.src[start : min(state.posMax, start + LONGEST + 1)]
    host, page = HOST.match(window), PAGE.match(window)
    if host is None or page is None or len(page[0]) > LONGEST:
        return ""
    labels = host[1].rstrip("._").split(".")
    if any("_" in label for label in labels[-2:]) or (window.startswith("www.") and len(labels) < 2):
        return ""
    return _without_end_of_sentence(page[0])


def _without_end_of_sentence(address: str) -> str:
    """Returns an address without signs at its end that belong to the sentence: ``.``, a bracket that it never opens."""
    unopened, end = address.count(")") - address.count("("), len(address)
    while end > 0:
        sign = address[end - 1]
        if sign == ")" and unopened > 0:
            unopened -= 1
        elif sign == ";":
            entity = address.rfind("&", 0, end)
            end = entity + 1 if address[entity + 1 : end - 1].isalpha() and entity > 0 else end
        elif sign not in TRAILING:
            break
        end -= 1
    return address[:end]


def _mail_with_scheme(state: StateInline, start: int) -> str:
    if start > 0 and state.src[start - 1] not in BEFORE:
        return ""
    address = _mail_after(state, state.pos + 1, is_emphasised=start > 0 and state.src[start - 1] == "_")
    return f"mailto:{address}" if address and not address.startswith("@") else ""


def _mail(state: StateInline, silent: bool) -> bool:
    """Parses a mail address at its ``@``, or at an underscore before it, which would begin emphasis else."""
    if silent or state.linkLevel > 0 or state.src[state.pos] not in "_@":
        return False
    beginning = LOCAL.search(state.pending[-LONGEST_LOCAL:])
    if beginning is None:
        return False
    start = state.pos - len(beginning[0])
    before = state.src[max(0, start - LONGEST_LOCAL) : start]
    if NO_MAIL.search(before):
        return False
    end = _mail_after(state, state.pos, is_emphasised=before.endswith("_"))
    address = beginning[0] + end
    return bool(end) and _link(state, beginning[0], address, f"mailto:{address}")


def _mail_after(state: StateInline, start: int, *, is_emphasised: bool) -> str:
    """Returns the rest of a mail address from a position, or an empty text."""
    window = state.src[start : min(state.posMax, start + LONGEST_LOCAL + LONGEST_DOMAIN)]
    rest = MAIL.match(window)
    if rest is None or window.startswith("@", rest.end()):
        return ""
    address = rest[0].rstrip("_") if is_emphasised else rest[0]
    return address if address[-1].isalpha() else ""  # no version number, such as name@1.2.0


def _link(state: StateInline, taken: str, address: str, href: str) -> bool:
    """Adds a link to an address whose beginning ``taken`` waits as text already."""
    target = state.md.normalizeLink(href)
    if not state.md.validateLink(target):
        return False
    if taken:
        state.pending = state.pending[: -len(taken)]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": target}
    opening.markup, opening.info = "autolink", "auto"
    state.push("text", "", 0).content = state.md.normalizeLinkText(address)
    closing = state.push("link_close", "a", -1)
    closing.markup, closing.info = "autolink", "auto"
    state.pos += len(address) - len(taken)
    return True
