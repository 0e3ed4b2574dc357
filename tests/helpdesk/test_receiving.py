"""A mail that comes in: a new ticket, a word in a thread, or held with the reason; machines open nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection

from basins.models import User
from core.mail import deliver_due
from core.mail.inbound.taking import take
from core.models import OutboxMessage, TakenMail
from helpdesk.enums import Channel, EventKind, HeldReason, HeldState, MessageKind, Outcome, RoutingReason, TicketState
from helpdesk.models import HeldMail, Message, Ticket
from helpdesk.rules import answering, handling, merging
from helpdesk.rules.identity import MASK
from helpdesk.rules.mail_words import language_of
from tests.core.test_inbound_corpus import MAILS
from tests.factories import UserFactory, basin
from tests.helpdesk.mail_tools import DESK_FR, DESK_NL, WORDS, bounce, letter_of, raw, receive
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NISS = "85.07.30-033.28"


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"


def held() -> HeldMail:
    return HeldMail.objects.get()


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


# --- Machines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"subject": "Réponse automatique : aide"}, {"Precedence": "bulk"}],
    ids=str,
)
def test_an_automatic_reply_opens_nothing(headers: dict[str, str], alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    about = letter_of(ticket, "helpdesk.answer").message_id
    before = ticket.messages.count()

    assert receive("Absente.", In_Reply_To=about, **headers) == "held: automatic"

    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.count(), Ticket.objects.count()) == (TicketState.ANSWERED, before, 1)
    assert held().ticket == ticket


def test_a_mail_of_ours_that_comes_back_is_dropped() -> None:
    ask()
    letters()
    ours = django_mail.outbox[0].message().as_bytes()

    assert take(ours, channel="imap", mailbox="sud-est") == "loop"
    assert (Ticket.objects.count(), HeldMail.objects.count()) == (1, 0)


def test_a_bounce_marks_the_letter_and_tells_the_colleague(alice: User) -> None:
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    letters()
    row = letter_of(ticket)

    assert take(bounce(row.message_id), channel="imap") == "came back"

    row.refresh_from_db()
    assert (row.state, row.sent_at, row.last_error) == ("parked", None, "came-back: 5.1.1 550 unknown user")
    event = ticket.events.get(kind=EventKind.BOUNCED)
    assert (event.after, event.note) == ("5.1.1", "5.1.1 550 unknown user")
    deliver_due()
    assert [(each.to, f"[{ticket.code}]" in each.subject) for each in django_mail.outbox[1:]] == [
        (["alice@example.org"], True)
    ]


def test_a_bounce_of_an_answer_tells_who_wrote_it(alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    letters()

    take(bounce(letter_of(ticket, "helpdesk.answer").message_id), channel="imap")

    assert OutboxMessage.objects.get(kind="helpdesk.came_back").to == "alice@example.org"


def test_a_bounce_leaves_the_ticket_where_it_is(alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    letters()

    take(bounce(letter_of(ticket, "helpdesk.answer").message_id), channel="imap")

    ticket.refresh_from_db()
    assert (ticket.state, Ticket.objects.count(), HeldMail.objects.count()) == (TicketState.ANSWERED, 1, 0)


def test_a_delay_is_no_failure() -> None:
    ticket = ask()
    letters()
    row = letter_of(ticket)

    assert take(bounce(row.message_id, action="delayed"), channel="imap") == "delayed"

    row.refresh_from_db()
    assert (row.state, ticket.events.filter(kind=EventKind.BOUNCED).count()) == ("sent", 0)


def test_a_bounce_that_comes_twice_is_told_once(alice: User) -> None:
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    letters()
    about = letter_of(ticket).message_id

    take(bounce(about), channel="imap")
    take(bounce(about, said="550 once more").replace(b"bounce-failed@", b"again@"), channel="imap")

    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1
    assert OutboxMessage.objects.filter(kind="helpdesk.came_back").count() == 1


def test_a_bounce_of_no_mail_of_ours_is_held() -> None:
    assert take(bounce("<unheard-of@example.org>"), channel="imap", mailbox="sud-est") == "held: automatic"


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


# --- National numbers ----------------------------------------------------------------------------


def texts_of_all_tables() -> list[tuple[str, str]]:
    """Each value of each text column of each table, the words within JSON, lists and bytes included."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND data_type NOT IN ('bigint', 'integer', 'smallint', 'boolean', 'uuid', 'date', 'double precision', "
            "'timestamp with time zone', 'time without time zone', 'numeric', 'interval')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT CASE WHEN pg_typeof(\"{column}\")::text = 'bytea' "
                f'THEN encode("{column}"::text::bytea, \'escape\') ELSE "{column}"::text END '
                f'FROM "{table}" WHERE "{column}" IS NOT NULL'
            )
            found += [(f"{table}.{column}", value) for (value,) in cursor.fetchall()]
    return found


