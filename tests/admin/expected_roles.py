"""Says of each address of the site who may reach it. An address that nobody has thought of says nothing."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

VISITOR, LEARNER, CLASSMATE = "visitor", "learner", "another learner"
STRANGER, HELPER, OWNER, ADMINISTRATOR = "instructor of another module", "helper", "owner", "administrator"
ROLES = (VISITOR, LEARNER, CLASSMATE, STRANGER, HELPER, OWNER, ADMINISTRATOR)

EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {VISITOR}
INSTRUCTORS = frozenset({STRANGER, HELPER, OWNER, ADMINISTRATOR})
CHANGERS = INSTRUCTORS - {STRANGER}
OWNERS = frozenset({OWNER, ADMINISTRATOR})
AUTHOR = frozenset({OWNER})  # of the draft
THE_LEARNER = frozenset({LEARNER})  # of the attempt and of the proof
ADMINISTRATORS = frozenset({ADMINISTRATOR})
NOBODY: frozenset[str] = frozenset()
FORMS = ("csv", "xlsx", "ods")  # of files for spreadsheets

MODULE, QUESTION = "admin/modules/module/<int:pk>/", "admin/modules/module/questions/<int:pk>/"
EXPECTED: dict[str, frozenset[str]] = {
    # Pages for readers. An account's own pages below accounts/ are about nobody else: tests/accounts has them.
    **dict.fromkeys(
        [
            "", "worker.js", "manifest.webmanifest", "offline/", "search/", "cover.png", "help/", "privacy/",
            "modules/<slug:slug>/", "modules/<slug:slug>/cover.png", "modules/<slug:slug>/<slug:identity>/",
            "offline/<slug:slug>/", "modules/<slug:slug>/sections/print/",
            "modules/<slug:slug>/<slug:identity>/checks/<slug:name>/", "language/", "appearance/",
            "join/", "join/<str:code>/", "join/invitation/<str:token>/", "reminders/<str:token>/", "bukti/", "bukti/status/<int:number>/", "bukti/<str:code>/", "bukti/<str:code>/badge/",
            ".well-known/did.json", "admin/login/", "admin/logout/",
            r"^media/(?P<name>[0-9a-f]{32}\.(?:png|jpg|webp|gif)(?:\.800\.webp)?)$",
        ],
        EVERYBODY,
    ),
    **dict.fromkeys(
        [
            "learning/", "notices/seen/", "classes/added/<int:pk>/seen/", "modules/<slug:slug>/enrolment/", "quizzes/<slug:slug>/",
            "modules/<slug:slug>/<slug:identity>/reading/", "modules/<slug:slug>/<slug:identity>/place/",
            "modules/<slug:slug>/<slug:identity>/checks/<slug:name>/count/", "modules/<slug:slug>/<slug:identity>/changes/", "finished/<slug:slug>/",
            "finished/<slug:slug>/proof/", "reminders/",
        ],
        SIGNED_IN,
    ),
    **dict.fromkeys(
        [
            "attempts/<int:pk>/", "attempts/<int:pk>/questions/", "attempts/<int:pk>/questions/<int:number>/",
            "attempts/<int:pk>/submission/", "attempts/<int:pk>/result/", "attempts/<int:pk>/practice/",
            "attempts/<int:pk>/practice/<int:number>/", "bukti/<str:code>/visibility/",
            "bukti/<str:code>/name/",
        ],
        THE_LEARNER,
    ),
    "classes/<int:pk>/leaving/": frozenset({CLASSMATE}),  # of the class
    # Programs are let in by a token and by nothing else: tests/api has its roles.
    **dict.fromkeys(
        ["api/v1/", "api/v1/modules"]
        + [f"api/v1/modules/<int:pk>/{page}" for page in ("learners", "attempts", "questions")],
        NOBODY,
    ),
    "api/v1/openapi.json": EVERYBODY,
    "admin/modules/module/tokens/<int:token>/withdrawal/": AUTHOR,
    # A draft is its author's. Whose module it is, counts as well: another test shows that.
    **dict.fromkeys(
        [
            f"preview/{kind}/<int:pk>/{part}"
            for kind in ("drafts", "plans")
            for part in ("", "<slug:identity>/", "<slug:identity>/checks/<slug:name>/")
        ],
        AUTHOR,
    ),
    **dict.fromkeys(
        [
            f"admin/modules/draft/{page}/"
            for page in (
                "<int:pk>/plan", "<int:pk>/plan/<int:number>", "<int:pk>/module", "<int:pk>/conversion",
                "<path:object_id>/history", "<path:object_id>/delete", "<path:object_id>/change",
            )
        ],
        AUTHOR,
    ),
    # A file that the worker has made is for the person who asked for it.
    **dict.fromkeys(
        [
            f"{of}files/<int:file>/{page}"
            for of in (MODULE, "admin/modules/studyclass/<int:pk>/")
            for page in ("", "download/")
        ],
        AUTHOR,
    ),
    # What all instructors may see of a module: that it is there, what a learner sees, and a copy.
    **dict.fromkeys(
        [f"preview/modules/<slug:slug>/{part}" for part in ("", "<slug:identity>/")]
        + ["preview/modules/<slug:slug>/<slug:identity>/checks/<slug:name>/"]
        + ["admin/modules/module/<path:object_id>/change/", f"{MODULE}copy/"],
        INSTRUCTORS,
    ),
    # Pages that show each person what is theirs.
    **dict.fromkeys(
        ["admin/", "admin/jsi18n/", "admin/r/<path:content_type_id>/<path:object_id>/"]
        + [f"admin/markdown/{name}/" for name in ("preview", "part")]
        + [f"admin/modules/{model}/" for model in ("attempt", "draft", "module", "revision")]
        + [f"admin/modules/module/{name}/" for name in ("load", "search", "tokens", "load/example", "archive", "add")]
        + [f"admin/modules/{model}/<path:object_id>/" for model in ("attempt", "draft", "module", "revision")]
        + ["admin/modules/draft/add/"]
        + [f"admin/modules/studyclass/{page}" for page in ("", "add/", "<path:object_id>/")]
        + [r"admin/^(?P<app_label>accounts|usersessions|modules|tasks|mfa)/$"],
        INSTRUCTORS,
    ),
    # A class is its instructors'. The owner of the module is the instructor of this one.
    **dict.fromkeys(
        [
            f"admin/modules/studyclass/{page}/"
            for page in (
                "<path:object_id>/history", "<path:object_id>/delete", "<path:object_id>/change",
                "<int:pk>/settings", "<int:pk>/archiving", "<int:pk>/people", "<int:pk>/link",
                "<int:pk>/link/closing", "<int:pk>/members/<int:member>", "<int:pk>/members/<int:member>/removal",
                "<int:pk>/members/<int:member>/due/<int:assignment>",
                "<int:pk>/members/<int:member>/due/<int:assignment>/removal",
                "<int:pk>/slips",
                "<int:pk>/slips/<int:member>/renewal", "<int:pk>/modules", "<int:pk>/modules/<int:assignment>",
                "<int:pk>/modules/<int:assignment>/removal", "<int:pk>/invitations/<int:invitation>/sending",
                "<int:pk>/invitations/<int:invitation>/withdrawal", "<int:pk>/files",
            )
        ]
        + [f"admin/modules/studyclass/<int:pk>/grades.{form}" for form in FORMS],
        OWNERS,
    ),
    # What the owner and the helpers do.
    **dict.fromkeys(
        [
            f"{MODULE}{page}"
            for page in (
                "load/", "draft/", "publication/", "withdrawal/", "access/", "document/", "document/public/",
                "document/key/", "archive/", "proofs/<int:enrolment>/", "learners/<int:enrolment>/", "quiz/", "quiz/<slug:key>/", "rules/",
                "overrides/", "overrides/<int:override>/", "overrides/<int:override>/removal/", "overview/", "results/", "questions/",
                "checks/<int:section>/",
                *(f"results/{table}.{form}" for table in ("learners", "answers", "questions", "figures", "typed") for form in FORMS),
                "files/",
            )
        ]
        + [f"{QUESTION}{page}" for page in ("", "grades/", *(f"answers.{form}" for form in FORMS))]
        + ["admin/modules/module/parts/<str:kind>/<int:key>/", "admin/markdown/image/"]
        + ["admin/modules/module/<path:object_id>/history/"]
        + [f"admin/modules/attempt/<path:object_id>/{page}/" for page in ("change", "history")]
        + ["admin/modules/attempt/<int:pk>/corrections/"]
        + ["admin/modules/attempt/<int:pk>/marks/<int:slot>/", "admin/modules/attempt/<int:pk>/late/<int:late>/"]
        + [f"admin/modules/revision/<int:pk>/{page}/" for page in ("document", "draft")]
        + [f"admin/modules/revision/<path:object_id>/{page}/" for page in ("change", "history")],
        CHANGERS,
    ),
    **dict.fromkeys([f"{MODULE}owners/", "admin/modules/module/<path:object_id>/delete/"], OWNERS),
    **dict.fromkeys(
        [f"admin/modules/{model}/add/" for model in ("attempt", "refusedstatement", "revision")]
        + [f"admin/modules/{model}/<path:object_id>/delete/" for model in ("attempt", "revision")]
        + [r"admin/(?P<url>.*)$", "admin/autocomplete/"],
        NOBODY,
    ),
    **dict.fromkeys(["admin/password_change/", "admin/password_change/done/"], INSTRUCTORS),
}  # fmt: skip

# A new page below these is for administrators alone, unless it is declared above. No prefix may allow more.
FOR_ADMINISTRATORS = (
    "admin/accounts/",
    "admin/tasks/",
    "admin/mfa/",
    "admin/usersessions/",
    "admin/modules/sitepage/",
    "admin/modules/refusedstatement/",
)
OF_THE_ACCOUNT = "accounts/"  # each page is about the account of the person who asks


def expectation(pattern: str) -> frozenset[str] | None:
    """Returns who may reach an address, or ``None`` if nobody has said that."""
    if pattern in EXPECTED:
        return EXPECTED[pattern]
    if pattern.startswith(FOR_ADMINISTRATORS):
        return ADMINISTRATORS
    return EVERYBODY if pattern.startswith((OF_THE_ACCOUNT, f"^{OF_THE_ACCOUNT}")) else None


def patterns(under: object = None, before: str = "") -> Iterator[str]:
    """Yields the addresses of the URL resolver, with the names of their parts."""
    for entry in getattr(under or get_resolver(), "url_patterns", ()):
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here


def undeclared() -> list[str]:
    return [pattern for pattern in patterns() if expectation(pattern) is None]
