"""What is filled in on the day: the list of a visit, and the line at its door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from basins.models import User
from opendoors.enums import Attendance, NotedBy
from opendoors.models import Visit
from opendoors.rules import attendance as rules
from opendoors.rules.attendance import Tap

LONGEST_AGO = dt.timedelta(days=60)


class DoorForm(forms.Form):
    """The one line at the door."""

    who = forms.CharField(
        label=_("Your e-mail address, or the reference of your booking"),
        max_length=254,
        error_messages={"required": _("Write the address you booked with, or the reference in your mail.")},
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "off", "spellcheck": "false"}),
    )


class TeamForm(forms.Form):
    """What a team is asked at the door once it is noted: how many of it are here."""

    who = forms.CharField(max_length=254, widget=forms.HiddenInput)
    came = forms.TypedChoiceField(
        label=_("How many of you are here?"),
        coerce=int,
        error_messages={"invalid_choice": _("Choose how many of you are here.")},
    )

    def __init__(self, *args: Any, seats: int, **options: Any) -> None:
        super().__init__(*args, **options)
        field: forms.TypedChoiceField = self.fields["came"]  # type: ignore[assignment]
        field.choices = [(number, _all_of(number) if number == seats else number) for number in range(seats, 0, -1)]


def _all_of(number: int) -> str:
    return gettext("all %(number)s") % {"number": number}


@dataclass(frozen=True, slots=True)
class SheetPost:
    """A list of a visit as it was sent: by the form as a whole, or by its script as the taps that are new.

    ``a-<row>`` is what is said of a row, ``was-<row>`` what the page showed before (the form sends all rows:
    what nobody touched must not win over what somebody else said meanwhile), ``ago-<row>`` how many seconds
    ago it was tapped. Seconds ago, for the clocks of phones are wrong. ``n-<row>`` is how many of a team came,
    ``was-n-<row>`` what was shown of that. ``all`` says that all others are here.
    """

    data: Mapping[str, str]

    def taps(self, seats: Mapping[UUID, int]) -> Iterator[Tap]:
        """What was said anew, oldest first; what is no row or no word of ours is left out.

        ``seats`` of the rows as they are now: a team may have become smaller since the page was opened, and
        a phone must not send for ever what nobody can note any more.
        """
        found = [tap for name in self.data if name.startswith("a-") and (tap := self._tap(name[2:], seats))]
        return iter(sorted(found, key=lambda tap: tap.at or timezone.now()))

    def _tap(self, row: str, seats: Mapping[UUID, int]) -> Tap | None:
        value = self.data[f"a-{row}"]
        is_present = value == Attendance.PRESENT
        number = self.data.get(f"n-{row}", "") if is_present else ""
        is_same_number = not number or number == self.data.get(f"was-n-{row}")
        if value not in Attendance.values or (value == self.data.get(f"was-{row}") and is_same_number):
            return None
        try:
            booked = UUID(row)
            came = min(int(number), seats.get(booked, 0)) if number else None
            return Tap(booked=booked, attendance=Attendance(value), at=self._at(row), came=came)
        except ValueError:
            return None

    def _at(self, row: str) -> dt.datetime | None:
        try:
            ago = dt.timedelta(seconds=float(self.data[f"ago-{row}"]))
        except (KeyError, ValueError, OverflowError):
            return None
        return timezone.now() - min(max(ago, dt.timedelta()), LONGEST_AGO)

    def note(self, *, visit: Visit, by_whom: NotedBy, by: User | None) -> None:
        """Hand it to the rules. Raises what they raise; nothing that was not said is written."""
        seats = dict(visit.booked.values_list("uuid", "seats"))
        rules.note_many(visit=visit, taps=list(self.taps(seats)), by_whom=by_whom, by=by)
        if self.data.get("all") == Attendance.PRESENT:
            rules.note_all_present(visit=visit, by_whom=by_whom, by=by)
        said = self.data.get("walk_ins", "").strip()
        if said and said != self.data.get("was-walk_ins"):
            try:
                number = int(said)
            except ValueError:
                number = -1  # refused by the rule, in its words
            rules.count_walk_ins(visit=visit, number=number, by_whom=by_whom, by=by, at=self._at("walk_ins"))
