"""Tells load balancers whether the process lives, and whether pages can be served."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from config import ground

KEPT = 2.0  # seconds for which an answer is kept, because each look writes to the database


class HealthMiddleware:
    """Answers probes before anything looks at the name of the host: a probe asks by the address of the machine.

    ``/health/`` means that the process lives, ``/health/ready/`` that pages can be served.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.looked_at = -KEPT
        self.problems: list[str] = []

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in ("/health/", "/health/ready/"):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        problems = self.look() if request.path_info == "/health/ready/" else []
        lines = "\n".join(problems) or "ok"
        response = HttpResponse(f"{lines}\n", status=503 if problems else 200, content_type="text/plain")
        response["Cache-Control"] = "no-store"
        return response

    def look(self) -> list[str]:
        if time.monotonic() - self.looked_at > KEPT:
            self.problems = list(ground.problems())
            self.looked_at = time.monotonic()
            if self.problems:
                ground.close_connections()
        return self.problems
