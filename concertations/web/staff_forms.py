"""The team's forms of series, meetings, agenda items and documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Municipality
from basins.web.desk_forms import ClockField, DayField, MomentField, StaffForm
from concertations.enums import DocumentAudience, ItemKind, SeriesKind
from concertations.models import SEATS_AT_MOST, AgendaItem, Document, Meeting, Series, Theme
from concertations.rules.agenda import ItemData
from concertations.rules.documents import KINDS, DocumentData
from concertations.rules.meetings import MeetingData
from concertations.rules.series import SeriesData
from core.spoken import BRUSSELS

BEGINS, ENDS = dt.time(9, 15), dt.time(12, 15)


def short_text(label: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=more.pop("max_length", 160), **{"required": False} | more)


def long_text(label: Any = "", *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more
    )


class SeriesForm(StaffForm):
    """A series: what it is, where it stands, whom one asks."""

    bilingual: ClassVar[tuple[str, ...]] = ("name", "intro")
    headings: ClassVar[Mapping[str, Any]] = {"contact_name": _("Whom one asks; everybody sees this")}

    name_fr = short_text(_("Name"), max_length=120, required=True)
    name_nl = short_text(max_length=120, required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=SeriesKind.choices)
    theme: forms.ModelChoiceField[Theme] = forms.ModelChoiceField(
        label=_("Theme"),
        queryset=Theme.objects.none(),
        required=False,
        help_text=_("Thematic concertations count for the law by their theme."),
    )
    slug = forms.SlugField(
        label=_("Last part of its address"), max_length=60, help_text=_("Short, for example sante-mentale.")
    )
    intro_fr = long_text(_("Introduction"), rows=4)
    intro_nl = long_text(rows=4)
    contact_name = short_text(_("Contact person"), max_length=120)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = short_text(_("Phone"), max_length=30)
    is_over = forms.BooleanField(
        label=_("This series is over"), required=False, help_text=_("No more meetings; what was said stays.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("theme", Theme.objects.all())

    @staticmethod
    def initial_of_series(series: Series) -> dict[str, Any]:
        return {name: getattr(series, name) for name in SeriesData.__dataclass_fields__}

    def series_for_rule(self) -> SeriesData:
        return SeriesData(**self.cleaned_data)


class MeetingForm(StaffForm):
    """A meeting: when, where, what about, who may come until when."""

    bilingual: ClassVar[tuple[str, ...]] = ("title", "intro", "place", "street", "directions")
    headings: ClassVar[Mapping[str, Any]] = {
        "day": _("When"),
        "place_fr": _("Where, or how"),
        "registration_opens_at": _("Registration"),
    }
    rule_names: ClassVar[Mapping[str, str]] = {"starts_at": "begins", "ends_at": "ends"}

    number = forms.IntegerField(label=_("Number in the series"), min_value=1, max_value=999, required=False)
    title_fr = short_text(_("Subject"), max_length=200)
    title_nl = short_text(max_length=200)
    intro_fr = long_text(_("Introduction"))
    intro_nl = long_text()
    day = DayField(label=_("Day"))
    begins = ClockField(label=_("Begins"), required=False)
    ends = ClockField(label=_("Ends"), required=False)
    is_whole_day = forms.BooleanField(label=_("The hours are not known"), required=False)
    place_fr = short_text(_("Place"))
    place_nl = short_text()
    street_fr = short_text(_("Street and number"))
    street_nl = short_text()
    postcode = forms.RegexField(
        r"^\d{4}$", label=_("Postcode"), required=False, error_messages={"invalid": _("Write four digits.")}
    )
    municipality: forms.ModelChoiceField[Municipality] = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), required=False
    )
    directions_fr = long_text(_("Way there"), rows=2)
    directions_nl = long_text(rows=2)
    wheelchair = forms.NullBooleanField(
        label=_("Wheelchair access"),
        required=False,
        widget=forms.Select(choices=[("", _("not known")), ("true", _("yes")), ("false", _("no"))]),
    )
    online_url = forms.URLField(label=_("Link to take part at a distance"), required=False, assume_scheme="https")
    meal_offered = forms.BooleanField(label=_("A meal is served"), required=False)
    registration_opens_at = MomentField(label=_("Registration opens"), required=False)
    registration_closes_at = MomentField(label=_("Registration closes"), required=False)
    seats = forms.IntegerField(
        label=_("Seats"), min_value=1, max_value=SEATS_AT_MOST, required=False, help_text=_("Empty: no limit.")
    )
    reminder_days_before = forms.IntegerField(
        label=_("First reminder, days before"),
        min_value=0,
        max_value=60,
        help_text=_("A second one goes out the day before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("municipality", Municipality.objects.all())

    @staticmethod
    def initial_of_meeting(meeting: Meeting) -> dict[str, Any]:
        values = {name: getattr(meeting, name) for name in MeetingData.__dataclass_fields__}
        starts, ends = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
        hours = {} if meeting.is_whole_day else {"begins": starts.time(), "ends": ends.time()}
        return values | {"day": starts.date()} | hours

    @staticmethod
    def initial_of_new(series: Series, number: int) -> dict[str, Any]:
        """What is usual: the number after the last, the place and hours of the meeting before."""
        last = series.meetings.order_by("-starts_at").first()
        usual: dict[str, Any] = {"number": number, "begins": BEGINS, "ends": ENDS, "reminder_days_before": 5}
        if last is None:
            return usual
        before = MeetingForm.initial_of_meeting(last)
        same = (
            *("place_fr", "place_nl", "street_fr", "street_nl", "postcode", "municipality"),
            *("directions_fr", "directions_nl", "wheelchair", "begins", "ends", "seats"),
        )
        return usual | {name: before[name] for name in same if name in before}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("is_whole_day"):
            for name in ("begins", "ends"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Write the hour, or say that it is not known."))
        return cleaned

    def meeting_for_rule(self, **more: Any) -> MeetingData:
        """As the rule takes it; hours that are not known make a whole day. ``more``: what this form does not ask."""
        values = dict(self.cleaned_data)
        day, begins, ends = values.pop("day"), values.pop("begins"), values.pop("ends")
        if values["is_whole_day"]:
            starts_at, ends_at = (_at(day + dt.timedelta(days=days), dt.time.min) for days in (0, 1))
        else:
            starts_at, ends_at = _at(day, begins), _at(day, ends)
        return MeetingData(starts_at=starts_at, ends_at=ends_at, **values | more)


class HeldMeetingForm(MeetingForm):
    """A meeting that was held: how many came, and from which sectors, where presence was not noted."""

    headings: ClassVar[Mapping[str, Any]] = {
        **MeetingForm.headings,
        "participants_counted": _("Who came, where it was not noted here"),
    }

    participants_counted = forms.IntegerField(
        label=_("Participants counted"), min_value=0, max_value=9999, required=False
    )
    sectors_named = long_text(_("Sectors, as the source says them"), rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("registration_opens_at", "registration_closes_at", "seats", "reminder_days_before"):
            if not self.initial.get("registration_opens_at"):
                del self.fields[name]


class CallOffForm(StaffForm):
    """Why a meeting does not take place."""

    bilingual: ClassVar[tuple[str, ...]] = ("cancel_note",)

    cancel_note_fr = forms.CharField(
        label=_("Why it is called off"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cancel_note_nl = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ItemForm(StaffForm):
    """An item of an agenda."""

    bilingual: ClassVar[tuple[str, ...]] = ("title", "description")

    title_fr = short_text(_("Title"), max_length=200, required=True)
    title_nl = short_text(max_length=200, required=True)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices, initial=ItemKind.OTHER)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=1,
        max_value=720,
        required=False,
        help_text=_("How long it takes; the hours follow from it."),
    )
    who = short_text(_("Who"), help_text=_("Who brings it, for example a name and a service."))
    description_fr = long_text(_("Description"))
    description_nl = long_text()

    @staticmethod
    def initial_of_item(item: AgendaItem) -> dict[str, Any]:
        return {name: getattr(item, name) for name in ItemData.__dataclass_fields__}

    def item_for_rule(self) -> ItemData:
        return ItemData(**self.cleaned_data)


class DocumentForm(StaffForm):
    """A paper: its title, for whom, its file; of a meeting also to which item it belongs."""

    bilingual: ClassVar[tuple[str, ...]] = ("title",)

    title_fr = short_text(_("Title"), required=True)
    title_nl = short_text(required=True)
    file = forms.FileField(
        label=_("File"),
        max_length=120,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
        },
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS)}),
    )
    language = forms.ChoiceField(
        label=_("Language of the file"), required=False, choices=[("", _("both languages in one")), *Language.choices]
    )
    audience = forms.ChoiceField(label=_("For whom"), choices=DocumentAudience.choices)
    item: forms.ModelChoiceField[AgendaItem] = forms.ModelChoiceField(
        label=_("Item of the agenda"), queryset=AgendaItem.objects.none(), required=False
    )

    def __init__(self, *args: Any, meeting: Meeting | None, document: Document | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if meeting is None:
            del self.fields["item"]
        else:
            self.offer("item", meeting.items.all())
        if document is not None:
            self.fields["file"].required = False
            self.fields["file"].label = _("Another file in its place")

    @staticmethod
    def initial_of_document(document: Document) -> dict[str, Any]:
        return {name: getattr(document, name) for name in DocumentData.__dataclass_fields__}

    def document_for_rule(self) -> DocumentData:
        return DocumentData(**{name: value for name, value in self.cleaned_data.items() if name != "file"})


def _at(day: dt.date, clock: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, clock, tzinfo=BRUSSELS)
