"""Letters around the day: who comes, to hosts; the certificate, to who came. Once each, late rather than never."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client

from core.mail import deliver_due
from core.models import OutboxMessage
from opendoors import tasks
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.models import Edition, Host, Visit
from opendoors.rules.day_letters import CERTIFICATE, SHEET, write_day_letters
from tests.factories import local
from tests.opendoors.day_tools import MINUTE, MONDAY, NINE, guest, running_week, visit_today

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
EARLY, EVE = NINE - 5 * DAY, NINE - DAY
FRIDAY = MONDAY + 4 * DAY
THREE_DAYS_LATER = local(FRIDAY + 3 * DAY, "09:00")


@pytest.fixture
def edition() -> Edition:
    return running_week(state=EditionState.CLOSED)


def written(kind: str) -> list[tuple[str, str, str]]:
    rows = OutboxMessage.objects.filter(kind=kind).values_list("to", "params__day", "params__stage")
    return sorted(rows)


def delivered(now: dt.datetime) -> list[Any]:
    with time_machine.travel(now, tick=False):
        write_day_letters(now=now)
        deliver_due()
    return sent.outbox


# --- To hosts -------------------------------------------------------------------------------------


def test_a_host_hears_some_days_before_and_on_the_eve_of_each_of_its_days(edition: Edition) -> None:
    visit = visit_today(edition=edition)
    visit_today(edition=edition, host=visit.host, place=visit.place, day=2)

    moments = [EARLY - MINUTE, EARLY, EARLY + DAY, EVE, EVE + MINUTE, EVE + 2 * DAY]
    numbers = [write_day_letters(now=now) for now in moments]

    assert numbers == [0, 1, 0, 1, 0, 1]
    assert written(SHEET) == [
        ("chantal@example.org", "2026-12-07", "early"),
        ("chantal@example.org", "2026-12-07", "eve"),
        ("chantal@example.org", "2026-12-09", "eve"),
    ]


def test_a_clock_that_slept_catches_up_and_what_is_past_is_left(edition: Edition) -> None:
    visit_today(edition=edition)

    assert [write_day_letters(now=now) for now in (EARLY + 2 * DAY, NINE)] == [1, 0]


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Host, {"contact_email": ""}),
        (Host, {"state": HostState.WITHDRAWN}),
        (Visit, {"state": VisitState.CANCELLED}),
        (Edition, {"state": EditionState.DRAFT}),
    ],
    ids=["no address", "withdrawn", "called off", "a draft"],
)
def test_who_opens_no_door_hears_nothing(edition: Edition, model: Any, fields: dict[str, str]) -> None:
    visit_today(edition=edition)
    model.objects.update(**fields)

    assert write_day_letters(now=EVE) == 0


def test_on_the_eve_a_host_reads_how_many_come_and_who(edition: Edition) -> None:
    visit = visit_today(edition=edition, host__contact_language="nl")
    guest(visit, "Daan Dubois", seats=2, companions="An", organisation="Wijkhuis")
    guest(visit, "Held Back", held_until=NINE)

    (letter,) = delivered(EVE)

    assert "2" in letter.subject
    assert [name in letter.body for name in ("Daan Dubois", "Wijkhuis", "An", "Held Back")] == [True, True, True, False]


def test_the_link_in_the_letter_opens_the_list(edition: Edition, client: Client) -> None:
    guest(visit_today(edition=edition), "Daan Dubois")
    (letter,) = delivered(EVE)

    found = re.search(r"https?://[^/\s]+(/\S*/[0-9a-f-]{36}/)", letter.body)

    assert found is not None
    with time_machine.travel(EVE, tick=False):
        assert "Daan Dubois" in client.get(found[1]).text


def test_a_letter_that_was_held_up_past_its_day_is_dropped(edition: Edition) -> None:
    visit_today(edition=edition)
    write_day_letters(now=EVE)

    with time_machine.travel(NINE + DAY, tick=False):
        deliver_due()

    assert (sent.outbox, OutboxMessage.objects.get().state) == ([], "dropped")


# --- To visitors ----------------------------------------------------------------------------------


def test_who_came_hears_of_the_certificate_three_days_after_the_week() -> None:
    edition = running_week()
    came = guest(visit_today(edition=edition), email="daan@example.org", attendance="present")
    guest(visit_today(edition=edition, day=1), email="daan@example.org", attendance="present")
    guest(visit_today(edition=edition), attendance="absent")

    numbers = [write_day_letters(now=now) for now in (THREE_DAYS_LATER - MINUTE, THREE_DAYS_LATER, THREE_DAYS_LATER)]

    assert numbers == [0, 1, 0]
    assert OutboxMessage.objects.get(kind=CERTIFICATE).to == came.booking.visitor.email


def test_an_evaluated_week_tells_at_once() -> None:
    guest(visit_today(edition=running_week(state=EditionState.EVALUATED)), attendance="present")

    assert write_day_letters(now=local(FRIDAY + DAY, "00:05")) == 1


def test_a_month_later_nobody_is_written_to_any_more() -> None:
    guest(visit_today(), attendance="present")

    assert write_day_letters(now=local(FRIDAY + 31 * DAY, "09:00")) == 0


def test_the_letter_says_how_much_it_was_and_leads_to_the_certificate(client: Client) -> None:
    guest(visit_today(), attendance="present", language="fr")

    (letter,) = delivered(THREE_DAYS_LATER)
    found = re.search(r"https?://[^/\s]+(/\S+)", letter.body)

    assert "1 h 30" in letter.body.replace("\N{NO-BREAK SPACE}", " ")
    assert found is not None
    with time_machine.travel(THREE_DAYS_LATER, tick=False):
        page = client.get(found[1])
    assert (page.status_code, '<form method="post">' in page.text) == (200, True)


def test_the_task_writes_what_is_due(edition: Edition) -> None:
    visit_today(edition=edition)

    with time_machine.travel(EVE, tick=False):
        tasks.write_day_letters()

    assert OutboxMessage.objects.filter(kind=SHEET).count() == 1
