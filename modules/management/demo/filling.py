"""Fills a database with the class, the history of its modules, overrides, corrections and a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.roles import Role, open_account
from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions
from modules.management.demo import charts
from modules.management.demo.studying import CLASS, SECOND_CLASS, Situation, Study
from modules.models import Assignment, Attempt, Draft, Module, Override, Response, StudyClass
from modules.quizzes import attempts, corrections, withdrawal

SEED = 20261129
DOMAIN = "@demo.example"  # no account outside of the demo has an address there
CLASS_NAME = "Kelas 10A"
SECOND_CLASS_NAME = (
    "Kelas 10B"  # studies the first shipped module only, so that two classes stand beside each other
)
SHIPPED = ("ai-engineer-dan-ml-engineer", "menulis-modul")  # shipped modules that the class studies
INSTRUCTOR = "instructor@example.com"  # the one that `prepare` opens

# Days before the demo is made. The second version comes between the two halves of the class.
FIRST_VERSION, SECOND_VERSION, LATEST_START = 28, 12, 3

NAMES = (
    "Adi Nugroho", "Agus Salim", "Anisa Putri", "Arif Hidayat", "Ayu Lestari", "Bagas Pratama", "Bunga Maharani",
    "Citra Dewanti", "Damar Wijaya", "Dian Permata", "Eka Saputra", "Fajar Ramadhan", "Fitri Handayani",
    "Galih Prakoso", "Hana Kusuma", "Indra Gunawan", "Intan Sari", "Joko Susilo", "Kartika Rini", "Laras Wulandari",
    "Made Suarta", "Nadia Utami", "Oki Firmansyah", "Putu Ariani", "Rangga Aditya", "Ratna Juwita", "Satria Yudha",
    "Tari Anggraini", "Wahyu Setiawan", "Yusuf Maulana",
)  # fmt: skip
SECOND_NAMES = (
    "Alya Rahma", "Bima Satriya", "Cahyo Utomo", "Desi Ratnasari", "Endah Pertiwi", "Farhan Akbar", "Gita Puspita",
    "Hendra Kurnia", "Ilham Fauzi", "Jihan Amalia", "Krisna Bayu", "Lina Marlina", "Maya Safitri", "Niko Pradana",
    "Olivia Tanjung", "Panji Asmara", "Qonita Zahra", "Rizky Hakim", "Sinta Dewi", "Teguh Santoso", "Umi Kalsum",
    "Vina Oktavia", "Wulan Cahyani", "Zaki Mubarak",
)  # fmt: skip
MISLEADING = (
    "mengatasi-cold-start"  # a question of that module, which learners read otherwise than its author
)


def is_filled() -> bool:
    return User.objects.filter(email__endswith=DOMAIN).exists()


@transaction.atomic
def fill(author: User, *, now: datetime) -> list[tuple[Role, str, str]]:
    """Makes the class and its work, or nothing. Returns role, address and password of each account that it opened."""
    random = Random(SEED)  # noqa: S311
    learners, opened = _class(CLASS_NAME, NAMES, author, joined=now - timedelta(days=FIRST_VERSION))
    for module in Module.objects.published().filter(slug__in=SHIPPED).order_by("slug"):
        _study(
            random.sample(learners, len(learners)),
            _dealt(random),
            module,
            random,
            (FIRST_VERSION - 1, LATEST_START),
            now,
            misled_by=MISLEADING,
        )
    _study_charts(learners, author, random, now)
    _assign(now)
    return [*opened, *_second_class(author, random, now)]


def instructor() -> tuple[User, list[tuple[Role, str, str]]]:
    """Returns the instructor of a new installation, or opens one where there is no such account."""
    known = User.objects.filter(email=INSTRUCTOR).first()
    if known is not None:
        return known, []
    address = f"instructor{DOMAIN}"
    opened, password = open_account(address, name="Budi Hartono", role=Role.INSTRUCTOR)
    return opened, [(Role.INSTRUCTOR, address, password)]


def _second_class(author: User, random: Random, now: datetime) -> list[tuple[Role, str, str]]:
    """Makes a class that stops in the middle more often than the first one."""
    joined = now - timedelta(days=FIRST_VERSION)
    learners, opened = _class(SECOND_CLASS_NAME, SECOND_NAMES, author, joined=joined)
    module = Module.objects.get(slug=SHIPPED[0])
    days = (FIRST_VERSION - 1, SECOND_VERSION)
    _study(learners, _dealt(random, SECOND_CLASS), module, random, days, now, misled_by=MISLEADING)
    study_class = StudyClass.objects.get(group__name=SECOND_CLASS_NAME)
    Assignment.objects.get_or_create(study_class=study_class, module=module, due_at=now - timedelta(days=2))
    return opened


def _class(
    name: str, names: Sequence[str], author: User, *, joined: datetime
) -> tuple[list[User], list[tuple[Role, str, str]]]:
    """Opens an account for each learner, and puts them into one class of the instructor."""
    group, _created = Group.objects.get_or_create(name=name)
    study_class, _created = StudyClass.objects.get_or_create(group=group)
    study_class.instructors.add(author)
    learners, accounts = [], []
    for person in names:
        address = f"{person.lower().replace(' ', '.')}{DOMAIN}"
        learner, password = open_account(address, name=person, role=Role.LEARNER)
        learner.joined_at = joined
        learner.save(update_fields=["joined_at"])
        learner.groups.add(group)
        learners.append(learner)
        accounts.append((Role.LEARNER, address, password))
    return learners, accounts


def _assign(now: datetime) -> None:
    """Gives the class its modules: what was due a few days ago, and what is due a few days from now."""
    study_class = StudyClass.objects.get(group__name=CLASS_NAME)
    for number, module in enumerate(Module.objects.published().order_by("slug")):
        due_at = now + timedelta(days=4 * number - 3)
        Assignment.objects.get_or_create(study_class=study_class, module=module, defaults={"due_at": due_at})


def _study_charts(learners: Sequence[User], author: User, random: Random, now: datetime) -> None:
    """Lets half of the class study the first version, loads the second one, and lets the other half study that.

    Attempts that are open now belong to the second half: they ask what the second version asks.
    """
    situations, half = _dealt(random), len(learners) // 2
    learners = random.sample(learners, len(learners))
    module = _load(charts.first_version(), author, now - timedelta(days=FIRST_VERSION))
    withdrawal.publish(module, by=author, now=now - timedelta(days=FIRST_VERSION))
    _override(module, now)
    days = (FIRST_VERSION - 1, SECOND_VERSION + 2)
    _study(learners[:half], situations[:half], module, random, days, now)
    decisions = Decisions(tell={"averages": "tell"}, regrade=frozenset({charts.CORRECTED}))
    module = _load(charts.second_version(), author, now - timedelta(days=SECOND_VERSION), decisions)
    days = (SECOND_VERSION - 1, LATEST_START)
    _study(learners[half:], situations[half:], module, random, days, now)
    _correct(module, author, now - timedelta(hours=20))
    Draft.objects.create(
        author=author,
        module=module,
        base_revision=module.current,
        filename=charts.FILE.name,
        text=charts.draft_version(),
    )


def _load(text: str, author: User, now: datetime, decisions: Decisions | None = None) -> Module:
    upload = uploads.Upload(charts.FILE.name, text, "utf-8")
    module = Module.objects.filter(slug=charts.SLUG).first()
    plan = planning.plan_document(module, uploads.parse_with_images(text, module=module), decisions)
    return apply.apply_upload(plan, upload, by=author, now=now)


def _study(
    learners: Sequence[User],
    situations: Sequence[Situation],
    module: Module,
    random: Random,
    days: tuple[int, int],
    now: datetime,
    misled_by: str = "",
) -> None:
    """Lets each learner begin at a moment between so many days ago, and come as far as their situation says."""
    for learner, situation in zip(learners, situations, strict=True):
        begin = now - timedelta(days=random.uniform(days[1], days[0]))
        Study(learner, module, random, begin, now, misled_by).run(situation)


def _dealt(random: Random, of_class: Mapping[Situation, int] = CLASS) -> list[Situation]:
    """Returns the situations of the class in random order, those with an attempt that is still open last."""
    situations = [situation for situation, learners in of_class.items() for _learner in range(learners)]
    random.shuffle(situations)
    return sorted(situations, key=lambda situation: situation is Situation.OPEN_ATTEMPT)


def _override(module: Module, now: datetime) -> None:
    """Gives the class ten minutes more, and one learner half as much time again and five attempts."""
    quiz = module.quiz
    learner = User.objects.get(email=f"ayu.lestari{DOMAIN}")
    group = Group.objects.get(name=CLASS_NAME)
    for override in (
        Override(quiz=quiz, group=group, extra_minutes=10),
        Override(quiz=quiz, learner=learner, time_factor=Fraction(3, 2), attempts_allowed=5),
    ):
        override.save()
        attempts.extend_for_override(override, now=now)


def _correct(module: Module, author: User, now: datetime) -> None:
    """Gives a typed answer a mark by hand, and deletes the first attempt of somebody who passed later."""
    submitted = Attempt.objects.submitted().filter(quiz__module=module).order_by("enrolment__learner__email")
    # As keys, since PostgreSQL knows nothing yet of how many rows there are, and joins a subquery in the slowest way.
    keys = list(submitted.values_list("pk", flat=True))
    written = Response.objects.filter(attempt__in=keys, version__kind="short", mark=0).exclude(answer=[])
    response = written.order_by("attempt__enrolment__learner__email", "attempt__number").first()
    if response is not None:
        reason = "The answer names the value in other words."
        corrections.give_mark(response, Fraction(1, 2), corrections.Why(author, reason, now))
    failed = submitted.filter(passed_at__isnull=True, enrolment__passed_at__isnull=False).last()
    if failed is not None:
        corrections.delete(failed, corrections.Why(author, "The network of the school was down.", now))
