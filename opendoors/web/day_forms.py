"""What is filled in on the day: the list of a visit, and the line at its door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.utils import timezone
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


@dataclass(frozen=True, slots=True)
class SheetPost:
    """A list of a visit as it was sent: by the form as a whole, or by its script as the taps that are new.

    ``a-<row>`` is what is said of a row, ``was-<row>`` what the page showed before (the form sends all rows:
    what nobody touched must not win over what somebody else said meanwhile), ``ago-<row>`` how many seconds
    ago it was tapped. Seconds ago, for the clocks of phones are wrong. ``all`` says that all others are here.
    """

    data: Mapping[str, str]

    def taps(self) -> Iterator[Tap]:
        """What was said anew, oldest first; what is no row or no word of ours is left out."""
        found = [tap for name in self.data if name.startswith("a-") and (tap := self._tap(name.removeprefix("a-")))]
        return iter(sorted(found, key=lambda tap: tap.at or timezone.now()))

    def _tap(self, row: str) -> Tap | None:
        value = self.data[f"a-{row}"]
        if value not in Attendance.values or value == self.data.get(f"was-{row}"):
            return None
        try:
            return Tap(booked=UUID(row), attendance=Attendance(value), at=self._at(row))
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
        rules.note_many(visit=visit, taps=list(self.taps()), by_whom=by_whom, by=by)
        if self.data.get("all") == Attendance.PRESENT:
            rules.note_all_present(visit=visit, by_whom=by_whom, by=by)
        said = self.data.get("walk_ins", "").strip()
        if said and said != self.data.get("was-walk_ins"):
            try:
                number = int(said)
            except ValueError:
                number = -1  # refused by the rule, in its words
            rules.count_walk_ins(visit=visit, number=number, by_whom=by_whom, by=by, at=self._at("walk_ins"))
