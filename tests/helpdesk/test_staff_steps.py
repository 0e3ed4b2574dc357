"""The steps from a ticket's page: complete, hand over, put the place right, close, merge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from basins.models import Need, User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from helpdesk.enums import EventKind, Outcome, RoutingReason, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import handling, routing
from helpdesk.rules.handling import Details
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import TicketFactory
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)


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
    return ask()


def colleague(code: str = "sud-est") -> User:
    user = UserFactory(name="Ilse")
    grant(user, Role.HELPDESK_AGENT, code)
    return user


def term(taxonomy: str) -> TaxonomyTerm:
    found = TaxonomyTerm.objects.filter(taxonomy__code=taxonomy, is_active=True).first()
    assert found is not None
    return found


def test_a_call_is_completed(desk: Client, ticket: Ticket) -> None:
    theme, audience = term("themes"), term("audiences")
    sent = {
        "subject": "Répit à domicile",
        "kind": "coordinator",
        "theme": theme.code,
        "audience": audience.code,
        "name": "Nele",
        "email": "nele@example.org",
        "profession": "social_worker",
        "language": "fr",
    }

    response = desk.post(page("staff_complete", code=ticket.code), sent)

    ticket = Ticket.objects.select_related("asker").get(pk=ticket.pk)
    assert response.status_code == 302
    assert (ticket.subject, ticket.kind, ticket.theme, ticket.audience) == (
        *("Répit à domicile", "coordinator", theme, audience),
    )
    assert (ticket.asker.profession, ticket.asker.language, ticket.is_incomplete) == ("social_worker", "fr", False)


def test_the_form_to_complete_shows_what_is_known(desk: Client, ticket: Ticket) -> None:
    form = desk.get(page("staff_complete", code=ticket.code)).context["form"]

    assert (form["subject"].value(), form["email"].value()) == (ticket.subject, "nele@example.org")


def test_a_ticket_is_handed_over_with_a_word(desk: Client, ticket: Ticket) -> None:
    response = desk.post(
        page("staff_hand_over", code=ticket.code), {"basin": "nord", "note": "Elle vit à Jette."}, follow=True
    )

    ticket.refresh_from_db()
    assert (ticket.basin.code, ticket.routing) == ("nord", RoutingReason.HANDED_OVER)
    assert response.redirect_chain[-1][0] == page("staff_inbox")
    assert ticket.events.get(kind=EventKind.HANDED_OVER).note == "Elle vit à Jette."


def test_to_its_own_basin_a_ticket_is_not_handed_over(desk: Client, ticket: Ticket) -> None:
    offered = desk.get(page("staff_hand_over", code=ticket.code)).context["form"].fields["basin"].queryset
    assert {each.code for each in offered} == {"nord", "nord-est", "centre-ouest", "sud"}

    response = desk.post(page("staff_hand_over", code=ticket.code), {"basin": "sud-est"})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["basin"])


def test_the_history_names_basins_and_people(client: Client, ticket: Ticket, alice: User) -> None:
    handling.assign(ticket=ticket, to=alice, by=alice)
    routing.hand_over(ticket=ticket, basin=basin("nord"), note="Jette", by=alice)
    there = staff_session(client, colleague("nord"))

    history = there.get(page("staff_ticket", basin="nord", code=ticket.code)).context["history"]

    words = [words for _event, words in history]
    assert "Sud-Est → Nord" in words
    assert "Alice" in words


def test_the_place_is_put_right(desk: Client, ticket: Ticket) -> None:
    response = desk.post(page("staff_reroute", code=ticket.code), {"postcode": "1030", "basin": ""})

    ticket.refresh_from_db()
    assert response.headers["Location"] == page("staff_inbox")
    assert (ticket.basin.code, ticket.postcode, ticket.routing) == ("nord-est", "1030", RoutingReason.CORRECTED)


def test_a_place_that_does_not_exist_is_refused(desk: Client, ticket: Ticket) -> None:
    response = desk.post(page("staff_reroute", code=ticket.code), {"postcode": "9000", "basin": ""})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["postcode"])


def test_where_no_answer_exists_a_need_is_noted(desk: Client, ticket: Ticket) -> None:
    sent = {"outcome": Outcome.NO_ANSWER, "need_title": "Psychologue à domicile en néerlandais", "words": ""}

    desk.post(page("staff_close", code=ticket.code), sent)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == (TicketState.CLOSED, Outcome.NO_ANSWER)
    assert ticket.need == Need.objects.get(title_fr="Psychologue à domicile en néerlandais")
    assert ticket.need.mentions.get().source_label == ticket.code


def test_a_need_needs_its_title(desk: Client, ticket: Ticket) -> None:
    response = desk.post(page("staff_close", code=ticket.code), {"outcome": Outcome.NO_ANSWER, "need_title": " "})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["need_title"])
    assert not Need.objects.filter(mentions__source="helpdesk").exists()


def test_another_outcome_makes_no_need(desk: Client, ticket: Ticket) -> None:
    desk.post(page("staff_close", code=ticket.code), {"outcome": Outcome.WITHDRAWN, "need_title": "Left over"})

    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.need) == (Outcome.WITHDRAWN, None)


def test_how_it_ended_has_to_be_said(desk: Client, ticket: Ticket) -> None:
    response = desk.post(page("staff_close", code=ticket.code), {})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["outcome"])


def test_two_tickets_of_one_person_become_one(desk: Client, ticket: Ticket) -> None:
    again = ask("Et pour un repas chaud ?")

    response = desk.post(page("staff_merge", code=again.code), {"into": f" {ticket.code.lower()} "})

    again.refresh_from_db()
    assert response.headers["Location"] == page("staff_ticket", code=ticket.code)
    assert (again.merged_into, ticket.messages.count()) == (ticket, 2)


@pytest.mark.parametrize("code", ["nothing", "other"])
def test_a_ticket_that_is_not_there_takes_nothing_in(desk: Client, ticket: Ticket, code: str) -> None:
    theirs = TicketFactory(basin=basin("nord"), code="OTHER234")

    response = desk.post(page("staff_merge", code=ticket.code), {"into": theirs.code if code == "other" else code})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["into"])


def test_the_words_of_who_asked_are_no_title_of_a_need(desk: Client, ticket: Ticket, alice: User) -> None:
    ticket.language = alice.language
    ticket.save()
    link = page("staff_close", code=ticket.code)

    assert desk.get(link).context["form"]["need_title"].value() == ""
    handling.complete(
        ticket=ticket, data=Details(subject="Psychologue à domicile", kind="question", name="Nele"), by=alice
    )
    assert desk.get(link).context["form"]["need_title"].value() == "Psychologue à domicile"


def test_what_the_same_person_asked_is_offered_to_merge_into(desk: Client, ticket: Ticket) -> None:
    again = ask("Et pour un repas chaud ?")
    ask("Une autre personne", email="autre@example.org")
    link = page("staff_merge", code=again.code)

    assert desk.get(link).context["form"].fields["same"].choices == [(ticket.code, f"{ticket.code} · {ticket.subject}")]
    desk.post(link, {"same": ticket.code, "into": ""})

    again.refresh_from_db()
    assert again.merged_into == ticket


def test_merging_into_nothing_is_refused(desk: Client, ticket: Ticket) -> None:
    response = desk.post(page("staff_merge", code=ticket.code), {"into": " "})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["into"])
