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
from helpdesk import queries
from helpdesk.enums import Channel, EventKind, MessageKind, Outcome, RoutingReason, TicketState
from helpdesk.errors import (
    StepRefused,
    TakenMeanwhile,
    TicketInvalid,
)
from helpdesk.models import SentLetter, Ticket
from helpdesk.rules import answering, handling, identity, merging, reading, replying, routing
from helpdesk.rules.handling import Details
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
    nadia: User, told: dict[str, Any], error: type[Exception], field: str
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
