"""Sets the response headers that Django has no setting for."""

from collections.abc import Callable

from csp.utils import build_policy
from django.http import HttpRequest, HttpResponseBase

UNUSED_FEATURES = (
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class PolicyMiddleware:
    """Tells the browser what a page may load, what it may keep, and which features of the browser no page uses.

    Every page has the reader's language, name or form, so no cache between may keep it, and a browser asks again.

    The policy has no nonce, so it is built once. A response with a policy of its own keeps it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Permissions-Policy", UNUSED_FEATURES)
        return response
