"""What is the same on every page: rendered once, repeated from then on."""

from __future__ import annotations

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.tag
def once(parser: Parser, token: Token) -> Once:
    """Render what stands before ``{% endonce %}`` the first time that a language needs it, and never again.

    It is for fixed words, addresses and styles: a page has dozens, and to look each up anew takes most of its time.
    What is inside sees no variable at all, so that nothing of one person can reach another's page.
    """
    nodes = parser.parse(("endonce",))
    parser.delete_first_token()
    return Once(nodes)


class Once(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.rendered: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        if language not in self.rendered:
            self.rendered[language] = self.nodelist.render(context.new())
        return self.rendered[language]
