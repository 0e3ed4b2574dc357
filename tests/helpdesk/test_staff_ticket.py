"""One ticket on the desk: its thread, who has it, what is done with it, and that each reading is noted."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from helpdesk.enums import Channel, EventKind, MessageKind, Outcome, TicketState
from helpdesk.errors import TicketClosed
from helpdesk.models import Message, Ticket, TicketEvent, TicketRead
from helpdesk.rules import answering, handling, reading, waiting
from helpdesk.rules.clock import working_minutes
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import MessageFactory, TicketFactory
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at the helpdesk of Sud-Est."""
    return staff_session(client, alice)


@pytest.fixture
def ticket() -> Ticket:
    return ask()


def colleague(code: str = "sud-est") -> User:
    user = UserFactory(name="Ilse")
    grant(user, Role.HELPDESK_AGENT, code)
    return user


def shown(desk: Client, ticket: Ticket, language: str = "fr") -> str:
    return desk.get(page("staff_ticket", language, code=ticket.code)).content.decode()


def term(taxonomy: str) -> TaxonomyTerm:
    found = TaxonomyTerm.objects.filter(taxonomy__code=taxonomy, is_active=True).first()
    assert found is not None
    return found


# --- The page ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("fr", "Écrire une réponse"), ("nl", "Een antwoord schrijven")])
def test_the_page_in_both_languages(desk: Client, ticket: Ticket, language: str, words: str) -> None:
    assert words in shown(desk, ticket, language)


def test_each_reading_is_noted_and_reloading_is_the_same_one(
    desk: Client, ticket: Ticket, alice: User, clock: Any
) -> None:
    shown(desk, ticket)
    shown(desk, ticket)
    clock.shift(dt.timedelta(minutes=6))
    shown(desk, ticket)

    assert list(TicketRead.objects.values_list("ticket", "reader")) == [(ticket.pk, alice.pk)] * 2


def test_the_coordinator_sees_who_read_it_and_an_agent_does_not(desk: Client, ticket: Ticket, alice: User) -> None:
    agent = colleague()
    reading.note_read(ticket=ticket, by=agent)

    readers = desk.get(page("staff_ticket", code=ticket.code)).context["readers"]
    other = staff_session(Client(), agent)

    assert {each.reader for each in readers} == {agent, alice}
    assert other.get(page("staff_ticket", code=ticket.code)).context["readers"] is None


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "name", ["staff_ticket", "staff_answer", "staff_complete", "staff_close", "staff_mask", "staff_take", "staff_write"]
)
def test_another_basins_ticket_is_not_there(desk: Client, name: str, method: str) -> None:
    theirs = TicketFactory(basin=basin("nord"))

    assert getattr(desk, method)(page(name, code=theirs.code)).status_code in {404, 405}
    assert not TicketRead.objects.exists()


def test_a_ticket_that_moved_to_another_helpdesk_of_mine_is_found_there(desk: Client, alice: User) -> None:
    grant(alice, Role.HELPDESK_AGENT, "nord")
    moved = TicketFactory(basin=basin("nord"))

    response = desk.get(page("staff_ticket", code=moved.code))

    assert response.headers["Location"] == page("staff_ticket", basin="nord", code=moved.code)


def test_a_code_in_small_letters_is_the_same_code(desk: Client, ticket: Ticket) -> None:
    assert desk.get(page("staff_ticket", code=ticket.code.lower())).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["staff_ticket", "staff_answer", "staff_complete", "staff_mask", "staff_close", "staff_refer", "staff_example"],
)
def test_whichever_page_shows_a_ticket_that_it_was_read_is_noted(
    desk: Client, ticket: Ticket, alice: User, name: str
) -> None:
    assert desk.get(page(name, code=ticket.code)).status_code == 200

    assert list(TicketRead.objects.values_list("ticket", "reader")) == [(ticket.pk, alice.pk)]


def test_taking_a_ticket_from_the_inbox_is_no_reading(desk: Client, ticket: Ticket) -> None:
    desk.post(page("staff_take", code=ticket.code), {"back": "inbox"})

    assert not TicketRead.objects.exists()


