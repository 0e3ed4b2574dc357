"""Solved cases for everybody: drafted with everything masked, looked at by a second pair of eyes, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from basins.missions import missions
from basins.models import User
from basins.rights import Role
from basins.rules.people import NotYours
from directory.rules import indexing
from helpdesk import example_queries
from helpdesk.enums import ExampleState, MessageKind, Outcome
from helpdesk.errors import ExampleTellsWho, StepRefused, TicketInvalid
from helpdesk.models import Example, Ticket
from helpdesk.rules import answering, examples, forgetting, handling
from helpdesk.rules.examples import ExampleData
from tests.basins.people_tools import staff_session
from tests.directory.factories import service
from tests.factories import UserFactory, basin, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.tools import ask

pytestmark = pytest.mark.django_db

LIST, LIST_NL, REGION = (
    "/fr/sud-est/helpdesk/exemples/",
    "/nl/zuid-oost/helpdesk/voorbeelden/",
    "/fr/helpdesk/exemples/",
)
WORDS = {
    "title_fr": "Un couple âgé cherche un soutien",
    "title_nl": "Een ouder koppel zoekt steun",
    "question_fr": "Deux personnes âgées ne sortent plus et cherchent un psychologue à domicile.",
    "question_nl": "Twee oudere mensen komen niet meer buiten en zoeken een psycholoog aan huis.",
    "helped_fr": "Une équipe mobile est passée deux fois par semaine.",
    "helped_nl": "Een mobiel team kwam twee keer per week langs.",
}


@pytest.fixture
def zoe(db: None) -> User:
    """Alice's colleague at the helpdesk of Sud-Est."""
    user = UserFactory(email="zoe@example.org", name="Zoé")
    grant(user, Role.HELPDESK_AGENT, "sud-est")
    return user


@pytest.fixture
def solved(alice: User) -> Ticket:
    ticket = ask(
        "Un couple âgé, joignable au 0475 12 34 56, ne sort plus.",
        language="fr",
        confirmed=True,
        organisation="Soins du Quartier",
    )
    answering.answer(ticket=ticket, body="Soins du Quartier peut appeler l’équipe.", records=[], by=alice, seen=None)
    return handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=alice)


def write(ticket: Ticket, by: User, **other: Any) -> Example:
    return examples.write(ticket=ticket, data=ExampleData(**{**WORDS, **other}), by=by)


def published(ticket: Ticket, by: User, second: User, **other: Any) -> Example:
    return examples.publish(example=write(ticket, by, **other), by=second)


@pytest.fixture
def case(solved: Ticket, alice: User, zoe: User) -> Example:
    """Public."""
    return published(solved, alice, zoe)


# --- The draft ---------------------------------------------------------------------------------------


def test_the_draft_begins_with_the_ticket_and_tells_nobody(solved: Ticket) -> None:
    draft = examples.draft_of(solved)
    assert "0475" not in draft.question_fr
    assert "[•••]" in draft.question_fr
    assert draft.helped_fr == "[•••] peut appeler l’équipe."
    assert (draft.title_nl, draft.question_nl, draft.helped_nl) == ("", "", "")
    assert not Example.objects.exists()


def test_notes_among_colleagues_are_in_no_draft(solved: Ticket, alice: User) -> None:
    handling.note(ticket=solved, body="Vu au marché, très confus.", by=alice)
    assert solved.messages.filter(kind=MessageKind.NOTE).exists()
    assert "marché" not in str(examples.draft_of(solved))


@pytest.mark.parametrize(("own_words", "is_retold"), [(True, False), (False, True)])
def test_the_desk_is_told_where_the_question_is_still_in_the_askers_words(
    client: Client, solved: Ticket, alice: User, own_words: bool, is_retold: bool
) -> None:
    said = solved.messages.filter(kind=MessageKind.FROM_ASKER).get().body
    sentence = said.split(".")[0].upper()
    example = write(solved, alice, **({"question_fr": f"Une question : {sentence} !"} if own_words else {}))

    shown = staff_session(client, alice).get(page("staff_example_look", code=solved.code))

    assert examples.is_retold(example) == is_retold
    assert shown.context["is_retold"] == is_retold


@pytest.mark.parametrize("outcome", [Outcome.WITHDRAWN, Outcome.SILENT, Outcome.NOT_FOR_US])
def test_only_what_was_solved_becomes_an_example(alice: User, outcome: Outcome) -> None:
    ticket = handling.close(ticket=ask(), outcome=outcome, by=alice)
    with pytest.raises(StepRefused):
        write(ticket, alice)


