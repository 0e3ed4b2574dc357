"""Rows for every page of minutes, actions and consultations, for the walk through the site in both languages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.utils import timezone

from concertations import queries_minutes
from concertations.enums_minutes import ActionState, PointKind
from concertations.models import Action, Meeting, Minutes
from concertations.rules import actions, importing_consultation, minutes
from core import signing
from tests.concertations import minutes_tools as make
from tests.concertations.factories import ParticipantFactory, RegistrationFactory
from tests.concertations.test_consultations import SMALL

OF_THE_MINUTES = ("staff_minutes", "staff_minutes_heading_new", "staff_minutes_send")
OF_A_SECTION, OF_AN_ENTRY = ("staff_minutes_entry_new",), ("staff_minutes_entry",)
SENT = ("staff_minutes_approve", "staff_minutes_take_back", "staff_action_state")
PUBLIC = ("minutes",)
CONSULTED = ("consultations", "consultation", "consultation_part")


def some_minutes() -> dict[str, Any]:
    """A draft with one of everything, sent minutes to approve, approved ones with who was there; a consultation.

    Returns what addresses are made of, by page.
    """
    importing_consultation.apply(content=json.dumps(SMALL).encode(), slug="2019", by=None)
    draft = _full(make.begun())
    sent = _full(make.begun(meeting=make.held(series=draft.meeting.series, days_ago=20)))
    registration = RegistrationFactory(
        meeting=sent.meeting, participant=ParticipantFactory(series=draft.meeting.series, sector="health")
    )
    minutes.send(minutes=sent, by=None)
    done, late = Action.objects.filter(section__minutes=sent).order_by("pk")
    actions.move(action=done, to=ActionState.DONE, by=None, outcome_fr="Fait en mai.", outcome_nl="Gebeurd in mei.")
    approved = _full(make.begun(meeting=make.held(series=draft.meeting.series, days_ago=40)))
    _came(approved.meeting)
    minutes.send(minutes=approved, by=None)
    minutes.approve(minutes=approved, meeting=sent.meeting, by=None)
    own, out = _of(draft), _of(sent)
    entry = draft.sections.get().needs.get()
    late_link = queries_minutes.action_link(late).rstrip("/").rpartition("/")[2]
    return {
        **{f"concertations:{name}": own for name in OF_THE_MINUTES},
        **{
            f"concertations:{name}": own | {"section": make.heading(draft).uuid, "kind": "action"}
            for name in OF_A_SECTION
        },
        **{f"concertations:{name}": own | {"kind": "need", "entry": entry.uuid} for name in OF_AN_ENTRY},
        "concertations:staff_minutes_need_list": own | {"entry": entry.uuid},
        "concertations:staff_minutes_news_publish": own | {"entry": draft.sections.get().news.get().uuid},
        **{f"concertations:{name}": out | {"entry": late.uuid} for name in SENT},
        "concertations:staff_actions": {"slug": draft.meeting.series.slug},
        **{f"concertations:{name}": _of(approved) for name in PUBLIC},
        "concertations_region:minutes_sent": {
            "token": signing.make_token(queries_minutes.MINUTES_LINK, registration.uuid)
        },
        "concertations_region:action": {"token": late_link},
        **{
            f"concertations{space}:{name}": {"slug": "2019", "kind": "theme", "number": 1}
            for name in CONSULTED
            for space in ("", "_region")
        },
    }


def _full(row: Minutes) -> Minutes:
    for kind in PointKind:
        make.point(row, kind=kind)
    make.action(row)
    make.action(row, due_on=timezone.localdate() - dt.timedelta(days=3), owner="", owner_email="")
    Action.objects.filter(owner="").update(owner_email="late@example.org")
    make.need(row, words="Après 18 heures.", said_by_email="amo@example.org")
    make.news(row, body_fr="Dès mai.", body_nl="Vanaf mei.")
    return row


def _came(meeting: Meeting) -> None:
    for sector, number in (("health", 7), ("social", 6), ("housing", 2), ("", 1)):
        for _ in range(number):
            RegistrationFactory(
                meeting=meeting,
                participant=ParticipantFactory(series=meeting.series, sector=sector),
                presence="present",
                presence_at=timezone.now(),
                presence_by="staff",
            )


def _of(row: Minutes) -> dict[str, Any]:
    return {"slug": row.meeting.series.slug, "meeting": row.meeting.uuid}