def test_the_thread_costs_the_same_however_long(
    desk: Client, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shown(desk, ticket)
    with django_assert_num_queries(20):
        shown(desk, ticket)
    MessageFactory.create_batch(3, ticket=ticket)
    TicketEvent.objects.create(ticket=ticket, kind=EventKind.MASKED)

    with django_assert_num_queries(20):
        shown(desk, ticket)


def test_what_a_note_says_is_not_escaped_twice_nor_left_open(desk: Client, ticket: Ticket) -> None:
    desk.post(page("staff_write", code=ticket.code), {"body": "<b>Ilse</b> & moi", "note": "1"})

    assert "&lt;b&gt;Ilse&lt;/b&gt; &amp; moi" in shown(desk, ticket)


# --- In whose hands ------------------------------------------------------------------------------


def test_a_ticket_is_taken_and_put_back(desk: Client, ticket: Ticket, alice: User) -> None:
    desk.post(page("staff_take", code=ticket.code))
    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (alice, TicketState.OPEN)

    desk.post(page("staff_take_back", code=ticket.code))
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_a_ticket_is_given_to_a_colleague_of_this_helpdesk_alone(desk: Client, ticket: Ticket) -> None:
    ours, stranger = colleague(), colleague("nord")

    desk.post(page("staff_assign", code=ticket.code), {"to": str(stranger.uuid)})
    ticket.refresh_from_db()
    assert ticket.assignee is None

    desk.post(page("staff_assign", code=ticket.code), {"to": str(ours.uuid)})
    ticket.refresh_from_db()
    assert ticket.assignee == ours


def test_who_takes_what_somebody_took_meanwhile_is_told_so(desk: Client, ticket: Ticket) -> None:
    other = colleague()
    handling.assign(ticket=ticket, to=other, by=other)

    response = desk.post(page("staff_take", code=ticket.code), follow=True)

    ticket.refresh_from_db()
    assert ticket.assignee == other
    assert "Ilse" in response.content.decode()


def test_a_button_is_no_link(desk: Client, ticket: Ticket) -> None:
    assert desk.get(page("staff_take", code=ticket.code)).status_code == 405


def test_a_ticket_waits_for_who_asked_and_goes_on(desk: Client, ticket: Ticket, clock: Any) -> None:
    desk.post(page("staff_wait", code=ticket.code))
    ticket.refresh_from_db()
    due = ticket.due_at
    assert (ticket.state, due, ticket.pauses.get().ended_at) == (TicketState.WAITING, None, None)

    clock.shift(dt.timedelta(hours=2))
    desk.post(page("staff_go_on", code=ticket.code))

    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at is None) == (TicketState.OPEN, False)
    assert ticket.pauses.get().ended_at == NOW + dt.timedelta(hours=2)


def test_the_time_it_waited_is_given_back(ticket: Ticket, alice: User, clock: Any) -> None:
    before = ticket.due_at
    waiting.wait(ticket=ticket, by=alice)
    clock.shift(dt.timedelta(hours=1))

    gone_on = waiting.go_on(ticket=ticket, by=alice)

    assert before is not None
    assert gone_on.due_at is not None
    assert working_minutes(before, gone_on.due_at) == 60


def test_a_closed_ticket_waits_for_nobody(ticket: Ticket, alice: User) -> None:
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    with pytest.raises(TicketClosed):
        waiting.wait(ticket=ticket, by=alice)


# --- Words ---------------------------------------------------------------------------------------


def test_a_note_stays_among_colleagues(desk: Client, ticket: Ticket) -> None:
    before = len(letters())
    desk.post(page("staff_write", code=ticket.code), {"body": "Rappeler après 14 h.", "note": "1"})

    assert ticket.messages.last().kind == MessageKind.NOTE  # type: ignore[union-attr]
    assert len(letters()) == before


def test_what_who_asked_says_on_the_phone_goes_into_the_thread(desk: Client, ticket: Ticket, alice: User) -> None:
    answering.answer(ticket=ticket, body="Voyez ceci.", by=alice)

    desk.post(page("staff_write", code=ticket.code), {"body": "Cela ne suffit pas.", "said": "1"})

    ticket.refresh_from_db()
    said = ticket.messages.order_by("-pk")[0]
    assert (said.kind, said.channel, said.author) == (MessageKind.FROM_ASKER, Channel.PHONE, alice)
    assert ticket.state == TicketState.OPEN


