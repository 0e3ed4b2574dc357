"""Experts for the desk: the pool, a ticket's block, bringing one in; another helpline; the kinds of request."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from directory.rules import indexing
from helpdesk.enums import EventKind, Outcome, TicketKind, TicketState
from helpdesk.errors import ExpertKnown, TicketInvalid
from helpdesk.expert_enums import CallState, ExpertState
from helpdesk.models import AnswerRecord, Expert, Ticket
from helpdesk.rules import answering, experts, pool, referring
from tests.basins.people_tools import staff_session
from tests.directory.factories import OrganizationFactory, service
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.expert_tools import QUESTION, bring_in, data, expert
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)
FIELDS = {
    "name": "Wim",
    "email": "wim@example.org",
    "language": "nl",
    "languages": ["nl"],
    "domains": ["palliative"],
    "at_once": 2,
    "per_month": 4,
    "agreed_on": "2026-05-12",
}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at the helpdesk of Sud-Est."""
    return staff_session(client, alice)


@pytest.fixture
def ticket() -> Ticket:
    theme = TaxonomyTerm.objects.get(taxonomy__code="themes", code="palliative-care")
    return ask(theme=theme)


# --- The pool ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("fr", "Dernière question"), ("nl", "Laatste vraag")])
def test_the_pool_in_both_languages(desk: Client, language: str, words: str) -> None:
    expert()

    assert words in desk.get(page("staff_experts", language)).text


def test_the_pool_says_load_and_last_question_and_who_waits_stands_first(
    desk: Client, alice: User, ticket: Ticket
) -> None:
    bring_in(ticket, expert(name="Ann"), alice)
    expert(name="Zoé", state="waiting")
    expert(name="Inconnu", state="offered")

    shown = desk.get(page("staff_experts")).context["rows"]

    assert [(row["expert"].name, row["waits"]) for row in shown] == [("Zoé", True), ("Ann", False)]
    assert (shown[1]["load"], shown[1]["in_month"], shown[1]["last_call"]) == ("en cours\u00a0: 1 sur 2", 1, NOW)


