"""The gallery: every component of the site in every state, on one page, in both languages."""

from __future__ import annotations

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.missions import mission_modules
from basins.territory import territory
from core.charts import Bar, BarChart, ColumnChart, Row
from core.spoken import hours, weekday, weekday_short


class SampleForm(forms.Form):
    """One field of each kind."""

    email = forms.EmailField(
        label=gettext_lazy("Work e-mail"),
        help_text=gettext_lazy("The confirmation goes there."),
        error_messages={"invalid": gettext_lazy("Write your e-mail address, for example name@service.be")},
    )
    municipality = forms.ChoiceField(
        label=gettext_lazy("Municipality"),
        choices=[("", gettext_lazy("Choose…")), ("1040", "Etterbeek"), ("1160", "Auderghem – Oudergem")],
        error_messages={"required": gettext_lazy("Choose a municipality")},
    )
    organisation = forms.CharField(label=gettext_lazy("Organisation"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"),
        choices=[("fr", "Français"), ("nl", "Nederlands")],
        widget=forms.RadioSelect,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("I come with"),
        choices=[("wheelchair", gettext_lazy("a wheelchair")), ("interpreter", gettext_lazy("an interpreter"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("Remind me the day before"), required=False)
    message = forms.CharField(label=gettext_lazy("Your question"), widget=forms.Textarea({"rows": 4}), required=False)


def _mission_samples() -> list[dict[str, Any]]:
    """What each mission adds: ``<mission>/gallery.py`` gives the context of ``<mission>/_gallery.html``."""
    return [
        {"template": f"{mission}/_gallery.html", "samples": module.samples()}
        for mission, module in mission_modules("gallery")
    ]


def _job(state: str, done: int = 46, note: str = "") -> SimpleNamespace:
    over = state in {"done", "failed", "stopped"}
    return SimpleNamespace(uuid=uuid.uuid4(), state=state, steps_done=done, steps_total=73, note=note, is_over=over)


def gallery(request: HttpRequest) -> HttpResponse:
    """Show them all. The data is made up and the same at each call."""
    in_error = SampleForm({"email": "nadia.service", "organisation": "Wijkhuis Chambéry vzw", "language": "fr"})
    bars = BarChart(
        finding=_("Two editions gave no number of visitors"),
        measure=_("Visitors per open-door week"),
        alt=_("Visitors per edition: Patch’work counted most, 132. One edition gave no figure."),
        label_heading=_("Edition"),
        series=[_("Visitors")],
        rows=[
            Row("Patch’work 2025", [Bar(132)]),
            Row("Backstage 2025", [Bar(79)]),
            Row("Melting Papot’ 2024", [Bar(None)]),
        ],
    )
    columns = ColumnChart(
        finding=_("Wednesday is full, Friday is not"),
        measure=_("Seats and bookings per day"),
        label_heading=_("Day"),
        series=[_("Seats"), _("Seats taken")],
        rows=[
            Row(weekday(day), [Bar(seats), Bar(taken)], short=weekday_short(day))
            for day, seats, taken in [
                (dt.date(2025, 5, 19), 210, 160),
                (dt.date(2025, 5, 21), 180, 180),
                (dt.date(2025, 5, 23), 96, 41),
            ]
        ],
    )
    context = {
        "basins": territory().basins,
        "form": in_error,
        "fresh_form": SampleForm(auto_id="fresh_%s"),
        "problems": [_("One visit became full while you were choosing. Take another one.")],
        "day": dt.date(2025, 5, 20),
        "first_of_july": dt.date(2025, 7, 1),
        "starts": dt.time(9, 15),
        "ends": dt.time(12, 15),
        "dates": [
            {
                "day": dt.date(2025, 5, 20),
                "title": _("Mental health meeting"),
                "meta": hours(dt.time(9, 15), dt.time(12, 15)),
                "url": "#",
                "action_url": "#",
                "action_label": _("Sign up"),
            },
            {
                "day": dt.date(2025, 6, 17),
                "title": _("Meeting of another basin"),
                "meta": hours(dt.time(14), dt.time(16)),
                "basin_code": "nord",
            },
        ],
        "levels": range(11),
        "headings": [_("Edition"), _("Hosts"), _("Visitors")],
        "number_columns": [1, 2],
        "rows": [["Backstage 2025", 24, 79], ["Patch’work 2025", 44, 132]],
        "missions": _mission_samples(),
        "jobs": [
            _job("waiting", 0),
            _job("running"),
            _job("done", 73, _("73 visits read, nothing to correct.")),
            _job("failed", 12, _("Line 13: 25:00 is not a time of day.")),
            _job("stopped", 20),
        ],
        "page": Paginator(range(95), 10).get_page(2),
        "charts": [bars, columns],
        "frozen_lines": ["SSM Le WoPS · Woluwe-Saint-Pierre"],
        "icons": [
            *("search phone chev right left check x minus dots warn info ok clock wheel print cal pin plus".split()),
            *("lock ice doc mail filter down up user people edit out key find door meeting heart house ballot".split()),
        ],
    }
    return render(request, "basins/gallery.html", context)
