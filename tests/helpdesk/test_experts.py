"""Experts in a ticket: asked within their limits, reminded once, heard, thanked; they read that ticket only."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from core.spoken import BRUSSELS
from helpdesk import expert_queries
from helpdesk.enums import EventKind, Outcome, TicketState
from helpdesk.errors import ExpertNotFree, PersonNamed, StepRefused, TicketClosed, TicketInvalid
from helpdesk.expert_enums import CallState, ExpertDomain
from helpdesk.models import SentLetter, Ticket
from helpdesk.rules import experts, handling
from tests.factories import basin
from tests.helpdesk.expert_tools import QUESTION, bring_in, expert
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)  # a Wednesday; the next day is a public holiday
NISS = "85.07.30-033.28"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket() -> Ticket:
    return ask()


def sent_to(address: str) -> list[Any]:
    return [message for message in letters() if message.to == [address]]


# --- Asking --------------------------------------------------------------------------------------


def test_an_expert_is_asked_by_mail_with_the_question_alone(ticket: Ticket, alice: User) -> None:
    wim = expert()

    bring_in(ticket, wim, alice)

    [letter] = sent_to(wim.email)
    assert letter.subject == f"[{ticket.code}] Een vraag voor u: Palliatieve zorg en levenseinde"
    assert QUESTION in letter.body
    assert "couple âgé" not in letter.body
    assert letter.extra_headers["Reply-To"] == "info@zorgzone-zuid-oost.brussels"
    assert SentLetter.objects.filter(ticket=ticket, kind="helpdesk.expert_asked").count() == 1


def test_three_working_days_skip_the_holiday_and_the_weekend(ticket: Ticket, alice: User) -> None:
    call = bring_in(ticket, expert(), alice)

    assert call.due_at == dt.datetime(2026, 5, 19, 11, 0, tzinfo=BRUSSELS)


def test_who_asks_an_expert_has_the_ticket_in_hand(ticket: Ticket, alice: User) -> None:
    bring_in(ticket, expert(), alice)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (alice, TicketState.OPEN)
    assert list(ticket.events.filter(kind=EventKind.EXPERT).values_list("before", "after")) == [("", "asked")]


def test_the_same_question_pressed_twice_is_one(ticket: Ticket, alice: User) -> None:
    wim = expert()

    assert bring_in(ticket, wim, alice) == bring_in(ticket, wim, alice)
    assert len(sent_to(wim.email)) == 1


def test_another_question_to_who_is_asked_already_is_refused(ticket: Ticket, alice: User) -> None:
    wim = expert()
    bring_in(ticket, wim, alice)

    with pytest.raises(StepRefused):
        bring_in(ticket, wim, alice, question="Et la famille ?")


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ("", TicketInvalid),
        ("x" * 2001, TicketInvalid),
        (f"Pour {NISS} ?", NationalNumberFound),
        ("Rappelez le 0475 12 34 56 svp", PersonNamed),
        ("Née le 12/03/1941, que faire ?", PersonNamed),
        ("Nele demande si on peut arrêter.", TicketInvalid),
        ("Écrivez à nele@example.org", TicketInvalid),
    ],
)
def test_the_question_tells_neither_who_asks_nor_who_it_is(
    ticket: Ticket, alice: User, question: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bring_in(ticket, expert(), alice, question=question)
    assert ticket.expert_calls.count() == 0


def test_a_number_that_belongs_to_a_service_passes_on_the_colleagues_word(ticket: Ticket, alice: User) -> None:
    words = "Le service du 02 345 67 89 peut-il venir la nuit ?"

    assert bring_in(ticket, expert(), alice, question=words, confirmed=True).question == words


def test_another_basins_desk_asks_nobody(ticket: Ticket, bram: User) -> None:
    with pytest.raises(NotYours):
        bring_in(ticket, expert(), bram)


def test_a_closed_ticket_asks_nobody(ticket: Ticket, alice: User) -> None:
    handling.close(ticket=ticket, outcome=Outcome.WITHDRAWN, by=alice)

    with pytest.raises(TicketClosed):
        bring_in(ticket, expert(), alice)


def test_a_domain_they_did_not_offer_is_refused(ticket: Ticket, alice: User) -> None:
    with pytest.raises(TicketInvalid):
        bring_in(ticket, expert(), alice, domain=ExpertDomain.RIGHTS)


def test_nobody_is_asked_about_their_own_question(ticket: Ticket, alice: User) -> None:
    with pytest.raises(TicketInvalid):
        bring_in(ticket, expert(email="nele@example.org"), alice)


# --- Never overloaded ----------------------------------------------------------------------------


def test_as_many_at_once_as_agreed_and_no_more(alice: User) -> None:
    wim = expert(at_once=1)
    first = bring_in(ask(), wim, alice)

    with pytest.raises(ExpertNotFree):
        bring_in(ask(email="b@example.org"), wim, alice)
    experts.expert_replies(call=first, body="Oui.")
    bring_in(ask(email="c@example.org"), wim, alice)


def test_as_many_in_thirty_days_as_agreed_and_no_more(alice: User, clock: Any) -> None:
    wim = expert(per_month=1)
    experts.expert_replies(call=bring_in(ask(), wim, alice), body="Oui.")
    clock.move_to(NOW + dt.timedelta(days=29))

    with pytest.raises(ExpertNotFree):
        bring_in(ask(email="b@example.org"), wim, alice)
    clock.move_to(NOW + dt.timedelta(days=30))
    bring_in(ask(email="c@example.org"), wim, alice)


def test_a_question_taken_back_does_not_count(alice: User) -> None:
    wim = expert(per_month=1)
    experts.withdraw(call=bring_in(ask(), wim, alice), by=alice)

    assert bring_in(ask(email="b@example.org"), wim, alice).state == CallState.ASKED


@pytest.mark.parametrize(("until", "asked"), [(dt.date(2026, 5, 12), True), (dt.date(2026, 5, 13), False)])
def test_who_is_away_is_not_asked_on_the_last_day_either(alice: User, until: dt.date, asked: bool) -> None:
    wim = expert(away_until=until)

    if asked:
        assert bring_in(ask(), wim, alice).is_open
    else:
        with pytest.raises(ExpertNotFree):
            bring_in(ask(), wim, alice)


@pytest.mark.parametrize("state", ["offered", "waiting", "left"])
def test_who_is_not_in_the_pool_is_not_asked(ticket: Ticket, alice: User, state: str) -> None:
    with pytest.raises(ExpertNotFree):
        bring_in(ticket, expert(state=state), alice)


# --- Proposals -----------------------------------------------------------------------------------


def names(ticket: Ticket) -> list[tuple[str, str]]:
    return [(each.expert.name, each.why_not) for each in expert_queries.proposals(ticket, ExpertDomain.PALLIATIVE)]


def test_who_fits_best_is_proposed_first(ticket: Ticket) -> None:
    expert(name="Autre langue", languages=["fr"])
    expert(basin("nord"), name="Autre bassin")
    expert(name="Autre heure", reachable=["fri_pm"])
    expert(basin("sud-est"), name="Tout")
    expert(name="Autre domaine", domains=["rights"])

    assert [name for name, _why in names(ticket)] == ["Tout", "Autre bassin", "Autre heure", "Autre langue"]


def test_each_proposal_says_why(ticket: Ticket) -> None:
    expert(basin("sud-est"), reachable=["wed_am"])

    [found] = expert_queries.proposals(ticket, ExpertDomain.PALLIATIVE)
    assert found.reasons == ["parle néerlandais", "connaît Sud-Est", "joignable maintenant", "en cours\u00a0: 0 sur 2"]


def test_who_is_full_or_away_stands_at_the_end_with_the_reason(alice: User) -> None:
    full = expert(name="Plein", at_once=1)
    expert(name="Absent", away_until=dt.date(2026, 5, 20))
    expert(name="Libre", languages=["de"])
    bring_in(ask(email="b@example.org"), full, alice)

    found = names(ask())

    assert [(name, bool(why)) for name, why in found] == [("Libre", False), ("Absent", True), ("Plein", True)]


def test_who_was_asked_about_it_or_asks_it_is_not_proposed(ticket: Ticket, alice: User) -> None:
    experts.decline(call=bring_in(ticket, expert(), alice))
    expert(email="nele@example.org")

    assert names(ticket) == []


@pytest.mark.parametrize("number", [1, 3])
def test_proposals_cost_the_same_however_many(ticket: Ticket, number: int, django_assert_num_queries: Any) -> None:
    for _n in range(number):
        expert(basin("sud-est"))

    with django_assert_num_queries(2):
        assert len(names(ticket)) == number
