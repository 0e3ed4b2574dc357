"""No national register number that comes by mail is ever kept."""

from __future__ import annotations

from typing import Any

import pytest

from core.mail import deliver_due
from core.mail.inbound.taking import take
from core.models import OutboxMessage
from helpdesk.enums import HeldReason, HeldState
from helpdesk.models import HeldMail, SentLetter, Ticket
from helpdesk.rules.identity import MASK
from tests.core.test_inbound_corpus import MAILS
from tests.factories import basin
from tests.helpdesk.mail_tools import receive
from tests.helpdesk.table_tools import texts_of_all_tables
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db
NISS = "85.07.30-033.28"


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"


def held() -> HeldMail:
    return HeldMail.objects.get()


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


def test_a_letter_of_ours_whose_random_name_looks_like_a_number_is_found() -> None:
    ours = "<85073003-328a-4000-8000-000000000000@bassins.example>"
    SentLetter.objects.create(ticket=ask(), kind="helpdesk.received", message_id=ours)

    assert receive("Encore un mot.", In_Reply_To=ours).startswith("message: ")