def test_by_domain(desk: Client) -> None:
    expert(name="Ann")
    expert(name="Rik", domains=["rights", "housing"])

    rows = desk.get(page("staff_experts"), {"domain": "rights"}).context["rows"]
    assert [row["expert"].name for row in rows] == ["Rik"]
    assert len(desk.get(page("staff_experts"), {"domain": "astrology"}).context["rows"]) == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_pool_costs_the_same_however_large(
    desk: Client, alice: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(number):
        bring_in(ask(email=f"a{n}@example.org"), expert(basin("sud-est")), alice)
    desk.get(page("staff_experts"))

    with django_assert_num_queries(7):
        desk.get(page("staff_experts"))


def test_who_answers_at_no_helpdesk_sees_no_pool(client: Client) -> None:
    user = UserFactory()
    grant(user, Role.TEAM_MEMBER, "sud-est")

    assert staff_session(client, user).get(page("staff_experts")).status_code in {403, 404}


def test_somebody_who_agreed_by_word_of_mouth_is_added_and_told(desk: Client, alice: User) -> None:
    desk.post(page("staff_expert_add"), FIELDS)

    row = Expert.objects.get()
    assert (row.state, row.admitted_by, row.home) == (ExpertState.ACTIVE, alice, basin("sud-est"))
    assert row.consented_at is not None
    assert row.consented_at.date() == dt.date(2026, 5, 12)
    assert [message.to for message in letters()] == [["wim@example.org"]]


@pytest.mark.parametrize("agreed_on", ["", "2026-05-14", "hier"])
def test_without_a_day_of_consent_nobody_is_added(desk: Client, agreed_on: str) -> None:
    answer = desk.post(page("staff_expert_add"), {**FIELDS, "agreed_on": agreed_on})

    assert (answer.status_code, Expert.objects.count()) == (422, 0)
    assert "Wim" in answer.text


def test_an_address_stands_once_in_the_pool(alice: User) -> None:
    expert(email="wim@example.org")

    with pytest.raises(ExpertKnown):
        pool.add(data=data(), home=basin(), agreed_on=NOW.date(), by=alice)


def test_an_organisation_of_the_directory_is_recognised_by_its_name(alice: User) -> None:
    known = OrganizationFactory(name_fr="Équipe Oméga", name_nl="Omega")

    row = pool.add(data=data(organisation="équipe oméga"), home=basin(), agreed_on=NOW.date(), by=alice)

    assert row.organization == known.uuid


def test_a_volunteer_is_admitted_or_refused_with_a_word(desk: Client) -> None:
    yes, no = expert(state="waiting", admitted_at=None), expert(state="waiting", admitted_at=None)

    desk.post(page("staff_expert_admit", expert=yes.uuid))
    desk.post(page("staff_expert_refuse", expert=no.uuid), {"words": "Revenez dans un an"})

    assert list(Expert.objects.values_list("pk", "state")) == [(yes.pk, ExpertState.ACTIVE)]
    sent = {message.to[0]: message.body for message in letters()}
    assert "Revenez dans un an" in sent[no.email]
    assert "uw" in sent[yes.email]


def test_the_desk_changes_pauses_and_takes_out(desk: Client) -> None:
    wim = expert()

    assert desk.get(page("staff_expert", expert=wim.uuid)).status_code == 200
    desk.post(page("staff_expert", expert=wim.uuid), {**FIELDS, "name": "Wim P."})
    desk.post(page("staff_expert_away", expert=wim.uuid), {"until": "2026-06-01"})
    wim.refresh_from_db()
    assert (wim.name, wim.away_until) == ("Wim P.", dt.date(2026, 6, 1))
    assert desk.post(page("staff_expert_away", expert=wim.uuid), {"until": "2020-01-01"}).status_code == 422
    desk.post(page("staff_expert_leave", expert=wim.uuid))
    assert Expert.objects.count() == 0


# --- In a ticket ---------------------------------------------------------------------------------


def test_the_ticket_proposes_who_knows_its_theme(desk: Client, ticket: Ticket) -> None:
    expert(name="Wim Peeters")
    expert(name="Plein Temps", away_until=dt.date(2026, 6, 1))

    shown = desk.get(page("staff_ticket", code=ticket.code)).text

    assert "Wim Peeters" in shown
    assert "Plein Temps" not in shown


@pytest.mark.parametrize(("language", "words"), [("fr", "Faire appel à un expert"), ("nl", "Een expert inschakelen")])
def test_bringing_one_in_shows_who_and_why_in_both_languages(
    desk: Client, ticket: Ticket, language: str, words: str
) -> None:
    expert(name="Wim Peeters")

    shown = desk.get(page("staff_bring_in", language, code=ticket.code)).text

    assert words in shown
    assert "Wim Peeters" in shown


def test_an_expert_is_asked_from_the_page(desk: Client, ticket: Ticket) -> None:
    wim = expert()
    sent = {"domain": "palliative", "expert": str(wim.uuid), "question": QUESTION, "working_days": "5"}

    desk.post(page("staff_bring_in", code=ticket.code), sent)

    call = ticket.expert_calls.get()
    assert (call.expert, call.question, call.working_days) == (wim, QUESTION, 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"question": ""},
        {"question": "Nele demande : que faire ?"},
        {"question": "Pour 85.07.30-033.28"},
        {"question": "Le fils : 0475 12 34 56"},
        {"expert": ""},
        {"expert": "00000000-0000-0000-0000-000000000001"},
        {"working_days": "99"},
        {"domain": "astrology", "expert": "00000000-0000-0000-0000-000000000001"},
    ],
)
def test_what_is_wrong_is_said_and_the_question_is_not_lost(
    desk: Client, ticket: Ticket, changes: dict[str, str]
) -> None:
    sent = {"domain": "palliative", "expert": str(expert().uuid), "question": QUESTION, "working_days": "3", **changes}

    answer = desk.post(page("staff_bring_in", code=ticket.code), sent)

    assert answer.status_code == 422
    assert ticket.expert_calls.count() == 0
    assert answer.context["form"]["question"].value() == sent["question"]


def test_who_became_full_meanwhile_is_not_asked(desk: Client, ticket: Ticket, alice: User) -> None:
    wim = expert(at_once=1)
    bring_in(ask(email="b@example.org"), wim, alice)

    answer = desk.post(
        page("staff_bring_in", code=ticket.code),
        {"domain": "palliative", "expert": str(wim.uuid), "question": QUESTION, "working_days": "3"},
    )

    assert answer.status_code == 422
    assert ticket.expert_calls.count() == 0


def test_taken_back_and_thanked_from_the_ticket(desk: Client, ticket: Ticket, alice: User) -> None:
    one, two = bring_in(ticket, expert(), alice), bring_in(ticket, expert(name="Ann"), alice)
    experts.expert_replies(call=two, body="Oui.")

    desk.post(page("staff_call_withdraw", code=ticket.code, call=one.uuid), {"word": "Réglé"})
    desk.post(page("staff_call_thank", code=ticket.code, call=two.uuid), {"words": "Merci !"})

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.thanked_at) == (CallState.WITHDRAWN, NOW)
    assert "Ann" in desk.get(page("staff_ticket", code=ticket.code)).text


