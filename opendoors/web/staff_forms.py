"""What a team fills in. Each form gives the data its rule takes; the rule decides."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language, Sector
from basins.models import Municipality
from basins.web.desk_forms import ClockField, DayField, MomentField, StaffForm
from core import spoken
from core.errors import RuleError
from core.spoken import BRUSSELS
from core.widgets import PlainSelect
from opendoors.enums import VisitLanguage
from opendoors.models import SEATS_AT_MOST, Edition, Host, Place, Visit
from opendoors.models.editions import OFFER_HOURS_AT_MOST
from opendoors.rules.checks import refuse_odd_time
from opendoors.rules.editions import EditionData
from opendoors.rules.programme_data import HostData, PlaceData, VisitData

SEATS_USUALLY = 12
MUNICIPALITY = _("Municipality")


class EditionForm(StaffForm):
    """An edition. The bands are written one per line."""

    bilingual: ClassVar[tuple[str, ...]] = ("name", "intro", "call_text")
    headings: ClassVar[Mapping[str, Any]] = {
        "slug": _("Days and address"),
        "bands": _("Bands of the day"),
        "call_text_fr": _("Call to hosts"),
        "signup_opens_at": _("Sign-up and reminders"),
        "visits_per_visitor": _("Limits and waiting list"),
    }

    name_fr = forms.CharField(label=_("Name"), max_length=80)
    name_nl = forms.CharField(max_length=80)
    intro_fr = forms.CharField(
        label=_("Introduction"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    intro_nl = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    slug = forms.SlugField(
        label=_("Last part of its address"), max_length=40, help_text=_("Usually the year, for example 2026.")
    )
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    bands = forms.CharField(
        label=_("Begin and end of each band"),
        max_length=400,
        help_text=_("One band per line, for example 09:00 10:30."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    call_text_fr = forms.CharField(
        label=_("Call to hosts"),
        max_length=4000,
        required=False,
        help_text=_("Why, for whom, what you ask of them."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    call_text_nl = forms.CharField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 5}))
    call_opens_at = MomentField(label=_("Call to hosts opens"), required=False)
    call_closes_at = MomentField(label=_("Call to hosts closes"), required=False)
    signup_opens_at = MomentField(label=_("Sign-up opens"))
    signup_closes_at = MomentField(label=_("Sign-up closes"))
    reminder_days_before = forms.IntegerField(
        label=_("First reminder, days before the first visit"),
        min_value=0,
        max_value=60,
        help_text=_("A second one goes out the day before each day with visits."),
    )
    visits_per_visitor = forms.IntegerField(
        label=_("Visits per visitor"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("At most so many; empty: no limit."),
    )
    seats_per_organisation = forms.IntegerField(
        label=_("Seats per organisation and visit"),
        min_value=1,
        max_value=SEATS_AT_MOST,
        required=False,
        help_text=_("At most so many; empty: no limit."),
    )
    offer_hours = forms.IntegerField(
        label=_("Hours to accept a freed seat"),
        min_value=1,
        max_value=OFFER_HOURS_AT_MOST,
        help_text=_("Shorter by itself when the visit is near."),
    )

    @staticmethod
    def initial_of_edition(edition: Edition | None) -> dict[str, Any]:
        """What the form shows first: the edition, or what is usual."""
        source = edition or Edition()
        usual = {"reminder_days_before", "offer_hours"}
        names = [name for name in EditionData.__dataclass_fields__ if edition or name in usual]
        values = {name: getattr(source, name) for name in names}
        return values | {"bands": "\n".join(" ".join(band) for band in source.bands)}

    def clean_bands(self) -> list[list[str]]:
        return [
            line.replace("-", " ").replace("–", " ").split() for line in self.cleaned_data["bands"].strip().splitlines()
        ]

    def edition_for_rule(self) -> EditionData:
        return EditionData(**self.cleaned_data)


class HostForm(StaffForm):
    """A host as it presents itself, and whom to call there."""

    bilingual: ClassVar[tuple[str, ...]] = ("description", "welcome")
    headings: ClassVar[Mapping[str, Any]] = {"contact_name": _("Whom we call; not shown to visitors")}

    name = forms.CharField(label=_("Name of the service"), max_length=160)
    name_language = forms.ChoiceField(
        label=_("Language of the name"), required=False, choices=[("", _("both, or not known")), *Language.choices]
    )
    description_fr = forms.CharField(
        label=_("What visitors will see"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    description_nl = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    welcome_fr = forms.CharField(
        label=_("Welcome note"),
        max_length=1000,
        required=False,
        help_text=_("Only who has booked reads it: the bell, the dog, the coffee."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    welcome_nl = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    sector = forms.ChoiceField(
        label=_("Field of work"), required=False, choices=[("", _("not known")), *Sector.choices], widget=PlainSelect
    )
    contact_name = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact's e-mail"), max_length=254, required=False)
    contact_phone = forms.CharField(label=_("Contact's phone"), max_length=30, required=False)
    contact_language = forms.ChoiceField(label=_("Language of our mails"), choices=Language.choices)

    @staticmethod
    def initial_of_host(host: Host) -> dict[str, Any]:
        return {name: getattr(host, name) for name in HostData.__dataclass_fields__}

    def host_for_rule(self) -> HostData:
        return HostData(**{name: self.cleaned_data[name] for name in HostData.__dataclass_fields__})


class PlaceForm(StaffForm):
    """Where visitors are received."""

    bilingual: ClassVar[tuple[str, ...]] = ("street", "directions")

    street_fr = forms.CharField(label=_("Street and number"), max_length=160, required=False)
    street_nl = forms.CharField(max_length=160, required=False)
    postcode = forms.RegexField(
        r"^\d{4}$",
        label=_("Postcode"),
        required=False,
        error_messages={"invalid": _("Write four digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6}),
    )
    municipality: forms.ModelChoiceField[Municipality] = forms.ModelChoiceField(
        Municipality.objects.none(), label=MUNICIPALITY, required=False, empty_label=_("not known")
    )
    wheelchair = forms.NullBooleanField(
        label=_("Wheelchair access"),
        required=False,
        widget=forms.Select(choices=[("", _("not known; we say so")), ("true", _("yes")), ("false", _("no"))]),
    )
    directions_fr = forms.CharField(
        label=_("Way there"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    directions_nl = forms.CharField(max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("municipality", Municipality.objects.order_by("name"))

    @staticmethod
    def initial_of_place(place: Place) -> dict[str, Any]:
        values = {name: getattr(place, name) for name in PlaceData.__dataclass_fields__}
        return values | {"wheelchair": {True: "true", False: "false", None: ""}[place.wheelchair]}

    def place_for_rule(self) -> PlaceData:
        return PlaceData(**{name: self.cleaned_data[name] for name in PlaceData.__dataclass_fields__})


class NewHostForm(HostForm, PlaceForm):
    """A host together with its first place."""

    bilingual: ClassVar[tuple[str, ...]] = ("description", "welcome", "street", "directions")
    headings: ClassVar[Mapping[str, Any]] = {**HostForm.headings, "street_fr": _("Where visitors are received")}
    field_order = [*HostForm.base_fields, *PlaceForm.base_fields]


class OpeningForm(StaffForm):
    """When a door is open, for how many, in which languages; on one of the edition's days."""

    rule_names: ClassVar[Mapping[str, str]] = {"starts_at": "day", "ends_at": "ends", "languages": "language"}

    day = forms.TypedChoiceField(label=_("Day"), coerce=dt.date.fromisoformat)
    begins = ClockField(label=_("Begins"))
    ends = ClockField(label=_("Ends"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=SEATS_AT_MOST)
    language = forms.ChoiceField(label=_("Main language"), choices=VisitLanguage.choices)
    others = forms.MultipleChoiceField(
        label=_("Also spoken"),
        choices=VisitLanguage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [edition.starts_on + dt.timedelta(n) for n in range((edition.ends_on - edition.starts_on).days + 1)]
        self.offer("day", [(each.isoformat(), spoken.weekday_date(each)) for each in days])

    def clean(self) -> dict[str, Any]:
        """What the rule would say of the hours, said together with what else is wrong."""
        cleaned = super().clean() or self.cleaned_data
        if {"day", "begins", "ends"} <= cleaned.keys():
            begins, ends = self._moments()
            try:
                refuse_odd_time(begins, ends)
            except RuleError as error:
                self.add_refusal(error)
        return cleaned

    def _moments(self) -> tuple[dt.datetime, dt.datetime]:
        day = self.cleaned_data["day"]
        begins, ends = (
            dt.datetime.combine(day, self.cleaned_data[name], tzinfo=BRUSSELS) for name in ("begins", "ends")
        )
        return begins, ends

    def visit_for_rule(self) -> VisitData:
        cleaned = self.cleaned_data
        begins, ends = self._moments()
        languages = tuple(dict.fromkeys(filter(None, [cleaned["language"], *cleaned["others"]])))
        return VisitData(starts_at=begins, ends_at=ends, seats=cleaned["seats"], languages=languages)


class VisitForm(OpeningForm):
    """One opening of a host's door, at one of its places."""

    place: forms.ModelChoiceField[Place] = forms.ModelChoiceField(
        Place.objects.none(), label=_("Place"), empty_label=None
    )
    # Programmes come in from files that do not say it.
    language = forms.ChoiceField(
        label=_("Main language"), choices=[("", _("not known")), *VisitLanguage.choices], required=False
    )
    end_waiting = forms.BooleanField(label=_("End their waiting and tell them"), required=False)
    field_order = ["day", "begins", "ends", "place", "seats", "end_waiting", "language", "others"]

    def __init__(self, *args: Any, host: Host, **kwargs: Any) -> None:
        super().__init__(*args, edition=host.edition, **kwargs)
        self.offer("place", host.places.select_related("municipality", "host"))
        if not self.data.get(self.add_prefix("end_waiting")):
            del self.fields["end_waiting"]  # asked only where fewer seats would end somebody's waiting

    def add_refusal(self, error: RuleError) -> None:
        """Also asks whether somebody's waiting may end, where the rule wants to know."""
        if error.field == "end_waiting" and "end_waiting" not in self.fields:
            self.fields["end_waiting"] = copy.deepcopy(self.base_fields["end_waiting"])
            self.order_fields(self.field_order)
        super().add_refusal(error)

    @property
    def may_end_waiting(self) -> bool:
        """Whether fewer seats may end the waiting of groups that no longer fit."""
        return bool(self.cleaned_data.get("end_waiting"))

    @staticmethod
    def initial_of_visit(visit: Visit) -> dict[str, Any]:
        begins, ends = timezone.localtime(visit.starts_at), timezone.localtime(visit.ends_at)
        return {
            "day": begins.date().isoformat(),
            "begins": begins.time(),
            "ends": ends.time(),
            "place": visit.place_id,
            "seats": visit.seats,
            "language": next(iter(visit.languages), None),
            "others": visit.languages[1:],
        }


class ImportForm(forms.Form):
    """A programme file, and the seats of visits whose line says none."""

    file = forms.FileField(
        label=_("Programme file"),
        help_text=_(
            "A spreadsheet (XLSX) or CSV in UTF-8, one visit per line; columns date, start, end, host, "
            "and more if you have them."
        ),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,text/csv"}),
    )
    seats = forms.IntegerField(
        label=_("Seats where a line says none"),
        min_value=1,
        max_value=SEATS_AT_MOST,
        required=False,
        initial=SEATS_USUALLY,
        help_text=_("Empty: such a line counts as a problem."),
    )


class EndWaitingForm(forms.Form):
    """Whether an import may end the waiting of groups that no longer fit: asked where it would."""

    end_waiting = forms.BooleanField(
        label=_("End their waiting and tell them"),
        error_messages={"required": _("Say that places in line may end, or choose another file.")},
    )


class SearchForm(forms.Form):
    """Words of a name, an address, an organisation or a reference."""

    q = forms.CharField(label=_("Search the bookings"), max_length=200, required=False, strip=True)
