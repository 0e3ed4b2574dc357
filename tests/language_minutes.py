"""Minutes and consultations for the walk through all pages; their rows: ``tests.concertations.minutes_world``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from concertations.enums_minutes import MinutesState
from concertations.models import Action
from concertations.rules import actions, minutes
from tests.concertations import minutes_tools as make
from tests.concertations.factories import ParticipantFactory, RegistrationFactory
from tests.concertations.minutes_world import CONSULTED, OF_A_SECTION, OF_AN_ENTRY, OF_THE_MINUTES, PUBLIC, SENT

ANYBODY, STAFF = "anybody", "staff"
_STAFF = (
    *(*OF_THE_MINUTES, *OF_A_SECTION, *OF_AN_ENTRY, *SENT, "staff_actions"),
    *("staff_minutes_need_list", "staff_minutes_news_publish"),
)

PAGES: dict[str, list[str]] = {
    **{f"concertations:{name}": [STAFF] for name in _STAFF},
    **{f"concertations:{name}": [ANYBODY] for name in (*PUBLIC, *CONSULTED)},
    **{f"concertations_region:{name}": [ANYBODY] for name in (*CONSULTED, "minutes_sent", "action")},
}
# Addresses that show no page of their own, and why.
_NO_PAGE = {
    **dict.fromkeys(("minutes_pdf", "staff_minutes_pdf"), "leads to a job"),
    **dict.fromkeys(
        ("staff_minutes_begin", "staff_minutes_headings", "staff_minutes_heading_remove"), "answers a button"
    ),
}
NO_PAGE: dict[str, str] = {
    **{f"concertations:{name}": why for name, why in _NO_PAGE.items()},
    **{f"concertations_region:{name}": why for name, why in _NO_PAGE.items()},
    **dict.fromkeys(
        (f"concertations_region:{name}" for name in (*_STAFF, *PUBLIC)),
        "a basin's page without the basin, walked there",
    ),
    **dict.fromkeys(("concertations:minutes_sent", "concertations:action"), "the Region's page under a basin"),
}
# What their addresses are made of, for `tests.test_languages.urls_of`.
SETS = [
    *(("slug", "meeting"), ("slug", "meeting", "entry"), ("slug", "meeting", "kind", "entry")),
    *(("slug", "meeting", "section", "kind"), ("slug", "kind", "number")),
]


def _send_minutes(_world: Any) -> None:
    """To somebody who was registered, with an action whose owner gave an address."""
    row = make.begun()
    person = ParticipantFactory(series=row.meeting.series, language=get_language())
    RegistrationFactory(meeting=row.meeting, participant=person)
    make.action(row, owner="12345", owner_language=get_language())
    minutes.send(minutes=row, by=None)


def _remind(world: Any) -> None:
    """Of what is due soon, and of what is late."""
    _send_minutes(world)
    approved = Action.objects.filter(section__minutes__state=MinutesState.APPROVED)
    approved.update(owner="", owner_email="")  # written in another language, and nothing else of them may change
    for days in (3, -1):
        actions_that_may_change = Action.objects.exclude(section__minutes__state=MinutesState.APPROVED)
        actions_that_may_change.update(
            due_on=timezone.localdate() + dt.timedelta(days=days), owner_language=get_language()
        )
        actions.write_reminders(now=timezone.now())


# What makes each letter go out, in the language that is active.
LETTERS: dict[str, Callable[[Any], Any]] = {
    "concertations.minutes_sent": _send_minutes,
    "concertations.action_agreed": _send_minutes,
    "concertations.action_due": _remind,
}
