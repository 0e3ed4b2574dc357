"""*Le Grand Bain / Het Grote Bad* of December 2024 once more, from the call to hosts to the evaluation."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.core import mail as mailbox
from django.db.models import Sum
from django.utils import translation
from pypdf import PdfReader

from basins.models import User
from core.mail.delivery import deliver_due
from core.models import OutboxMessage
from core.spoken import BRUSSELS
from opendoors import figures, queries_day, reports
from opendoors.demo import FACTS
from opendoors.enums import Attendance, EditionState, HostState, NotedBy
from opendoors.errors import CallClosed, SignupClosed
from opendoors.models import BookedVisit, Edition, Host, Visit, Visitor
from opendoors.rules import (
    addresses,
    answering,
    asking,
    attendance,
    booking,
    editions,
    importing,
    reminding,
    validating,
)
from opendoors.rules.answering import AnswerData
from opendoors.rules.attendance import Tap
from opendoors.rules.editions import EditionData
from opendoors.rules.programme_data import HostData, PlaceData, VisitData
from tests.factories import basin

VISITS_EACH = [1] * 91 + [2] * 29 + [3] * 11  # 131 professionals, 182 visits


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, month, day, hour, minute, tzinfo=BRUSSELS)


@contextmanager
def on(month: int, day: int, hour: int = 9, minute: int = 0) -> Iterator[dt.datetime]:
    moment = at(month, day, hour, minute)
    with time_machine.travel(moment, tick=False), translation.override("en"):
        yield moment


@pytest.mark.django_db
def test_the_week_of_december_2024(alice: User) -> None:
    edition = _call_for_hosts(alice)
    _publish(edition, alice)
    _professionals_sign_up(edition)
    _sign_up_closes(edition)
    _everybody_is_reminded(edition)
    _the_week_runs(edition)
    _everybody_says_how_it_was(edition, alice)
    _the_figures_add_up(edition)


def _call_for_hosts(alice: User) -> Edition:
    """The call ran from May to August; one service answers it here, the others come with the team's file."""
    data = EditionData(
        slug="2024",
        name_fr="Le Grand Bain",
        name_nl="Het Grote Bad",
        starts_on=dt.date(2024, 12, 2),
        ends_on=dt.date(2024, 12, 6),
        signup_opens_at=at(9, 9),
        signup_closes_at=at(11, 22, 18),
        call_text_fr="Ouvrez votre porte.",
        call_text_nl="Zet uw deur open.",
        call_opens_at=at(5, 13),
        call_closes_at=at(8, 31, 23, 59),
    )
    with on(5, 13):
        edition = editions.create(basin=basin(), data=data, by=alice)
        editions.move(edition=edition, to=EditionState.CALL, by=alice)
    with on(6, 3):
        host = _answer_the_call(edition)
    with on(6, 4):
        validating.accept(host=host, by=alice)
    with on(9, 2), pytest.raises(CallClosed, match=r"closed on 31.août 2024"):
        _answer_the_call(edition)
    host.refresh_from_db()
    assert host.state == HostState.ACCEPTED
    return edition


def _answer_the_call(edition: Edition) -> Host:
    visit = VisitData(starts_at=at(12, 2, 9), ends_at=at(12, 2, 10, 30), seats=6, languages=("fr",))
    return validating.propose(
        edition=edition,
        data=HostData(
            name="GymSANA asbl",
            name_language="fr",
            description_fr="La salle, les groupes, une séance d’essai.",
            contact_name="Chantal",
            contact_email="chantal@example.org",
        ),
        place=PlaceData(postcode="1040"),
        visits=[visit],
    )


def _publish(edition: Edition, alice: User) -> None:
    with on(9, 3):
        importing.apply(edition=edition, content=FACTS.read_bytes(), by=alice)
        editions.move(edition=edition, to=EditionState.PUBLISHED, by=alice)
    with on(9, 9) as now:
        assert editions.advance_by_calendar(now=now) == 1
    edition.refresh_from_db()
    assert edition.state == EditionState.OPEN
    assert (edition.visits.count(), edition.hosts.count()) == (73, 51)
    assert edition.visits.aggregate(all=Sum("seats"))["all"] == 938


