"""Needs: one need however often and by however many at once it is heard, merged, moved on, answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from basins.enums import NeedState
from basins.models import Basin, Need, NeedMention, NeedStep, User
from basins.reference import load_reference_data
from basins.rules import needs
from basins.rules.people import NotYours
from basins.rules.privacy import NationalNumberFound
from core.bilingual import text
from tests.factories import basin

DAY = dt.date(2024, 9, 26)
NISS = "85.07.30-033.28"  # the example of the register itself


def hear(title: str = "Isolement", key: str = "CT 1", **more: Any) -> Need:
    values: dict[str, Any] = {
        "source": "concertations",
        "source_key": key,
        "basin": basin("sud-est"),
        "title": title,
        "language": "fr",
        "words": f"{title}, dit une infirmière",
        "heard_on": DAY,
    }
    return needs.raise_need(**values | more)


@pytest.mark.django_db
def test_a_need_that_nobody_mentioned_is_new() -> None:
    need = hear("  Prévention   des chutes ")

    assert text(need, "title", "fr").value == "Prévention des chutes"
    assert need.state == NeedState.HEARD
    assert [mention.heard_on for mention in need.mentions.all()] == [DAY]


@pytest.mark.django_db
def test_the_same_occasion_counts_once() -> None:
    first = hear(key="CT 1")

    second = hear(key="CT 1")

    assert second == first
    assert NeedMention.objects.count() == 1


@pytest.mark.django_db
def test_a_like_need_gets_a_further_mention() -> None:
    first = hear("Précarité", key="CT 1")

    second = hear("PRECARITE", key="CT 2")

    assert second == first
    assert first.mentions.count() == 2


@pytest.mark.django_db
def test_several_people_on_one_occasion_are_several_mentions() -> None:
    need = hear(raised_by_email="a@example.org")

    hear(raised_by_email="B@Example.org ")

    assert set(need.mentions.values_list("raised_by_email", flat=True)) == {"a@example.org", "b@example.org"}


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"basin": None}, {"language": "nl"}])
def test_another_basin_or_language_is_another_need(other: dict[str, Any]) -> None:
    first = hear(key="CT 1")

    second = hear(key="CT 2", **other)

    assert second != first


@pytest.mark.django_db
def test_a_need_that_was_closed_is_heard_anew(alice: User) -> None:
    first = hear(key="CT 1")
    needs.move_need(need=first, to=NeedState.CLOSED, by=alice, outcome_fr="Hors de notre portée.")

    second = hear(key="CT 2")

    assert second != first


@pytest.mark.django_db
def test_the_occasion_that_raised_a_need_since_closed_still_counts_once(alice: User) -> None:
    first = hear(key="CT 1")
    needs.move_need(need=first, to=NeedState.CLOSED, by=alice, outcome_fr="Hors de notre portée.")

    again = hear(key="CT 1")

    assert again == first
    assert NeedMention.objects.count() == 1


@pytest.mark.django_db
def test_a_person_may_choose_the_need() -> None:
    first = hear("Isolement", key="CT 1")

    second = hear("Les gens sont seuls", key="CT 2", need=first)

    assert second == first
    assert Need.objects.count() == 1


@pytest.mark.django_db
def test_a_need_has_a_title() -> None:
    with pytest.raises(needs.NeedWithoutTitle):
        hear("   ")


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["title", "words", "audience"])
def test_a_national_register_number_is_refused(field: str) -> None:
    with pytest.raises(NationalNumberFound) as caught:
        hear(**{field: f"Monsieur {NISS} est seul"})

    assert caught.value.field == field
    assert Need.objects.count() == 0


@pytest.mark.django_db
def test_eleven_digits_that_are_no_national_number_pass() -> None:
    need = hear(words="Appelez le 0032 2 318 60 58 ou comptez 12345678901")

    assert need.mentions.count() == 1


# --- Merging -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_merging_moves_mentions_and_leads_on(alice: User) -> None:
    one, two = hear("Isolement", key="CT 1"), hear("Solitude", key="CT 2")

    needs.merge_needs(needs=[two], into=one, by=alice)

    two.refresh_from_db()
    assert (two.merged_into, two.state) == (one, NeedState.CLOSED)
    assert one.mentions.count() == 2
    assert hear("solitude", key="CT 3") == one


@pytest.mark.django_db
def test_an_occasion_that_mentioned_both_counts_once_after_merging(alice: User) -> None:
    one, two = hear("Isolement", key="CT 1"), hear("Solitude", key="CT 1")

    needs.merge_needs(needs=[two], into=one, by=alice)

    assert one.mentions.count() == 1
    assert hear("Solitude", key="CT 1") == one
    assert NeedMention.objects.count() == 1


@pytest.mark.django_db
def test_merging_twice_keeps_the_way_one_step_long(alice: User) -> None:
    one, two, three = hear("Un", key="1"), hear("Deux", key="2"), hear("Trois", key="3")
    needs.merge_needs(needs=[three], into=two, by=alice)

    needs.merge_needs(needs=[two], into=one, by=alice)

    three.refresh_from_db()
    assert three.merged_into == one


@pytest.mark.django_db
def test_a_need_is_not_merged_into_itself(alice: User) -> None:
    one = hear()

    with pytest.raises(needs.ImpossibleMerge):
        needs.merge_needs(needs=[one], into=one, by=alice)


@pytest.mark.django_db
def test_needs_of_two_basins_are_not_merged(alice: User, bram: User) -> None:
    one, two = hear(key="CT 1"), hear(key="CT 2", basin=basin("nord"))

    with pytest.raises(NotYours):
        needs.merge_needs(needs=[two], into=one, by=alice)

    two.refresh_from_db()
    assert two.merged_into is None


# --- Moving on -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_move_is_logged(alice: User) -> None:
    need = hear()

    needs.move_need(need=need, to=NeedState.PROPOSED, by=alice)
    needs.move_need(need=need, to=NeedState.PLANNED, by=alice)

    steps = NeedStep.objects.values_list("from_state", "to_state", "by__email")
    assert list(steps) == [
        ("heard", "proposed", "alice@example.org"),
        ("proposed", "planned", "alice@example.org"),
    ]


@pytest.mark.django_db
def test_a_state_follows_from_the_one_before(alice: User) -> None:
    need = hear()

    with pytest.raises(needs.ImpossibleStep):
        needs.move_need(need=need, to=NeedState.PLANNED, by=alice)


@pytest.mark.django_db
def test_an_answer_says_what_became_of_it(alice: User) -> None:
    need = hear()

    with pytest.raises(needs.OutcomeMissing):
        needs.move_need(need=need, to=NeedState.ANSWERED, by=alice)
    answered = needs.move_need(need=need, to=NeedState.ANSWERED, by=alice, outcome_nl="Er is een gids.")

    assert answered.state == NeedState.ANSWERED
    assert text(answered, "outcome", "nl").value == "Er is een gids."


@pytest.mark.django_db
def test_strangers_move_nothing(bram: User, chantal: User) -> None:
    need = hear()

    for person in (bram, chantal):
        with pytest.raises(NotYours):
            needs.move_need(need=need, to=NeedState.PROPOSED, by=person)

    need.refresh_from_db()
    assert need.state == NeedState.HEARD


# --- Many at once --------------------------------------------------------------------------------


@pytest.fixture
def territory(transactional_db: None) -> Iterator[Basin]:
    """The reference data, which an earlier test of this kind may have flushed."""
    load_reference_data()
    yield basin("sud-est")
    NeedMention.objects.all().delete()
    Need.objects.all().delete()


def at_once(number: int, call: Any) -> list[Any]:
    """What ``call(n)`` gives in ``number`` threads with a connection each, all let go together."""
    barrier = Barrier(number)

    def run(n: int) -> Any:
        barrier.wait()
        try:
            return call(n)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_the_same_occasion_twice_at_once_is_one_mention(territory: Basin) -> None:
    found = at_once(8, lambda n: hear(key="CT 1"))

    assert len(set(found)) == 1
    assert NeedMention.objects.count() == 1


def test_eight_occasions_at_once_are_eight_mentions_of_one_need(territory: Basin) -> None:
    found = at_once(8, lambda n: hear(key=f"CT {n}"))

    assert len(set(found)) == 1
    assert NeedMention.objects.count() == 8


def test_without_the_lock_eight_occasions_make_several_needs(territory: Basin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: it shows the race that the lock prevents."""
    together = Barrier(8)
    like_it = needs._like_it

    def slow_like_it(*args: Any) -> Need | None:
        found = like_it(*args)
        together.wait(10)
        return found

    monkeypatch.setattr(needs, "_lock_needs_of", lambda basin: None)
    monkeypatch.setattr(needs, "_like_it", slow_like_it)

    found = at_once(8, lambda n: hear(key=f"CT {n}"))

    assert len(set(found)) == 8
