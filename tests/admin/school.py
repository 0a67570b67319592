"""Makes one module with everything that a page can be about, and somebody in each role: for the walk of the roles."""

import re
from dataclasses import dataclass
from io import BytesIO

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Picture

from accounts.models import User
from accounts.roles import Role
from modules.admin import drafts
from modules.authoring.uploads import Upload
from modules.classes.links import new_code, token_of
from modules.forms.documents import fingerprint_of
from modules.insights.table_files import make_table_file
from modules.models import (
    ApiToken,
    Invitation,
    LateAnswer,
    Module,
    Override,
    Proof,
    RefusedStatement,
    TableFile,
)
from tests.admin.expected_roles import MODULE, QUESTION, ROLES
from tests.cast import PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign
from tests.conftest import person

TEXT = "---\nattempts: 3\n---\n" + PLANETS.replace(
    "Merkurius, Venus, Bumi, Mars.\n",
    "Merkurius, Venus, Bumi, Mars.\n\n### Yang terdekat? {.check}\n\n- [x] Merkurius\n- [ ] Mars\n",
)
HIDDEN = "sesuatu-yang-hanya-ada-di-draf"  # a word of the owner's draft


@dataclass
class School:
    """One set of data: a module with everything that a page can be about, and somebody in each role."""

    people: dict[str, User | None]
    module: Module
    places: dict[str, dict[str, object]]
    forms: dict[str, dict[str, object]]

    def address(self, pattern: str) -> str:
        """Returns an address that is there, by the places of the longest prefix that has some."""
        for written, example in EXAMPLES.items():
            if pattern == written:
                return example
        prefix = max((prefix for prefix in self.places if pattern.startswith(prefix)), key=len)
        values = self.places[prefix]
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), pattern)


EXAMPLES = {
    r"admin/^(?P<app_label>accounts|usersessions|modules|tasks|mfa)/$": "/admin/modules/",
    r"admin/(?P<url>.*)$": "/admin/nowhere/",
}


