"""Sets the response headers that Django has no setting for."""

import re
from collections.abc import Callable
from hashlib import blake2b

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

UNUSED_FEATURES = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class PolicyMiddleware:
    """Tells the browser what a page may load, what it may keep, and which features of the browser no page uses.

    Every page has the reader's language, name or form, so no cache between may keep it, and a browser asks again. No
    browser keeps a page with answers, with an account, or with the work of instructors.

    The policy has no nonce, so it is built once. A response with a policy of its own keeps it.
    """

    NEVER_KEPT = ("/quizzes/", "/attempts/", "/accounts/", "/admin/", "/preview/", "/api/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        is_kept = not request.path.startswith(self.NEVER_KEPT)
        response.headers.setdefault("Cache-Control", "private, no-cache" if is_kept else "private, no-store")
        response.headers.setdefault("Permissions-Policy", UNUSED_FEATURES)
        return response


class RevalidationMiddleware:
    """Answers 304 to a browser that has a page as it is now.

    The name of what it has is a hash of the page, so it changes with the person, the language, the theme, the text and
    the progress. Each page has other signs of its form's token; the secret behind them counts in their place.
    """

    PAGES = frozenset({"home", "learning", "module", "section"})
    TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        is_page = match is not None and match.view_name in self.PAGES and request.method in ("GET", "HEAD")
        if not is_page or response.status_code != 200 or not isinstance(response, HttpResponse):
            return response
        digest = blake2b(self.TOKEN.sub(b"", response.content), digest_size=12)
        digest.update(str(request.META.get("CSRF_COOKIE", "")).encode())
        response["ETag"] = f'W/"{digest.hexdigest()}"'
        return get_conditional_response(request, etag=response["ETag"], response=response) or response
