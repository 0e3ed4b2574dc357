"""What colleagues do with a ticket, and what the asker's reply does to it: states, history, mails, who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from basins.models import Need, User
from basins.rights import Role
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from core.models import OutboxMessage
from directory.models import Phone
from helpdesk import queries
from helpdesk.enums import Channel, EventKind, Helped, MessageKind, Outcome, RoutingReason, TicketState
from helpdesk.errors import (
    AnsweredMeanwhile,
    PersonNamed,
    RecordGone,
    StepRefused,
    TakenMeanwhile,
    TicketClosed,
    TicketInvalid,
)
from helpdesk.models import AnswerRecord, Message, SentLetter, Ticket, WaitingPause
from helpdesk.rules import answering, handling, identity, merging, reading, replying, routing
from helpdesk.rules.handling import Details
from tests.directory.factories import LocationFactory, service
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db

NISS = "85.07.30-033.28"


@pytest.fixture
def nadia(db: None) -> User:
    """Answers at the helpdesk of Sud-Est."""
    user = UserFactory(email="nadia@example.org", name="Nadia")
    grant(user, Role.HELPDESK_AGENT, "sud-est")
    return user


def history(ticket: Ticket) -> list[tuple[str, str, str]]:
    return list(ticket.events.values_list("kind", "before", "after"))


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_goes_out_with_its_records_and_the_sentence_that_it_is_advice(nadia: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute", name_nl="Gesprek aan huis", short_description_nl="Iemand komt luisteren.")
    Phone.objects.create(service=record, number="+3225551212")

    said = answering.answer(ticket=ticket, body="Probeer dit eerst.", records=[record.uuid], by=nadia)

    letter = letters()[-1]
    assert "Gesprek aan huis" in letter.body
    assert "02\u00a0555\u00a012\u00a012" in letter.body
    assert "Dit antwoord is een advies." in letter.body
    assert f"[{ticket.code}]" in letter.subject
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee, ticket.due_at) == (TicketState.ANSWERED, nadia, None)
    assert ticket.first_answered_at == said.said_at
    assert said.message_id == letter.extra_headers["Message-ID"]


def test_what_was_sent_stays_as_it_was_when_the_directory_changes(nadia: User) -> None:
    ticket = ask()
    record = service(name_fr="Écoute", name_nl="Gesprek")
    number = Phone.objects.create(service=record, number="+3225551212")
    answering.answer(ticket=ticket, body="", records=[record.uuid], by=nadia)

    Phone.objects.filter(pk=number.pk).update(number="+3225550000")

    frozen = AnswerRecord.objects.get()
    assert frozen.snapshot["phones"] == ["02\u00a0555\u00a012\u00a012"]
    assert frozen.snapshot["name"] == "Gesprek"
    assert list(Ticket.objects.filter(messages__records__record=record.uuid)) == [ticket]


def test_the_address_of_a_shelter_is_in_no_answer(nadia: User) -> None:
    record = service()
    place = LocationFactory(organization=record.organization, hides_address=True, street_nl="Geheimstraat 1")
    record.at_locations.create(location=place)

    answering.answer(ticket=ask(), body="", records=[record.uuid], by=nadia)

    assert AnswerRecord.objects.get().snapshot["places"] == []


def test_a_record_that_is_gone_stops_the_whole_answer(nadia: User) -> None:
    ticket = ask()

    with pytest.raises(RecordGone):
        answering.answer(ticket=ticket, body="Voilà.", records=[ticket.uuid], by=nadia)

    assert Message.objects.count() == 1


def test_a_question_back_stops_the_clock_until_the_reply(nadia: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC), tick=False):
        ticket = ask()
        answering.answer(ticket=ticket, body="Welke taal?", by=nadia, asks_back=True)
        ticket.refresh_from_db()
        assert (ticket.state, ticket.first_answered_at, ticket.due_at) == (TicketState.WAITING, None, None)
    with time_machine.travel(dt.datetime(2026, 11, 18, 9, 0, tzinfo=dt.UTC), tick=False):
        replying.reply(ticket=ticket, body="Nederlands.", channel=Channel.WEB, language="nl")

    ticket.refresh_from_db()
    pause = WaitingPause.objects.get()
    assert pause.ended_at is not None
    assert (ticket.state, pause.ended_at - pause.started_at) == (TicketState.OPEN, dt.timedelta(days=2))
    # Eight working hours from Monday 10:00, two whole days of which do not count: Thursday 10:00.
    assert ticket.due_at == dt.datetime(2026, 11, 19, 9, 0, tzinfo=dt.UTC)


def test_the_same_answer_twice_is_one(nadia: User) -> None:
    ticket = ask()

    first = answering.answer(ticket=ticket, body="Voilà.", by=nadia)
    second = answering.answer(ticket=ticket, body="Voilà.", by=nadia)

    assert first == second
    assert len([letter for letter in letters() if "Voilà." in letter.body]) == 1


def test_what_a_colleague_sent_meanwhile_is_read_first(alice: User, nadia: User) -> None:
    ticket = ask()
    seen = ticket.messages.get().uuid
    sent = answering.answer(ticket=ticket, body="Voilà.", by=nadia, seen=seen)

    with pytest.raises(AnsweredMeanwhile) as refused:
        answering.answer(ticket=ticket, body="Autre chose.", by=alice, seen=seen)

    assert refused.value.by == nadia
    assert answering.answer(ticket=ticket, body="Autre chose.", by=alice, seen=sent.uuid).author == alice


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"body": " "}, TicketInvalid),
        ({"body": "", "asks_back": True}, TicketInvalid),
        ({"body": f"Son numéro {NISS}"}, NationalNumberFound),
        ({"body": "x" * 8001}, TicketInvalid),
    ],
)
def test_an_answer_that_is_none_is_refused(nadia: User, fields: dict[str, Any], error: type[Exception]) -> None:
    ticket = ask()

    with pytest.raises(error):
        answering.answer(ticket=ticket, by=nadia, **fields)

    assert Ticket.objects.get().state == TicketState.NEW


def test_a_closed_ticket_is_not_answered(nadia: User) -> None:
    ticket = handling.close(ticket=ask(), outcome=Outcome.WITHDRAWN, by=nadia)

    with pytest.raises(TicketClosed):
        answering.answer(ticket=ticket, body="Voilà.", by=nadia)


def test_a_call_without_an_address_is_answered_without_a_mail(nadia: User) -> None:
    ticket = ask(channel=Channel.PHONE, email="", phone="02 345 67 89", by=nadia)

    said = answering.answer(ticket=ticket, body="Dit op de telefoon gezegd.", by=nadia, channel=Channel.PHONE)

    assert (said.message_id, letters()) == ("", [])


def test_who_is_answering_is_said_to_the_next_and_given_up(alice: User, nadia: User) -> None:
    ticket = ask()

    assert answering.lease(ticket=ticket, by=nadia) is None
    assert answering.lease(ticket=ticket, by=alice) == nadia
    answering.release(ticket=ticket, by=alice)
    assert answering.lease(ticket=ticket, by=alice) == nadia
    answering.release(ticket=ticket, by=nadia)
    assert answering.lease(ticket=ticket, by=alice) is None


def test_a_forgotten_page_gives_the_answer_free_after_ten_minutes(alice: User, nadia: User) -> None:
    ticket = ask()
    answering.lease(ticket=ticket, by=nadia)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert answering.lease(ticket=ticket, by=alice) is None


# --- Replies -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [TicketState.ANSWERED, TicketState.CLOSED])
def test_a_reply_opens_the_ticket_again(nadia: User, state: TicketState) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voilà.", by=nadia)
    if state == TicketState.CLOSED:
        handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=nadia)

    replying.reply(ticket=ticket, body="Merci, mais c’est complet.", channel=Channel.WEB, language="fr")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.closed_at, ticket.outcome) == (TicketState.OPEN, None, "")
    assert history(ticket)[-1] == (EventKind.STATE, state, TicketState.OPEN)
    assert ticket.due_at is not None


def test_the_same_words_twice_within_minutes_are_one_reply() -> None:
    ticket = ask()

    replying.reply(ticket=ticket, body="Encore ceci.", channel=Channel.WEB, language="fr")
    replying.reply(ticket=ticket, body="Encore ceci.", channel=Channel.WEB, language="fr")

    assert ticket.messages.count() == 2


def test_the_same_mail_twice_is_one_reply() -> None:
    ticket = ask()
    mail = replying.MailData(message_id="<a@example.org>", quoted="> Bonjour")

    for body in ("Encore ceci.", "Encore ceci, relayé."):
        replying.reply(ticket=ticket, body=body, channel=Channel.MAIL, language="fr", mail=mail)

    assert list(ticket.messages.values_list("body", "quoted"))[1:] == [("Encore ceci.", "> Bonjour")]
    assert queries.ticket_of_mails(["<unknown@example.org>", "<a@example.org>"]) == ticket


@pytest.mark.parametrize(
    ("body", "error"),
    [("", TicketInvalid), (f"Elle a le {NISS}", NationalNumberFound), ("Appelez-la au 0475 12 34 56", PersonNamed)],
)
def test_a_reply_that_may_not_stand_is_refused(body: str, error: type[Exception]) -> None:
    ticket = ask()

    with pytest.raises(error):
        replying.reply(ticket=ticket, body=body, channel=Channel.WEB, language="fr")

    assert ticket.messages.count() == 1


def test_whether_it_helped_can_be_said_once_there_is_an_answer_and_changed(nadia: User) -> None:
    ticket = ask()
    with pytest.raises(StepRefused):
        replying.say_whether_it_helped(ticket=ticket, helped=Helped.YES)
    answering.answer(ticket=ticket, body="Voilà.", by=nadia)

    replying.say_whether_it_helped(ticket=ticket, helped=Helped.NO, words="Complet.")
    replying.say_whether_it_helped(ticket=ticket, helped=Helped.PARTLY)

    ticket.refresh_from_db()
    assert (ticket.helped, ticket.helped_words, ticket.state) == (Helped.PARTLY, "", TicketState.ANSWERED)
    assert history(ticket)[-2:] == [(EventKind.HELPED, "", "no"), (EventKind.HELPED, "no", "partly")]


# --- From basin to basin -------------------------------------------------------------------------


def test_handing_over_gives_thread_and_history_to_the_other_helpdesk_and_tells_the_asker(
    nadia: User, bram: User
) -> None:
    ticket = handling.assign(ticket=ask(), to=nadia, by=nadia)
    letters()

    routing.hand_over(ticket=ticket, basin=basin("nord"), note="Elle habite Laeken.", by=nadia)

    ticket = queries.tickets_for(bram).get()
    assert list(queries.tickets_for(nadia)) == []
    assert (ticket.state, ticket.assignee, ticket.routing) == (TicketState.NEW, None, RoutingReason.HANDED_OVER)
    assert ticket.messages.count() == 1
    event = ticket.events.get(kind=EventKind.HANDED_OVER)
    assert (event.before, event.after, event.note, event.by) == ("sud-est", "nord", "Elle habite Laeken.", nadia)
    assert "Helpdesk Zuid-Oost gaf uw vraag door aan helpdesk Noord" in letters()[-1].body
    assert "Laeken" not in letters()[-1].body


def test_a_ticket_is_not_handed_over_to_where_it_is_nor_by_a_stranger(nadia: User, bram: User) -> None:
    ticket = ask()

    with pytest.raises(TicketInvalid):
        routing.hand_over(ticket=ticket, basin=basin("sud-est"), by=nadia)
    with pytest.raises(NotYours):
        routing.hand_over(ticket=ticket, basin=basin("sud"), by=bram)


def test_staff_put_the_place_right_and_the_basin_follows(nadia: User) -> None:
    ticket = routing.reroute(ticket=ask(), postcode="1020", basin=None, by=nadia)

    assert (ticket.basin.code, ticket.routing, ticket.postcode) == ("nord", RoutingReason.CORRECTED, "1020")
    assert history(ticket)[-1] == (EventKind.ROUTED, "sud-est", "nord")


def test_the_asker_puts_the_place_right_until_somebody_took_it(nadia: User) -> None:
    ticket = ask()
    assert routing.reroute(ticket=ticket, postcode="1160", basin=None, by=None).routing == RoutingReason.ONLY
    handling.assign(ticket=ticket, to=nadia, by=nadia)

    with pytest.raises(StepRefused):
        routing.reroute(ticket=ticket, postcode="1020", basin=None, by=None)


# --- Among colleagues ----------------------------------------------------------------------------


def test_taking_a_ticket_opens_it_and_putting_it_back_frees_it(nadia: User) -> None:
    ticket = handling.assign(ticket=ask(), to=nadia, by=nadia)
    assert (ticket.state, ticket.assignee) == (TicketState.OPEN, nadia)

    ticket = handling.take_back(ticket=ticket, by=nadia)

    assert ticket.assignee is None
    assert history(ticket)[-1] == (EventKind.TAKEN_BACK, str(nadia.uuid), "")


def test_what_a_colleague_took_first_stays_theirs(alice: User, nadia: User) -> None:
    ticket = handling.assign(ticket=ask(), to=nadia, by=nadia)

    with pytest.raises(TakenMeanwhile) as refused:
        handling.assign(ticket=ticket, to=alice, by=alice)

    assert refused.value.by == nadia
    assert handling.assign(ticket=ticket, to=alice, by=alice, over=nadia).assignee == alice


def test_a_ticket_is_given_to_nobody_who_does_not_answer_there(nadia: User, bram: User) -> None:
    with pytest.raises(TicketInvalid):
        handling.assign(ticket=ask(), to=bram, by=nadia)


def test_a_note_is_for_colleagues_alone(nadia: User) -> None:
    ticket = ask()

    handling.note(ticket=ticket, body="À rappeler lundi.", by=nadia)

    assert ticket.messages.filter(kind=MessageKind.NOTE).count() == 1
    assert "rappeler" not in " ".join(queries.thread_for_asker(ticket).values_list("body", flat=True))
    with pytest.raises(TicketInvalid):
        handling.note(ticket=ticket, body=" ", by=nadia)


@pytest.mark.parametrize(
    "act",
    [
        lambda ticket, by: answering.answer(ticket=ticket, body="x", by=by),
        lambda ticket, by: answering.lease(ticket=ticket, by=by),
        lambda ticket, by: handling.note(ticket=ticket, body="x", by=by),
        lambda ticket, by: handling.assign(ticket=ticket, to=by, by=by),
        lambda ticket, by: handling.take_back(ticket=ticket, by=by),
        lambda ticket, by: handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=by),
        lambda ticket, by: handling.mask(ticket=ticket, kinds=identity.EVERY_KIND, by=by),
        lambda ticket, by: reading.note_read(ticket=ticket, by=by),
        lambda ticket, by: routing.reroute(ticket=ticket, postcode="1020", basin=None, by=by),
        lambda ticket, by: replying.reply(ticket=ticket, body="x", channel=Channel.PHONE, language="fr", by=by),
    ],
)
def test_another_helpdesk_does_nothing_to_a_ticket(bram: User, act: Any) -> None:
    ticket = ask()
    before = Ticket.objects.filter(pk=ticket.pk).values().get()

    with pytest.raises(NotYours):
        act(ticket, bram)

    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert ticket.messages.count() == 1


def test_a_call_noted_in_a_hurry_is_completed_and_its_new_address_gets_the_link(nadia: User) -> None:
    ticket = ask("Aide", channel=Channel.PHONE, name="", email="", phone="02 345 67 89", by=nadia, is_incomplete=True)
    data = Details(
        subject="Aide ménagère", kind="question", name="Nele", email="Nele@Example.org", phone="02 345 67 89"
    )

    ticket = handling.complete(ticket=ticket, data=data, by=nadia)

    assert (ticket.is_incomplete, ticket.subject, ticket.asker.email) == (False, "Aide ménagère", "nele@example.org")
    assert [letter.to for letter in letters()] == [["nele@example.org"]]


@pytest.mark.parametrize(
    ("told", "error", "field"),
    [
        ({"phone": NISS}, NationalNumberFound, "phone"),
        ({"function": NISS}, NationalNumberFound, "function"),
        ({"phone": "le soir"}, TicketInvalid, "phone"),
    ],
)
def test_completing_lets_no_national_number_in_by_the_contact(
    nadia: User, told: dict[str, str], error: type[Exception], field: str
) -> None:
    ticket = ask("Aide", channel=Channel.PHONE, name="Nele", email="", by=nadia, is_incomplete=True)

    with pytest.raises(error) as refused:
        handling.complete(ticket=ticket, data=Details(subject="Aide", kind="question", name="Nele", **told), by=nadia)

    assert refused.value.field == field
    assert Ticket.objects.get().is_incomplete


def test_what_came_by_mail_is_masked_on_staffs_word(nadia: User) -> None:
    body = "Madame, née le 12/03/1941, 0475 12 34 56. Rappelez-moi au 02 345 67 89."
    ticket = ask(body, channel=Channel.MAIL, confirmed=True, phone="02 345 67 89", subject="0475 12 34 56")

    places = handling.mask(ticket=ticket, kinds=[identity.Kind.PHONE], by=nadia)

    ticket.refresh_from_db()
    assert places == 2
    assert (ticket.subject, ticket.messages.get().body) == (
        "[•••]",
        "Madame, née le 12/03/1941, [•••]. Rappelez-moi au 02 345 67 89.",
    )
    assert ticket.events.filter(kind=EventKind.MASKED).count() == 1


def test_each_reading_is_a_row_and_reloading_is_none(nadia: User) -> None:
    ticket = ask()

    for minutes in (0, 1, 10):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes)):
            reading.note_read(ticket=ticket, by=nadia)

    assert list(ticket.reads.values_list("reader", flat=True)) == [nadia.pk, nadia.pk]


# --- Closing -------------------------------------------------------------------------------------


def test_no_answer_becomes_a_need_of_the_basin_and_the_asker_is_told(nadia: User) -> None:
    ticket = ask()

    ticket = handling.close(
        ticket=ticket, outcome=Outcome.NO_ANSWER, by=nadia, need_title="Psychologue à domicile en arabe"
    )

    need = Need.objects.get()
    assert (ticket.need, need.title_fr, need.basin) == (need, "Psychologue à domicile en arabe", ticket.basin)
    assert need.mentions.get().words == ""
    assert "We noteerden het als een behoefte" in letters()[-1].body


def test_no_answer_without_a_title_is_refused(nadia: User) -> None:
    with pytest.raises(TicketInvalid) as refused:
        handling.close(ticket=ask(), outcome=Outcome.NO_ANSWER, by=nadia)

    assert refused.value.field == "need_title"
    assert Ticket.objects.get().state == TicketState.NEW


def test_closing_what_is_answered_writes_nothing_but_with_words_it_does(nadia: User) -> None:
    for words, number in (("", 2), ("Bonne suite.", 3)):
        ticket = ask(email=f"{number}@example.org")
        answering.answer(ticket=ticket, body="Voilà.", by=nadia)
        handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=nadia, words=words)
        assert OutboxMessage.objects.filter(to=f"{number}@example.org").count() == number


@pytest.mark.parametrize("outcome", [Outcome.MERGED, "gossip"])
def test_a_ticket_ends_with_an_outcome_of_the_list(nadia: User, outcome: Any) -> None:
    with pytest.raises(TicketInvalid):
        handling.close(ticket=ask(), outcome=outcome, by=nadia)


# --- Merging -------------------------------------------------------------------------------------


def test_merging_makes_one_thread_to_which_link_and_mails_lead(nadia: User) -> None:
    first, second = ask("Première question"), ask("La même, encore")
    first_id = SentLetter.objects.get(ticket=first).message_id

    merging.merge(ticket=first, into=second, by=nadia)

    first.refresh_from_db()
    assert (first.state, first.outcome, first.merged_into) == (TicketState.CLOSED, Outcome.MERGED, second)
    assert sorted(second.messages.values_list("body", flat=True)) == ["La même, encore", "Première question"]
    assert queries.where_it_went(first) == second
    assert queries.ticket_of_mails([first_id]) == second
    said = replying.reply(ticket=first, body="Encore un mot.", channel=Channel.WEB, language="fr")
    assert said.ticket == second
    assert queries.participants_of(second) == {"nele@example.org"}


def test_what_two_people_asked_is_not_merged(nadia: User) -> None:
    first, second = ask(), ask(email="other@example.org")

    with pytest.raises(TicketInvalid):
        merging.merge(ticket=first, into=second, by=nadia)
    with pytest.raises(TicketInvalid):
        merging.merge(ticket=first, into=first, by=nadia)

    assert first.messages.count() == 1


def test_a_ticket_of_another_helpdesk_is_not_merged_in(nadia: User) -> None:
    with pytest.raises(NotYours):
        merging.merge(ticket=ask(postcode="1020"), into=ask(), by=nadia)


def test_what_is_merged_is_not_merged_again(nadia: User) -> None:
    first, second, third = ask("Un"), ask("Deux"), ask("Trois")
    merging.merge(ticket=first, into=second, by=nadia)

    with pytest.raises(StepRefused):
        merging.merge(ticket=first, into=third, by=nadia)
    merging.merge(ticket=second, into=third, by=nadia)

    first.refresh_from_db()
    assert first.merged_into == third