def _professionals_sign_up(edition: Edition) -> None:
    """Each books in one go and confirms the address an hour later."""
    rng = random.Random("the week of 2024")
    numbers = list(VISITS_EACH)
    rng.shuffle(numbers)
    for person, number in enumerate(numbers):
        with on(9, 10 + person % 20, 9 + person // 20):
            chosen: list[Visit] = []
            for visit in rng.sample(list(edition.visits.all()), 73):
                clash = any(v.starts_at < visit.ends_at and visit.starts_at < v.ends_at for v in chosen)
                if len(chosen) < number and visit.has_free_seat and not clash:
                    chosen.append(visit)
            booking.book(
                visits=[visit.uuid for visit in chosen],
                name=f"Professional {person}",
                email=f"p{person}@example.org",
                language="nl" if person % 3 == 0 else "fr",
                organisation=f"Service {person % 40}",
                sector=["health", "social", "home_care", ""][person % 4],
                by=None,
            )
            addresses.confirm(visitor=Visitor.objects.get(email=f"p{person}@example.org"), by=None)
    assert Visitor.objects.filter(edition=edition).count() == 131
    assert edition.visits.aggregate(all=Sum("seats_taken"))["all"] == 182


def _sign_up_closes(edition: Edition) -> None:
    with on(11, 22, 18) as now:
        assert editions.advance_by_calendar(now=now) == 1
    late = edition.visits.filter(seats_taken=0).first() or edition.visits.earliest("seats_taken")
    with on(11, 23), pytest.raises(SignupClosed, match=r"Sign-up closed on 22.novembre\."):
        booking.book(visits=[late.uuid], name="Late", email="late@example.org", language="fr", by=None)


def _everybody_is_reminded(edition: Edition) -> None:
    """One letter some days before the first visit, one on the eve of each day with visits; none twice."""
    OutboxMessage.objects.all().delete()
    for days in range(10):
        day = dt.date(2024, 11, 26) + dt.timedelta(days=days)
        for hour in (9, 15):
            with on(day.month, day.day, hour, 30) as now:
                reminding.write_reminders(now=now)
                deliver_due()
    stages = Counter(OutboxMessage.objects.filter(kind=reminding.KIND).values_list("params__stage", flat=True))
    person_days = BookedVisit.objects.filter(visit__edition=edition).values_list(
        "booking__visitor", "visit__starts_at__date"
    )
    assert stages == {"early": 131, "eve": len(set(person_days))}
    assert Counter(message.to[0] for message in mailbox.outbox) == Counter(
        OutboxMessage.objects.values_list("to", flat=True)
    )


def _the_week_runs(edition: Edition) -> None:
    """The hosts print their sheets and note who came; here everybody did."""
    with on(12, 2, 0, 5) as now:
        assert editions.advance_by_calendar(now=now) == 1
        sheets = reports.render_sheets(queries_day.visits_with_sheets(edition), language="fr")
    assert len(PdfReader(io.BytesIO(sheets)).pages) == 73
    for visit in edition.visits.order_by("starts_at"):
        local = visit.ends_at.astimezone(BRUSSELS)
        with on(local.month, local.day, local.hour, local.minute):
            taps = [
                Tap(booked=uuid, attendance=Attendance.PRESENT) for uuid in visit.booked.values_list("uuid", flat=True)
            ]
            assert attendance.note_many(visit=visit, taps=taps, by_whom=NotedBy.HOST) == visit.seats_taken


def _everybody_says_how_it_was(edition: Edition, alice: User) -> None:
    OutboxMessage.objects.all().delete()
    for day in range(3, 14):
        with on(12, day, 9, 30) as now:
            asking.write_questions(now=now)
    asked = Counter(OutboxMessage.objects.values_list("kind", "params__stage"))
    assert asked[asking.OF_VISITOR, "first"] == 131
    assert asked[asking.OF_HOST, "first"] == 1  # the others came with a file that names no contacts
    with on(12, 14):
        for visitor in Visitor.objects.filter(edition=edition).order_by("pk")[:60]:
            answering.answer(data=AnswerData(rating=4, best="Bien."), language="fr", by=None, visitor=visitor)
    with on(12, 20):
        editions.move(edition=edition, to=EditionState.EVALUATED, by=alice)


def _the_figures_add_up(edition: Edition) -> None:
    edition.refresh_from_db()
    with on(12, 21):
        found = figures.of_edition(edition)
    assert (found.hosts, found.visits, found.seats) == (51, 73, 938)
    assert (found.visitors, found.bookings, found.booked, found.present) == (131, 131, 182, 182)
    for parts in (found.by_day, found.by_hour, found.by_municipality, found.by_language, found.by_host_sector):
        assert sum(part.visits for part in parts) == 73
        assert sum(part.seats for part in parts) == 938
        assert sum(part.booked or 0 for part in parts) == 182
        assert sum(part.present or 0 for part in parts) == 182
    assert sum(share.number or 0 for share in found.visitors_by_sector) == 131
    assert sum(share.number or 0 for share in found.attendance) == 182
    assert edition.answers.count() == 60
    assert edition.state_changes.count() == 6
