"""Finds the class that somebody asks for with a code or a link, and counts the codes that nobody has given out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve

from accounts.limits import CodeGuesser
from modules.classes import links
from modules.models import StudyClass


class TooManyWrong(Exception):
    """Reports that no code is taken now. ``of_network``: others typed the wrong ones, and a sign-in helps."""

    def __init__(self, *, of_network: bool) -> None:
        super().__init__()
        self.of_network = of_network


def class_with(request: HttpRequest, code: str, *, now: datetime) -> StudyClass | None:
    """Returns the class with a code, or None. Raises :class:`TooManyWrong` after too many wrong codes."""
    guesser = _guesser(request)
    if guesser.has_tried_too_often(now=now):
        raise TooManyWrong(of_network=False)
    if guesser.is_in_a_guessing_network(now=now):
        raise TooManyWrong(of_network=True)
    study_class = links.class_with(code)
    if study_class is None:
        _count_wrong(request, guesser, now)
    return study_class


def class_to_join(request: HttpRequest, url: str, *, now: datetime) -> StudyClass | None:
    """Returns the class of a join link to which somebody goes on after the sign-up, or None."""
    match = _match(url)
    if match is None or match.url_name != "join":
        return None
    try:
        return class_with(request, match.kwargs["code"], now=now)
    except TooManyWrong:
        return None


def class_behind(request: HttpRequest, url: str, *, now: datetime) -> StudyClass | None:
    """Returns the class of a join link or of an invitation, or None."""
    match = _match(url)
    if match is None or match.url_name != "invitation":
        return class_to_join(request, url, now=now)
    try:
        return links.invitation_with(match.kwargs["token"]).study_class
    except links.BadToken:
        return None


def _match(url: str) -> ResolverMatch | None:
    try:
        return resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return None


def _guesser(request: HttpRequest) -> CodeGuesser:
    if request.user.is_authenticated:
        return CodeGuesser(f"account {request.user.pk}", get_ip(request), is_signed_in=True)
    key = request.session.session_key
    return CodeGuesser(f"browser {key}" if key else "", get_ip(request), is_signed_in=False)


def _count_wrong(request: HttpRequest, guesser: CodeGuesser, now: datetime) -> None:
    """Counts a wrong code. A browser gets a session by its first one, so that a class can share an address."""
    if not guesser.person:
        request.session.create()
        guesser = replace(guesser, person=f"browser {request.session.session_key}")
    guesser.count_wrong(now=now)
