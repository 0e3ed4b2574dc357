"""Writing an answer on the desk: nothing typed is lost, records are searched and chosen, two answers never cross."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import Service, TaxonomyTerm
from directory.search.board import forget_board
from directory.search.finder import forget_answers
from helpdesk.enums import Channel, MessageKind, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import answering
from tests.basins.people_tools import staff_session
from tests.directory.search_tools import write
from tests.factories import UserFactory, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import SnippetFactory
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    forget_answers()
    forget_board()


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


@pytest.fixture
def ilse() -> User:
    user = UserFactory(name="Ilse")
    grant(user, Role.HELPDESK_AGENT, "sud-est")
    return user


@pytest.fixture
def ticket() -> Ticket:
    return ask("Soutien psychologique à domicile pour un couple")


def service(name: str = "Psychologue à domicile", **values: Any) -> Service:
    return write(name, f"{name} (nl)", areas=["region"], **values)


def url(ticket: Ticket, language: str = "fr") -> str:
    return page("staff_answer", language, code=ticket.code)


def press(desk: Client, ticket: Ticket, button: str, **fields: Any) -> Any:
    seen = ticket.messages.order_by("-pk").values_list("uuid", flat=True).first()
    return desk.post(url(ticket), {"press": button, "seen": str(seen), **fields})


def names(response: Any, part: str = "found") -> list[str]:
    return [card.service.name_fr for card in response.context[part]]


@pytest.mark.parametrize(("language", "words"), [("fr", "Envoyer la réponse"), ("nl", "Het antwoord versturen")])
def test_the_page_in_both_languages(desk: Client, ticket: Ticket, language: str, words: str) -> None:
    assert words in desk.get(url(ticket, language)).content.decode()


def test_records_are_proposed_from_the_question(desk: Client, ticket: Ticket) -> None:
    service()
    service("Cours de natation")

    response = desk.get(url(ticket))

    assert names(response) == ["Psychologue à domicile"]
    assert response.context["why"][-1] == "sert 1040 d’abord"


def test_theme_and_audience_of_the_ticket_narrow_what_is_proposed(desk: Client) -> None:
    theme = TaxonomyTerm.objects.filter(taxonomy__code="themes", is_active=True)[0]
    service("Avec le thème", terms=[f"themes:{theme.code}"])
    service("Sans le thème")

    assert names(desk.get(url(ask("Qui connaît une solution ?", theme=theme)))) == ["Avec le thème"]


def test_words_are_searched_and_what_is_written_stays(desk: Client, ticket: Ticket) -> None:
    service("Cours de natation")

    response = press(desk, ticket, "find", body="Bonjour Nele,", q="natation")

    assert names(response) == ["Cours de natation"]
    assert response.context["draft"].body == "Bonjour Nele,"


def test_nothing_found_is_said(desk: Client, ticket: Ticket) -> None:
    response = press(desk, ticket, "find", q="xylophone")

    assert "Rien trouvé" in response.content.decode()


def test_records_are_put_in_and_taken_out(desk: Client, ticket: Ticket) -> None:
    one, two = service("Un"), service("Deux")

    added = press(desk, ticket, f"add:{two.uuid}", records=[str(one.uuid)])
    dropped = press(desk, ticket, f"drop:{one.uuid}", records=[str(one.uuid), str(two.uuid)])

    assert names(added, "chosen") == ["Un", "Deux"]
    assert names(dropped, "chosen") == ["Deux"]


@pytest.mark.parametrize("value", ["add:nonsense", "add:", "drop:x", "snippet", "nothing", ""])
def test_a_button_nobody_knows_changes_nothing(desk: Client, ticket: Ticket, value: str) -> None:
    response = press(desk, ticket, value, body="Mots", snippet="nonsense")

    assert (response.status_code, response.context["draft"].body) == (200, "Mots")


def test_a_sentence_to_reuse_comes_in_the_language_of_who_asked(desk: Client, ticket: Ticket) -> None:
    snippet = SnippetFactory()

    response = press(desk, ticket, "snippet", body="Dag Nele,", snippet=str(snippet.uuid))

    assert response.context["draft"].body == "Dag Nele,\n\nDe dienst belt u terug."


def test_the_answer_goes_out_with_its_records(desk: Client, ticket: Ticket, alice: User) -> None:
    made = service()

    response = press(desk, ticket, "send", body="Voyez ceci.", records=[str(made.uuid)])

    ticket.refresh_from_db()
    said = ticket.messages.get(kind=MessageKind.ANSWER)
    assert response.headers["Location"] == page("staff_ticket", code=ticket.code)
    assert (ticket.state, ticket.assignee, said.records.get().record) == (TicketState.ANSWERED, alice, made.uuid)
    shown = desk.get(page("staff_ticket", code=ticket.code)).context["thread"][-1]
    assert shown.copies[0].name == "Psychologue à domicile (nl)"  # as Nele reads it


def test_a_question_back_stops_the_clock(desk: Client, ticket: Ticket) -> None:
    press(desk, ticket, "ask", body="Dans quelle langue ?")

    ticket.refresh_from_db()
    assert (ticket.state, ticket.due_at) == (TicketState.WAITING, None)


def test_what_is_told_on_the_phone_is_kept_as_such(desk: Client, ticket: Ticket) -> None:
    press(desk, ticket, "send", body="Dit au téléphone.", by_phone="1")

    assert ticket.messages.get(kind=MessageKind.ANSWER).channel == Channel.PHONE


@pytest.mark.parametrize(
    ("fields", "kept"),
    [({"body": ""}, ""), ({"body": "NISS 85.07.30-033.28"}, "NISS 85.07.30-033.28")],
)
def test_what_is_refused_stays_on_the_page(desk: Client, ticket: Ticket, fields: dict[str, str], kept: str) -> None:
    response = press(desk, ticket, "send", **fields)

    assert (response.status_code, response.context["draft"].body) == (422, kept)
    assert response.context["problems"]
    assert ticket.messages.count() == 1


def test_a_record_that_went_meanwhile_is_told_and_nothing_goes_out(desk: Client, ticket: Ticket) -> None:
    gone = str(UUID(int=7))

    response = press(desk, ticket, "send", body="Voyez.", records=[gone])

    assert (response.status_code, response.context["gone"]) == (422, 1)
    assert ticket.messages.count() == 1


def test_a_colleagues_answer_is_read_before_a_second_one_goes_out(desk: Client, ticket: Ticket, ilse: User) -> None:
    seen = str(ticket.messages.get().uuid)
    answering.answer(ticket=ticket, body="De moi.", by=ilse)

    held = desk.post(url(ticket), {"press": "send", "body": "De moi aussi.", "seen": seen})
    assert (held.status_code, ticket.messages.count()) == (409, 2)
    assert "De moi." in held.content.decode()

    again = {"press": "send", "body": "De moi aussi.", "seen": str(held.context["draft"].seen)}
    assert desk.post(url(ticket), again).status_code == 302
    assert ticket.messages.count() == 3


def test_who_opens_it_second_sees_that_somebody_is_answering(desk: Client, ticket: Ticket, ilse: User) -> None:
    other = staff_session(Client(), ilse)
    other.post(page("staff_answer_begin", code=ticket.code))

    for name in ("staff_ticket", "staff_answer"):
        assert desk.get(page(name, code=ticket.code)).context["answering"] == ilse
    assert other.get(url(ticket)).context["answering"] is None

    other.post(page("staff_answer_stop", code=ticket.code))
    assert desk.get(url(ticket)).context["answering"] is None


def test_that_somebody_is_answering_lapses(desk: Client, ticket: Ticket, ilse: User, clock: Any) -> None:
    answering.lease(ticket=ticket, by=ilse)

    clock.shift(dt.timedelta(minutes=11))

    assert desk.get(url(ticket)).context["answering"] is None


def test_searching_says_to_colleagues_that_one_is_still_writing(desk: Client, ticket: Ticket, alice: User) -> None:
    press(desk, ticket, "find", q="psychologue")

    ticket.refresh_from_db()
    assert ticket.answering_by == alice


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_much_is_found(
    desk: Client, ticket: Ticket, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(number):
        service(f"Psychologue à domicile {place}")
    desk.get(url(ticket))

    with django_assert_num_queries(22):
        assert len(desk.get(url(ticket)).context["found"]) == number
