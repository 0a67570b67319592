"""Addresses of the learner pages, and of the pages that show a document as learners will see it."""

from django.urls import path, re_path

from modules.views import (
    answers,
    finishes,
    media,
    notices,
    practice,
    preview,
    proofs,
    quizzes,
    reading,
    search,
    shared_pictures,
    site_pages,
)

urlpatterns = [
    path("", reading.catalogue, name="home"),
    path("learning/", reading.learning, name="learning"),
    path("search/", search.search, name="search"),
    path("cover.png", shared_pictures.of_front, name="front_picture"),
    path("modules/<slug:slug>/cover.png", shared_pictures.of_module, name="module_picture"),
    path("help/", site_pages.show_help, name="help"),
    path("privacy/", site_pages.privacy, name="privacy"),
    path("notices/seen/", notices.seen, name="notices_seen"),
    path("modules/<slug:slug>/", reading.show_module, name="module"),
    path("modules/<slug:slug>/enrolment/", reading.beginning, name="beginning"),
    # Below the sections, so that no identity of a section is taken.
    path("modules/<slug:slug>/sections/print/", reading.printable, name="printable"),
    path("modules/<slug:slug>/<slug:identity>/", reading.show_section, name="section"),
    path("modules/<slug:slug>/<slug:identity>/reading/", reading.reading, name="reading"),
    path("modules/<slug:slug>/<slug:identity>/place/", reading.place, name="place"),
    path("modules/<slug:slug>/<slug:identity>/changes/", reading.changes, name="changes"),
    path("modules/<slug:slug>/<slug:identity>/checks/<slug:name>/", practice.check, name="check"),
    path("quizzes/<slug:slug>/", quizzes.show_quiz, name="quiz"),
    path("finished/<slug:slug>/", finishes.show_finish, name="finish"),
    path("finished/<slug:slug>/proof/", finishes.own_proof, name="own_proof"),
    # Printed on paper, and typed from it: the word of the language in which most people read it.
    path("bukti/", proofs.find, name="find_proof"),
    path("bukti/status/<int:number>/", proofs.badge_status, name="badge_status"),
    path("bukti/<str:code>/", proofs.show_proof, name="proof"),
    path("bukti/<str:code>/badge/", proofs.download_badge, name="proof_badge"),
    path("bukti/<str:code>/visibility/", proofs.visibility, name="proof_visibility"),
    path("bukti/<str:code>/name/", proofs.naming, name="proof_name"),
    path(".well-known/did.json", proofs.did_document, name="did_document"),
    path("attempts/<int:pk>/", quizzes.resume_attempt, name="attempt"),
    path("attempts/<int:pk>/questions/<int:number>/", answers.attempt_question, name="attempt_question"),
    path("attempts/<int:pk>/submission/", quizzes.submission, name="submission"),
    path("attempts/<int:pk>/result/", quizzes.result, name="result"),
    path("attempts/<int:pk>/practice/", practice.practise_missed, name="missed"),
    path("attempts/<int:pk>/practice/<int:number>/", practice.missed_question, name="missed_question"),
    path("preview/drafts/<int:pk>/", preview.preview_draft, name="preview_draft"),
    path("preview/drafts/<int:pk>/<slug:identity>/", preview.preview_draft, name="preview_draft"),
    path("preview/plans/<int:pk>/", preview.preview_plan, name="preview_plan"),
    path("preview/plans/<int:pk>/<slug:identity>/", preview.preview_plan, name="preview_plan"),
    path("preview/modules/<slug:slug>/", preview.preview_module, name="preview_module"),
    path("preview/modules/<slug:slug>/<slug:identity>/", preview.preview_module, name="preview_module"),
    path(
        "preview/drafts/<int:pk>/<slug:identity>/checks/<slug:name>/",
        preview.preview_draft,
        name="preview_draft",
    ),
    path(
        "preview/plans/<int:pk>/<slug:identity>/checks/<slug:name>/",
        preview.preview_plan,
        name="preview_plan",
    ),
    path(
        "preview/modules/<slug:slug>/<slug:identity>/checks/<slug:name>/",
        preview.preview_module,
        name="preview_module",
    ),
    re_path(
        r"^media/(?P<name>[0-9a-f]{32}\.(?:png|jpg|webp|gif)(?:\.800\.webp)?)$", media.media, name="media"
    ),
]
