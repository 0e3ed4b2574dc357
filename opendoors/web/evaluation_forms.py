"""The questionnaire: seven questions, one minute, none of them required."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import RuleError
from opendoors.enums import AnswerRole, Degree
from opendoors.models import Answer
from opendoors.rules.answering import TITLE_AT_MOST, AnswerData

TEXT_AT_MOST = 2000

RATINGS = [
    ("5", _("5: very good")),
    ("4", _("4: good")),
    ("3", _("3: neither good nor bad")),
    ("2", _("2: not so good")),
    ("1", _("1: bad")),
]

# The same questions are asked differently of who visited and of who received.
LABELS: Mapping[str, Mapping[AnswerRole, Any]] = {
    "rating": {
        AnswerRole.VISITOR: _("How were your visits?"),
        AnswerRole.HOST: _("How was it to receive visitors?"),
    },
    "knows_better": {
        AnswerRole.VISITOR: _("Do you know these services better now?"),
        AnswerRole.HOST: _("Do your visitors know your service better now?"),
    },
    "will_contact": {
        AnswerRole.VISITOR: _("Will you get in touch with them, or send people to them?"),
        AnswerRole.HOST: _("Will you get in touch with some of them?"),
    },
    "again": {
        AnswerRole.VISITOR: _("Would you come again next time?"),
        AnswerRole.HOST: _("Would you open your door again next time?"),
    },
}


class AnswerForm(forms.Form):
    """What a visitor or a host says."""

    refusal_names: ClassVar[frozenset[str]] = frozenset({"rating", "best", "missing"})

    rating = forms.TypedChoiceField(
        choices=RATINGS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    knows_better = forms.ChoiceField(choices=Degree.choices, required=False, widget=forms.RadioSelect)
    will_contact = forms.ChoiceField(choices=Degree.choices, required=False, widget=forms.RadioSelect)
    again = forms.ChoiceField(choices=Degree.choices, required=False, widget=forms.RadioSelect)
    best = forms.CharField(
        label=_("What was good?"),
        max_length=TEXT_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    may_quote = forms.BooleanField(
        label=_("You may quote that on your pages, without my name."),
        required=False,
    )
    missing = forms.CharField(
        label=_("What is missing in this basin?"),
        help_text=_("A service, a place, a language, a way to work together. Nothing about one person, please."),
        max_length=TEXT_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, role: AnswerRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, labels in LABELS.items():
            self.fields[name].label = labels[role]

    @staticmethod
    def initial_of(answer: Answer | None) -> dict[str, Any]:
        """What was answered before, to be changed."""
        if answer is None:
            return {}
        return {name: getattr(answer, name) for name in AnswerData.__dataclass_fields__}

    def answer_for_rule(self) -> AnswerData:
        return AnswerData(**self.cleaned_data)

    def add_refusal(self, error: RuleError) -> None:
        """Show why the rule refused, at the field where there is one."""
        self.add_error(error.field if error.field in self.refusal_names else None, str(error.message))


class NeedForm(forms.Form):
    """The title under which something missing goes into the basin's list."""

    title = forms.CharField(
        label=_("Title of the need"),
        max_length=TITLE_AT_MOST,
        strip=True,
        error_messages={"required": _("Say in a few words what is missing.")},
    )
