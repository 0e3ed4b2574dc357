"""The helpdesk for the walk through all pages and letters in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import time_machine
from django.utils import timezone
from django.utils.translation import get_language

from basins.models import User
from core import signing
from core.mail import deliver_due
from core.mail.inbound.taking import take
from core.models import OutboxMessage
from directory.models import Service
from helpdesk import queries
from helpdesk.enums import Channel, HeldReason, Outcome
from helpdesk.models import Asker, Ticket
from helpdesk.rules import answering, documents, following_up, handling, overdue, replying, routing
from tests import language_experts
from tests.factories import basin
from tests.helpdesk.factories import HeldMailFactory, SnippetFactory
from tests.helpdesk.mail_tools import bounce, letter_of
from tests.helpdesk.tools import ask
from tests.language_world import ANYBODY, STAFF

OF_A_MAIL = ("held_mail", "held_take", "held_thread", "held_discard")
OF_A_TICKET = ("ticket", "answer", "complete", "reroute", "hand_over", "close", "merge", "mask", "document_ask")
PAGES: dict[str, list[str]] = {
    "helpdesk:ask": [ANYBODY],
    "helpdesk_region:ask": [ANYBODY],
    "helpdesk:ticket": [ANYBODY],
    "helpdesk:staff_inbox": [STAFF],
    "helpdesk:staff_call": [STAFF],
    "helpdesk:staff_figures": [STAFF],
    "helpdesk:staff_held": [STAFF],
    **{f"helpdesk:staff_{name}": [STAFF] for name in (*OF_A_TICKET, *OF_A_MAIL)},
    **language_experts.PAGES,
}
NO_PAGE: dict[str, str] = {
    "helpdesk:suggestions": "answers what is typed",
    "helpdesk_region:suggestions": "answers what is typed",
    "helpdesk:staff_figures_csv": "a file",
    "helpdesk:staff_document": "a file",
    **language_experts.NO_PAGE,
    **{
        f"helpdesk:{name}": "answers a button"
        for name in (
            *("helped", "place", "staff_take", "staff_take_back", "staff_assign", "staff_wait", "staff_go_on"),
            *("staff_write", "staff_answer_begin", "staff_answer_stop", "staff_held_automatic"),
            *("document", "staff_document_take_back"),
        )
    },
}


def a_helpdesk(alice: User) -> dict[str, Any]:
    """A ticket with everything that a thread may hold; others in every state."""
    SnippetFactory()
    ticket = ask("12345?", subject="12345")
    answering.answer(ticket=ticket, body="12345?", by=alice, asks_back=True)
    replying.reply(ticket=ticket, body="12345!", channel=Channel.WEB, language="fr")
    handling.note(ticket=ticket, body="12345", by=alice)
    records = list(Service.objects.filter(visibility="public").values_list("uuid", flat=True)[:2])
    seen = ticket.messages.order_by("-pk")[0].uuid
    answering.answer(ticket=ticket, body="12345.", records=records, by=alice, seen=seen)
    replying.reply(ticket=ticket, body="0475 12 34 56", channel=Channel.WEB, language="nl", confirmed=True)
    documents.ask(ticket=ticket, words="12345?!", by=alice)
    documents.receive(ticket=ticket, name="12345.pdf", content=b"%PDF-")
    documents.ask(ticket=ticket, words="67890?!", by=alice)
    ask("67890?", email="two@example.org", subject="67890")
    waits = ask("24680?", subject="24680", email="three@example.org")
    answering.answer(ticket=waits, body="24680?", by=alice, asks_back=True)
    ended = ask("13579?", subject="13579", email="four@example.org")
    handling.close(ticket=ended, outcome=Outcome.REFERRED, by=alice)
    more = language_experts.experts_and_cases(alice)
    OutboxMessage.objects.filter(kind__startswith="helpdesk.").delete()  # the walk through the letters writes its own
    held = HeldMailFactory(ticket=ticket, subject="12345", body="12345", quoted="12345", attachments=["12345"])
    HeldMailFactory(reason=HeldReason.AUTOMATIC, subject="", body="", basin=basin())
    own = {"token": signing.make_token(queries.LINK, ticket.asker.uuid)}
    return {
        "helpdesk:ticket": own,
        **{f"helpdesk:staff_{name}": {"code": ticket.code} for name in OF_A_TICKET},
        **{f"helpdesk:staff_{name}": {"held": held.uuid} for name in OF_A_MAIL},
        **more,
    }


def _asked() -> Ticket:
    """A new ticket whose asker reads the language that is active."""
    return ask("12345?", subject="12345", email="new@example.org", language=get_language())


def _alice() -> User:
    return User.objects.get(email="alice@example.org")


def hand_over(_world: Any) -> None:
    routing.hand_over(ticket=_asked(), basin=basin("nord"), by=_alice())


def close_in_every_way(_world: Any) -> None:
    for outcome in Outcome:
        if outcome != Outcome.MERGED:
            title = "12345" if outcome == Outcome.NO_ANSWER else ""
            handling.close(ticket=_asked(), outcome=outcome, by=_alice(), words="12345", need_title=title)


def answer_and_ask_back(_world: Any) -> None:
    ticket = _asked()
    records = list(Service.objects.filter(visibility="public").values_list("uuid", flat=True)[:2])
    answering.answer(ticket=ticket, body="12345.", records=records, by=_alice())
    answering.answer(ticket=ticket, body="12345?", by=_alice(), asks_back=True)
    documents.ask(ticket=ticket, words="67890?", by=_alice())


def ask_whether_it_helped(_world: Any) -> None:
    answering.answer(ticket=_asked(), body="12345.", by=_alice())
    Asker.objects.update(language=get_language())
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        assert following_up.ask_whether_it_helped(now=timezone.now())
        deliver_due()


def run_late(_world: Any) -> None:
    Asker.objects.update(language=get_language())
    ticket = handling.assign(ticket=_asked(), to=_alice(), by=_alice())
    monday = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
    Ticket.objects.filter(pk=ticket.pk).update(due_at=monday)
    assert overdue.remind(now=monday + dt.timedelta(hours=1))


def come_back(_world: Any) -> None:
    """A mail to who asked comes back; Alice, who has the ticket, is told in her language."""
    User.objects.filter(email="alice@example.org").update(language=get_language())
    ticket = handling.assign(ticket=_asked(), to=_alice(), by=_alice())
    deliver_due()
    assert take(bounce(letter_of(ticket).message_id), channel="imap") == "came back"


LETTERS: dict[str, Callable[[Any], Any]] = {
    "helpdesk.received": lambda _world: _asked(),
    "helpdesk.answer": answer_and_ask_back,
    "helpdesk.came_back": come_back,
    "helpdesk.handed_over": hand_over,
    "helpdesk.closed": close_in_every_way,
    "helpdesk.did_it_help": ask_whether_it_helped,
    "helpdesk.overdue": run_late,
    **language_experts.LETTERS,
}
