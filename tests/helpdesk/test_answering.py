"""The desk answers and who asked replies: frozen records, questions back, twice is once, did it help."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from basins.models import User
from basins.rights import Role
from basins.rules.privacy import NationalNumberFound
from directory.models import Phone
from helpdesk import queries
from helpdesk.enums import Channel, EventKind, Helped, Outcome, TicketState
from helpdesk.errors import (
    AnsweredMeanwhile,
    PersonNamed,
    RecordGone,
    StepRefused,
    TicketClosed,
    TicketInvalid,
)
from helpdesk.models import AnswerRecord, Message, Ticket, WaitingPause
from helpdesk.rules import answering, handling, replying
from tests.directory.factories import LocationFactory, service
from tests.factories import UserFactory, grant
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NISS = "85.07.30-033.28"


@pytest.fixture
def nadia(db: None) -> User:
    """Answers at the helpdesk of Sud-Est."""
    user = UserFactory(email="nadia@example.org", name="Nadia")
    grant(user, Role.HELPDESK_AGENT, "sud-est")
    return user


def history(ticket: Ticket) -> list[tuple[str, str, str]]:
    return list(ticket.events.values_list("kind", "before", "after"))


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_goes_out_with_its_records_and_the_sentence_that_it_is_advice(nadia: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute", name_nl="Gesprek aan huis", short_description_nl="Iemand komt luisteren.")
    Phone.objects.create(service=record, number="+3225551212")

    said = answering.answer(ticket=ticket, body="Probeer dit eerst.", records=[record.uuid], by=nadia)

    letter = letters()[-1]
    assert "Gesprek aan huis" in letter.body
    assert "02\u00a0555\u00a012\u00a012" in letter.body
    assert "Dit antwoord is een advies." in letter.body
    assert f"[{ticket.code}]" in letter.subject
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee, ticket.due_at) == (TicketState.ANSWERED, nadia, None)
    assert ticket.first_answered_at == said.said_at
    assert said.message_id == letter.extra_headers["Message-ID"]


def test_what_was_sent_stays_as_it_was_when_the_directory_changes(nadia: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute", name_nl="Gesprek")
    number = Phone.objects.create(service=record, number="+3225551212")
    answering.answer(ticket=ticket, body="", records=[record.uuid], by=nadia)

    Phone.objects.filter(pk=number.pk).update(number="+3225550000")

    frozen = AnswerRecord.objects.get()
    assert frozen.snapshot["phones"] == ["02\u00a0555\u00a012\u00a012"]
    assert frozen.snapshot["name"] == "Gesprek"
    assert list(Ticket.objects.filter(messages__records__record=record.uuid)) == [ticket]


def test_the_address_of_a_shelter_is_in_no_answer(nadia: User) -> None:
    record = service()
    place = LocationFactory(organization=record.organization, hides_address=True, street_nl="Geheimstraat 1")
    record.at_locations.create(location=place)

    answering.answer(ticket=ask(), body="", records=[record.uuid], by=nadia)

    assert AnswerRecord.objects.get().snapshot["places"] == []


def test_a_record_that_is_gone_stops_the_whole_answer(nadia: User) -> None:
    ticket = ask()

    with pytest.raises(RecordGone):
        answering.answer(ticket=ticket, body="Voilà.", records=[ticket.uuid], by=nadia)

    assert Message.objects.count() == 1


def test_a_question_back_stops_the_clock_until_the_reply(nadia: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC), tick=False):
        ticket = ask()
        answering.answer(ticket=ticket, body="Welke taal?", by=nadia, asks_back=True)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.first_answered_at, ticket.due_at) == (TicketState.WAITING, None, None)
    with time_machine.travel(dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC), tick=False):
        replying.reply(ticket=ticket, body="Nederlands.", channel=Channel.WEB, language="nl")

    ticket.refresh_from_db()
    pause = WaitingPause.objects.get()
    assert pause.ended_at is not None
    assert (ticket.state, pause.ended_at - pause.started_at) == (TicketState.OPEN, dt.timedelta(days=2))
    # Eight working hours from Monday 10:00, two whole days of which do not count: Thursday 10:00.
    assert ticket.due_at == dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC)


def test_the_same_answer_twice_is_one(nadia: User) -> None:
    ticket = ask()

    first = answering.answer(ticket=ticket, body="Voilà.", by=nadia)
    second = answering.answer(ticket=ticket, body="Voilà.", by=nadia)

    assert first == second
    assert len([letter for letter in letters() if "Voilà." in letter.body]) == 1


def test_what_a_colleague_sent_meanwhile_is_read_first(alice: User, nadia: User) -> None:
    ticket = ask()
    seen = ticket.messages.get().uuid
    sent = answering.answer(ticket=ticket, body="Voilà.", by=nadia, seen=seen)

    with pytest.raises(AnsweredMeanwhile) as refused:
        answering.answer(ticket=ticket, body="Autre chose.", by=alice, seen=seen)

    assert refused.value.by == nadia
    assert answering.answer(ticket=ticket, body="Autre chose.", by=alice, seen=sent.uuid).author == alice


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"body": " "}, TicketInvalid),
        ({"body": "", "asks_back": True}, TicketInvalid),
        ({"body": f"Son numéro {NISS}"}, NationalNumberFound),
        ({"body": "x" * 8001}, TicketInvalid),
    ],
)
def test_an_answer_that_is_none_is_refused(nadia: User, fields: dict[str, Any], error: type[Exception]) -> None:
    ticket = ask()

    with pytest.raises(error):
        answering.answer(ticket=ticket, by=nadia, **fields)

    assert Ticket.objects.get().state == TicketState.NEW


def test_a_closed_ticket_is_not_answered(nadia: User) -> None:
    ticket = handling.close(ticket=ask(), outcome=Outcome.WITHDRAWN, by=nadia)

    with pytest.raises(TicketClosed):
        answering.answer(ticket=ticket, body="Voilà.", by=nadia)


def test_a_call_without_an_address_is_answered_without_a_mail(nadia: User) -> None:
    ticket = ask(channel=Channel.PHONE, email="", phone="02 345 67 89", by=nadia)

    said = answering.answer(ticket=ticket, body="Dit op de telefoon gezegd.", by=nadia, channel=Channel.PHONE)

    assert (said.message_id, letters()) == ("", [])


def test_who_is_answering_is_said_to_the_next_and_given_up(alice: User, nadia: User) -> None:
    ticket = ask()

    assert answering.lease(ticket=ticket, by=nadia) is None
    assert answering.lease(ticket=ticket, by=alice) == nadia
    answering.release(ticket=ticket, by=alice)
    assert answering.lease(ticket=ticket, by=alice) == nadia
    answering.release(ticket=ticket, by=nadia)
    assert answering.lease(ticket=ticket, by=alice) is None


def test_a_forgotten_page_gives_the_answer_free_after_ten_minutes(alice: User, nadia: User) -> None:
    ticket = ask()
    answering.lease(ticket=ticket, by=nadia)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert answering.lease(ticket=ticket, by=alice) is None


# --- Replies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [TicketState.ANSWERED, TicketState.CLOSED])
def test_a_reply_opens_the_ticket_again(nadia: User, state: TicketState) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voilà.", by=nadia)
    if state == TicketState.CLOSED:
        handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=nadia)

    replying.reply(ticket=ticket, body="Merci, mais c’est complet.", channel=Channel.WEB, language="fr")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at, ticket.outcome) == (TicketState.OPEN, None, "")
    assert history(ticket)[-1] == (EventKind.STATE, state, TicketState.OPEN)
    assert ticket.due_at is not None


def test_the_same_words_twice_within_minutes_are_one_reply() -> None:
    ticket = ask()

    replying.reply(ticket=ticket, body="Encore ceci.", channel=Channel.WEB, language="fr")
    replying.reply(ticket=ticket, body="Encore ceci.", channel=Channel.WEB, language="fr")

    assert ticket.messages.count() == 2


def test_the_same_mail_twice_is_one_reply() -> None:
    ticket = ask()
    mail = replying.MailData(message_id="<a@example.org>", quoted="> Bonjour")

    for body in ("Encore ceci.", "Encore ceci, relayé."):
        replying.reply(ticket=ticket, body=body, channel=Channel.MAIL, language="fr", mail=mail)

    assert list(ticket.messages.values_list("body", "quoted"))[1:] == [("Encore ceci.", "> Bonjour")]
    assert queries.ticket_of_mails(["<unknown@example.org>", "<a@example.org>"]) == ticket


@pytest.mark.parametrize(
    ("body", "error"),
    [("", TicketInvalid), (f"Elle a le {NISS}", NationalNumberFound), ("Appelez-la au 0475 12 34 56", PersonNamed)],
)
def test_a_reply_that_may_not_stand_is_refused(body: str, error: type[Exception]) -> None:
    ticket = ask()

    with pytest.raises(error):
        replying.reply(ticket=ticket, body=body, channel=Channel.WEB, language="fr")

    assert ticket.messages.count() == 1


def test_whether_it_helped_can_be_said_once_there_is_an_answer_and_changed(nadia: User) -> None:
    ticket = ask()
    with pytest.raises(StepRefused):
        replying.say_whether_it_helped(ticket=ticket, helped=Helped.YES)
    answering.answer(ticket=ticket, body="Voilà.", by=nadia)

    replying.say_whether_it_helped(ticket=ticket, helped=Helped.NO, words="Complet.")
    replying.say_whether_it_helped(ticket=ticket, helped=Helped.PARTLY)

    ticket.refresh_from_db()
    assert (ticket.helped, ticket.helped_words, ticket.state) == (Helped.PARTLY, "", TicketState.ANSWERED)
    assert history(ticket)[-2:] == [(EventKind.HELPED, "", "no"), (EventKind.HELPED, "no", "partly")]
