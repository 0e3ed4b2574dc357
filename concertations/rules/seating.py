"""Seats are drawn, and put right by hand. The allocators decide (``concertations.allocating``); here is what is kept.

The same people and the same seed give the same seats, so whoever doubts them can draw them again. Everything takes
the seating's row first.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import permutations
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations import queries_tables
from concertations.allocating import circles, guests, halves, rounds, tables
from concertations.allocating.guests import Account, Guest
from concertations.enums_tables import AT_TABLES, SeatingKind, Side
from concertations.errors import SeatingError
from concertations.models import Participant, Seat, Seating
from concertations.models.tables import SEED_AT_MOST
from concertations.rules.checks import refuse_stranger
from concertations.rules.seating_plans import clear, locked

logger = logging.getLogger(__name__)

# Where a person is: round, place, side.
Spot = tuple[int, int, str]
Spots = list[tuple[str, Spot]]


@transaction.atomic
def draw(*, seating: Seating, by: User | None, seed: int | None = None, only_present: bool = False) -> Seating:
    """Seat everybody who comes, or only who is noted as present. ``seed`` empty: a new one.

    What was drawn or moved before is gone. Raises ``SeatingError`` where nobody comes or the workshops are too small,
    ``NotYours``.
    """
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    people = {str(row.uuid): row for row in queries_tables.expected_of(seating.meeting, only_present=only_present)}
    if len(people) < 2:
        raise SeatingError(_("There is nobody to seat yet: two people at least must be registered."))
    seed = secrets.randbelow(SEED_AT_MOST) + 1 if seed is None else seed
    if not 1 <= seed <= SEED_AT_MOST:
        raise SeatingError(_("A seed is a number from 1 to 2147483647."), field="seed")
    spots, figures = _drawn(seating, queries_tables.guests(people.values()), seed)
    clear(seating)
    Seat.objects.bulk_create(
        Seat(seating=seating, participant=people[key], turn=turn, place=place, side=side)
        for key, (turn, place, side) in spots
    )
    seating.seed, seating.account, seating.choices_open = seed, {"people": len(people), **figures}, False
    seating.drawn_at, seating.drawn_by = timezone.now(), by
    seating.save()
    logger.info("Seating %s was drawn for %d people with seed %d", seating.uuid, len(people), seed)
    return seating


@transaction.atomic
def undraw(*, seating: Seating, by: User | None) -> Seating:
    """Take all seats back. Raises ``NotYours``."""
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    clear(seating)
    return seating


# --- By hand -----------------------------------------------------------------------------------------


@transaction.atomic
def exchange(*, seating: Seating, one: Participant, other: Participant, by: User | None) -> None:
    """Two people change seats, in all rounds. Raises ``SeatingError``, ``NotYours``."""
    seating = _drawn_and_ours(seating, by)
    if one == other:
        raise SeatingError(_("Choose two different people."), field="other")
    ours, theirs = (list(seating.seats.filter(participant=person)) for person in (one, other))
    if not ours or not theirs:
        raise SeatingError(_("Both people must have a seat."), field="other")
    Seat.objects.filter(pk__in=[seat.pk for seat in (*ours, *theirs)]).delete()
    for seat in (*ours, *theirs):
        seat.pk = None
        seat.participant = other if seat.participant_id == one.pk else one
    Seat.objects.bulk_create([*ours, *theirs])
    _count_anew(seating)


@transaction.atomic
def move(*, seating: Seating, participant: Participant, place: int, by: User | None) -> None:
    """Somebody goes to another table, which may have one more then. Raises ``SeatingError``, ``NotYours``."""
    seating = _drawn_and_ours(seating, by)
    if seating.kind not in AT_TABLES:
        raise SeatingError(_("Let two people change seats instead: these rounds depend on each other."))
    target = seating.seats.filter(place=place).first()
    if target is None:
        raise SeatingError(_("There is no such table."), field="place")
    if not seating.seats.filter(participant=participant).update(place=place, side=target.side):
        raise SeatingError(_("This person has no seat yet."), field="participant")
    _count_anew(seating)


@transaction.atomic
def seat_late(*, seating: Seating, participant: Participant, by: User | None) -> int:
    """A seat for somebody who came late, beside those least alike; gives the place in the first round.

    Nobody else moves. Raises ``SeatingError`` where no seat is left, ``NotYours``.
    """
    seating = _drawn_and_ours(seating, by)
    if seating.seats.filter(participant=participant).exists():
        raise SeatingError(_("This person has a seat already."))
    if not queries_tables.expected_of(seating.meeting).filter(pk=participant.pk).exists():
        raise SeatingError(_("This person is not registered for the meeting."))
    if seating.kind == SeatingKind.PAIRS:
        raise SeatingError(_("One more changes every pair: draw the rounds again."))
    spots = _beside(seating, participant) if seating.kind in AT_TABLES else _in_workshops(seating, participant)
    Seat.objects.bulk_create(
        Seat(seating=seating, participant=participant, turn=turn, place=place, side=side) for turn, place, side in spots
    )
    _count_anew(seating)
    return spots[0][1]


@transaction.atomic
def take_away(*, seating: Seating, participant: Participant, by: User | None) -> None:
    """Somebody does not come: the seat stays free. Raises ``NotYours``."""
    seating = _drawn_and_ours(seating, by)
    seating.seats.filter(participant=participant).delete()
    _count_anew(seating)


def _drawn_and_ours(seating: Seating, by: User | None) -> Seating:
    seating = locked(seating)
    refuse_stranger(seating.meeting.series, by)
    if not seating.is_drawn:
        raise SeatingError(_("No seats are drawn yet."))
    return seating


def _beside(seating: Seating, participant: Participant) -> list[Spot]:
    _last, met = queries_tables.last_time(seating)
    first = list(seating.seats.filter(turn=1).select_related("participant").order_by("place", "pk"))
    known = {guest.key: guest for guest in queries_tables.guests([*(seat.participant for seat in first), participant])}
    places = sorted({seat.place for seat in first})
    at = [[known[str(seat.participant.uuid)] for seat in first if seat.place == place] for place in places]
    place = places[tables.place(known[str(participant.uuid)], at, size=seating.table_size, met=met)]
    side = next(seat.side for seat in first if seat.place == place)
    return [(turn, place, side) for turn in range(1, seating.rounds + 1)]


def _in_workshops(seating: Seating, participant: Participant) -> list[Spot]:
    """Different workshops that have a seat left in their round, as far up the person's list as there are."""
    subjects = queries_tables.subjects_of(seating)
    taken = Counter(seating.seats.values_list("turn", "place"))
    chosen = _choices(seating).get(str(participant.uuid), [])
    ways = [
        way
        for way in permutations(subjects, seating.rounds)
        if all(taken[turn, each.position] < (each.seats or 0) for turn, each in enumerate(way, start=1))
    ]
    if not ways:
        raise SeatingError(_("No way through the workshops has a seat left in each round."))
    best = min(ways, key=lambda way: sum(rounds.choice_cost(chosen, str(each.position)) for each in way))
    return [(turn, each.position, "") for turn, each in enumerate(best, start=1)]


