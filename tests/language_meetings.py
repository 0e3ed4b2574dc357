"""What makes each letter about a meeting and a community of practice go out, in the language that is active."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import time_machine
from django.utils import timezone
from django.utils.translation import get_language

from basins.models import User
from concertations.enums import SeriesKind
from concertations.models import Meeting, Membership, Participant, Registration
from concertations.rules import inviting, meetings, memberships, registering, reminding, telling, waiting
from concertations.rules.registering import Person
from core.mail import deliver_due
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.registering_tools import person


def _alice() -> User:
    return User.objects.get(email="alice@example.org")


def _reader(n: str = "daan") -> Person:
    return person(n, language=get_language(), role="", organisation="12345", name="12345")


def _place(meeting: Meeting | None = None, n: str = "daan", *, proven: bool = True) -> Registration:
    """A place at a meeting; in its line where the meeting is full."""
    return registering.register(
        meeting=meeting or MeetingFactory(),
        person=_reader(n),
        wishes=registering.Wishes(),
        by=_alice() if proven else None,
        may_wait=True,
    )


def _in_line() -> tuple[Registration, Registration]:
    """Who has the one seat, and who waits for it."""
    meeting = MeetingFactory(seats=1)
    return _place(meeting, "first"), _place(meeting)


def _offered(_world: Any) -> Registration:
    first, second = _in_line()
    registering.cancel(registration=first, by=None)
    return second


def _confirmed(_world: Any) -> None:
    registering.confirm(participant=_place(proven=False).participant)


def _given_back(_world: Any) -> None:
    registering.cancel(registration=_place(), by=None)


def _not_confirmed(_world: Any) -> None:
    Participant.objects.update(language=get_language())
    _place(proven=False)
    registering.release_unconfirmed(now=timezone.now() + dt.timedelta(days=3))


def _lapsed(world: Any) -> None:
    Participant.objects.update(language=get_language())
    _offered(world)
    waiting.expire_offers(now=timezone.now() + dt.timedelta(days=4))


def _line_over(_world: Any) -> None:
    _first, second = _in_line()
    waiting.end_lines(now=second.meeting.starts_at + dt.timedelta(minutes=1))


def _remind(_world: Any) -> None:
    Participant.objects.update(language=get_language())
    row = _place()
    Registration.objects.filter(pk=row.pk).update(created=timezone.now() - dt.timedelta(days=1))
    with time_machine.travel(row.meeting.starts_at - dt.timedelta(hours=16)):
        reminding.write_reminders(now=timezone.now())
        deliver_due()


def _invite(_world: Any) -> None:
    inviting.invite(meeting=MeetingFactory(), people=[_reader("new")], word="", by=_alice())


def _moved(_world: Any) -> None:
    telling.tell_moved(_place().meeting)


def _called_off(_world: Any) -> None:
    meetings.call_off(meeting=_place().meeting, note_fr="12345", note_nl="12345", by=_alice())


def _apply(_world: Any = None) -> Membership:
    cycle = cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=_alice())
    return memberships.apply(
        cycle=cycle, person=_reader(), motivation="", expectations="", wants_to_moderate=False, by=None
    )


def _decided(decide: Callable[..., Any], _world: Any) -> None:
    decide(membership=_apply(), by=_alice())


def _committed(_world: Any) -> Membership:
    return memberships.commit(membership=memberships.take_in(membership=_apply(), by=_alice()))


def _left(world: Any) -> None:
    memberships.leave(membership=_committed(world), by=None)


LETTERS: dict[str, Callable[[Any], Any]] = {
    "concertations.registered": lambda _world: _place(),
    "concertations.waiting": lambda _world: _in_line(),
    "concertations.address_confirmed": _confirmed,
    "concertations.given_back": _given_back,
    "concertations.not_confirmed": _not_confirmed,
    "concertations.offer": _offered,
    "concertations.offer_lapsed": _lapsed,
    "concertations.line_over": _line_over,
    "concertations.reminder": _remind,
    "concertations.invitation": _invite,
    "concertations.meeting_moved": _moved,
    "concertations.meeting_called_off": _called_off,
    "concertations.applied": _apply,
    "concertations.taken_in": partial(_decided, memberships.take_in),
    "concertations.not_taken_in": partial(_decided, memberships.refuse),
    "concertations.committed": _committed,
    "concertations.left_group": _left,
}