def a_school(learner: User, classmate: User, owner: User, administrator: User) -> School:
    """Makes everything, with a helper and with an instructor who has another module."""
    helper = person("siti@example.com", Role.INSTRUCTOR, "Siti Aminah")
    stranger = person("joko@example.com", Role.INSTRUCTOR, "Joko Susilo")
    module = a_module(TEXT, by=owner)
    module.helpers.add(helper)
    a_module("# Milik lain\n\n## Bacaan\n\nSatu.\n", by=stranger)
    untouched = a_module("# Belum dimulai\n\n## Bacaan\n\nSatu.\n", by=owner)
    untouched.helpers.add(helper)
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(1))
    late = LateAnswer.objects.create(
        response=attempt.responses.get(slot=1), answer=["Mars"], arrived_at=at(3)
    )
    override = Override.objects.create(quiz=module.quiz, learner=learner, attempts_allowed=4)
    study_class = a_class(by=owner, members=[classmate], join_code=new_code(), join_opened_at=at(1))
    assignment = assign(study_class, module, due_at=at(9))
    invitation = Invitation.objects.create(
        study_class=study_class, address="baru@example.com", invited_at=at(1)
    )
    file = a_file(owner, table="questions", module=module)
    file_of_class = a_file(owner, table="class", study_class=study_class)
    text = module.text() + f"\n> {HIDDEN}\n"
    draft = drafts.keep(Upload("tata-surya.md", text, "utf-8"), module, owner)
    proof = Proof.objects.get()
    ApiToken.make(owner, "Buku nilai", now=at(1))
    token = ApiToken.objects.get()
    refused = RefusedStatement.objects.create(identity="1", statement={}, refused_at=at(1))
    section, question = module.sections.first(), module.quiz.questions.first()
    people = dict(zip(ROLES, [None, learner, classmate, stranger, helper, owner, administrator], strict=True))
    of_module = {"slug": module.slug, "identity": section.identity, "name": section.checks[0]["identity"]}
    of_joining = {"code": study_class.join_code, "token": token_of(invitation)}
    of_draft = {"pk": draft.pk, "object_id": draft.pk, "number": 0, **of_module}
    places: dict[str, dict[str, object]] = {
        "": of_module,
        "join/": of_joining,
        "reminders/": of_joining,
        "classes/": {"pk": study_class.pk},
        "attempts/": {"pk": attempt.pk, "number": 1},
        "bukti/": {"code": proof.code},
        "preview/drafts/": of_draft,
        "preview/plans/": of_draft,
        "admin/": {"pk": administrator.pk, "id": administrator.pk, "object_id": administrator.pk},
        "admin/r/": {
            "content_type_id": ContentType.objects.get_for_model(Module).pk,
            "object_id": module.pk,
        },
        "admin/modules/studyclass/": {
            "pk": study_class.pk,
            "object_id": study_class.pk,
            "member": classmate.pk,
            "assignment": assignment.pk,
            "invitation": invitation.pk,
            "file": file_of_class.pk,
        },
        "admin/modules/attempt/": {"pk": attempt.pk, "object_id": attempt.pk, "slot": 1, "late": late.pk},
        "admin/modules/refusedstatement/": {"object_id": refused.pk},
        "admin/modules/draft/": of_draft,
        "admin/modules/revision/": {"pk": module.current_id, "object_id": module.current_id},
        "admin/modules/module/": {
            "pk": module.pk,
            "object_id": module.pk,
            "enrolment": attempt.enrolment_id,
            "override": override.pk,
            "key": "gift",
            "section": section.pk,
            "file": file.pk,
            "token": token.pk,
        },
        "api/": {"pk": module.pk},
        "admin/modules/module/questions/": {"pk": question.pk},
        "admin/modules/module/parts/": {"kind": "question", "key": question.pk},
        "admin/modules/module/<path:object_id>/delete/": {"object_id": untouched.pk},
    }  # fmt: skip
    reason = {"reason": "Listrik padam."}
    base = {"base_revision": module.current_id}
    drawn = BytesIO()
    Picture.new("RGB", (3, 3)).save(drawn, "PNG")
    forms: dict[str, dict[str, object]] = {
        "admin/markdown/preview/": {"content": "Halo", "which": f"question:{question.pk}"},
        "admin/markdown/part/": {"content": "Halo", "which": f"question:{question.pk}", "kind": "section"},
        "admin/markdown/image/": {
            "target": f"module:{module.pk}",
            "image": SimpleUploadedFile("titik.png", drawn.getvalue(), "image/png"),
        },
        "admin/modules/module/load/": {"text": module.text()},
        "admin/modules/draft/<path:object_id>/change/": base
        | {"text": "# Lain\n", "action": "check", "base_fingerprint": fingerprint_of(text)},
        "admin/modules/draft/<int:pk>/plan/": base | {"action": "load"},
        "admin/modules/attempt/<int:pk>/corrections/": {"action": "delete", **reason},
        "admin/modules/attempt/<int:pk>/marks/<int:slot>/": {"mark": "0", **reason},
        "admin/modules/attempt/<int:pk>/late/<int:late>/": reason,
        "admin/modules/module/parts/<str:kind>/<int:key>/": base | {"source": "### Baru?\n\n- [=] 1\n"},
        "admin/modules/module/<path:object_id>/delete/": {"post": "yes"},
        "admin/modules/module/tokens/": {"name": "Buku nilai"},
        f"{MODULE}load/": {"text": module.text()},
        f"{MODULE}publication/": {"published": "yes"},
        f"{MODULE}withdrawal/": {"withdrawn_for": "everybody"},
        f"{MODULE}access/": base | {"access": "open"},
        f"{MODULE}owners/": {"action": "name", "person": stranger.pk},
        f"{MODULE}overrides/": {"learner": classmate.pk, "attempts_allowed": "5"},
        f"{MODULE}learners/<int:enrolment>/": {"text": "Bekerja malam."},
        "admin/modules/studyclass/<int:pk>/members/<int:member>/": {"text": "Bekerja malam."},
        f"{MODULE}proofs/<int:enrolment>/": {"proof": proof.pk, "action": "withdraw", **reason},
        f"{QUESTION}grades/": {"action": "full-marks", **reason},
        "admin/modules/studyclass/<int:pk>/modules/<int:assignment>/": {"due_at": "2099-01-01T08:00"},
        "admin/modules/studyclass/<int:pk>/members/<int:member>/due/<int:assignment>/": {
            "due_at": "2099-01-02T08:00"
        },
        "admin/modules/studyclass/<int:pk>/members/<int:member>/removal/": {"sure": "yes"},
        "admin/modules/studyclass/<int:pk>/link/": {"limit": "3"},
        "attempts/<int:pk>/questions/<int:number>/": {"answer": "x"},
        "bukti/<str:code>/visibility/": {"hidden": "yes"},
    }
    return School(people, module, places, forms)


def a_file(person: User, **of: object) -> TableFile:
    """Returns a table as a file that the worker has made for a person."""
    file = TableFile.objects.create(form="csv", asked_by=person, asked_at=timezone.now(), language="id", **of)
    make_table_file.call(file.pk)
    return file
