"""Workshops by choice: several rounds, each person in another workshop each round, its best ones, seats respected.

Two steps, both exact. First who goes to which workshops: a flow of least cost, person by person, in which others
give way where that costs less in all. Then in which round: people and workshops are the two sides of a graph whose
edges are coloured, one colour per round; that always works, because nobody has more edges than there are rounds
(D. König 1916), and it spreads each workshop's people evenly over the rounds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOT_CHOSEN = 1_000  # fewest workshops that nobody asked for come first; among these the later choice gives way


class NotEnoughSeats(Exception):
    """The workshops have fewer seats than people need."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """``seats[person]``: the workshop of each round. ``missed``: how many people miss none of their choices, one, …"""

    seats: dict[str, tuple[str, ...]]
    missed: dict[int, int]
    cost: int

    def of(self, workshop: str, turn: int) -> list[str]:
        """Who is in a workshop in a round (from 0)."""
        return [person for person, workshops in self.seats.items() if workshops[turn] == workshop]


def choice_cost(choices: Sequence[str], workshop: str) -> int:
    """What it weighs to go there: nothing for the first choice, or where nothing was chosen."""
    if not choices:
        return 0
    if workshop in choices:
        rank = choices.index(workshop)
        return rank * (rank + 1) // 2
    return NOT_CHOSEN


def by_choice(choices: Mapping[str, Sequence[str]], *, seats: Mapping[str, int], rounds: int, seed: int) -> Rounds:
    """Give everybody ``rounds`` different workshops, the best chosen ones as far as ``seats`` (per round) go.

    ``choices``: per person its workshops, the dearest first, of which the first ``rounds`` count; who chose nothing
    fills up. Who was heard first counts for nothing: ``seed`` draws the order. Raises :class:`NotEnoughSeats`;
    ``ValueError`` for a choice that is no workshop or is named twice.
    """
    for person, chosen in choices.items():
        if len(set(chosen)) < len(chosen) or not set(chosen) <= set(seats):
            raise ValueError(f"Choices of {person!r}")
    choices = {person: chosen[:rounds] for person, chosen in choices.items()}
    people = sorted(choices)
    random.Random(seed).shuffle(people)  # noqa: S311 - to be repeated, not to be unguessable
    workshops = sorted(seats)
    goes_to = _flow(people, workshops, choices, {name: number * rounds for name, number in seats.items()}, rounds)
    turns = _colour(people, goes_to, rounds)
    missed = Counter(
        sum(workshop not in goes_to[person] for workshop in choices[person]) for person in people if choices[person]
    )
    cost = sum(choice_cost(choices[person], workshop) for person in people for workshop in goes_to[person])
    return Rounds({person: turns[person] for person in sorted(people)}, dict(sorted(missed.items())), cost)


# --- Who goes where ------------------------------------------------------------------------------


def _flow(
    people: Sequence[str],
    workshops: Sequence[str],
    choices: Mapping[str, Sequence[str]],
    room: dict[str, int],
    rounds: int,
) -> dict[str, set[str]]:
    cost = {person: {name: choice_cost(choices[person], name) for name in workshops} for person in people}
    goes_to: dict[str, set[str]] = {}
    for person in people:
        goes_to[person] = set()
        for _ in range(rounds):
            _add(person, workshops, cost, goes_to, room)
    return goes_to


def _add(
    person: str,
    workshops: Sequence[str],
    cost: Mapping[str, Mapping[str, int]],
    goes_to: dict[str, set[str]],
    room: dict[str, int],
) -> None:
    """One workshop more for a person, along the cheapest way: who is there already may move on to another one."""
    moves = {
        (a, b): min(found)
        for a in workshops
        for b in workshops
        if a != b
        and (found := [(cost[q][b] - cost[q][a], q) for q, has in goes_to.items() if a in has and b not in has])
    }
    far = float("inf")
    way: dict[str, tuple[float, str, str]] = {  # cost so far, from which workshop, who moves
        name: (cost[person][name], "", person) if name not in goes_to[person] else (far, "", "") for name in workshops
    }
    for _ in workshops:  # Bellman and Ford: a move may be worth less than nothing
        for (a, b), (price, who) in moves.items():
            if way[a][0] + price < way[b][0]:
                way[b] = (way[a][0] + price, a, who)
    ends = [(way[name][0], -room[name], name) for name in workshops if room[name] > 0 and way[name][0] < far]
    if not ends:
        raise NotEnoughSeats
    *_, here = min(ends)  # among equals where most room is left, so that those without a choice spread
    room[here] -= 1
    while True:
        _, before, who = way[here]
        goes_to[who].add(here)
        if not before:
            return
        goes_to[who].discard(before)
        here = before


# --- In which round ------------------------------------------------------------------------------

Node = tuple[str, str, int]  # of which side, its name, which group of the workshop
Graph = dict[Node, dict[int, Node]]  # per node and round, the node at the other end


def _colour(people: Sequence[str], goes_to: Mapping[str, set[str]], rounds: int) -> dict[str, tuple[str, ...]]:
    """A round for each of a person's workshops, so that each group of ``rounds`` people of a workshop parts.

    A workshop is cut into groups of at most ``rounds`` people, of whom no two come in the same round: so each round
    has its even share of the workshop.
    """
    at: Graph = {}
    met: Counter[str] = Counter()
    for person in people:
        for workshop in sorted(goes_to[person]):
            _join(at, ("person", person, 0), ("group", workshop, met[workshop] // rounds), rounds)
            met[workshop] += 1
    return {person: tuple(at[("person", person, 0)][turn][1] for turn in range(rounds)) for person in people}


def _join(at: Graph, left: Node, right: Node, rounds: int) -> None:
    """Colour one edge more; where the two ends have no round in common, a chain of others changes over."""
    ours, theirs = at.setdefault(left, {}), at.setdefault(right, {})
    mine = next(turn for turn in range(rounds) if turn not in ours)
    its = next(turn for turn in range(rounds) if turn not in theirs)
    if mine in theirs:
        # From the group on, edges of the rounds ``mine`` and ``its`` in turn; on two sides it never comes back here.
        chain = [right]
        turn = mine
        while turn in at[chain[-1]]:
            chain.append(at[chain[-1]][turn])
            turn = its if turn == mine else mine
        for node in chain:
            here = at[node]
            swapped = {mine: here.get(its), its: here.get(mine)}
            for each, end in swapped.items():
                here.pop(each, None)
                if end is not None:
                    here[each] = end
    ours[mine], theirs[mine] = right, left
