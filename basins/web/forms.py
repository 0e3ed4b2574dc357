"""Forms of the common pages: what was asked for, cleaned."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.enums import Language
from basins.missions import Period
from core.bilingual import current_language
from core.spoken import month as month_name

UPCOMING_DAYS = 365
MONTHS_BACK, MONTHS_AHEAD = 12, 12


def plain_line(value: str) -> str:
    """One line of text: control characters and surplus white space out."""
    visible = "".join(" " if unicodedata.category(char).startswith("C") else char for char in value)
    return " ".join(visible.split())


class SearchForm(forms.Form):
    """Words, and whether to look in all basins."""

    q = forms.CharField(label=gettext_lazy("What are you looking for?"), max_length=200, required=False)
    all = forms.BooleanField(label=gettext_lazy("In all basins"), required=False)

    def clean_q(self) -> str:
        return plain_line(self.cleaned_data["q"])


class PostcodeForm(forms.Form):
    """A postcode; whether it exists is for ``rules.routing`` to say."""

    postcode = forms.CharField(
        label=gettext_lazy("Postcode"),
        max_length=20,
        error_messages={"required": gettext_lazy("Write a postcode of four digits, for example 1050.")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "postal-code", "placeholder": "1050", "size": 6}
        ),
    )


class ProfileForm(forms.Form):
    """What people may change of their own account."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("We write to you"),
        choices=[(Language.FR.value, gettext_lazy("in French")), (Language.NL.value, gettext_lazy("in Dutch"))],
        widget=forms.RadioSelect,
    )

    def clean_name(self) -> str:
        return plain_line(self.cleaned_data["name"])


def month_of(value: str) -> dt.date | None:
    """The first day of ``2025-05``; None for anything else."""
    if not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", value):
        return None
    return dt.date(int(value[:4]), int(value[5:]), 1)


def add_months(first: dt.date, number: int) -> dt.date:
    """The first day of the month ``number`` months after ``first``."""
    years, months = divmod(first.year * 12 + first.month - 1 + number, 12)
    return dt.date(years, months + 1, 1)


class AgendaForm(forms.Form):
    """Which days and which kinds of dates. What is left out or makes no sense means: all that comes."""

    month = forms.ChoiceField(label=gettext_lazy("When"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What kind"), required=False)

    def __init__(self, data: QueryDict) -> None:
        self.asked: QueryDict = data.copy()
        super().__init__(self.asked)
        if self.first_of_month is None:
            self.asked["month"] = ""

    @property
    def offered(self) -> Period:
        """The days whose months may be chosen, and the month that was."""
        this_month = timezone.localdate().replace(day=1)
        first, last = add_months(this_month, -MONTHS_BACK), add_months(this_month, MONTHS_AHEAD)
        asked = self.first_of_month or this_month
        return Period(min(first, asked), add_months(max(last, asked), 1) - dt.timedelta(days=1))

    def set_months(self, first_days: Iterable[dt.date]) -> None:
        """The months that have something; this month and the one asked for stand there in any case."""
        offered = {*first_days, timezone.localdate().replace(day=1)}
        if self.first_of_month is not None:
            offered.add(self.first_of_month)
        self._choose("month").choices = [
            ("", _("From today on")),
            *((f"{day:%Y-%m}", f"{month_name(day, current_language())} {day.year}") for day in sorted(offered)),
        ]

    def _choose(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        return field

    def set_kinds(self, kinds: list[str]) -> None:
        """The kinds there are in the days chosen."""
        self._choose("kind").choices = [("", _("Everything")), *((kind, kind) for kind in kinds)]
        self._forget_what_is_no_choice("kind")

    def _forget_what_is_no_choice(self, name: str) -> None:
        """An old link, or one made by hand, shows everything instead of an error."""
        if not self._choose(name).valid_value(self.asked.get(name, "")):
            self.asked[name] = ""

    @property
    def first_of_month(self) -> dt.date | None:
        return month_of(str(self.asked.get("month", "")))

    @property
    def period(self) -> Period:
        first = self.first_of_month
        if first is None:
            today = timezone.localdate()
            return Period(today, today + dt.timedelta(days=UPCOMING_DAYS))
        return Period(first, add_months(first, 1) - dt.timedelta(days=1))