def _count_anew(seating: Seating) -> None:
    """The figures after a hand was at work; a page that explains says so."""
    figures: dict[str, Any] = {**seating.account, "by_hand": True}
    seats = list(seating.seats.filter(turn=1).select_related("participant"))
    figures["people"] = len(seats)
    if seating.kind in AT_TABLES:
        _last, met = queries_tables.last_time(seating)
        known = {guest.key: guest for guest in queries_tables.guests(seat.participant for seat in seats)}
        at: dict[int, list[Guest]] = {}
        for seat in seats:
            at.setdefault(seat.place, []).append(known[str(seat.participant.uuid)])
        figures |= _figures(guests.account(at.values(), met))
    if seating.kind == SeatingKind.ROUNDS:
        figures["missed"] = _missed(seating)
    if seating.kind == SeatingKind.PAIRS:
        figures |= {"alike": _alike(seating), "breaks": len(seats) % 2 == 1}
    seating.account = figures
    seating.save(update_fields=["account", "modified"])


def _alike(seating: Seating) -> int:
    """Pairs of colleagues over all rounds."""
    rows = list(seating.seats.select_related("participant"))
    known = {guest.key: guest.organisation for guest in queries_tables.guests({row.participant for row in rows})}
    met: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        met.setdefault((row.turn, row.place), []).append(known[str(row.participant.uuid)])
    return sum(len(pair) == 2 and pair[0] == pair[1] != "" for pair in met.values())