def digits(text: str) -> str:
    return "".join(str(int(char)) for char in text if char.isdecimal())


def test_after_the_corpus_no_table_holds_a_national_number() -> None:
    desk = basin("sud-est")
    desk.helpdesk_email_fr = "aide.sud-est@bassins.example"
    desk.save()
    # Those with numbers first: later ones are held as too many from one address.
    mails = sorted(MAILS, key=lambda path: not path.stem.startswith("niss"))
    outcomes = [take(path.read_bytes(), channel="imap", mailbox="sud-est") for path in mails]
    deliver_due()

    kinds = {each.partition(":")[0] for each in outcomes}
    found = texts_of_all_tables()
    assert {"ticket", "held", "loop"} <= kinds
    assert sum(MASK in value for _, value in found) > 10
    assert sorted({place for place, value in found if "85073003328" in digits(value)}) == []
    assert sorted({place for place, value in found if "85473003317" in digits(value)}) == []


def test_the_numbers_would_be_found_if_they_were_kept() -> None:
    """The control: the same look at the tables finds one that is put there on purpose, in any kind of column."""
    HeldMail.objects.create(reason=HeldReason.UNREADABLE, attachments=[f"a {NISS}.pdf"])
    OutboxMessage.objects.create(
        key="k",
        kind="k",
        message_id="<k>",
        to="a@example.org",
        language="fr",
        params={"a": [NISS]},
        rendered=NISS.encode(),
    )

    places = {place for place, value in texts_of_all_tables() if "85073003328" in digits(value)}
    assert places == {"helpdesk_heldmail.attachments", "core_outboxmessage.params", "core_outboxmessage.rendered"}


@pytest.mark.parametrize(
    "values", [{"subject": f"Dossier {NISS}"}, {"sender": f'"{NISS}" <nele@example.org>'}], ids=str
)
def test_a_mail_with_a_number_is_taken_with_a_mask(values: dict[str, str]) -> None:
    receive(f"Bonjour, pour {NISS}, qui peut aider ?", **values)

    ticket = Ticket.objects.get()
    assert ticket.messages.get().body == f"Bonjour, pour {MASK}, qui peut aider ?"
    assert MASK in f"{ticket.subject}{ticket.asker.name}"


def test_a_number_in_the_address_itself_is_held_without_the_address() -> None:
    assert receive(sender="85073003328@example.org") == "held: national_number"
    assert (held().from_email, held().state) == ("", HeldState.WAITING)


def test_a_thread_is_found_through_a_message_id_that_was_masked() -> None:
    receive(name="85073003328@example.org")

    assert receive("Suite", name="2@example.org", In_Reply_To="<85073003328@example.org>").startswith("message: ")


def test_who_has_left_is_not_told(alice: User) -> None:
    left = UserFactory(email="left@example.org", is_active=False)
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    Ticket.objects.update(assignee=left)
    letters()

    take(bounce(letter_of(ticket).message_id), channel="imap")

    assert list(OutboxMessage.objects.filter(kind="helpdesk.came_back").values_list("to", flat=True)) == [
        "alice@example.org"
    ]
