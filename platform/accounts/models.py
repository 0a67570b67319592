"""Holds accounts. Nothing here depends on learning."""

from __future__ import annotations

from typing import Any, ClassVar, TypeAlias

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    AnonymousUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.keys import account_key
from accounts.search_names import LONGEST, search_name
from accounts.written_rows import is_stored_key, row_where


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Makes an account. Without a password, nobody can sign in until one is set."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get(self, *conditions: Any, **fields: Any) -> User:
        """Returns the account that meets the conditions.

        Django reads the account of whoever is signed in by its primary key, on every request. The manager of a
        relation is of a subclass: it finds only accounts of that relation.
        """
        key = fields.get("pk")
        if type(self) is not UserManager or conditions or len(fields) != 1 or not is_stored_key(key):
            return super().get(*conditions, **fields)
        user = row_where(self.model, "id = %s", [key])
        if user is None:
            raise self.model.DoesNotExist
        return user

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").lower())


class SearchNameField(models.CharField):
    """Holds the plain form of an account's name and address. It is written with each change, also of many rows."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        account: Any = model_instance
        value = search_name(account.name, account.email)
        setattr(account, self.attname, value)
        return value


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in with an e-mail address, which is kept in lower case."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Of the interface. Empty where the person has not chosen."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        help_text=_("Times are shown in it. Empty where the zone of the site counts."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Whoever is not active cannot sign in. Untick this instead of deleting the account."),
    )
    # Follows from the role (see accounts.roles). It is a column so that pages need no query for it.
    is_staff = models.BooleanField(_("may enter the admin"), default=False, editable=False)
    has_one_time_password = models.BooleanField(
        _("has to choose a password"),
        default=False,
        editable=False,
        help_text=_(
            "Somebody else has made the password. The person chooses their own before anything else."
        ),
    )
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    search_name = SearchNameField(
        _("name for search"), max_length=LONGEST, default="", editable=False, db_index=True
    )

    objects: ClassVar[UserManager] = UserManager()
    _password: str | None  # of Django: the text of a new password, until it is saved

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    ERASED = (
        "@erased.invalid"  # ends the address of an account whose person was erased; no mail server has it
    )
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ("email",)
        constraints = (models.UniqueConstraint(Lower("email"), name="one_account_per_email_address"),)
        # Figures leave the staff out. They are few, and without it each figure would look at all learners.
        indexes = (models.Index(fields=("id",), condition=models.Q(is_staff=True), name="accounts_of_staff"),)

    def __str__(self) -> str:
        return gettext("Deleted account") if self.is_erased else self.name or self.email

    @property
    def is_erased(self) -> bool:
        """Tells whether only what was learnt is left of the account, and nothing of its person."""
        return self.email.endswith(self.ERASED)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.lower()
        changed = kwargs.get("update_fields")
        if changed is not None and {"name", "email"} & {*changed}:
            kwargs["update_fields"] = {*changed, "search_name"}
        has_new_password = self._password is not None and not self._state.adding
        if has_new_password:
            self.has_one_time_password = False
        super().save(*args, **kwargs)
        if has_new_password:
            WrongPassword.objects.forgive(self)

    def give_one_time_password(self, password: str) -> None:
        """Sets a password that somebody else knows. The person has to choose another one at the next sign-in."""
        self.set_password(password)
        self.save()
        self.has_one_time_password = True
        self.save(update_fields=["has_one_time_password"])

    def clean(self) -> None:
        # Django's own method would change the form of a stored address, and its owner could not sign in any more.
        self.email = self.email.lower()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return self.name.split()[0] if self.name.strip() else self.email


class WrongPasswordQuerySet(models.QuerySet["WrongPassword"]):
    def forgive(self, user: User) -> None:
        """Forgets the wrong passwords for an account, because it has a new password."""
        others = User.objects.filter(pk=user.pk).values_list("emailaddress__email", flat=True)
        addresses = {user.email, *filter(None, others)}
        self.filter(account__in=[account_key(address) for address in addresses]).delete()


class WrongPassword(models.Model):
    """An attempt to sign in that has not turned out right, for as long as a limit counts it.

    Account and origin are keyed hashes. An account need not exist.
    """

    account = models.CharField(max_length=64)
    origin = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    objects = WrongPasswordQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("account", "at"), name="wrong_passwords_by_account"),
            models.Index(fields=("origin", "at"), name="wrong_passwords_by_origin"),
        )

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at:%Y-%m-%d %H:%M:%S}"

    def rollback(self) -> None:
        """Takes the count back, because the password was right. allauth calls it by this name."""
        self.delete()


# The person of a request: somebody who is signed in, or a visitor.
Visitor: TypeAlias = "User | AnonymousUser"


class Erasure(models.Model):
    """The fact that an account was erased. ``key`` names it without a person; :mod:`accounts.erasures` says how."""

    key = models.CharField(_("key"), max_length=32, unique=True)
    erased_at = models.DateTimeField(_("erased"))
    keeps_proofs = models.BooleanField(_("proofs are kept"), default=False)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return self.key
