from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from bare.models import Answer, Page


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "page.html", {"page": get_object_or_404(Page, slug=slug)})


@login_required
@csrf_protect
@require_POST
def answer(request: HttpRequest, slot: int) -> HttpResponse:
    saved = {"text": request.POST.getlist("answer"), "saved_at": timezone.now()}
    Answer.objects.update_or_create(person=request.user, slot=slot, defaults=saved)
    return JsonResponse({"accepted": True})
