"""Minutes in their states, for tests: a meeting that is over, with what stands in its minutes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from basins.models import User
from concertations.enums import ItemKind, MeetingState
from concertations.enums_minutes import PointKind
from concertations.models import Action, Meeting, Minutes, MinutesPoint, MinutesSection, RaisedNeed, SharedNews
from concertations.rules import actions, minutes, minutes_points
from concertations.rules.actions import ActionData
from concertations.rules.minutes_points import NeedData, NewsData, PointData
from tests.concertations.factories import AgendaItemFactory, MeetingFactory


def says(sentence: str, **values: object) -> str:
    """A refusal as the reader gets it, to match against: in the language of the tests."""
    return re.escape(gettext(sentence) % values if values else gettext(sentence))


def held(days_ago: int = 10, **fields: Any) -> Meeting:
    """A meeting that was held, with one item on its agenda, on needs."""
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    usual = {"registration_opens_at": None, "registration_closes_at": None, "state": MeetingState.HELD}
    meeting = MeetingFactory(day=day, **{**usual, **fields})
    AgendaItemFactory(meeting=meeting, kind=ItemKind.NEEDS, title_fr="Besoins", title_nl="Behoeften")
    return meeting


def begun(by: User | None = None, meeting: Meeting | None = None) -> Minutes:
    """A draft with one heading."""
    return minutes.begin(meeting=meeting or held(), by=by)


def heading(row: Minutes) -> MinutesSection:
    return row.sections.get()


def heading_called(row: Minutes, title_fr: str) -> MinutesSection:
    return row.sections.get(title_fr=title_fr)


def point(row: Minutes, text_fr: str = "Le réseau se cherche.", kind: str = PointKind.REMEMBER) -> MinutesPoint:
    data = PointData(kind=kind, text_fr=text_fr, text_nl=f"NL {text_fr}")
    return minutes_points.keep_point(section=heading(row), data=data, by=None)


def action(row: Minutes, **fields: Any) -> Action:
    """To be done in three weeks by a service that gave its address."""
    values = {
        "text_fr": "Inviter les maisons médicales",
        "text_nl": "De wijkgezondheidscentra uitnodigen",
        "owner": "CPAS d’Etterbeek",
        "owner_email": "owner@example.org",
        "due_on": timezone.localdate() + dt.timedelta(days=21),
    }
    return actions.keep_action(section=heading(row), data=ActionData(**{**values, **fields}), by=None)


def need(row: Minutes, **fields: Any) -> RaisedNeed:
    values = {"title": "Un lieu ouvert le soir", "language": "fr", "said_by": "AMO", "about": "population"}
    return minutes_points.keep_need(section=heading(row), data=NeedData(**{**values, **fields}), by=None)


def news(row: Minutes, **fields: Any) -> SharedNews:
    values = {"title_fr": "Une nouvelle équipe mobile", "title_nl": "Een nieuw mobiel team", "said_by": "SPAD"}
    return minutes_points.keep_news(section=heading(row), data=NewsData(**{**values, **fields}), by=None)


def sent(**fields: Any) -> Minutes:
    """Sent minutes with one point; ``fields`` are the meeting's."""
    row = begun(meeting=held(**fields))
    point(row)
    minutes.send(minutes=row, by=None)
    return Minutes.objects.get(pk=row.pk)


def approved(row: Minutes | None = None) -> Minutes:
    """Approved at a later meeting, five days after it."""
    row = row or sent()
    later = held(days_ago=5, series=row.meeting.series)
    minutes.approve(minutes=row, meeting=later, by=None)
    return Minutes.objects.get(pk=row.pk)
