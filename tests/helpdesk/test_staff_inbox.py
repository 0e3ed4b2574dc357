"""The desk's inbox: what presses comes first, each filter, whose tickets are seen; and a call noted in a hurry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from basins.models import Municipality, User
from basins.rights import Role
from core.spoken import BRUSSELS
from directory.models import TaxonomyTerm
from helpdesk import staff_queries
from helpdesk.enums import Channel, RoutingReason, TicketState
from helpdesk.models import Ticket
from helpdesk.web import staff_inbox
from tests.basins.people_tools import staff_session
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import TicketFactory
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 11, 0, tzinfo=BRUSSELS)  # a Wednesday; Thursday is Ascension Day


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at the helpdesk of Sud-Est."""
    return staff_session(client, alice)


def codes(client: Client, **asked: str) -> list[str]:
    return [row["ticket"].code for row in client.get(page("staff_inbox"), asked).context["rows"]]


def due(hours: float) -> dt.datetime:
    return NOW + dt.timedelta(hours=hours)


def test_the_most_pressing_ticket_comes_first(desk: Client) -> None:
    later, late, soon = (TicketFactory(due_at=due(hours)) for hours in (5, -1, 1))

    assert codes(desk) == [late.code, soon.code, later.code]


@pytest.mark.parametrize(
    ("hours", "words"),
    [(-1, "1 h de retard"), (1, "Reste 1 h"), (5.75, "Reste 5 h 45"), (48.5, "Reste 1 jour ouvrable")],
)
def test_the_time_left_is_said_in_working_time(desk: Client, hours: float, words: str) -> None:
    TicketFactory(due_at=due(hours))

    (row,) = desk.get(page("staff_inbox")).context["rows"]

    assert row["left"].words.replace("\N{NO-BREAK SPACE}", " ").startswith(words)


def test_what_waits_for_its_asker_stands_still_and_apart(desk: Client) -> None:
    ticket = TicketFactory(state=TicketState.WAITING)

    (row,) = desk.get(page("staff_inbox"), {"tab": "waiting"}).context["rows"]

    assert codes(desk) == []
    assert (row["ticket"], row["left"].kind, row["left"].words) == (ticket, "", "L’horloge est arrêtée")


@pytest.mark.parametrize(("whose", "expected"), [("", 3), ("mine", 1), ("nobody", 1), ("nonsense", 3)])
def test_by_whose_hands(desk: Client, alice: User, whose: str, expected: int) -> None:
    TicketFactory()
    TicketFactory(assignee=alice)
    TicketFactory(assignee=UserFactory())

    assert len(codes(desk, whose=whose)) == expected


def test_by_theme_and_by_none(desk: Client) -> None:
    theme = TaxonomyTerm.objects.filter(taxonomy__code="themes").first()
    assert theme is not None
    themed, plain = TicketFactory(theme=theme), TicketFactory()

    assert codes(desk, theme=theme.code) == [themed.code]
    assert codes(desk, theme="none") == [plain.code]


@pytest.mark.parametrize("words", ["{code}", "{lower}", "âgé psychologique", "AGE psycho"])
def test_by_code_or_words(desk: Client, words: str) -> None:
    found = ask()
    ask("Une adolescente ne va plus à l’école.", email="other@example.org")

    assert codes(desk, q=words.format(code=found.code, lower=found.code.lower())) == [found.code]


def test_a_search_counts_to_an_end_and_says_so(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_queries, "COUNTED_AT_MOST", 2)
    monkeypatch.setattr(staff_inbox, "PER_PAGE", 2)
    for place in ("matin", "midi", "soirée"):  # no numbers: a code may begin with one
        ask(f"Soutien à domicile, {place}", email=f"{place[:4]}@example.org")

    some = desk.get(page("staff_inbox"), {"q": "soutien", "tab": "all"})
    one = desk.get(page("staff_inbox"), {"q": "soutien soiree", "tab": "all"})

    assert (some.context["page"].paginator.count, "ajoutez un mot" in some.content.decode()) == (2, True)
    newest = Ticket.objects.order_by("-received_at", "-pk")
    assert [row["ticket"] for row in some.context["rows"]] == list(newest[:2])
    assert (one.context["page"].paginator.count, "ajoutez un mot" in one.content.decode()) == (1, False)


def test_a_search_shows_the_latest_first_and_its_pages_turn(desk: Client) -> None:
    for number in range(32):
        ask(f"Soutien {number}", email=f"n{number}@example.org", received_at=NOW - dt.timedelta(hours=number))

    first, second = (codes(desk, q="soutien", tab="all", page=number) for number in ("1", "2"))

    expected = list(Ticket.objects.order_by("-received_at").values_list("code", flat=True))
    assert (first, second) == (expected[:30], expected[30:])


@pytest.mark.parametrize("words", ["':*", "& | !", "a' OR 1=1", "\\", "<->"])
def test_signs_in_the_words_break_nothing(desk: Client, words: str) -> None:
    ask()

    assert desk.get(page("staff_inbox"), {"q": words}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [{"tab": "all"}, {"tab": "closed"}, {"tab": "?"}, {"page": "99"}, {"since": "2026-13-45"}, {"municipality": "x"}],
)
def test_whatever_is_asked_there_is_a_page(desk: Client, asked: dict[str, str]) -> None:
    TicketFactory()

    assert desk.get(page("staff_inbox"), asked).status_code == 200


