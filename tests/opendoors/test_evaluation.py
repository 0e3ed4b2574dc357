"""The questionnaire on its page, and the team's page of its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.models import Need, User
from opendoors import queries, queries_answers, queries_hosts
from opendoors.figure_charts import answer_charts
from opendoors.mission import mission
from opendoors.models import Answer, Edition, Visitor
from opendoors.rules import answering
from opendoors.web import figures_urls
from tests.basins.people_tools import at, staff_session
from tests.opendoors.evaluation_tools import came, past_edition, present, said
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.staff_tools import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return past_edition(slug="2026")


@pytest.fixture
def visitor(edition: Edition) -> Visitor:
    return present(VisitFactory(edition=edition))


@pytest.fixture
def team(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


@pytest.fixture
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def link(visitor: Visitor, language: str = "fr") -> str:
    return at("opendoors:evaluate", language, basin="sud-est", token=queries.visitor_link(visitor))


# --- Answering -----------------------------------------------------------------------------------


def test_the_link_opens_the_questionnaire(greet: Client, visitor: Visitor) -> None:
    answer = greet.get(link(visitor))

    assert answer.status_code == 200
    assert list(answer.context["form"].fields) == [
        *("rating", "knows_better", "will_contact", "again", "best", "may_quote", "missing"),
    ]


def test_what_is_sent_is_kept_and_shown_again(greet: Client, visitor: Visitor) -> None:
    sent = greet.post(link(visitor, "nl"), {"rating": "4", "again": "partly", "best": "Koffie.", "may_quote": "on"})

    row = Answer.objects.get()
    again = greet.get(sent["Location"])
    assert (sent.status_code, row.rating, row.again, row.best, row.language) == (302, 4, "partly", "Koffie.", "nl")
    assert again.context["form"]["best"].value() == "Koffie."
    assert again.context["known"] == row


def test_reading_the_page_keeps_nothing(greet: Client, visitor: Visitor) -> None:
    greet.get(link(visitor))

    assert not Answer.objects.exists()


def test_an_empty_questionnaire_comes_back_with_a_word(greet: Client, visitor: Visitor) -> None:
    answer = greet.post(link(visitor), {})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["rating"]


@pytest.mark.parametrize("wrong", [{"rating": "9"}, {"again": "perhaps"}, {"best": "x" * 2001}])
def test_what_cannot_be_is_refused_at_its_question(greet: Client, visitor: Visitor, wrong: dict[str, str]) -> None:
    answer = greet.post(link(visitor), wrong)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == list(wrong)


def test_the_link_of_the_browser_that_booked_is_not_enough(greet: Client, visitor: Visitor) -> None:
    token = queries.booking_link(visitor.bookings.get())

    answer = greet.get(at("opendoors:evaluate", basin="sud-est", token=token))

    assert answer.status_code == 404


def test_another_basin_does_not_know_the_link(greet: Client, visitor: Visitor) -> None:
    answer = greet.get(at("opendoors:evaluate", basin="nord", token=queries.visitor_link(visitor)))

    assert answer.status_code == 404


def test_before_the_visit_the_page_says_when(greet: Client) -> None:
    visitor = came(VisitFactory(edition=EditionFactory()))

    answer = greet.get(link(visitor))

    assert (answer.status_code, 'name="rating"' in answer.content.decode()) == (200, False)


def test_no_search_engine_lists_it_and_nothing_keeps_it(greet: Client, visitor: Visitor) -> None:
    answer = greet.get(link(visitor))

    assert answer["X-Robots-Tag"] == "noindex"
    assert "no-store" in answer["Cache-Control"]


def test_a_host_answers_by_its_own_link(greet: Client, edition: Edition) -> None:
    host = VisitFactory(edition=edition).host
    url = at("opendoors:evaluate_host", "fr", basin="sud-est", token=queries_hosts.host_link(host))

    page_of_host = greet.get(url)
    greet.post(url, {"rating": "5"})

    assert host.name in page_of_host.content.decode()
    assert Answer.objects.values_list("role", "host", "rating").get() == ("host", host.pk, 5)


# --- The team's pages ----------------------------------------------------------------------------


def test_every_team_s_page_is_closed_to_others(greet: Client, bram: User, visitor: Visitor) -> None:
    row = said(visitor, best="Bien.")
    values: dict[str, Any] = {"slug": "2026", "answer": row.uuid}
    urls = [
        page(str(pattern.name), **{key: values[key] for key in pattern.pattern.converters})
        for pattern in figures_urls.urlpatterns
        if pattern.name not in figures_urls.PUBLIC_URLS
    ]
    assert len(urls) == 5
    assert {(greet.get(url).status_code, greet.post(url).status_code) for url in urls} <= {
        (302, 302),
        (405, 302),
        (302, 405),
        (405, 405),
    }

    other = staff_session(Client(), bram)

    assert {other.get(url).status_code for url in urls} <= {404, 405}
    assert {other.post(url).status_code for url in urls} <= {404, 405}


def test_the_team_reads_answers_without_names(team: Client, visitor: Visitor) -> None:
    said(visitor, rating=5, best="Un accueil chaleureux.", missing="Des interprètes.")

    html = team.get(page("staff_evaluation", slug="2026")).content.decode()

    assert "Un accueil chaleureux." in html
    assert visitor.email not in html


def test_what_is_missing_becomes_a_need_with_one_click(team: Client, visitor: Visitor, french: None) -> None:
    row = said(visitor, missing="Des interprètes le soir, aussi en arabe.")
    shown = team.get(page("staff_evaluation", slug="2026")).context["rows"]
    (_answer, title) = shown[0]

    back = team.post(page("staff_answer_need", slug="2026", answer=row.uuid), {"title": str(title)}, follow=True)

    need = Need.objects.get()
    assert str(need) == "Des interprètes le soir, aussi en arabe."
    assert f"/admin/basins/need/{need.pk}/change/" in back.content.decode()


def test_from_the_need_one_comes_back_to_the_answer(team: Client, visitor: Visitor, alice: User) -> None:
    row = said(visitor, missing="Des interprètes.")
    need = answering.make_need(answer=row, title="Interprètes", by=alice)

    html = team.get(at("admin:basins_need_change", object_id=need.pk)).content.decode()

    assert f"{page('staff_evaluation', slug='2026')}#a-{row.uuid}" in html


@pytest.mark.parametrize("key", ["answer:", "answer:nothing", f"answer:{UUID(int=1)}", "visit:2"])
def test_what_nothing_is_left_of_leads_nowhere(db: None, key: str) -> None:
    assert mission.occasion_url(key) == ""


def test_a_need_wants_a_title(team: Client, visitor: Visitor) -> None:
    row = said(visitor, missing="Des interprètes.")

    team.post(page("staff_answer_need", slug="2026", answer=row.uuid), {"title": " "})

    assert not Need.objects.exists()


@pytest.mark.parametrize(("quoted", "expected"), [("1", True), ("0", False)])
def test_the_team_chooses_quotes(team: Client, visitor: Visitor, quoted: str, expected: bool) -> None:
    row = said(visitor, best="Bien.", may_quote=True, is_quoted=not expected)

    team.post(page("staff_answer_quote", slug="2026", answer=row.uuid), {"quoted": quoted})

    assert Answer.objects.get().is_quoted is expected


def test_without_leave_there_is_no_button_and_no_way_around(team: Client, visitor: Visitor) -> None:
    row = said(visitor, best="Bien.")
    url = page("staff_answer_quote", slug="2026", answer=row.uuid)

    html = team.get(page("staff_evaluation", slug="2026")).content.decode()
    team.post(url, {"quoted": "1"})

    assert url not in html
    assert not Answer.objects.get().is_quoted


def test_an_answer_of_another_edition_is_not_here(team: Client, edition: Edition) -> None:
    elsewhere = said(came(VisitFactory(edition=past_edition())), best="Bien.", may_quote=True)

    for uuid in (elsewhere.uuid, uuid4()):
        url = page("staff_answer_quote", slug="2026", answer=uuid)
        assert team.post(url, {"quoted": "1"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(
    number: int, team: Client, alice: User, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visit = VisitFactory(edition=edition)
    for each in range(number):
        row = said(present(visit, f"{each}@example.org"), missing=f"Besoin {each}", best="Bien.", rating=4)
        answering.make_need(answer=row, title=f"Besoin {each}", by=alice)

    team.get(page("staff_evaluation", slug="2026"))  # the frame of the pages is read once

    # session, person, factor, rights; edition; answers counted, visitors asked, hosts asked; answers: how many of each
    # kind, how many of this one, which
    with django_assert_num_queries(11):
        team.get(page("staff_evaluation", slug="2026"))


@pytest.fixture
def all_kinds(edition: Edition, alice: User) -> dict[str, Answer]:
    """An answer of each kind, by what is done with it."""
    visit = VisitFactory(edition=edition, seats=6)

    def make(name: str, **fields: Any) -> Answer:
        return said(present(visit, f"{name}@example.org"), **fields)

    rows = {
        "missing": make("missing", missing="Un parking."),
        "needs": make("needs", missing="Des interprètes."),
        "quotable": make("quotable", best="Accueil.", may_quote=True),
        "quoted": make("quoted", best="Café.", may_quote=True, is_quoted=True),
        "silent": make("silent", rating=3),
        "not to be quoted": make("shy", best="Soupe."),
    }
    answering.make_need(answer=rows["needs"], title="Interprètes", by=alice)
    return rows


@pytest.mark.parametrize("kind", ["missing", "needs", "quotable", "quoted"])
def test_the_team_looks_at_one_kind_of_answers(team: Client, all_kinds: dict[str, Answer], kind: str) -> None:
    answer = team.get(page("staff_evaluation", slug="2026"), {"show": kind})

    assert [row for row, _title in answer.context["rows"]] == [all_kinds[kind]]


@pytest.mark.parametrize("show", ["", "all", "nonsense"])
def test_whatever_else_is_asked_shows_all_in_words(team: Client, all_kinds: dict[str, Answer], show: str) -> None:
    answer = team.get(page("staff_evaluation", slug="2026"), {"show": show})

    assert {row for row, _title in answer.context["rows"]} == set(all_kinds.values()) - {all_kinds["silent"]}


def test_the_contents_say_how_many_there_are(team: Client, all_kinds: dict[str, Answer]) -> None:
    counted = team.get(page("staff_evaluation", slug="2026")).context["counted"]

    assert [(str(kind), number) for kind, number in counted] == [
        ("all", 5),
        ("missing", 1),
        ("needs", 1),
        ("quotable", 1),
        ("quoted", 1),
    ]


@pytest.mark.parametrize(("show", "goes_on"), [("missing", "?show=missing#h-words"), ("all", "#a-"), ("", "#a-")])
def test_who_works_through_one_kind_goes_on_there(
    team: Client, all_kinds: dict[str, Answer], show: str, goes_on: str
) -> None:
    url = page("staff_answer_need", slug="2026", answer=all_kinds["missing"].uuid)

    answer = team.post(url, {"title": "Parking", "show": show})

    assert goes_on in answer["Location"]


def test_every_entry_of_the_contents_leads_somewhere(team: Client, all_kinds: dict[str, Answer]) -> None:
    html = team.get(page("staff_evaluation", slug="2026")).text
    contents = html.partition('aria-labelledby="h-toc"')[2].partition("</nav>")[0]

    anchors = re.findall(r'href="[^"#]*#([^"]+)"', contents)

    assert {anchor: f'id="{anchor}"' in html for anchor in anchors} == dict.fromkeys(
        ["h-visitor", "h-host", "h-words"], True
    )


# --- What the answers count ----------------------------------------------------------------------


def test_answers_are_counted_by_role_and_question(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    said(present(visit, "a@example.org"), rating=5, again="yes")
    said(present(visit, "b@example.org"), rating=2, again="no")
    present(visit, "c@example.org")
    Answer.objects.create(edition=edition, role="host", host=visit.host, language="fr", knows_better="partly")

    visitors, hosts = queries_answers.answer_figures(edition)

    assert (visitors.asked, visitors.answered, visitors.average) == (3, 2, 3.5)
    assert (list(visitors.ratings), visitors.degrees["again"]) == ([0, 1, 0, 0, 1], {"yes": 1, "partly": 0, "no": 1})
    assert (hosts.asked, hosts.answered, hosts.average) == (1, 1, None)
    assert hosts.degrees["knows_better"] == {"yes": 0, "partly": 1, "no": 0}


def test_too_few_answers_are_not_published(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    for name in "abcd":
        said(present(visit, f"{name}@example.org"), rating=5, again="yes")

    visitors, _hosts = queries_answers.answer_figures(edition)
    published = queries_answers.published_answers(visitors)

    assert (published.asked, published.answered, published.average) == (None, None, None)
    assert set(published.ratings) == {None}
    assert set(published.degrees["again"].values()) == {None}


def rated(edition: Edition, marks: list[int]) -> queries_answers.AnswerFigures:
    """What is published of visitors who gave these marks."""
    visit = VisitFactory(edition=edition, seats=99)
    for number, rating in enumerate(marks):
        said(present(visit, f"{number}@example.org"), rating=rating)
    visitors, _hosts = queries_answers.answer_figures(edition)
    return queries_answers.published_answers(visitors)


def test_enough_answers_give_an_average(edition: Edition) -> None:
    published = rated(edition, [1, 2, 3, 4, 5] * 5)

    assert (published.answered, published.average) == (25, 3)
    assert list(published.ratings) == [5] * 5


def test_an_average_does_not_tell_the_marks_that_are_hidden(edition: Edition) -> None:
    published = rated(edition, [5] * 6 + [4] * 6 + [3] * 3 + [1] * 2)

    assert list(published.ratings) == [None, None, None, 6, 6]
    assert published.average is None
    (marks,) = answer_charts(published)
    assert re.findall(r"\d+", marks.finding) == ["12", "4", "5", "5"]