def test_what_is_still_open_does_not(alice: User) -> None:
    with pytest.raises(StepRefused):
        write(ask(), alice)


def test_another_helpdesk_writes_none(solved: Ticket, bram: User) -> None:
    with pytest.raises(NotYours):
        write(solved, bram)


def test_records_that_are_not_in_the_directory_are_left_out(solved: Ticket, alice: User) -> None:
    known = service()
    row = write(solved, alice, records=[UUID(int=7), known.uuid, known.uuid])
    assert row.records == [known.uuid]
    with pytest.raises(TicketInvalid):
        write(solved, alice, records=[UUID(int=each) for each in range(9)])


# --- The second look ---------------------------------------------------------------------------------


def test_a_colleague_publishes_what_one_wrote(solved: Ticket, alice: User, zoe: User) -> None:
    row = write(solved, alice)
    with pytest.raises(StepRefused):
        examples.publish(example=row, by=alice)
    done = examples.publish(example=row, by=zoe)
    assert (done.state, done.published_by) == (ExampleState.PUBLISHED, zoe)
    assert examples.publish(example=row, by=zoe).published_at == done.published_at


def test_who_is_alone_at_a_helpdesk_looks_twice_alone(solved: Ticket, alice: User) -> None:
    assert examples.publish(example=write(solved, alice), by=alice).state == ExampleState.PUBLISHED


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("question_fr", "Appelez le 0475 12 34 56."),
        ("helped_nl", "Mail aan jan.peeters@example.org."),
        ("question_nl", "Geboren op 12/03/1941."),
        ("title_fr", "Cas de 85.07.30-033.28"),
    ],
)
def test_what_tells_who_somebody_is_is_never_published(
    solved: Ticket, alice: User, zoe: User, field: str, words: str
) -> None:
    row = write(solved, alice, **{field: words})
    with pytest.raises(ExampleTellsWho):
        examples.publish(example=row, by=zoe)
    assert not example_queries.published(None).exists()


@pytest.mark.parametrize("other", [{"helped_nl": ""}, {"question_fr": "Un [•••] cherche."}])
def test_both_languages_and_no_mask(solved: Ticket, alice: User, zoe: User, other: dict[str, str]) -> None:
    with pytest.raises(StepRefused):
        published(solved, alice, zoe, **other)


def test_what_is_written_anew_is_looked_at_anew(solved: Ticket, alice: User, zoe: User) -> None:
    published(solved, alice, zoe)
    row = write(solved, zoe)
    assert (row.state, row.published_at, row.published_by) == (ExampleState.DRAFT, None, None)
    assert Example.objects.count() == 1


def test_another_helpdesk_neither_publishes_nor_takes_back(solved: Ticket, alice: User, bram: User) -> None:
    row = write(solved, alice)
    for step in (examples.publish, examples.take_back):
        with pytest.raises(NotYours):
            step(example=row, by=bram)


# --- What becomes of it ------------------------------------------------------------------------------


def test_taken_back_it_is_nowhere(greet: Client, solved: Ticket, alice: User, zoe: User) -> None:
    row = published(solved, alice, zoe)
    address = f"{LIST}{row.uuid}/"
    assert greet.get(address).status_code == 200
    examples.take_back(example=row, by=zoe)
    assert greet.get(address).status_code == 404
    assert row.title_fr not in greet.get(LIST).text


def test_erasing_the_ticket_leaves_the_example_and_no_draft(solved: Ticket, alice: User, zoe: User) -> None:
    row = published(solved, alice, zoe)
    other = ask("Une autre question, sur le logement cette fois-ci.", language="fr")
    answering.answer(ticket=other, body="Voici.", records=[], by=alice, seen=None)
    write(handling.close(ticket=other, outcome=Outcome.SOLVED, by=alice), alice)
    forgetting.forget_closed_before(timezone.now() + timezone.timedelta(days=1))
    assert list(Example.objects.all()) == [row]


# --- Public pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "title"), [(LIST, WORDS["title_fr"]), (LIST_NL, WORDS["title_nl"])])
def test_everybody_reads_it_in_their_language(
    greet: Client, case: Example, solved: Ticket, address: str, title: str
) -> None:
    row = case
    assert title in greet.get(address).text
    text = greet.get(f"{address}{row.uuid}/").text
    assert title in text
    assert solved.code not in text
    assert "Alice" not in text


