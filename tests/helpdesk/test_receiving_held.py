"""Mails that somebody looks at first, and mails that come twice."""

from __future__ import annotations

from typing import Any

import pytest

from core.mail.inbound.taking import take
from core.models import TakenMail
from helpdesk.enums import HeldReason
from helpdesk.models import HeldMail, Ticket
from tests.helpdesk.mail_tools import DESK_NL, letter_of, raw, receive
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"


def held() -> HeldMail:
    return HeldMail.objects.get()


# --- Held ----------------------------------------------------------------------------------------


def test_a_stranger_who_knows_the_code_is_held() -> None:
    ticket = ask()

    outcome = receive("Et moi ?", sender="Greet <greet@example.org>", subject=f"Re: [{ticket.code}]")

    assert outcome == "held: unknown_sender"
    assert (held().reason, held().ticket, held().from_email) == (
        HeldReason.UNKNOWN_SENDER, ticket, "greet@example.org",
    )  # fmt: skip
    assert ticket.messages.count() == 1


def test_a_stranger_who_knows_a_message_id_is_held() -> None:
    about = letter_of(ask()).message_id

    assert receive("Et moi ?", sender="greet@example.org", In_Reply_To=about) == "held: unknown_sender"


def test_who_asked_something_else_has_no_part_in_this_ticket() -> None:
    ticket, _other = ask(), ask(email="greet@example.org", name="Greet")

    assert receive("Et moi ?", sender="greet@example.org", subject=f"[{ticket.code}]") == "held: unknown_sender"


def test_a_code_that_nobody_has_is_held() -> None:
    assert receive(subject="Re: [ABCDEFGH] aide") == "held: unknown_ticket"


def test_a_sender_whom_the_server_does_not_believe_is_held() -> None:
    ticket = ask()
    failed = "mx.example.org; dmarc=fail header.from=example.org"

    assert receive("x", subject=f"[{ticket.code}]", Authentication_Results=failed) == "held: not_proven"
    assert receive(name="2@example.org", Authentication_Results=failed) == "held: not_proven"


def test_a_mail_for_no_basin_is_held() -> None:
    assert receive(to="someone@example.org") == "held: no_basin"


def test_a_forwarded_mail_without_a_word_is_held() -> None:
    body = "De : X <x@example.org>\r\nEnvoyé : lundi 2 mars 2026\r\nÀ : Nele\r\nObjet : Aide\r\n\r\nUne dame seule."

    assert receive(body, subject="TR : Aide") == "held: forwarded"
    assert held().quoted.endswith("Une dame seule.")


def test_a_mail_from_a_helpdesks_own_address_is_held() -> None:
    assert receive(sender=DESK_NL) == "held: forwarded"


def test_a_mail_of_nobody_is_held() -> None:
    assert receive(sender="a@example.org, b@example.org") == "held: unreadable"


def test_a_mail_that_cannot_be_read_is_held() -> None:
    assert receive("", Content_Type="application/pkcs7-mime") == "held: unreadable"


def test_a_flood_from_one_address_is_held() -> None:
    outcomes = [receive(name=f"{number}@example.org") for number in range(22)]

    assert [each.partition(":")[0] for each in outcomes] == ["ticket"] * 20 + ["held"] * 2
    assert {each.reason for each in HeldMail.objects.all()} == {HeldReason.TOO_MANY}


def test_a_reply_to_a_ticket_whose_words_are_gone_is_held() -> None:
    ticket = ask()
    Ticket.objects.update(anonymised_at="2026-01-01T00:00Z")

    assert receive("x", subject=f"[{ticket.code}]").startswith("held: ")


# --- Once ----------------------------------------------------------------------------------------


def test_the_same_mail_by_two_ways_is_one_ticket() -> None:
    second = raw().replace(b"From:", b"Received: by mx2.example.org; Mon, 2 Mar 2026 10:13:00 +0100\r\nFrom:", 1)

    assert take(raw(), channel="imap", mailbox="sud-est").startswith("ticket: ")
    assert take(second, channel="webhook") == "twice"
    assert (Ticket.objects.count(), TakenMail.objects.count()) == (1, 1)


def test_two_mails_under_one_message_id_are_both_kept() -> None:
    receive()
    receive("Une tout autre question, d'une autre personne ?", sender="greet@example.org")
    receive("x", sender="a@example.org, b@example.org")
    receive("y", sender="c@example.org, d@example.org")

    assert (Ticket.objects.count(), HeldMail.objects.count()) == (2, 2)
