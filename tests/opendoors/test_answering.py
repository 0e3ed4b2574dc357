"""The questionnaire: who may answer, how often, and what the team makes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from basins.models import Need, NeedMention, User
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from opendoors.enums import Attendance, HostState, VisitState
from opendoors.errors import AnswerRefused
from opendoors.models import Answer, Edition, Host, Visit, Visitor
from opendoors.rules import answering
from opendoors.rules.answering import AnswerData
from tests.opendoors.evaluation_tools import came, past_edition, present, said
from tests.opendoors.factories import EditionFactory, VisitFactory

pytestmark = pytest.mark.django_db

GOOD = AnswerData(rating=5, knows_better="yes", best="L’accueil.", missing="Un interprète le soir.", may_quote=True)


@pytest.fixture
def edition() -> Edition:
    return past_edition()


@pytest.fixture
def visitor(edition: Edition) -> Visitor:
    return present(VisitFactory(edition=edition))


def answer(visitor: Visitor, data: AnswerData = GOOD, language: str = "fr") -> Answer:
    return answering.answer(data=data, language=language, by=None, visitor=visitor)


def test_a_visitor_says_how_it_was(visitor: Visitor) -> None:
    row = answer(visitor)

    assert (row.role, row.edition, row.rating, row.language) == ("visitor", visitor.edition, 5, "fr")


def test_a_second_answer_changes_the_first(visitor: Visitor) -> None:
    answer(visitor)
    answer(visitor, AnswerData(rating=2))

    assert Answer.objects.values_list("rating", "best", "may_quote").get() == (2, "", False)


def test_a_host_says_how_it_was(edition: Edition) -> None:
    host = VisitFactory(edition=edition).host

    row = answering.answer(data=GOOD, language="nl", by=None, host=host)

    assert (row.role, row.host, row.visitor) == ("host", host, None)


def test_an_answer_is_somebody_s() -> None:
    with pytest.raises(TypeError):
        answering.answer(data=GOOD, language="nl", by=None)


@pytest.mark.parametrize("attendance", [Attendance.ABSENT, Attendance.EXCUSED])
def test_who_did_not_come_is_not_asked(edition: Edition, attendance: str) -> None:
    visitor = came(VisitFactory(edition=edition), attendance=attendance)

    with pytest.raises(AnswerRefused):
        answer(visitor)


def test_who_came_once_of_two_times_answers(edition: Edition) -> None:
    came(VisitFactory(edition=edition), attendance=Attendance.ABSENT)
    visitor = came(VisitFactory(edition=edition, day=1))

    assert answer(visitor).rating == 5


def test_nobody_answers_before_the_first_visit_is_over() -> None:
    visitor = came(VisitFactory(edition=EditionFactory()))

    with pytest.raises(AnswerRefused):
        answer(visitor)


@pytest.mark.parametrize("change", [{"state": HostState.WITHDRAWN}, {"visits": VisitState.CANCELLED}])
def test_a_host_that_did_not_receive_is_not_asked(edition: Edition, change: dict[str, Any]) -> None:
    visit = VisitFactory(edition=edition)
    if "state" in change:
        Host.objects.filter(pk=visit.host.pk).update(**change)
    else:
        Visit.objects.filter(pk=visit.pk).update(state=change["visits"])

    with pytest.raises(AnswerRefused):
        answering.answer(data=GOOD, language="nl", by=None, host=visit.host)


@pytest.mark.parametrize(("days", "is_open"), [(90, True), (91, False)])
def test_it_closes_ninety_days_after_the_week(visitor: Visitor, days: int, is_open: bool) -> None:
    day = visitor.edition.ends_on + dt.timedelta(days=days)
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)):
        assert (answering.why_visitor_cannot(visitor) == "") is is_open


def test_an_empty_answer_is_none(visitor: Visitor) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answer(visitor, AnswerData(may_quote=True))

    assert refused.value.field == "rating"


def test_a_mark_is_one_to_five(visitor: Visitor) -> None:
    with pytest.raises(AnswerRefused) as refused:
        answer(visitor, AnswerData(rating=6))

    assert refused.value.field == "rating"


def test_no_national_number_is_kept(visitor: Visitor) -> None:
    with pytest.raises(NationalNumberFound) as refused:
        answer(visitor, AnswerData(missing="85.07.30-033.28"))

    assert refused.value.field == "missing"


# --- Quotes --------------------------------------------------------------------------------------


def test_the_team_quotes_what_may_be_quoted(visitor: Visitor, alice: User) -> None:
    row = answering.quote(answer=answer(visitor), quoted=True, by=alice)

    assert row.is_quoted


@pytest.mark.parametrize("data", [AnswerData(best="Bien."), AnswerData(rating=4, may_quote=True)])
def test_nothing_is_quoted_without_leave_or_without_words(visitor: Visitor, alice: User, data: AnswerData) -> None:
    with pytest.raises(AnswerRefused):
        answering.quote(answer=answer(visitor, data), quoted=True, by=alice)


def test_the_database_holds_leave_too(visitor: Visitor) -> None:
    row = answer(visitor, AnswerData(best="Bien."))

    with pytest.raises(IntegrityError, match="opendoors_answer_quoted_with_leave"):
        Answer.objects.filter(pk=row.pk).update(is_quoted=True)


def test_the_team_of_another_basin_quotes_nothing(visitor: Visitor, bram: User) -> None:
    with pytest.raises(NotYours):
        answering.quote(answer=answer(visitor), quoted=True, by=bram)


@pytest.mark.parametrize(
    ("after", "is_quoted"),
    [
        (AnswerData(rating=1, best="L’accueil.", may_quote=True), True),
        (AnswerData(best="Autre chose.", may_quote=True), False),
        (AnswerData(best="L’accueil.", may_quote=False), False),
    ],
)
def test_a_quote_that_changes_leaves_the_public_page(
    visitor: Visitor, alice: User, after: AnswerData, is_quoted: bool
) -> None:
    answering.quote(answer=answer(visitor), quoted=True, by=alice)

    assert answer(visitor, after).is_quoted is is_quoted


# --- Needs ---------------------------------------------------------------------------------------


def test_what_is_missing_becomes_a_need_of_the_basin(visitor: Visitor, alice: User) -> None:
    row = answer(visitor)

    need = answering.make_need(answer=row, title="Interprètes le soir", by=alice)

    mention = NeedMention.objects.get(need=need)
    assert (need.basin, str(need), Answer.objects.get().need) == (visitor.edition.basin, "Interprètes le soir", need)
    assert (mention.words, mention.source_label) == (
        "Un interprète le soir.",
        f"Le Grand Bain {row.edition.starts_on.year}",
    )


def test_the_need_does_not_say_who(visitor: Visitor, alice: User) -> None:
    answering.make_need(answer=answer(visitor), title="Interprètes", by=alice)

    assert NeedMention.objects.get().raised_by_email == ""


def test_pressed_twice_it_is_one_need(visitor: Visitor, alice: User) -> None:
    row = answer(visitor)
    needs = [answering.make_need(answer=row, title=title, by=alice) for title in ("Interprètes", "Autre titre")]

    assert needs[0] == needs[1]
    assert Need.objects.count() == 1


def test_two_answers_that_miss_the_same_are_one_need(edition: Edition, alice: User) -> None:
    visit = VisitFactory(edition=edition)
    for name in ("a", "b"):
        row = answer(present(visit, f"{name}@example.org"))
        need = answering.make_need(answer=row, title="Interprètes", by=alice)

    assert NeedMention.objects.filter(need=need).count() == 2


def test_an_answer_that_misses_nothing_makes_no_need(visitor: Visitor, alice: User) -> None:
    with pytest.raises(AnswerRefused):
        answering.make_need(answer=said(visitor, rating=3), title="Rien", by=alice)


def test_the_team_of_another_basin_makes_no_need(visitor: Visitor, bram: User) -> None:
    with pytest.raises(NotYours):
        answering.make_need(answer=answer(visitor), title="Interprètes", by=bram)
