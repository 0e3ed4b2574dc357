"""What the team fills in around minutes. Each form gives the data its rule takes; the rule decides."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.web.desk_forms import DayField, StaffForm
from concertations.enums_minutes import PointKind
from concertations.models import Action, MinutesPoint, RaisedNeed, SharedNews
from concertations.rules.actions import ActionData
from concertations.rules.minutes_points import NeedData, NewsData, PointData

NO_NAMES = _("A function or a service rather than a name: approved minutes are public.")
NOT_A_PERSON = _("Nothing that identifies a beneficiary.")


def _words(label: Any = "", *, rows: int = 4, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class SectionForm(StaffForm):
    """A heading that was on no agenda."""

    bilingual: ClassVar[tuple[str, ...]] = ("title",)

    title_fr = forms.CharField(label=_("Heading"), max_length=200, required=False)
    title_nl = forms.CharField(max_length=200, required=False)


class EntryForm(StaffForm):
    """One entry under a heading. ``Data`` is what its rule takes; ``name`` what the address calls it."""

    Data: ClassVar[Any]

    def data_for_rule(self) -> Any:
        """Exactly the fields of the data; an empty date stays none."""
        return self.Data(**{field.name: self.cleaned_data[field.name] for field in fields(self.Data)})

    @classmethod
    def initial_of(cls, row: MinutesPoint | Action | RaisedNeed | SharedNews) -> dict[str, Any]:
        """What stands there now."""
        return {field.name: getattr(row, field.name) for field in fields(cls.Data)}


class PointForm(EntryForm):
    """Something to remember, or a decision."""

    Data = PointData
    bilingual: ClassVar[tuple[str, ...]] = ("text",)

    kind = forms.ChoiceField(label=_("What it is"), choices=PointKind.choices, widget=forms.RadioSelect)
    text_fr = _words(_("Text"), help_text=NOT_A_PERSON)
    text_nl = _words()


class ActionForm(EntryForm):
    """What somebody will do until a day."""

    Data = ActionData
    bilingual: ClassVar[tuple[str, ...]] = ("text",)

    text_fr = forms.CharField(label=_("What will be done"), max_length=300, required=False)
    text_nl = forms.CharField(max_length=300, required=False)
    owner = forms.CharField(label=_("By whom"), max_length=160, required=False, help_text=NO_NAMES)
    due_on = DayField(label=_("Until"), required=False)
    owner_email = forms.EmailField(
        label=_("E-mail for the reminder"),
        required=False,
        help_text=_("Only the team sees it. A mail goes a week before the day, and the day after."),
    )
    owner_language = forms.ChoiceField(label=_("Language of the reminder"), choices=Language.choices, initial="fr")


class NeedForm(EntryForm):
    """A need that was heard, in the language in which it was said."""

    Data = NeedData

    title = forms.CharField(label=_("What is missing, in a few words"), max_length=200)
    language = forms.ChoiceField(
        label=_("Said in"), choices=Language.choices, widget=forms.RadioSelect, initial=Language.FR
    )
    words = _words(_("In their words"), rows=3, help_text=NOT_A_PERSON)
    said_by = forms.CharField(label=_("Who said it"), max_length=120, required=False, help_text=NO_NAMES)
    said_by_email = forms.EmailField(
        label=_("Their e-mail"),
        required=False,
        help_text=_("To answer when something is done about it; only the team sees it."),
    )
    about = forms.CharField(
        label=_("Who lacks it"), max_length=120, required=False, help_text=_("For example: residents, professionals.")
    )


class NewsForm(EntryForm):
    """News that somebody shared."""

    Data = NewsData
    bilingual: ClassVar[tuple[str, ...]] = ("title", "body")

    title_fr = forms.CharField(label=_("Title"), max_length=140, required=False)
    title_nl = forms.CharField(max_length=140, required=False)
    body_fr = _words(_("Text"))
    body_nl = _words()
    said_by = forms.CharField(label=_("Who said it"), max_length=120, required=False, help_text=NO_NAMES)


class ApproveForm(StaffForm):
    """At which meeting the minutes were approved."""

    meeting = forms.ChoiceField(label=_("Approved at the meeting of"), widget=forms.RadioSelect)


class ActionStateForm(StaffForm):
    """What became of an action."""

    bilingual: ClassVar[tuple[str, ...]] = ("outcome",)

    to = forms.ChoiceField(label=_("How far is it?"), widget=forms.RadioSelect)
    outcome_fr = _words(_("What became of it"), rows=3)
    outcome_nl = _words(rows=3)


class ListForm(StaffForm):
    """Which need of the list this one is; a new one where none is the same."""

    need = forms.ChoiceField(label=_("Is it one of these?"), widget=forms.RadioSelect, initial="")
