"""Letters around people: said in the reader's language, with the calendar, nothing once it is void."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail as outgoing
from django.test import Client
from django.utils import timezone

from basins.models import User
from concertations.enums import SeriesKind
from concertations.models import Registration
from concertations.rules import inviting, memberships, registering, reminding
from core.mail import deliver_due
from core.models import OutboxMessage
from tests.concertations.community_tools import cycle_of
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.registering_tools import person, registered

pytestmark = pytest.mark.django_db


def sent() -> list[Any]:
    """What goes out now."""
    deliver_due()
    return list(outgoing.outbox)


def calendar_of(message: Any) -> str:
    """The calendar file of a letter, unfolded; "" without one."""
    for part in message.message().walk():
        if part.get_content_type() == "text/calendar":
            return str(part.get_payload(decode=True).decode()).replace("\r\n ", "")
    return ""


def entry(message: Any) -> tuple[str, str]:
    """Sequence and state of its entry."""
    lines = dict(line.split(":", 1) for line in calendar_of(message).splitlines() if ":" in line)
    return lines.get("SEQUENCE", ""), lines.get("STATUS", "")


def test_the_calendar_follows_a_place_from_held_to_given_back() -> None:
    row = registered(MeetingFactory())
    registering.confirm(participant=row.participant)
    registering.cancel(registration=row, by=None)

    messages = sent()

    # Each is written as the place stands when the worker sends it: by then it was given back.
    assert [entry(message)[1] for message in messages if calendar_of(message)] == ["CANCELLED"]


def test_each_step_raises_the_sequence() -> None:
    row = registered(MeetingFactory())
    first = sent()[-1]
    registering.confirm(participant=row.participant)
    second = sent()[-1]
    registering.cancel(registration=row, by=None)
    third = sent()[-1]

    assert [entry(message) for message in (first, second, third)] == [
        ("0", "TENTATIVE"),
        ("1", "CONFIRMED"),
        ("2", "CANCELLED"),
    ]


def test_the_letter_leads_to_the_page_that_confirms(client: Client) -> None:
    row = registered(MeetingFactory())

    link = next(line for line in sent()[0].body.splitlines() if line.startswith("http"))

    assert client.get(urlsplit(link).path).context["holding"].held == [row]


@pytest.mark.parametrize(("language", "word"), [("fr", "Bonjour"), ("nl", "Goedendag")])
def test_letters_speak_the_reader_s_language(alice: User, language: str, word: str) -> None:
    registering.register(
        meeting=MeetingFactory(), person=person(language=language), wishes=registering.Wishes(), by=alice
    )
    assert OutboxMessage.objects.get().language == language
    assert sent()[0].body.strip().startswith(word)


def test_a_reminder_of_what_was_given_back_is_not_sent(alice: User) -> None:
    meeting = MeetingFactory()
    row = registered(meeting, by=alice)
    Registration.objects.update(created=timezone.now() - dt.timedelta(days=1))
    sent()
    outgoing.outbox.clear()
    with time_machine.travel(meeting.starts_at - dt.timedelta(hours=16)):
        reminding.write_reminders(now=timezone.now())
        Registration.objects.filter(pk=row.pk).update(state="cancelled", cancelled_at=timezone.now())
        messages = sent()
    assert messages == []


def test_an_invitation_carries_the_word_of_the_team(alice: User) -> None:
    meeting = MeetingFactory()
    inviting.invite(meeting=meeting, people=[person("new")], word="Votre avis compte.", by=alice)

    body = sent()[0].body

    assert ("Votre avis compte." in body, str(meeting.uuid) in body) == (True, True)


def test_who_commits_gets_all_sessions_in_one_file(alice: User) -> None:
    cycle = cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice)
    memberships.commit(membership=memberships.add(cycle=cycle, person=person(), by=alice))

    messages = sent()

    assert calendar_of(messages[-1]).count("BEGIN:VEVENT") == 10


def test_who_answered_before_the_letter_went_out_is_not_asked_again(alice: User) -> None:
    cycle = cycle_of(SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None), by=alice)
    memberships.commit(membership=memberships.add(cycle=cycle, person=person(), by=alice))

    assert len(sent()) == 1  # the letter that asks to commit is void
