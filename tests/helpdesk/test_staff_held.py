"""Mails that wait to be looked at: who sees them, and the three things that can be done with one."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from helpdesk.enums import SHOWN_TO_ASKER, HeldReason, HeldState, MessageKind, Outcome, TicketState
from helpdesk.errors import StepRefused, TicketInvalid
from helpdesk.expert_enums import CallState
from helpdesk.models import HeldMail, Ticket
from helpdesk.rules import answering, experts, handling, held
from tests.basins.people_tools import staff_session
from tests.factories import basin
from tests.helpdesk.desk_tools import page
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.factories import HeldMailFactory
from tests.helpdesk.mail_tools import receive
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at the helpdesk of Sud-Est."""
    return staff_session(client, alice)


def listed(client: Client) -> list[HeldMail]:
    return list(client.get(page("staff_held")).context["page"])


# --- Who sees what -------------------------------------------------------------------------------


def test_a_desk_sees_its_own_mails_and_those_of_no_basin(desk: Client) -> None:
    ours, nobodys = HeldMailFactory(), HeldMailFactory(basin=None)
    HeldMailFactory(basin=basin("nord"))

    assert listed(desk) == [nobodys, ours]


def test_what_is_decided_is_gone(desk: Client, alice: User) -> None:
    held.discard(held=HeldMailFactory(), by=alice)

    assert listed(desk) == []


@pytest.mark.parametrize("name", ["staff_held_mail", "staff_held_take", "staff_held_thread", "staff_held_discard"])
def test_another_desks_mail_is_not_there(desk: Client, name: str) -> None:
    row = HeldMailFactory(basin=basin("nord"))

    assert desk.get(page(name, held=row.uuid)).status_code == 404