def test_a_basin_shows_its_own_and_the_region_all(greet: Client, solved: Ticket, alice: User, zoe: User) -> None:
    row = published(solved, alice, zoe)
    assert row.title_fr in greet.get(REGION).text
    assert greet.get(f"{REGION}{row.uuid}/").status_code == 200
    assert row.title_fr not in greet.get("/fr/nord/helpdesk/exemples/").text
    assert greet.get(f"/fr/nord/helpdesk/exemples/{row.uuid}/").status_code == 404


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("psychologue", True), ("ÂGEES", True), ("oudere psycho", True), ("logement", False), ("!!", False)],
)
def test_search_among_them_in_either_language(greet: Client, case: Example, words: str, is_found: bool) -> None:
    assert (case.title_fr in greet.get(LIST, {"q": words}).text) is is_found


def test_a_draft_is_read_by_nobody(greet: Client, solved: Ticket, alice: User) -> None:
    row = write(solved, alice)
    assert row.title_fr not in greet.get(LIST).text
    assert greet.get(f"{LIST}{row.uuid}/").status_code == 404


def test_records_lead_to_the_directory_of_today(greet: Client, solved: Ticket, alice: User, zoe: User) -> None:
    known = service()
    row = published(solved, alice, zoe, records=[known.uuid])
    assert str(known.uuid) in greet.get(f"{LIST}{row.uuid}/").text
    known.delete()
    assert greet.get(f"{LIST}{row.uuid}/").status_code == 200


def test_the_sites_search_finds_it(solved: Ticket, alice: User, zoe: User) -> None:
    row = published(solved, alice, zoe)
    helpdesk = next(each for each in missions() if each.name == "helpdesk")
    hits = {hit.url for hit in helpdesk.search("couple âgé", basin("sud-est"))}
    assert example_queries.example_url(row, "sud-est") in hits
    assert not {hit for hit in helpdesk.search("couple âgé", basin("nord")) if str(row.uuid) in hit.url}


def test_who_asks_sees_a_case_like_it_while_typing(greet: Client, solved: Ticket, alice: User, zoe: User) -> None:
    row = published(solved, alice, zoe)
    indexing.index_all()
    address = "/fr/sud-est/helpdesk/suggestions/"
    near = greet.post(address, {"body": "Je cherche un psychologue pour un couple âgé à Etterbeek"})
    far = greet.post(address, {"body": "Une dette de loyer et une menace d’expulsion"})
    assert (row.title_fr in near.text, row.title_fr in far.text) == (True, False)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(
    greet: Client, alice: User, zoe: User, number: int, django_assert_num_queries: Any
) -> None:
    for each in range(number):
        ticket = ask(f"Une question tout à fait différente, numéro {each}.", language="fr")
        answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
        published(handling.close(ticket=ticket, outcome=Outcome.SOLVED, by=alice), alice, zoe)
    greet.get(LIST)
    with django_assert_num_queries(4):
        assert len(greet.get(LIST).context["rows"]) == number


# --- The desk's pages --------------------------------------------------------------------------------


def test_from_the_ticket_to_the_public_page(client: Client, solved: Ticket, alice: User, zoe: User) -> None:
    desk = staff_session(client, alice)
    code = {"code": solved.code}
    assert page("staff_example", **code) in desk.get(page("staff_ticket", **code)).text
    draft = desk.get(page("staff_example", **code))
    assert "0475" not in draft.context["form"]["question_fr"].value()
    assert desk.post(page("staff_example", **code), WORDS).status_code == 302
    assert "Un deuxième regard" in desk.get(page("staff_example_look", **code)).text
    assert desk.post(page("staff_example_look", **code)).status_code == 409
    assert Example.objects.get().title_fr in desk.get(page("staff_examples")).text

    second = staff_session(Client(), zoe)
    assert second.post(page("staff_example_look", **code)).status_code == 302
    assert client.get(f"{LIST}{Example.objects.get().uuid}/").status_code == 200
    second.post(page("staff_example_take_back", **code))
    assert Example.objects.get().state == ExampleState.TAKEN_BACK


def test_what_is_too_long_comes_back_with_all_that_was_typed(client: Client, solved: Ticket, alice: User) -> None:
    desk = staff_session(client, alice)
    sent = {**WORDS, "helped_fr": "x" * 2001}
    answer = desk.post(page("staff_example", code=solved.code), sent)
    assert answer.status_code == 422
    assert WORDS["question_nl"] in answer.text


def test_a_stranger_and_another_desk_see_none_of_it(greet: Client, solved: Ticket, alice: User, bram: User) -> None:
    write(solved, alice)
    for name in ("staff_example", "staff_example_look"):
        assert greet.get(page(name, code=solved.code)).status_code == 302
    other = staff_session(Client(), bram)
    assert other.get(page("staff_example_look", code=solved.code)).status_code == 404