def _missed(seating: Seating) -> dict[str, int]:
    where: dict[str, set[str]] = {}
    for key, place in seating.seats.values_list("participant__uuid", "place"):
        where.setdefault(str(key), set()).add(str(place))
    chosen = {key: set(choices[: seating.rounds]) for key, choices in _choices(seating).items() if key in where}
    counted = Counter(len(choices - where[key]) for key, choices in chosen.items() if choices)
    return {str(number): people for number, people in sorted(counted.items())}


# --- What the allocators give --------------------------------------------------------------------------


def _drawn(seating: Seating, people: Sequence[Guest], seed: int) -> tuple[Spots, dict[str, Any]]:
    last, met = queries_tables.last_time(seating)
    if seating.kind == SeatingKind.ROUNDS:
        return _rounds(seating, people, seed)
    if seating.kind == SeatingKind.PAIRS:
        return _pairs(seating, people, seed)
    since = {"last_time": str(last.uuid)} if last else {}
    if seating.kind == SeatingKind.SWAP:
        both = halves.halve(people, size=seating.table_size, seed=seed, met=met)
        sides = [(Side.A.value, table) for table in both.first] + [(Side.B.value, table) for table in both.second]
        return _at_tables(sides, turns=(1, 2)), _figures(both.account) | since
    mixed = tables.mix(people, size=seating.table_size, seed=seed, met=met)
    return _at_tables([("", table) for table in mixed.tables], turns=(1,)), _figures(mixed.account) | since


def _at_tables(seated: Sequence[tuple[str, Iterable[str]]], *, turns: Sequence[int]) -> Spots:
    return [
        (key, (turn, number, side))
        for turn in turns
        for number, (side, table) in enumerate(seated, start=1)
        for key in table
    ]


def _rounds(seating: Seating, people: Sequence[Guest], seed: int) -> tuple[Spots, dict[str, Any]]:
    known = _choices(seating)
    seats = {str(each.position): each.seats or 0 for each in queries_tables.subjects_of(seating)}
    choices = {guest.key: known.get(guest.key, []) for guest in people}
    try:
        result = rounds.by_choice(choices, seats=seats, rounds=seating.rounds, seed=seed)
    except rounds.NotEnoughSeats as error:
        raise SeatingError(
            _("The workshops have too few seats: %(people)d people come, and %(seats)d can sit in each round.")
            % {"people": len(people), "seats": sum(seats.values())}
        ) from error
    spots = [
        (key, (turn, int(place), "")) for key, way in result.seats.items() for turn, place in enumerate(way, start=1)
    ]
    return spots, {"missed": {str(number): many for number, many in result.missed.items()}}


def _choices(seating: Seating) -> dict[str, list[str]]:
    """What each person would like, the dearest first, by the positions of the workshops."""
    found: dict[str, list[str]] = {}
    for key, position in seating.wanted.order_by("rank").values_list("participant__uuid", "subject__position"):
        found.setdefault(str(key), []).append(str(position))
    return found


def _pairs(seating: Seating, people: Sequence[Guest], seed: int) -> tuple[Spots, dict[str, Any]]:
    turns = min(seating.rounds, circles.rounds_at_most(len(people)))
    result = circles.pair_up(people, rounds=turns, seed=seed)
    spots = [
        (key, (turn, place, side.value))
        for turn, pairs in enumerate(result.rounds, start=1)
        for place, pair in enumerate(pairs, start=1)
        for side, key in zip((Side.INNER, Side.OUTER), pair, strict=True)
        if key
    ]
    return spots, {"alike": result.alike, "rounds": turns, "breaks": len(people) % 2 == 1}


def _figures(account: Account) -> dict[str, Any]:
    return asdict(account)
