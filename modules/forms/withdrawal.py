"""Asks who may go on in a module that is unpublished, and what becomes of its open attempts."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class WithdrawalForm(forms.Form):
    """Asks for whom a module is withdrawn.

    A module that nobody has begun is withdrawn for everybody, without a question. Attempts are asked about only if some
    are open.
    """

    EVERYBODY, NEWCOMERS = "everybody", "newcomers"

    withdrawn_for = forms.ChoiceField(
        label=_("For whom is it withdrawn?"),
        choices=[
            (NEWCOMERS, _("Those who have begun may go on: only nobody new can begin it")),
            (EVERYBODY, _("Withdraw it for everybody: its pages are closed, and what learners did is kept")),
        ],
        widget=forms.RadioSelect,
        initial=NEWCOMERS,
    )
    with_attempts = forms.BooleanField(
        label=_("Withdraw open attempts, too"),
        help_text=_(
            "Otherwise they may be finished. Withdrawn attempts keep their answers and their time until the module is published again."
        ),
        required=False,
    )

    def __init__(self, sent: QueryDict | None, *, is_begun: bool, has_open_attempts: bool) -> None:
        super().__init__(sent)
        if not is_begun:
            del self.fields["withdrawn_for"]
        if not has_open_attempts:
            del self.fields["with_attempts"]

    @property
    def keeps_learners(self) -> bool:
        return self.cleaned_data.get("withdrawn_for") == self.NEWCOMERS

    @property
    def takes_attempts(self) -> bool:
        return bool(self.cleaned_data.get("with_attempts"))

    def clean(self) -> None:
        if self.keeps_learners and self.takes_attempts:
            raise forms.ValidationError(
                _(
                    "Those who go on keep their open attempts: take the tick away, or withdraw it for everybody."
                )
            )
