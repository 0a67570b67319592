"""Tells the pages of accounts which class somebody is about to join."""

from django import template
from django.template import RequestContext
from django.utils import timezone

from modules.models import StudyClass
from modules.pages import join_codes

register = template.Library()


@register.simple_tag(takes_context=True)
def class_to_come(context: RequestContext) -> StudyClass | None:
    """Returns the class to whose link or invitation the page leads on, or None."""
    request = context["request"]
    url = request.POST.get("next") or request.GET.get("next", "")
    return join_codes.class_behind(request, url, now=timezone.now()) if url else None
