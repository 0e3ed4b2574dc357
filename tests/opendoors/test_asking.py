"""Who is asked how it was, when, and that nobody is asked three times."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core import mail as sent
from django.utils import timezone

from core.mail import deliver_due
from core.models import OutboxMessage
from opendoors.enums import Attendance, HostState, VisitState
from opendoors.models import Answer, Edition, Host, Visit
from opendoors.rules import asking
from tests.factories import local
from tests.opendoors.evaluation_tools import came, past_edition, said
from tests.opendoors.factories import VisitFactory

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 5, 4)


@pytest.fixture
def edition() -> Edition:
    return past_edition(starts_on=MONDAY, ends_on=MONDAY + dt.timedelta(days=4))


def write(day: int, clock: str = "09:00") -> list[tuple[str, str]]:
    """What is written on a day after the Monday of the week: kind and receiver."""
    moment = local(MONDAY + dt.timedelta(days=day), clock)
    before = set(OutboxMessage.objects.values_list("pk", flat=True))
    with time_machine.travel(moment, tick=False):
        asking.write_questions(now=timezone.now())
    rows = OutboxMessage.objects.exclude(pk__in=before).order_by("kind", "to")
    return [(row.key.partition(":")[0].rpartition("_")[2] + ":" + row.params["stage"], row.to) for row in rows]


def no_contact(visit: Visit) -> Visit:
    """A visit whose host has no address: then visitors alone are asked."""
    Host.objects.filter(pk=visit.host.pk).update(contact_email="")
    return visit


def test_a_visitor_is_asked_at_nine_on_the_day_after_the_last_visit(edition: Edition) -> None:
    came(no_contact(VisitFactory(edition=edition, day=0)))
    came(no_contact(VisitFactory(edition=edition, day=2)))

    assert [write(1), write(3, "08:59"), write(3), write(3, "23:00")] == [
        [],
        [],
        [("visitor:first", "daan@example.org")],
        [],
    ]


def test_a_week_later_once_more_and_then_never(edition: Edition) -> None:
    came(no_contact(VisitFactory(edition=edition)))
    write(1)

    assert [write(day) for day in (7, 8, 9, 20)] == [[], [("visitor:reminder", "daan@example.org")], [], []]


def test_who_has_answered_is_not_reminded(edition: Edition) -> None:
    visitor = came(no_contact(VisitFactory(edition=edition)))
    write(1)
    said(visitor, rating=4)

    assert write(8) == []


@pytest.mark.parametrize("attendance", [Attendance.ABSENT, Attendance.EXCUSED])
def test_who_did_not_come_is_not_asked(edition: Edition, attendance: str) -> None:
    came(no_contact(VisitFactory(edition=edition)), attendance=attendance)

    assert write(1) == []


def test_a_visit_that_was_called_off_asks_nobody(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    came(visit)
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.CANCELLED)

    assert write(6) == []


def test_hosts_are_asked_the_day_after_the_week(edition: Edition) -> None:
    VisitFactory(edition=edition)

    assert [write(1), write(5)] == [[], [("host:first", "chantal@example.org")]]


def test_who_speaks_for_two_services_gets_one_letter(edition: Edition) -> None:
    first = VisitFactory(edition=edition)
    VisitFactory(edition=edition, day=1, host__contact_email="Chantal@example.org")

    assert write(5) == [("host:first", "chantal@example.org")]
    Answer.objects.create(edition=edition, role="host", host=first.host, language="fr", rating=4)
    assert write(12) == [("host:reminder", "chantal@example.org")]  # the other service has not answered
    Answer.objects.create(edition=edition, role="host", host=Host.objects.order_by("pk")[1], language="fr", rating=4)
    assert write(13) == []


def test_hosts_that_withdrew_are_not_asked(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    Host.objects.filter(pk=visit.host.pk).update(state=HostState.WITHDRAWN)

    assert write(5) == []


def test_a_clock_that_stood_still_for_a_week_catches_up(edition: Edition) -> None:
    came(no_contact(VisitFactory(edition=edition)))

    assert write(8) == [("visitor:first", "daan@example.org")]
    assert write(14) == []
    assert write(15) == [("visitor:reminder", "daan@example.org")]


def test_after_two_weeks_nobody_is_asked_any_more(edition: Edition) -> None:
    came(no_contact(VisitFactory(edition=edition)))

    assert write(16) == []


def test_the_letter_has_one_link_per_service(edition: Edition) -> None:
    VisitFactory(edition=edition)
    VisitFactory(edition=edition, day=1)
    write(5)

    with time_machine.travel(local(MONDAY + dt.timedelta(days=5), "09:01")):
        deliver_due()

    assert str(sent.outbox[0].body).count("/evaluation/") == 2


def test_a_letter_that_comes_after_the_answer_is_dropped(edition: Edition) -> None:
    visitor = came(no_contact(VisitFactory(edition=edition)))
    write(1)
    said(visitor, rating=4)

    deliver_due()

    assert sent.outbox == []
    assert OutboxMessage.objects.get().state == OutboxMessage.State.DROPPED
