"""Defines the tables, and the constraints that keep what they promise: content, questions, learning, quizzes."""

from modules.models.api_tokens import LONGEST_NAME, MOST_REQUESTS, MOST_TOKENS, PERIOD, ApiToken
from modules.models.checks import CheckAnswer, CheckCount, CountedTry
from modules.models.classes import (
    Assignment,
    Invitation,
    InvitationQuerySet,
    Slip,
    StudyClass,
    StudyClassQuerySet,
    is_assigned_to,
)
from modules.models.content import (
    BATCH,
    WORDS_PER_MINUTE,
    FormerSlug,
    FormerText,
    Module,
    ModuleQuerySet,
    Revision,
    Section,
    SectionQuerySet,
    minutes_for,
)
from modules.models.drafts import LONGEST_PATH, Draft, DraftQuerySet, Image
from modules.models.due_dates import OwnDueDate, due_for, own_due_date, own_due_dates
from modules.models.effect_counts import EffectCount
from modules.models.late_answers import LateAnswer, LateAnswerQuerySet, with_latest_late
from modules.models.learning import (
    LONGEST_KEPT_PLACE,
    Enrolment,
    EnrolmentQuerySet,
    Reading,
    ReadingQuerySet,
    begun_by,
    has_learners,
    hold_learners,
    unread_by,
    unread_sections,
    with_last_visit,
    with_outline_for,
    with_readers,
)
from modules.models.memberships import Departure, Placement, PlacementQuerySet
from modules.models.notes import LONGEST_NOTE, LearnerNote, LearnerNoteQuerySet
from modules.models.notices import Notice, NoticeQuerySet, SlotChange
from modules.models.ownership import SharedModules
from modules.models.proofs import Proof, ProofAct, ProofQuerySet, SigningKey
from modules.models.questions import Pool, Question, QuestionQuerySet, QuestionVersion, Quiz
from modules.models.quizzes import (
    JUDGING,
    WORDS_GONE,
    Attempt,
    AttemptQuerySet,
    Correction,
    KeptAttempts,
    Override,
    Regrade,
    Response,
)
from modules.models.regrade_jobs import RegradeJob
from modules.models.reminders import Reminder, RemindersOff
from modules.models.revocations import Revocation
from modules.models.search import IndexedPage, IndexedStem
from modules.models.site_pages import SitePage
from modules.models.statements import RefusedStatement, StatementCursor
from modules.models.stored_figures import StoredFigures
from modules.models.table_files import KEPT_FOR, TableFile, TableFileQuerySet, folder_of_tables

__all__ = [
    "BATCH",
    "JUDGING",
    "KEPT_FOR",
    "LONGEST_KEPT_PLACE",
    "LONGEST_NAME",
    "LONGEST_NOTE",
    "LONGEST_PATH",
    "MOST_REQUESTS",
    "MOST_TOKENS",
    "PERIOD",
    "WORDS_GONE",
    "WORDS_PER_MINUTE",
    "ApiToken",
    "Assignment",
    "Attempt",
    "AttemptQuerySet",
    "CheckAnswer",
    "CheckCount",
    "Correction",
    "CountedTry",
    "Departure",
    "Draft",
    "DraftQuerySet",
    "EffectCount",
    "Enrolment",
    "EnrolmentQuerySet",
    "FormerSlug",
    "FormerText",
    "Image",
    "IndexedPage",
    "IndexedStem",
    "Invitation",
    "InvitationQuerySet",
    "KeptAttempts",
    "LateAnswer",
    "LateAnswerQuerySet",
    "LearnerNote",
    "LearnerNoteQuerySet",
    "Module",
    "ModuleQuerySet",
    "Notice",
    "NoticeQuerySet",
    "Override",
    "OwnDueDate",
    "Placement",
    "PlacementQuerySet",
    "Pool",
    "Proof",
    "ProofAct",
    "ProofQuerySet",
    "Question",
    "QuestionQuerySet",
    "QuestionVersion",
    "Quiz",
    "Reading",
    "ReadingQuerySet",
    "RefusedStatement",
    "Regrade",
    "RegradeJob",
    "Reminder",
    "RemindersOff",
    "Response",
    "Revision",
    "Revocation",
    "Section",
    "SectionQuerySet",
    "SharedModules",
    "SigningKey",
    "SitePage",
    "Slip",
    "SlotChange",
    "StatementCursor",
    "StoredFigures",
    "StudyClass",
    "StudyClassQuerySet",
    "TableFile",
    "TableFileQuerySet",
    "begun_by",
    "due_for",
    "folder_of_tables",
    "has_learners",
    "hold_learners",
    "is_assigned_to",
    "minutes_for",
    "own_due_date",
    "own_due_dates",
    "unread_by",
    "unread_sections",
    "with_last_visit",
    "with_latest_late",
    "with_outline_for",
    "with_readers",
]