@pytest.mark.parametrize("button", ["note", "said"])
def test_a_national_number_in_a_note_is_refused_and_the_words_stay(desk: Client, ticket: Ticket, button: str) -> None:
    words = "NISS 85.07.30-033.28, à rappeler"

    response = desk.post(page("staff_write", code=ticket.code), {"body": words, button: "1"})

    assert (response.status_code, response.context["note_form"]["body"].value()) == (422, words)
    assert ticket.messages.count() == 1


def test_what_tells_who_the_person_is_needs_a_word_first(desk: Client, ticket: Ticket) -> None:
    sent = {"body": "Son fils : 0478 12 34 56", "said": "1"}

    response = desk.post(page("staff_write", code=ticket.code), sent)
    assert (response.status_code, ticket.messages.count()) == (422, 1)

    desk.post(page("staff_write", code=ticket.code), sent | {"confirm": "1"})
    assert ticket.messages.count() == 2


# --- Masking -------------------------------------------------------------------------------------


def test_what_came_by_mail_is_pointed_out_and_masked_on_the_colleagues_word(desk: Client, ticket: Ticket) -> None:
    Message.objects.update(body="Né le 12 mars 1941, son fils : 0478/12.34.56. Moi : nele@example.org")

    assert "12 mars 1941" in desk.get(page("staff_mask", code=ticket.code)).content.decode()
    desk.post(page("staff_mask", code=ticket.code), {"kinds": ["phone"]})

    assert ticket.messages.get().body == "Né le 12 mars 1941, son fils : [•••]. Moi : nele@example.org"
    assert ticket.events.filter(kind=EventKind.MASKED, after="1").exists()


def test_masking_nothing_says_what_to_do(desk: Client, ticket: Ticket) -> None:
    assert desk.post(page("staff_mask", code=ticket.code)).status_code == 422


def test_each_message_says_who_said_it_and_the_way_where_that_says_something(
    desk: Client, ticket: Ticket, alice: User
) -> None:
    answering.answer(ticket=ticket, body="Appelez le service.", by=alice, records=[], seen=None)

    html = desk.get(page("staff_ticket", code=ticket.code)).content.decode()

    assert re.findall(r"<header><b>(.*?)</b>", html) == ["Nele", "Alice"]
    assert html.count("par le formulaire") == 2  # the ticket's own line, and the question's


def test_why_it_is_here_is_said_to_colleagues_not_to_who_asked(desk: Client) -> None:
    chosen = ask(basin=basin("sud-est"), postcode="")

    shown = desk.get(page("staff_ticket", code=chosen.code)).context["why_here"]

    with translation.override("fr"):
        assert shown == translation.gettext("Who asked chose the %(basin)s basin.") % {"basin": "Sud-Est"}


# --- Earlier cases -------------------------------------------------------------------------------


def answered(alice: User, body: str, **more: Any) -> Ticket:
    made = ask(body, email=f"n{Ticket.objects.count()}@example.org", **more)
    answering.answer(ticket=made, body="Voyez ceci.", by=alice)
    return made


def test_earlier_cases_come_with_why_they_are_alike(desk: Client, alice: User) -> None:
    theme = term("themes")
    like = answered(alice, "Soutien psychologique à domicile pour un couple âgé", theme=theme)
    answered(alice, "Formation en premiers secours")
    ticket = ask("Un couple cherche un soutien psychologique.", theme=theme)

    found = desk.get(page("staff_ticket", code=ticket.code)).context["similar"]

    assert [each.ticket for each in found] == [like]
    assert found[0].why == ["même thème", "même commune", "mots\N{NO-BREAK SPACE}: couple, soutien, psychologique"]


def test_earlier_cases_of_other_helpdesks_are_not_shown(desk: Client, alice: User) -> None:
    grant(alice, Role.HELPDESK_AGENT, "nord-est")
    answered(alice, "Soutien psychologique pour un couple", postcode="1030")
    alice.grants.filter(basin__code="nord-est").delete()
    ticket = ask("Un couple cherche un soutien psychologique.")

    assert desk.get(page("staff_ticket", code=ticket.code)).context["similar"] == []
