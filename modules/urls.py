"""Addresses of the learner pages, and of the pages that show a document as learners will see it."""

from django.urls import path, re_path

from modules.views import answers, media, notices, offline, practice, preview, quizzes, reading

urlpatterns = [
    path("", reading.catalogue, name="home"),
    path("worker.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("offline/", offline.offline, name="offline"),
    path("offline/<slug:slug>/", offline.module_to_keep, name="module_to_keep"),
    path("learning/", reading.learning, name="learning"),
    path("notices/seen/", notices.seen, name="notices_seen"),
    path("modules/<slug:slug>/", reading.show_module, name="module"),
    path("modules/<slug:slug>/enrolment/", reading.beginning, name="beginning"),
    path("modules/<slug:slug>/<slug:identity>/", reading.show_section, name="section"),
    path("modules/<slug:slug>/<slug:identity>/reading/", reading.reading, name="reading"),
    path("modules/<slug:slug>/<slug:identity>/changes/", reading.changes, name="changes"),
    path("modules/<slug:slug>/<slug:identity>/checks/<slug:name>/", practice.check, name="check"),
    path("quizzes/<slug:slug>/", quizzes.show_quiz, name="quiz"),
    path("attempts/<int:pk>/", quizzes.resume_attempt, name="attempt"),
    path("attempts/<int:pk>/questions/", answers.attempt_questions, name="attempt_questions"),
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
    re_path(r"^media/(?P<name>[0-9a-f]{32}\.(?:png|jpg|webp|gif))$", media.media, name="media"),
]
