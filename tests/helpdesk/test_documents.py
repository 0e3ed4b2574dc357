"""A document that the desk asks for: when it may come, what it may be, and when it goes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from basins.models import User
from basins.rights import Role
from basins.rules.people import NotYours
from core.spoken import BRUSSELS
from helpdesk.enums import Channel, DocumentStep, EventKind, Outcome, TicketState
from helpdesk.errors import DocumentAskedAlready, DocumentNotAsked, DocumentRefused, TicketClosed, TicketInvalid
from helpdesk.mission import mission
from helpdesk.models import AskedDocument, Message, Ticket, TicketEvent, TicketRead
from helpdesk.rules import answering, documents, forgetting, handling, merging, reading
from helpdesk.rules.document_kinds import kind_of
from tests.factories import UserFactory, grant
from tests.helpdesk.document_tools import DOCX, JPEG, PDF, PNG, WHICH, asked, package, received
from tests.helpdesk.table_tools import texts_of_all_tables
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def steps(ticket: Ticket) -> list[str]:
    return list(ticket.events.filter(kind=EventKind.DOCUMENT).values_list("after", flat=True))


def where_the_file_is() -> list[str]:
    return [place for place, value in texts_of_all_tables() if "Zxq-4711" in value]


# --- Asking --------------------------------------------------------------------------------------


def test_a_document_is_asked_for_in_the_thread_and_the_ticket_waits(alice: User) -> None:
    document = asked(alice)

    ticket = Ticket.objects.get()
    assert (document.is_open, document.name, document.asked_in.body) == (True, "", WHICH)
    assert (ticket.state, steps(ticket)) == (TicketState.WAITING, [DocumentStep.ASKED])


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_letter_says_where_to_put_it_and_that_nobody_may_be_named(alice: User, language: str) -> None:
    asked(alice, ask(language=language))

    letter = letters()[-1]

    with translation.override(language):
        said = str(documents.NOBODY_IN_IT)
    assert (WHICH in letter.body, said in letter.body, letter.attachments) == (True, True, [])


def test_a_letter_that_leaves_after_the_request_was_taken_back_names_no_field(alice: User) -> None:
    documents.take_back(document=asked(alice, ask(language="fr")), by=alice)

    letter = letters()[-1]

    with translation.override("fr"):
        said = str(documents.NOBODY_IN_IT)
    assert (WHICH in letter.body, said in letter.body) == (True, False)


def test_one_document_is_asked_for_at_a_time(alice: User) -> None:
    first = asked(alice)

    assert asked(alice, first.ticket) == first
    with pytest.raises(DocumentAskedAlready):
        documents.ask(ticket=first.ticket, words="Et le bilan.", by=alice)
    assert AskedDocument.objects.count() == 1


def test_the_database_knows_that_one_is_open(alice: User) -> None:
    first = asked(alice)
    other = Message.objects.exclude(pk=first.asked_in_id).get()

    with pytest.raises(IntegrityError, match="helpdesk_document_one_open_per_ticket"), transaction.atomic():
        AskedDocument.objects.create(ticket=first.ticket, asked_in=other)


@pytest.mark.parametrize("fields", [{"received_at": NOW}, {"file": PDF, "kind": "pdf", "size": 9}])
def test_the_database_knows_that_what_came_has_a_file(alice: User, fields: dict[str, Any]) -> None:
    document = asked(alice)

    with pytest.raises(IntegrityError, match="helpdesk_document_received_has_its_file"), transaction.atomic():
        AskedDocument.objects.filter(pk=document.pk).update(**fields)


@pytest.mark.parametrize("words", ["", "  \n"])
def test_which_document_has_to_be_said(alice: User, words: str) -> None:
    with pytest.raises(TicketInvalid) as refused:
        documents.ask(ticket=ask(), words=words, by=alice)

    assert (refused.value.field, AskedDocument.objects.count()) == ("words", 0)


def test_without_an_address_there_is_no_page_for_a_document(alice: User) -> None:
    call = ask(channel=Channel.PHONE, by=alice, email="")

    with pytest.raises(TicketInvalid):
        asked(alice, call)
    assert (AskedDocument.objects.count(), call.messages.count()) == (0, 1)


def test_of_a_closed_ticket_nothing_is_asked(alice: User) -> None:
    closed = handling.close(ticket=ask(), outcome=Outcome.WITHDRAWN, by=alice)

    with pytest.raises(TicketClosed):
        asked(alice, closed)


def test_another_helpdesk_neither_asks_nor_takes_back_nor_takes_the_file(alice: User, bram: User) -> None:
    ticket = ask()
    with pytest.raises(NotYours):
        asked(bram, ticket)
    document = asked(alice, ticket)
    with pytest.raises(NotYours):
        documents.take_back(document=document, by=bram)
    with pytest.raises(NotYours):
        reading.note_download(document=document, by=bram)


def test_a_colleagues_answer_does_not_stand_against_asking(alice: User) -> None:
    ticket = ask()
    other = UserFactory()
    grant(other, Role.HELPDESK_AGENT, "sud-est")
    answering.answer(ticket=ticket, body="Un instant.", by=other)

    assert asked(alice, ticket).is_open


# --- Taking back ---------------------------------------------------------------------------------


def test_what_is_taken_back_takes_nothing_in_and_the_ticket_waits_no_more(alice: User) -> None:
    document = documents.take_back(document=asked(alice), by=alice)

    ticket = Ticket.objects.get()
    assert (document.is_open, ticket.state) == (False, TicketState.OPEN)
    assert steps(ticket) == [DocumentStep.ASKED, DocumentStep.TAKEN_BACK]
    with pytest.raises(DocumentNotAsked):
        documents.receive(ticket=ticket, name="plan.pdf", content=PDF)
    with pytest.raises(DocumentNotAsked):
        documents.take_back(document=document, by=alice)


def test_a_ticket_that_was_asked_something_else_since_waits_on(alice: User) -> None:
    document = asked(alice)
    answering.answer(
        ticket=document.ticket, body="Depuis quand ?", by=alice, asks_back=True, seen=document.asked_in.uuid
    )

    documents.take_back(document=document, by=alice)

    assert Ticket.objects.get().state == TicketState.WAITING


def test_a_ticket_that_is_closed_asks_for_nothing(alice: User) -> None:
    document = asked(alice)

    handling.close(ticket=document.ticket, outcome=Outcome.WITHDRAWN, by=alice)

    document.refresh_from_db()
    assert (document.is_open, document.taken_back_at) == (False, NOW)


# --- Coming in -----------------------------------------------------------------------------------


def test_the_file_ends_the_request_under_a_neutral_name_and_opens_the_ticket(alice: User) -> None:
    document = received(alice)

    ticket = Ticket.objects.get()
    assert (document.is_open, bytes(document.file or b""), document.size) == (False, PDF, len(PDF))
    assert document.name == f"{ticket.code}-20260513-110000.pdf"
    assert (ticket.state, ticket.due_at is not None) == (TicketState.OPEN, True)
    assert steps(ticket) == [DocumentStep.ASKED, DocumentStep.RECEIVED]
    assert (ticket.messages.count(), where_the_file_is()) == (3, ["helpdesk_askeddocument.file"])
    assert [place for place, value in texts_of_all_tables() if "plan.pdf" in value] == []


def test_after_an_answer_the_time_to_reply_runs_from_the_document(alice: User, clock: Any) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voilà.", by=alice)
    asked(alice, ticket)
    clock.shift(dt.timedelta(days=2))

    documents.receive(ticket=ticket, name="plan.pdf", content=PDF)

    ticket.refresh_from_db()
    assert ticket.due_at is not None
    assert ticket.due_at > timezone.now()


def test_the_same_file_sent_twice_is_one_and_another_one_is_not_taken(alice: User) -> None:
    document = received(alice)

    assert documents.receive(ticket=document.ticket, name="plan.pdf", content=PDF) == document
    with pytest.raises(DocumentNotAsked):
        documents.receive(ticket=document.ticket, name="plan.png", content=PNG)
    assert Message.objects.count() == 3


def test_a_second_document_is_asked_for_after_the_first(alice: User) -> None:
    ticket = received(alice).ticket
    documents.ask(ticket=ticket, words="Et le bilan.", by=alice)

    documents.receive(ticket=ticket, name="bilan.png", content=PNG)

    assert (ticket.documents.exclude(received_at=None).count(), ticket.messages.count()) == (2, 5)
    assert Ticket.objects.get().state == TicketState.OPEN


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (JPEG, "jpg"),
        (PNG, "png"),
        (DOCX, "docx"),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (package("[Content_Types].xml", "xl/workbook.xml"), None),
        (b"PK\x03\x04 cut off", None),
        (b"<html><script>", None),
        (b"MZ\x90\x00", None),
        (b"GIF89a", None),
        (b" %PDF-1.7", None),
        (b"", None),
    ],
)
def test_a_kind_is_known_by_what_stands_in_the_file(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"<html>"),
        ("plan.pdf", b""),
        ("plan.pdf", PDF + bytes(documents.AT_MOST)),
        ("85.07.30-033.28.pdf", PDF),
        ("85_07_30_033_28.pdf", PDF),
        ("bilan_né_le_12_03_1941.pdf", PDF),
        ("1941-03-12.pdf", PDF),
        ("0475 12 34 56.pdf", PDF),
    ],
)
def test_a_wrong_file_or_one_whose_name_tells_who_it_is_is_not_taken(alice: User, name: str, content: bytes) -> None:
    document = asked(alice)

    with pytest.raises(DocumentRefused) as refused:
        documents.receive(ticket=document.ticket, name=name, content=content)

    document.refresh_from_db()
    assert (refused.value.field, document.is_open, where_the_file_is()) == ("file", True, [])


def test_a_file_of_five_megabytes_is_taken(alice: User) -> None:
    content = PDF.ljust(documents.AT_MOST, b" ")

    assert received(alice, content).size == 5 * 1024 * 1024


# --- Who took it, and where it goes --------------------------------------------------------------


def test_each_download_is_a_row_of_its_own(alice: User) -> None:
    document = received(alice)
    reading.note_read(ticket=document.ticket, by=alice)

    reading.note_download(document=document, by=alice)
    reading.note_download(document=document, by=alice)

    assert list(TicketRead.objects.order_by("pk").values_list("took_document", flat=True)) == [False, True, True]


def test_merged_the_document_goes_along_and_one_request_stays_open(alice: User) -> None:
    first, second = received(alice), asked(alice)
    documents.ask(ticket=first.ticket, words="Et le bilan.", by=alice)

    merging.merge(ticket=first.ticket, into=second.ticket, by=alice)

    every = AskedDocument.objects.filter(ticket=second.ticket)
    assert (every.count(), [each.pk for each in every if each.is_open]) == (3, [second.pk])
    assert TicketEvent.objects.filter(ticket=first.ticket, after=DocumentStep.TAKEN_BACK).count() == 1


@pytest.mark.parametrize("how", ["in time", "on demand"])
def test_the_file_goes_with_the_words(alice: User, clock: Any, how: str) -> None:
    ticket = received(alice).ticket
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)
    assert where_the_file_is() == ["helpdesk_askeddocument.file"]

    if how == "in time":
        clock.shift(dt.timedelta(days=400))
        mission.forget_expired(timezone.localdate())
    else:
        forgetting.forget(email="nele@example.org")

    assert (AskedDocument.objects.count(), where_the_file_is()) == (0, [])
    assert steps(ticket) == [DocumentStep.ASKED, DocumentStep.RECEIVED]


def test_who_asks_for_their_data_is_told_of_the_document(alice: User) -> None:
    document = received(alice)

    (question,) = mission.personal_data("nele@example.org")

    assert question.fields["documents"] == [
        {"name": document.name, "asked_at": NOW, "received_at": NOW, "bytes": len(PDF)}
    ]