def test_another_desks_list_is_closed(client: Client, bram: User) -> None:
    assert staff_session(client, bram).get(page("staff_held")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(
    desk: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        HeldMailFactory(ticket=ask())
    listed(desk)

    with django_assert_num_queries(7):
        assert len(listed(desk)) == number


@pytest.mark.parametrize(("language", "words"), [("fr", "E-mails à regarder"), ("nl", "Mails om te bekijken")])
def test_the_list_and_a_mail_in_both_languages(desk: Client, language: str, words: str) -> None:
    row = HeldMailFactory(ticket=ask(), quoted="avant", attachments=["a.pdf"])

    for address in (page("staff_held", language), page("staff_held_mail", language, held=row.uuid)):
        assert words in desk.get(address).content.decode()


def test_the_inbox_says_how_many_wait(desk: Client) -> None:
    assert "à regarder" not in desk.get(page("staff_inbox")).content.decode()
    HeldMailFactory()

    assert "1 e-mail à regarder" in desk.get(page("staff_inbox")).content.decode()


def test_what_a_mail_says_is_no_markup(desk: Client) -> None:
    row = HeldMailFactory(subject="<b>gras</b>", body="<script>alert(1)</script>")

    shown = desk.get(page("staff_held_mail", held=row.uuid)).content.decode()
    assert "<script>alert" not in shown
    assert "&lt;b&gt;gras&lt;/b&gt;" in shown


# --- A new ticket --------------------------------------------------------------------------------


def test_a_mail_becomes_a_new_ticket_and_its_sender_is_told(desk: Client, alice: User) -> None:
    receive(to="alias@example.org")
    row = HeldMail.objects.get()

    answer = desk.post(page("staff_held_take", held=row.uuid))

    ticket = Ticket.objects.get()
    assert answer.url == page("staff_ticket", code=ticket.code)
    assert (ticket.basin.code, ticket.asker.email, ticket.subject) == (
        "sud-est", "nele@example.org", "Aide à domicile",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.state, row.decided_by, row.became) == (HeldState.TAKEN, alice, ticket.messages.get())
    assert [letter.to for letter in letters()] == [["nele@example.org"]]


def test_looking_at_the_question_changes_nothing(desk: Client) -> None:
    row = HeldMailFactory()

    assert desk.get(page("staff_held_take", held=row.uuid)).status_code == 200
    assert not Ticket.objects.exists()


def test_a_mail_without_an_address_cannot_become_a_ticket(alice: User) -> None:
    with pytest.raises(TicketInvalid):
        held.take_as_ticket(held=HeldMailFactory(from_email=""), basin=basin(), by=alice)


def test_a_forwarded_mail_without_a_word_gives_what_it_forwards(alice: User) -> None:
    row = HeldMailFactory(body="", quoted="De : X\n\nUne dame seule.")

    ticket = held.take_as_ticket(held=row, basin=basin(), by=alice)

    first = ticket.messages.get()
    assert (first.body, first.quoted) == ("De : X\n\nUne dame seule.", "")


# --- Into a thread -------------------------------------------------------------------------------


def test_a_strangers_mail_is_put_into_the_thread_under_its_name(desk: Client, alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    receive("Je la remplace.", sender="Greet <greet@example.org>", subject=f"Re: [{ticket.code}]")
    row = HeldMail.objects.get()

    proposed = desk.get(page("staff_held_thread", held=row.uuid)).context["form"].initial
    desk.post(page("staff_held_thread", held=row.uuid), {"code": f"[{ticket.code.lower()}]"})

    ticket.refresh_from_db()
    last = ticket.messages.last()
    assert proposed == {"code": ticket.code}
    assert last is not None
    assert (last.body, ticket.state) == ("Greet <greet@example.org> :\n\nJe la remplace.", TicketState.OPEN)
    row.refresh_from_db()
    assert (row.state, row.became) == (HeldState.TAKEN, last)


def test_the_askers_own_mail_stands_there_as_it_is(alice: User) -> None:
    ticket = ask()
    row = HeldMailFactory(from_email="nele@example.org", body="Encore un mot.", reason=HeldReason.TOO_MANY)

    assert held.put_into_thread(held=row, ticket=ticket, by=alice).body == "Encore un mot."


def test_a_mail_of_an_expert_who_said_no_is_theirs_and_not_for_who_asked(alice: User) -> None:
    ticket = ask(language="fr")
    call = bring_in(ticket, expert(email="wim@example.org"), alice)
    experts.decline(call=call)
    row = HeldMailFactory(ticket=ticket, from_email="wim@example.org", body="Voyez plutôt ma collègue.")

    said = held.put_into_thread(held=row, ticket=ticket, by=alice)

    call.refresh_from_db()
    assert (said.kind, said.call, said.body) == (MessageKind.FROM_EXPERT, call, "Voyez plutôt ma collègue.")
    assert call.state == CallState.DECLINED
    assert said.kind not in SHOWN_TO_ASKER


def test_an_experts_mail_about_a_closed_ticket_opens_nothing(alice: User) -> None:
    ticket = ask(language="fr")
    call = bring_in(ticket, expert(email="wim@example.org"), alice)
    experts.expert_replies(call=call, body="Oui.")
    handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=alice)
    row = HeldMailFactory(ticket=ticket, from_email="wim@example.org", body="Encore ceci.")

    said = held.put_into_thread(held=row, ticket=Ticket.objects.get(), by=alice)

    assert said.kind == MessageKind.FROM_EXPERT
    assert Ticket.objects.get().state == TicketState.CLOSED


@pytest.mark.parametrize("code", ["ABCDEFGH", "", "x" * 13])
def test_a_code_that_is_none_of_ours_is_refused_and_nothing_is_lost(desk: Client, code: str) -> None:
    row = HeldMailFactory()

    answer = desk.post(page("staff_held_thread", held=row.uuid), {"code": code})

    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.state == HeldState.WAITING


def test_another_desks_ticket_is_none_of_ours(desk: Client, alice: User) -> None:
    ticket = ask(postcode="1090")
    assert ticket.basin.code != "sud-est"

    answer = desk.post(page("staff_held_thread", held=HeldMailFactory().uuid), {"code": ticket.code})

    assert answer.status_code == 422


# --- Thrown away ---------------------------------------------------------------------------------


def test_what_is_thrown_away_leaves_no_words(desk: Client) -> None:
    row = HeldMailFactory(quoted="avant", attachments=["a.pdf"], from_name="X")

    answer = desk.post(page("staff_held_discard", held=row.uuid))

    row.refresh_from_db()
    assert answer.url == page("staff_held")
    assert (row.state, row.subject, row.body, row.quoted, row.from_name, row.attachments) == (
        HeldState.DISCARDED, "", "", "", "", [],
    )  # fmt: skip


def test_what_machines_wrote_goes_in_one_go(desk: Client) -> None:
    for _ in range(2):
        HeldMailFactory(reason=HeldReason.AUTOMATIC)
    other, elsewhere = HeldMailFactory(), HeldMailFactory(reason=HeldReason.AUTOMATIC, basin=basin("nord"))

    desk.post(page("staff_held_automatic"))

    assert set(HeldMail.objects.filter(state=HeldState.WAITING)) == {other, elsewhere}


def test_what_a_colleague_decided_is_not_decided_again(alice: User) -> None:
    row = HeldMailFactory()
    held.discard(held=row, by=alice)

    with pytest.raises(StepRefused):
        held.take_as_ticket(held=row, basin=basin(), by=alice)
