"""Tells templates what an installation can do."""

from django import template
from django.conf import settings
from django.template import RequestContext
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.appearance import Appearance
from accounts.passkeys import passkeys_work

register = template.Library()


@register.simple_tag
def has_mail() -> bool:
    """Tells whether mails can be sent, so that no page promises one in vain."""
    return bool(settings.HAS_MAIL)


@register.simple_tag
def is_signup_open() -> bool:
    """Tells whether people can sign up by themselves, so that no page leads to a closed door."""
    return bool(settings.SIGNUP_OPEN)


@register.simple_tag
def contact_address() -> str:
    """Returns the link to the people who run the site, or an empty text."""
    return str(settings.CONTACT)


@register.simple_tag(takes_context=True)
def root_attributes(context: RequestContext, printed: str = "") -> SafeString:
    """Writes the attributes of the root of a page: what the browser has chosen, and the title for paper.

    A request that never reached its middleware has chosen nothing.
    """
    chosen = getattr(context.get("request"), "appearance", Appearance())
    values = {"theme": chosen.theme, "size": chosen.size, "keys": chosen.keys, "printed": printed}
    return format_html_join("", ' data-{}="{}"', ((name, value) for name, value in values.items() if value))


@register.simple_tag(takes_context=True)
def offers_passkeys(context: RequestContext) -> bool:
    """Tells whether a passkey works here, so that no page offers one in vain."""
    return passkeys_work(context["request"])


@register.filter
def in_fours(key: str) -> list[str]:
    """Splits a key into groups of four signs, so that a person can type it."""
    return [key[start : start + 4] for start in range(0, len(key), 4)]
