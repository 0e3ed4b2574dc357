"""Experts and their ticket: closed, merged, forgotten, read by them, and their own mails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from basins.models import User
from core.spoken import BRUSSELS
from helpdesk import expert_queries
from helpdesk.enums import Channel, MessageKind, Outcome, TicketState
from helpdesk.errors import TicketClosed
from helpdesk.expert_enums import CallState
from helpdesk.models import Message, Ticket
from helpdesk.rules import answering, experts, forgetting, handling, held, merging
from helpdesk.rules.identity import MASK
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.factories import HeldMailFactory
from tests.helpdesk.mail_tools import receive
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)  # a Wednesday; the next day is a public holiday


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket() -> Ticket:
    return ask()


def sent_to(address: str) -> list[Any]:
    return [message for message in letters() if message.to == [address]]


# --- With the ticket -----------------------------------------------------------------------------


def test_when_the_ticket_is_closed_nobody_waits_for_the_expert(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    letters()

    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    call.refresh_from_db()
    assert call.state == CallState.WITHDRAWN
    assert len(sent_to(wim.email)) == 2
    with pytest.raises(TicketClosed):
        experts.expert_replies(call=call, body="Trop tard ?")


def test_merged_the_expert_goes_along_and_who_is_in_both_is_asked_once(alice: User) -> None:
    one, two = ask(), ask("Autre chose, pour la même personne, au même endroit.")
    wim, ann = expert(at_once=3), expert()
    bring_in(one, wim, alice)
    there = bring_in(two, wim, alice)
    along = bring_in(one, ann, alice)

    merging.merge(ticket=one, into=two, by=alice)

    assert list(two.expert_calls.filter(state=CallState.ASKED).order_by("pk")) == [there, along]
    assert experts.expert_replies(call=along, body="Oui.").ticket == two


def test_forgotten_with_the_ticket_the_words_go_and_that_somebody_was_asked_stays(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)
    experts.expert_replies(call=call, body="Oui.")
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    forgetting.forget_closed_before(NOW + dt.timedelta(days=1))

    call.refresh_from_db()
    assert (call.question, call.state, call.messages.get().body) == ("—", CallState.ANSWERED, "")


def test_an_expert_takes_part_in_the_ticket_they_are_asked_about_and_in_no_other(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    other = ask(email="b@example.org")

    assert expert_queries.call_of(ticket, wim.email.upper()) == call
    assert expert_queries.call_of(other, wim.email) is None
    assert expert_queries.call_of(ticket, "nele@example.org") is None
    experts.decline(call=call)
    assert expert_queries.call_of(ticket, wim.email) is None


def test_the_thread_as_an_expert_reads_it_has_neither_the_asker_nor_the_person(alice: User) -> None:
    words = (
        "Madame, née le 12/03/1941, est seule. Son fils : 0475 12 34 56. Une rose par jour.\n"
        "Nele Rose, 02 345 67 89, nele@example.org. ROSE"
    )
    ticket = ask(words, name="Nele Rose", phone="02 345 67 89", function="Infirmière", profession="", confirmed=True)
    handling.note(ticket=ticket, body="Elle appelle souvent.", by=alice)
    answering.answer(ticket=ticket, body="Bonjour Nele, un instant.", by=alice, asks_back=True)
    wim, ann = expert(), expert()
    call = bring_in(ticket, wim, alice)
    experts.expert_replies(call=bring_in(ticket, ann, alice), body="Vu par une autre.")
    experts.expert_replies(call=call, body="Vu par moi.")

    thread = expert_queries.thread_for_expert(call)

    assert [heard.who for heard in thread] == ["Infirmière", "Helpdesk", "Vous"]
    assert thread[0].body == (
        f"Madame, née le {MASK}, est seule. Son fils : {MASK}. Une rose par jour.\n{MASK}, {MASK}, {MASK}. {MASK}"
    )
    assert thread[1].body == f"Bonjour {MASK}, un instant."
    assert Message.objects.filter(ticket=ticket, kind=MessageKind.NOTE).exists()


# --- By mail -------------------------------------------------------------------------------------


def test_an_experts_mail_stands_in_the_thread_as_theirs_and_opens_nothing(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    answering.answer(ticket=ticket, body="Bonjour, un premier pas.", by=alice)

    outcome = receive("On peut arrêter.", sender=f"Wim <{wim.email}>", subject=f"Re: [{ticket.code}] Een vraag")

    ticket.refresh_from_db()
    assert outcome == f"expert: {ticket.code}"
    assert [(said.body, said.channel) for said in call.messages.all()] == [("On peut arrêter.", Channel.MAIL)]
    assert ticket.state == TicketState.ANSWERED


def test_an_experts_mail_about_another_ticket_is_held(ticket: Ticket, alice: User) -> None:
    wim = expert()
    bring_in(ticket, wim, alice)
    other = ask(email="b@example.org")

    assert receive("Et ici ?", sender=wim.email, subject=f"[{other.code}]") == "held: unknown_sender"
    assert other.messages.count() == 1


def test_a_held_mail_of_an_expert_is_taken_as_their_words(ticket: Ticket, alice: User) -> None:
    wim = expert()
    call = bring_in(ticket, wim, alice)
    mail = HeldMailFactory(ticket=ticket, from_email=wim.email, body="On peut arrêter.")

    held.put_into_thread(held=mail, ticket=ticket, by=alice)

    assert [said.kind for said in call.messages.all()] == [MessageKind.FROM_EXPERT]
