"""Shows proofs to anybody who knows their codes, and gives programs what they check badges with."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.site_address import site_address
from modules.models import Proof
from modules.notices.seeing import see_proof
from modules.pages.proof import proof_page, shows_no_grade
from modules.proofs import badge, keys, status_list
from modules.proofs.codes import read_code
from modules.reading import access
from modules.views.ahead import is_looked_at

JWT = "application/jwt"
MOST_LISTS = 100_000  # status lists; more badges than that has nobody

View = Callable[..., HttpResponse]


def with_header(name: str, value: str) -> Callable[[View], View]:
    """Returns a decorator that adds a header to the answers of a view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **named: object) -> HttpResponse:
            response = view(request, **named)
            response[name] = value
            return response

        return answer

    return decorate


unlisted = with_header("X-Robots-Tag", "noindex")  # out of search engines
for_everybody = with_header("Access-Control-Allow-Origin", "*")  # for programs on pages of other sites


@unlisted
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a proof, and leads to it."""
    typed = request.GET.get("code", "")
    code = read_code(typed)
    if code:
        return redirect("proof", code)
    return _ask(request, "asked" if not typed.strip() else "missing", typed)


@unlisted
@require_safe
def show_proof(request: HttpRequest, code: str) -> HttpResponse:
    written = read_code(code)
    if written and written != code:
        return redirect("proof", written)
    proof = access.proof_at(written)
    if proof is None:
        return _ask(request, "missing", code)
    if not access.may_see_proof(request.user, proof):
        return _ask(request, "private", "")
    if is_looked_at(request) and proof.enrolment.learner_id == request.user.pk:
        see_proof(request.user, proof, now=timezone.now())
    page = proof_page(proof, request.user, site_address(request))
    return render(request, "modules/proof.html", {"page": page, "proof": proof, "now": timezone.now()})


def _ask(request: HttpRequest, why: str, typed: str) -> HttpResponse:
    """Shows the field for a code. ``why`` is ``"asked"``, ``"missing"`` or ``"private"``."""
    status = {"asked": 200, "missing": 404, "private": 403}[why]
    return render(request, "modules/proof_code.html", {"why": why, "typed": typed[:80]}, status=status)


@unlisted
@require_safe
def download_badge(request: HttpRequest, code: str) -> HttpResponse:
    """Returns the badge of a proof that counts. Any other address leads to the page that says why there is none."""
    proof = access.proof_at(code)
    if proof is None or not proof.is_valid or not access.may_see_proof(request.user, proof):
        return redirect("proof", code)
    shows_grade = not shows_no_grade(proof)
    token = badge.badge(proof, site_address(request), shows_grade=shows_grade, now=timezone.now())
    disposition = content_disposition_header(True, f"tuntas-{proof.code}.jwt") or "attachment"
    return HttpResponse(token, content_type=JWT, headers={"Content-Disposition": disposition})


@unlisted
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def visibility(request: HttpRequest, code: str) -> HttpResponse:
    """Lets the owner keep a proof to themselves, or show it again."""
    if request.method == "POST":
        hidden_at = timezone.now() if request.POST.get("is") == "hidden" else None
        Proof.objects.filter(pk=_own(request, code).pk).update(hidden_at=hidden_at)
        messages.success(
            request,
            _("Only you can see this proof now.")
            if hidden_at
            else _("Everybody who has the address can see this proof now."),
        )
    return redirect("proof", code)


@unlisted
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def naming(request: HttpRequest, code: str) -> HttpResponse:
    """Gives a proof the name of its owner, once, if the account had no name when it was issued."""
    if request.method == "POST" and request.user.is_authenticated and request.user.name:
        unnamed = Proof.objects.filter(pk=_own(request, code).pk, name="")
        unnamed.update(name=request.user.name)
    return redirect("proof", code)


def _own(request: HttpRequest, code: str) -> Proof:
    proof = access.proof_at(code)
    if proof is None or proof.enrolment.learner_id != request.user.pk:
        raise Http404
    return proof


# ----------------------------------------------------------------------------------------- for programs


@for_everybody
@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    """Returns the keys with which badges are checked."""
    document = keys.did_document(site_address(request), now=timezone.now())
    return JsonResponse(document, content_type="application/did+json")


@for_everybody
@require_safe
def badge_status(request: HttpRequest, number: int) -> HttpResponse:
    """Returns a signed list of the badges that were withdrawn."""
    if number > MOST_LISTS:
        raise Http404
    token = status_list.status_list(number, site_address(request), now=timezone.now())
    return HttpResponse(token, content_type=JWT)
