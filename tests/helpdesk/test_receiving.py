"""A mail that comes in: a new ticket, a word in a thread, or held with the reason; machines open nothing."""

from __future__ import annotations

from typing import Any

import pytest

from basins.models import User
from core.models import OutboxMessage
from helpdesk.enums import Channel, MessageKind, Outcome, RoutingReason, TicketState
from helpdesk.models import Message, Ticket
from helpdesk.rules import answering, handling, merging
from helpdesk.rules.mail_words import language_of
from tests.helpdesk.mail_tools import DESK_FR, DESK_NL, WORDS, letter_of, receive
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"


# --- A new ticket --------------------------------------------------------------------------------


def test_a_mail_to_the_basins_address_becomes_a_ticket() -> None:
    outcome = receive()

    ticket = Ticket.objects.get()
    first = ticket.messages.get()
    assert outcome == f"ticket: {ticket.code}"
    assert (ticket.basin.code, ticket.routing, ticket.channel) == ("sud-est", RoutingReason.ADDRESS, Channel.MAIL)
    assert (ticket.subject, ticket.language, ticket.state) == ("Aide à domicile", "fr", TicketState.NEW)
    assert (ticket.asker.name, ticket.asker.email) == ("Nele", "nele@example.org")
    assert (first.kind, first.channel, first.body, first.message_id) == (
        MessageKind.FROM_ASKER, Channel.MAIL, WORDS, "<1@example.org>",
    )  # fmt: skip


def test_who_wrote_gets_the_letter_in_their_language() -> None:
    receive("Beste, wie kan er bij een mevrouw langsgaan die niet meer buiten komt?", subject="Hulp", to=DESK_NL)

    (letter,) = letters()
    assert letter.to == ["nele@example.org"]
    assert OutboxMessage.objects.get().language == "nl"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bonjour, qui peut nous aider ?", "fr"),
        ("Beste, wie kan ons helpen met een vraag?", "nl"),
        ("Help", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_by_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_where_the_words_do_not_tell_the_address_does() -> None:
    receive("Rust + thuisverpleging 1160", subject="1160", to=DESK_NL)

    assert Ticket.objects.get().language == "nl"


def test_a_mail_to_no_helpdesks_address_goes_to_the_basin_of_its_mailbox() -> None:
    receive(to="alias@example.org", mailbox="nord")

    assert Ticket.objects.get().basin.code == "nord"


def test_what_the_servers_say_of_the_address_comes_first() -> None:
    receive(to="liste@example.org", Delivered_To=DESK_NL)

    assert Ticket.objects.get().basin.code == "sud-est"


def test_quotes_and_signature_stand_apart() -> None:
    receive("Encore une question : et le soir ?\r\n\r\n-- \r\nNele\r\n02 555 01 23\r\n\r\n> ancien", subject="TR: soir")

    first = Message.objects.get()
    assert (first.body, first.quoted) == ("Encore une question : et le soir ?", "--\nNele\n02 555 01 23\n\n> ancien")


def test_attachments_are_named_and_not_kept() -> None:
    body = "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour, voir la pièce pour une aide.\r\n--x\r\n"
    part = 'Content-Disposition: attachment; filename="rapport.pdf"\r\n\r\n%PDF\r\n--x--'

    receive(body + part, Content_Type='multipart/mixed; boundary="x"')

    said = Message.objects.get().body
    assert said.startswith("Bonjour, voir la pièce pour une aide.\n\n(")
    assert "rapport.pdf" in said


def test_a_very_long_mail_is_taken_whole_its_end_folded_away() -> None:
    receive("Bonjour, une longue histoire. " * 500)

    first = Message.objects.get()
    assert len(first.body) <= 8000
    assert (first.body + " " + first.quoted).count("longue histoire") == 500


# --- Into the thread -----------------------------------------------------------------------------


def test_a_reply_is_found_by_the_code_in_the_address_and_opens_the_ticket(alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)

    outcome = receive("Merci, et le soir ?", to=f"info+{ticket.code.lower()}@bassin-sud-est.brussels")

    ticket.refresh_from_db()
    assert (outcome, ticket.state) == (f"message: {ticket.code}", TicketState.OPEN)
    last = ticket.messages.last()
    assert last is not None
    assert (last.kind, last.body, last.channel) == (MessageKind.FROM_ASKER, "Merci, et le soir ?", Channel.MAIL)


def test_a_reply_is_found_by_the_code_in_the_subject() -> None:
    ticket = ask()

    assert receive("Merci", subject=f"RE: Betr.: [{ticket.code}] Uw vraag") == f"message: {ticket.code}"


def test_a_reply_is_found_by_what_it_answers_to() -> None:
    ticket = ask()
    about = letter_of(ticket).message_id

    assert receive("Merci", subject="Re: rien", In_Reply_To=about) == f"message: {ticket.code}"
    references = f"<x@example.org> {about}"
    assert receive("Encore", name="2@example.org", References=references) == f"message: {ticket.code}"


def test_a_reply_to_a_mail_of_ones_own_is_found_too() -> None:
    receive()

    assert receive("J'ajoute ceci.", name="2@example.org", In_Reply_To="<1@example.org>").startswith("message: ")
    assert Ticket.objects.count() == 1


def test_the_code_of_another_desks_address_is_no_code() -> None:
    ticket = ask()

    assert receive(to=f"someone+{ticket.code}@example.org, {DESK_FR}").startswith("ticket: ")


def test_a_reply_goes_where_the_ticket_went(alice: User) -> None:
    ticket, into = ask(), ask("Une autre question du même couple, pour le soir.")
    merging.merge(ticket=ticket, into=into, by=alice)

    assert receive("Merci", subject=f"Re: [{ticket.code}]") == f"message: {into.code}"


def test_a_reply_opens_a_closed_ticket(alice: User) -> None:
    ticket = ask()
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    receive("Finalement si.", subject=f"Re: [{ticket.code}]")

    ticket.refresh_from_db()
    assert ticket.state == TicketState.OPEN


def test_a_letter_carries_the_ticket_in_its_reply_address(settings: Any) -> None:
    settings.INBOUND_WEBHOOK_SECRETS = ["set"]
    ticket = ask(language="fr")

    (letter,) = letters()
    assert letter.message()["Reply-To"] == f"info+{ticket.code}@bassin-sud-est.brussels"
    assert f"[{ticket.code}]" in letter.subject


def test_where_we_do_not_read_mail_the_reply_address_is_the_desks_own() -> None:
    ask(language="fr")

    assert letters()[0].message()["Reply-To"] == DESK_FR


def test_an_answer_to_our_letter_as_programs_send_it_comes_home(settings: Any) -> None:
    """Out of the outbox and in again: the address, the subject and the Message-ID are those of the mail itself."""
    settings.INBOUND_WEBHOOK_SECRETS = ["set"]
    ticket = ask(language="fr")
    sent = letters()[0].message()

    for number, headers in enumerate(
        (
            {"to": str(sent["Reply-To"])},
            {"subject": f"Re: {sent['Subject']}"},
            {"In_Reply_To": str(sent["Message-ID"])},
        )
    ):
        values: dict[str, str] = {"subject": "Re:", **headers, "name": f"{number}@example.org"}
        assert receive(f"Merci {number}", **values) == f"message: {ticket.code}"
