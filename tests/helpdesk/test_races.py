"""Races on real connections: what the ticket's lock promises, and a control that shows the race without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError

from basins.models import User
from basins.rights import Role
from core.models import OutboxMessage
from helpdesk.enums import Channel, MessageKind, TicketState
from helpdesk.errors import AnsweredMeanwhile, TakenMeanwhile
from helpdesk.models import Message, Ticket
from helpdesk.rules import answering, asking, handling, log, merging, replying
from tests.factories import UserFactory, grant
from tests.helpdesk.tools import ask
from tests.opendoors.race_tools import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def agents(number: int) -> list[User]:
    people = [UserFactory() for _ in range(number)]
    for each in people:
        grant(each, Role.HELPDESK_AGENT, "sud-est")
    return people


def answering_by(people: list[User], ticket: Ticket) -> Callable[[int], str]:
    seen = ticket.messages.get().uuid

    def act(n: int) -> str:
        try:
            answering.answer(ticket=ticket, body=f"Réponse {n}", by=people[n], seen=seen)
        except AnsweredMeanwhile:
            return "read first"
        return "sent"

    return act


def test_of_two_who_answer_at_once_one_answer_goes_out_and_the_other_is_told() -> None:
    people, ticket = agents(8), ask()

    answers = all_at_once(8, answering_by(people, ticket))

    assert answers == {"sent": 1, "read first": 7}
    assert Message.objects.filter(kind=MessageKind.ANSWER).count() == 1
    assert OutboxMessage.objects.filter(kind="helpdesk.answer").count() == 1


def test_without_the_lock_there_is_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same agents, the lock away, and all of them have looked before anybody writes."""
    people, ticket = agents(8), ask()
    together = threading.Barrier(8)
    looked = answering._refuse_unseen

    def look_then_wait(row: Ticket, by: User, seen: object) -> None:
        looked(row, by, seen)  # type: ignore[arg-type]  # handed on
        together.wait(timeout=30)

    monkeypatch.setattr(
        answering, "locked", lambda each: Ticket.objects.select_related("basin", "asker").get(pk=each.pk)
    )
    monkeypatch.setattr(answering, "_refuse_unseen", look_then_wait)

    assert all_at_once(8, answering_by(people, ticket)) == {"sent": 8}


def test_of_many_who_take_a_ticket_one_has_it() -> None:
    people, ticket = agents(8), ask()

    def act(n: int) -> str:
        try:
            handling.assign(ticket=ticket, to=people[n], by=people[n])
        except TakenMeanwhile:
            return "taken"
        return "mine"

    assert all_at_once(8, act) == {"mine": 1, "taken": 7}


def test_two_mails_at_once_that_are_the_same_are_one_message() -> None:
    ticket = ask()
    mail = replying.MailData(message_id="<a@example.org>")

    def act(n: int) -> str:
        replying.reply(ticket=ticket, body="Encore ceci.", channel=Channel.MAIL, language="fr", mail=mail)
        return "done"

    assert all_at_once(6, act) == {"done": 6}
    assert ticket.messages.count() == 2


def test_two_different_mails_at_once_both_arrive() -> None:
    ticket = ask()

    def act(n: int) -> str:
        mail = replying.MailData(message_id=f"<{n}@example.org>")
        replying.reply(ticket=ticket, body=f"Mot {n}", channel=Channel.MAIL, language="fr", mail=mail)
        return "done"

    all_at_once(6, act)

    assert ticket.messages.count() == 7


def test_a_form_sent_twice_at_the_same_instant_is_one_ticket() -> None:
    once = uuid4()

    codes = all_at_once(6, lambda _n: ask(once=once).code)

    assert len(codes) == 1
    assert Ticket.objects.count() == 1


def test_merging_crosswise_makes_one_thread_and_no_deadlock() -> None:
    (agent,) = agents(1)
    first, second = ask("Une"), ask("Deux")

    def act(n: int) -> str:
        one, other = (first, second) if n else (second, first)
        try:
            merging.merge(ticket=one, into=other, by=agent)
        except OperationalError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - the loser is told one way or another
            return type(error).__name__
        return "merged"

    answers = all_at_once(2, act)

    assert answers["merged"] == 1
    assert "deadlock" not in " ".join(answers)
    assert Ticket.objects.filter(state=TicketState.CLOSED).count() == 1


def test_the_lock_orders_tickets_by_key() -> None:
    first, second = ask("Une"), ask("Deux")

    from django.db import transaction

    with transaction.atomic():
        assert log.locked_all([second, first]) == [second, first]


def test_a_form_that_came_through_while_its_copy_was_read_is_one_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked for the first a moment before it was there."""
    once = uuid4()
    first = ask(once=once)
    look, looked = asking._the_same, []

    def too_early(*given: Any) -> Ticket | None:
        looked.append(given)
        return None if len(looked) == 1 else look(*given)

    monkeypatch.setattr(asking, "_the_same", too_early)

    assert ask(once=once) == first
    assert Ticket.objects.count() == 1
