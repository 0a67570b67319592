"""Lists every column that tells of a person or that a person typed. The erasure walks it.

A test compares it with the models, so that no new table or column is forgotten. docs/privacy.md says it in words.
"""

from __future__ import annotations

from modules.privacy import acts
from modules.privacy.rows import Rows

LEARNERS_OWN = (
    Rows("modules.Notice", "enrolment__learner", goes=True, swept=("reason", "slots")),
    Rows("modules.ProofAct", "proof__enrolment__learner", emptied={"reason": ""}, faceless=("made_by",), swept=("reason",)),
    Rows("modules.Proof", "enrolment__learner", acted=("name",), content=("title",), act=acts.withdraw_proofs),
    Rows("modules.LateAnswer", "response__attempt__enrolment__learner", acted=("answer", "replaced"), act=acts.take_late_words),
    Rows("modules.Response", "attempt__enrolment__learner", acted=("answer",), content=("order",), act=acts.take_typed_words),
    Rows("modules.Correction", "attempt__enrolment__learner", emptied={"reason": ""}, faceless=("made_by",), swept=("reason",)),
    Rows("modules.CheckAnswer", "enrolment__learner", goes=True,
         content=("section_title", "fingerprint", "question", "answer")),
    Rows("modules.Enrolment", "learner", emptied={"place": ""}, faceless=("learner",)),
    Rows("modules.Override", "learner", goes=True),
    Rows("modules.OwnDueDate", faceless=("learner", "given_by")),
    Rows("modules.Reminder", "learner", goes=True),
    Rows("modules.RemindersOff", "learner", goes=True),
    Rows("modules.Placement", "learner", goes=True, faceless=("placed_by",)),
    Rows("modules.Departure", "learner", goes=True),
    Rows("modules.Slip", "learner", goes=True, faceless=("made_by",)),
    Rows("modules.Invitation", "learner", goes=True, faceless=("invited_by",), acted=("address", "name", "number"), act=acts.delete_invitations),
    Rows("modules.LearnerNote", "learner", goes=True, faceless=("author",), swept=("text",)),
    Rows("modules.StoredFigures", acted=("figures", "rests_on"), act=acts.drop_figures),
    Rows("modules.RefusedStatement", acted=("statement", "said"), content=("identity",), act=acts.drop_refused_statements),
    Rows("modules.TableFile", "asked_by", goes=True, content=("name",), act=acts.drop_table_files),
)  # fmt: skip

# What somebody did as an instructor stays, with what they wrote for learners. Their name does not.
INSTRUCTORS_OWN = (
    Rows("modules.Image", content=("path", "file"), act=acts.drop_images_of_drafts),
    Rows("modules.Draft", "author", goes=True, swept=("reason",),
         content=("filename", "text", "part_title", "address", "remarks", "decisions")),
    Rows("modules.ApiToken", "user", goes=True, content=("name", "fingerprint")),
    Rows("modules.Module", unlinked=("owner",), faceless=("published_by", "withdrawn_by"),
         content=("title", "summary", "opening", "preamble", "introduction")),
    Rows("modules.Module_helpers", "user", goes=True),
    Rows("modules.StudyClass_instructors", "user", goes=True),
    Rows("modules.Revision", faceless=("loaded_by",), swept=("filename",), content=("text", "changes", "images")),
    Rows("modules.Regrade", faceless=("made_by",)),
    Rows("modules.RegradeJob", faceless=("made_by",), swept=("reason",), content=("keys", "judged_anew")),
    Rows("modules.Assignment", swept=("note",)),
)  # fmt: skip

ACCOUNT = (
    Rows("tasks.StoredTask", acted=("arguments", "problem", "key"), act=acts.drop_tasks),
    Rows("sessions.Session", acted=("session_data",), act=acts.end_sessions),
    Rows("usersessions.UserSession", "user", goes=True, content=("ip", "user_agent", "data")),
    Rows("mfa.Authenticator", "user", goes=True, content=("data",)),
    Rows("account.EmailAddress", "user", goes=True, content=("email",)),
    Rows("accounts.WrongPassword", acted=("account", "origin"), act=acts.forgive_wrong_passwords),
    Rows("admin.LogEntry", faceless=("user",), acted=("object_id",), swept=("object_repr", "change_message"),
         act=acts.empty_log_about),
    Rows("accounts.User_groups", faceless=("user",), act=acts.leave_roles),
    Rows("accounts.User_user_permissions", "user", goes=True),
    Rows("accounts.User", acted=("email", "name", "password", "language", "time_zone", "search_name"),
         act=acts.take_name),
)  # fmt: skip

# Texts of modules and of the site. A document that names its author does so until somebody changes it.
OF_THE_SITE = (
    Rows("modules.Section", content=("title", "source", "html", "contents", "checks")),
    Rows("modules.FormerText", content=("title", "source")),
    Rows("modules.Quiz", content=("title", "source", "introduction", "review")),
    Rows("modules.Pool", content=("title", "source")),
    Rows("modules.QuestionVersion", content=("title", "source", "title_html", "html", "choices", "answers",
                                             "explanation", "explains")),
    Rows("modules.EffectCount", content=("decisions", "effects")),
    Rows("modules.CountedTry", content=("sign",)),
    Rows("modules.SigningKey", content=("private_key",)),
    Rows("modules.IndexedPage", content=("title", "pieces")),
    Rows("modules.SitePage", content=("text", "html")),
    Rows("auth.Group", content=("name",)),
    Rows("accounts.Erasure", content=("key",)),
)  # fmt: skip

TABLE = (*LEARNERS_OWN, *INSTRUCTORS_OWN, *ACCOUNT, *OF_THE_SITE)