def test_another_basins_tickets_are_not_there(desk: Client) -> None:
    TicketFactory(basin=basin("nord"))

    assert codes(desk, tab="all", all="on") == []


def test_who_answers_at_two_helpdesks_sees_both_at_once(desk: Client, alice: User) -> None:
    grant(alice, Role.HELPDESK_AGENT, "nord")
    ours, theirs = TicketFactory(due_at=due(1)), TicketFactory(basin=basin("nord"), due_at=due(2))

    assert codes(desk) == [ours.code]
    assert codes(desk, all="on") == [ours.code, theirs.code]


def test_a_team_member_without_the_helpdesk_sees_no_inbox(client: Client) -> None:
    user = UserFactory()
    grant(user, Role.TEAM_MEMBER, "sud-est")

    assert staff_session(client, user).get(page("staff_inbox")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(
    desk: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    theme = TaxonomyTerm.objects.filter(taxonomy__code="themes").first()
    for place in range(number):
        TicketFactory(theme=theme, assignee=UserFactory(), municipality=Municipality.objects.first(), due_at=due(place))
    desk.get(page("staff_inbox"))

    with django_assert_num_queries(10):
        assert len(codes(desk)) == number


@pytest.mark.parametrize(("language", "words"), [("fr", "À répondre"), ("nl", "Te beantwoorden")])
def test_in_both_languages(desk: Client, language: str, words: str) -> None:
    ask()

    assert words in desk.get(page("staff_inbox", language)).content.decode()


def test_taking_a_ticket_from_the_list_leads_back_to_it(desk: Client, alice: User) -> None:
    ticket = ask()

    response = desk.post(page("staff_take", code=ticket.code), {"back": "inbox"})

    ticket.refresh_from_db()
    assert (response.headers["Location"], ticket.assignee, ticket.state) == (page("staff_inbox"), alice, "open")


# --- A call --------------------------------------------------------------------------------------

CALL = {"body": "Cherche un répit pour un aidant épuisé.", "name": "Nele", "phone": "02 555 12 12", "language": "nl"}


def test_a_call_needs_its_words_and_who_calls(desk: Client, alice: User) -> None:
    response = desk.post(page("staff_call"), CALL)

    ticket = Ticket.objects.get()
    assert response.headers["Location"] == page("staff_ticket", code=ticket.code)
    assert (ticket.channel, ticket.is_incomplete, ticket.basin.code) == (Channel.PHONE, True, "sud-est")
    assert (ticket.asker.phone, ticket.language, ticket.messages.get().author) == (CALL["phone"], "nl", alice)
    assert ticket.routing == RoutingReason.PAGE


def test_a_call_for_elsewhere_goes_there(desk: Client) -> None:
    response = desk.post(page("staff_call"), CALL | {"postcode": "1030"}, follow=True)

    ticket = Ticket.objects.get()
    assert ticket.basin.code == "nord-est"
    assert response.redirect_chain == [(page("staff_inbox"), 302)]
    assert ticket.code in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"body": ""}, "body"), ({"name": "", "phone": ""}, "name"), ({"postcode": "9999"}, "postcode")],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Client, changes: dict[str, str], field: str) -> None:
    response = desk.post(page("staff_call"), CALL | changes)

    form = response.context["form"]
    assert (response.status_code, list(form.errors), Ticket.objects.count()) == (422, [field], 0)
    assert form["body"].value() == (CALL | changes)["body"]


def test_a_form_sent_twice_is_one_call(desk: Client) -> None:
    once = {"once": "0b8f6f1c-8f0e-4b43-9f3b-2f6c7f5a9d10"}

    desk.post(page("staff_call"), CALL | once)
    desk.post(page("staff_call"), CALL | once)

    assert Ticket.objects.count() == 1


NAMED = CALL | {"body": "Monsieur, né le 12 mars 1941, vit seul."}
NISS = CALL | {"body": "Monsieur, 85.07.30-033.28, vit seul."}


@pytest.mark.parametrize(("sent", "offers"), [(NAMED, True), (NISS, False)])
def test_what_tells_who_the_person_is_is_held_back(desk: Client, sent: dict[str, str], offers: bool) -> None:
    response = desk.post(page("staff_call"), sent)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["body"])
    assert response.context["may_confirm"] is offers
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("sent", "pressed", "kept"),
    [
        (NAMED, "mask", "Monsieur, né le [•••], vit seul."),
        (NISS, "mask", "Monsieur, [•••], vit seul."),
        (NAMED, "confirm", NAMED["body"]),
    ],
)
def test_a_second_press_masks_it_or_keeps_it(desk: Client, sent: dict[str, str], pressed: str, kept: str) -> None:
    desk.post(page("staff_call"), sent | {pressed: "1"})

    assert Ticket.objects.get().messages.get().body == kept


def test_a_national_number_is_not_kept_on_anybodys_word(desk: Client) -> None:
    desk.post(page("staff_call"), NISS | {"confirm": "1"})

    assert not Ticket.objects.exists()
