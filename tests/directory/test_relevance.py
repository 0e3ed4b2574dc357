"""The relevance set holds: what one expects stands on the first page. `make bench ARGS=search` says more."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks import relevance


@pytest.mark.django_db
def test_what_is_expected_is_found_first() -> None:
    results = relevance.evaluate(relevance.build())
    scores = relevance.scores(results)
    assert scores.ndcg >= 0.92, sorted((each.ndcg, each.expectation.query, each.found[:5]) for each in results)[:15]
    assert scores.recall >= 0.96
    assert scores.empty <= 0.01
    weak = {asks: each.ndcg for asks, each in relevance.by_kind(results).items() if each.ndcg < 0.8}
    assert weak == {}


def test_the_set_asks_enough_of_each_kind() -> None:
    kinds = Counter(each.asks for each in relevance.expectations())
    assert sum(kinds.values()) >= 120
    assert {kind for kind, number in kinds.items() if number < 5} == set()


def test_no_query_stands_twice() -> None:
    asked = Counter((each.query, each.near) for each in relevance.expectations())
    assert [query for query, number in asked.items() if number > 1] == []
