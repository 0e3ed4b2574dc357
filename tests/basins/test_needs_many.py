"""Needs that come in by the hundred: the same as one by one, in a handful of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from basins.enums import NeedState
from basins.models import Need, NeedMention, User
from basins.rules import needs
from core.bilingual import text
from tests.factories import basin

pytestmark = pytest.mark.django_db


def heard(key: str, title: str, language: str = "fr", **titles: str) -> needs.Heard:
    """One of many, said in one language; ``titles``: in others as well."""
    return needs.Heard(
        source_key=key,
        titles={language: title, **titles},
        language=language,
        words=title,
        heard_on=dt.date(2019, 12, 2),
    )


def test_many_needs_come_in_like_one_by_one() -> None:
    known = needs.raise_need(
        source="test",
        source_key="before",
        basin=None,
        title="Un lieu ouvert",
        language="fr",
        words="…",
        heard_on=dt.date(2019, 12, 2),
    )
    found = needs.raise_many(
        source="test",
        basin=None,
        heard=[heard("1", "UN LIEU  ouvert", nl="Een open plek"), heard("2", "Du temps"), heard("3", "Du TEMPS")],
    )
    known.refresh_from_db()
    assert found[0] == known
    assert found[1] == found[2]
    assert (text(known, "title", "nl").value, known.mentions.count(), found[1].mentions.count()) == (
        "Een open plek",
        2,
        2,
    )


def test_many_needs_come_in_once() -> None:
    first = needs.raise_many(source="test", basin=None, heard=[heard("1", "Du temps")])
    second = needs.raise_many(source="test", basin=None, heard=[heard("1", "Autrement dit")])
    assert (second, NeedMention.objects.count(), Need.objects.count()) == (first, 1, 1)


def test_what_is_answered_is_heard_anew(alice: User) -> None:
    [answered] = needs.raise_many(source="test", basin=basin(), heard=[heard("1", "Du temps")])
    needs.move_need(need=answered, to=NeedState.ANSWERED, by=alice, outcome_fr="Fait")
    [again] = needs.raise_many(source="test", basin=basin(), heard=[heard("2", "Du temps")])
    assert again != answered


def test_one_of_many_without_a_title_is_refused_and_none_comes_in() -> None:
    with pytest.raises(needs.NeedWithoutTitle):
        needs.raise_many(source="test", basin=None, heard=[heard("1", "Du temps"), heard("2", " ")])
    assert Need.objects.count() == 0


@pytest.mark.parametrize("number", [1, 30])
def test_many_needs_take_as_many_queries_as_one(number: int, django_assert_num_queries: Any) -> None:
    rows = [heard(str(each), f"Besoin {each}") for each in range(number)]
    with django_assert_num_queries(8):
        needs.raise_many(source="test", basin=None, heard=rows)