def test_a_question_of_another_ticket_is_not_there(desk: Client, ticket: Ticket, alice: User) -> None:
    call = bring_in(ask(email="b@example.org"), expert(), alice)

    assert desk.get(page("staff_call_withdraw", code=ticket.code, call=call.uuid)).status_code == 404


@pytest.mark.parametrize("model", ["expert", "expertcall"])
def test_the_back_office_shows_ones_own_helpdesks_alone(
    client: Client, alice: User, bram: User, ticket: Ticket, model: str
) -> None:
    bring_in(ticket, expert(name="Wim Peeters"), alice)

    here = staff_session(client, alice).get(f"/fr/admin/helpdesk/{model}/").content.decode()
    there = staff_session(Client(), bram).get(f"/fr/admin/helpdesk/{model}/").content.decode()

    assert "Wim Peeters" in here
    assert "Wim Peeters" not in there


# --- Another helpline ----------------------------------------------------------------------------


def test_passed_on_who_asked_gets_the_record_frozen_and_the_ticket_says_so(ticket: Ticket, alice: User) -> None:
    line = service(kind="phone_line", name_fr="Cancerinfo", name_nl="Kankerinfo", url="https://kankerinfo.be")

    referring.refer(ticket=ticket, record=line.uuid, words="", by=alice)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == (TicketState.CLOSED, Outcome.REFERRED)
    assert ticket.events.get(kind=EventKind.REFERRED).note == "Kankerinfo"
    assert AnswerRecord.objects.get().snapshot["url"] == "https://kankerinfo.be"
    [letter] = [each for each in letters() if "Kankerinfo" in each.body]
    assert letter.to == ["nele@example.org"]
    assert "https://kankerinfo.be" in letter.body


def test_a_record_that_is_no_helpline_is_refused(ticket: Ticket, alice: User) -> None:
    with pytest.raises(TicketInvalid):
        referring.refer(ticket=ticket, record=service().uuid, words="", by=alice)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.NEW


def test_from_the_page_a_line_is_found_and_chosen(desk: Client, ticket: Ticket) -> None:
    line = service(kind="phone_line", name_fr="Cancerinfo", name_nl="Kankerinfo")
    service(name_fr="Autre chose")
    indexing.catch_up()

    shown = desk.get(page("staff_refer", code=ticket.code))
    assert [card.service for card in shown.context["found"]] == [line]
    kept = desk.post(page("staff_refer", code=ticket.code), {"look": "1", "q": "xyz", "words": "Demandez Ann"})
    assert "Demandez Ann" in kept.text
    assert kept.context["found"] == []
    desk.post(page("staff_refer", code=ticket.code), {"send": "1", "record": str(line.uuid), "words": "Demandez Ann"})

    ticket.refresh_from_db()
    assert ticket.outcome == Outcome.REFERRED


def test_without_a_line_nothing_is_sent_and_the_words_stay(desk: Client, ticket: Ticket) -> None:
    service(kind="phone_line")

    answer = desk.post(page("staff_refer", code=ticket.code), {"send": "1", "record": "", "words": "Demandez Ann"})

    assert answer.status_code == 422
    assert "Demandez Ann" in answer.text


def test_a_colleagues_answer_meanwhile_is_read_first(desk: Client, ticket: Ticket) -> None:
    line = service(kind="phone_line")
    seen = ticket.messages.get().uuid
    ilse = UserFactory(name="Ilse")
    grant(ilse, Role.HELPDESK_AGENT, "sud-est")
    answering.answer(ticket=ticket, body="Un service existe.", by=ilse)

    answer = desk.post(
        page("staff_refer", code=ticket.code), {"send": "1", "record": str(line.uuid), "words": "", "seen": str(seen)}
    )

    assert answer.status_code == 422
    assert "Ilse" in answer.text


# --- Kinds of request ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TicketKind.QUESTION, "zoekt met u naar een antwoord"),
        (TicketKind.COORDINATOR, "coördinator van buitenaf"),
        (TicketKind.MEDIATION, "vraag naar bemiddeling"),
        (TicketKind.ETHICS, "ethische vraag"),
        (TicketKind.BLOCKED, "vastgelopen situatie"),
    ],
)
def test_each_kind_of_request_is_acknowledged_in_its_own_words(kind: str, words: str) -> None:
    ask(kind=kind)

    [letter] = letters()
    assert words in letter.body


def test_the_inbox_is_narrowed_to_a_kind(desk: Client) -> None:
    ask(kind=TicketKind.ETHICS)
    ask("Autre chose, pour une autre personne.", email="b@example.org")

    shown = desk.get(page("staff_inbox"), {"kind": "ethics"})

    assert [row["ticket"].kind for row in shown.context["rows"]] == [TicketKind.ETHICS]
    assert '<option value="ethics" selected>' in shown.text
