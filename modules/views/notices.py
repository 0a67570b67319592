"""Notes that a learner has seen what has changed, although the page of the change was not opened."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from modules.models import Notice
from modules.notices.seeing import see_notices

MOST_KEYS = 1_000  # notices in one request; a page has one for each section at most


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest) -> HttpResponse:
    """Takes the keys of notices as ``notice``, and leads back to the page that ``back`` names."""
    back = "learning" if request.POST.get("back") == "learning" else "home"
    if request.method != "POST":  # the sign-in sends a learner back like this
        return redirect(back)
    sent = request.POST.getlist("notice")[:MOST_KEYS]
    keys = [int(key) for key in sent if key.isdecimal() and len(key) < 16]
    see_notices(Notice.objects.of(request.user).filter(pk__in=keys), now=timezone.now())
    return redirect(back)
