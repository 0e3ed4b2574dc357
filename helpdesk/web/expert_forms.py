"""What volunteers and the desk fill in about experts. Each form gives the data its rule takes; the rule decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins.enums import Language
from basins.models import Basin
from basins.territory import territory
from basins.web.desk_forms import DayField, StaffForm
from basins.web.forms import plain_line
from core.bilingual import current_language
from core.widgets import PlainSelect
from helpdesk.expert_enums import ExpertDomain, ExpertLanguage, HalfDay
from helpdesk.models import Expert
from helpdesk.rules.asking import BODY_AT_MOST
from helpdesk.rules.experts import DAYS_OFFERED, QUESTION_AT_MOST, WORD_AT_MOST, WORKING_DAYS
from helpdesk.rules.pool import WORDS_AT_MOST, ExpertData
from helpdesk.web.forms import TOO_LONG

CHOOSE = {"invalid_choice": _("Choose from the list.")}
NUMBER = {
    "invalid": _("Write a number."),
    "min_value": _("At least %(limit_value)d."),
    "max_value": _("At most %(limit_value)d."),
}


def _basins() -> list[tuple[str, Any]]:
    return [(basin.code, basin.name) for basin in territory().basins]


def _times_to_answer() -> list[tuple[int, str]]:
    return [
        (days, ngettext("%(number)d working day", "%(number)d working days", days) % {"number": days})
        for days in DAYS_OFFERED
    ]


class ExpertForm(StaffForm):
    """What is told of an expert, but for the address."""

    headings: ClassVar[Mapping[str, Any]] = {
        "name": _("Who"),
        "domains": _("What about"),
        "basins": _("Where and when"),
        "at_once": _("How much"),
    }

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=160,
        required=False,
        help_text=_("As the directory calls it, if it stands there."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("For the helpdesk alone."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    language = forms.ChoiceField(
        label=_("Mails in"),
        choices=[(Language.FR.value, _("French")), (Language.NL.value, _("Dutch"))],
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    domains = forms.MultipleChoiceField(
        label=_("Domains"), choices=ExpertDomain.choices, error_messages=CHOOSE, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Questions can be asked in"),
        choices=ExpertLanguage.choices,
        error_messages=CHOOSE,
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("In a few words: what you know well"),
        max_length=500,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basins = forms.MultipleChoiceField(
        label=_("Basins"),
        choices=_basins,
        required=False,
        help_text=_("None chosen: the whole Region."),
        error_messages=CHOOSE,
        widget=forms.CheckboxSelectMultiple,
    )
    reachable = forms.MultipleChoiceField(
        label=_("Best moments"),
        choices=HalfDay.choices,
        required=False,
        help_text=_("None chosen: any."),
        error_messages=CHOOSE,
        widget=forms.CheckboxSelectMultiple,
    )
    at_once = forms.IntegerField(
        label=_("Questions at once, at most"), min_value=1, max_value=20, initial=2, error_messages=NUMBER
    )
    per_month = forms.IntegerField(
        label=_("Questions in thirty days, at most"), min_value=1, max_value=60, initial=4, error_messages=NUMBER
    )

    def clean_name(self) -> str:
        return plain_line(self.cleaned_data["name"])

    @staticmethod
    def initial_of(expert: Expert) -> dict[str, Any]:
        names = ("name", "function", "organisation", "phone", "language", "domains", "languages", "about", "reachable")
        found = {name: getattr(expert, name) for name in (*names, "at_once", "per_month")}
        return {**found, "basins": [basin.code for basin in expert.basins.all()]}

    def for_rule(self) -> ExpertData:
        data = {name: self.cleaned_data[name] for name in ExpertData.__dataclass_fields__ if name in self.cleaned_data}
        chosen = Basin.objects.filter(code__in=data.pop("basins"))
        return ExpertData(**data, basins=list(chosen))


class VolunteerForm(ExpertForm):
    """Somebody offers themselves."""

    email = forms.EmailField(
        label=_("Your work e-mail"),
        help_text=_("Questions go there. We write to it once, so that you confirm it."),
        max_length=254,
        error_messages={"invalid": _("Write your e-mail address, for example name@service.be")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    consents = forms.BooleanField(
        label=_("I agree that the five helpdesks keep what I wrote here and may ask me. I can leave at any time."),
        error_messages={"required": _("Say that you agree: without it we may not keep your name.")},
    )
    field_order: tuple[str, ...] = ("name", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "language": current_language(), "languages": [current_language()], **kwargs.get("initial", {})
        }  # fmt: skip
        super().__init__(*args, **kwargs)


class RegionVolunteerForm(VolunteerForm):
    """The same on the Region's site, where no basin is said by the page."""

    home = forms.ChoiceField(
        label=_("Which helpdesk should get in touch with you?"),
        help_text=_("The one nearest to your work. All five may ask you."),
        choices=lambda: [("", _("Choose…")), *_basins()],
        error_messages=CHOOSE | {"required": _("Choose a helpdesk.")},
        widget=PlainSelect,
    )
    field_order = ("name", "email", "home")


class AddExpertForm(VolunteerForm):
    """Somebody agreed by word of mouth."""

    consents = None  # type: ignore[assignment]  # said on the day below
    agreed_on = DayField(
        label=_("Agreed on"), help_text=_("The day on which this person said yes. A mail tells them, with their link.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].initial = timezone.localdate
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _("Questions go there.")


class AwayForm(StaffForm):
    """Away until a day."""

    until = DayField(label=_("Away until this day, included"), error_messages={"invalid": _("Choose a day.")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()


class ExpertAnswerForm(StaffForm):
    """What the expert says."""

    body = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "To the helpdesk, which puts it into its advice. No name, no birth date, no address of the person."
        ),
        max_length=BODY_AT_MOST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class WordForm(StaffForm):
    """A word why, if one likes."""

    word = forms.CharField(
        label=_("A word why"), max_length=WORD_AT_MOST, required=False, error_messages={"max_length": TOO_LONG}
    )


class ThanksForm(StaffForm):
    """Thank you, in one's own words."""

    words = forms.CharField(
        label=_("In your words"),
        max_length=WORDS_AT_MOST,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class BringInForm(StaffForm):
    """The question to an expert."""

    expert = forms.UUIDField(
        widget=forms.HiddenInput, error_messages={"invalid": _("Choose an expert."), "required": _("Choose an expert.")}
    )
    question = forms.CharField(
        label=_("Your question to the expert"),
        help_text=_("The expert reads the thread without who asks. Say neither who asks nor who the person is."),
        max_length=QUESTION_AT_MOST,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    working_days = forms.TypedChoiceField(
        label=_("Time to answer"),
        choices=_times_to_answer,
        coerce=int,
        initial=WORKING_DAYS,
        error_messages=CHOOSE,
        widget=PlainSelect,
    )


class ReferForm(StaffForm):
    """What is said to who asked when another helpline goes on."""

    record = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"invalid": _("Choose a helpline."), "required": _("Choose a helpline.")},
    )
    words = forms.CharField(
        label=_("Your words to who asked"),
        help_text=_("Why this line, and what to say there. They get its record as it stands now, with your words."),
        max_length=WORDS_AT_MOST,
        required=False,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def choices_of(pairs: Iterable[tuple[str, Any]], current: str) -> list[tuple[str, str, bool]]:
    """Value, label and whether it is the chosen one, for a select of a filter."""
    return [(value, str(label), value == current) for value, label in pairs]
