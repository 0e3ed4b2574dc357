"""Who is to be seated at a meeting, and who sits where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

from django.db.models import Q, QuerySet

from concertations.allocating.guests import Guest, Pair
from concertations.enums import Presence, RegistrationState
from concertations.enums_tables import AT_TABLES, SeatingKind
from concertations.models import Meeting, Participant, Seat, Seating, Subject
from core.text import fold


def expected_of(meeting: Meeting, *, only_present: bool = False) -> QuerySet[Participant]:
    """Who is in the room: registered and not excused, or noted as present; who takes part at a distance is not."""
    here = meeting.registrations.filter(at_distance=False)
    present = Q(presence=Presence.PRESENT)
    coming = Q(state=RegistrationState.CONFIRMED) & ~Q(presence__in=[Presence.EXCUSED, Presence.ABSENT])
    rows = here.filter(present if only_present else present | coming)
    return Participant.objects.filter(pk__in=rows.values("participant")).order_by("name", "pk")


def guests(people: Iterable[Participant]) -> list[Guest]:
    """As the allocators take them. Colleagues are of one record of the directory, or of one name, accents aside."""
    people = list(people)
    tied = {fold(person.organisation): str(person.organization) for person in people if person.organization}
    return [
        Guest(
            key=str(person.uuid),
            sector=person.sector,
            organisation=str(person.organization or "")
            or tied.get(fold(person.organisation), "")
            or fold(person.organisation),
        )
        for person in people
    ]


def last_time(seating: Seating) -> tuple[Seating | None, set[Pair]]:
    """The seating at tables before this one in the series, drawn, and the pairs who sat together at it."""
    meeting = seating.meeting
    earlier = Q(meeting__starts_at__lt=meeting.starts_at) | Q(meeting=meeting, created__lt=seating.created)
    found = Seating.objects.filter(
        earlier, meeting__series=meeting.series, kind__in=AT_TABLES, drawn_at__isnull=False
    ).select_related("meeting")
    last = found.exclude(pk=seating.pk).order_by("-meeting__starts_at", "-created", "-pk").first()
    if last is None:
        return None, set()
    tables: dict[int, list[str]] = defaultdict(list)
    for place, key in last.seats.filter(turn=1).order_by("pk").values_list("place", "participant__uuid"):
        tables[place].append(str(key))
    return last, {frozenset(pair) for table in tables.values() for pair in combinations(table, 2)}


# --- Seats as they are shown -----------------------------------------------------------------------


@dataclass(slots=True)
class Place:
    """A table, or a workshop in a round, with who is there. ``side``: the group that a table belongs to."""

    number: int
    side: str = ""
    subject: Subject | None = None
    people: list[Participant] = field(default_factory=list)
    full: bool = False


@dataclass(slots=True)
class Turn:
    """A round: its places in order; of pairs, who faces whom and who takes a break."""

    number: int
    places: list[Place] = field(default_factory=list)
    pairs: list[tuple[int, Participant, Participant | None]] = field(default_factory=list)


@dataclass(slots=True)
class Route:
    """Where one person goes, round by round."""

    participant: Participant
    seats: list[Seat] = field(default_factory=list)
    is_expected: bool = True


def subjects_of(seating: Seating) -> list[Subject]:
    """In order; prefetched ones are not asked for again."""
    return sorted(seating.subjects.all(), key=lambda subject: subject.position)


def turns_of(seating: Seating) -> list[Turn]:
    """All rounds with their places. Two queries: the seats with their people, the subjects."""
    turns: dict[int, Turn] = {}
    places: dict[tuple[int, int], Place] = {}
    subjects = {subject.position: subject for subject in subjects_of(seating)}
    seats = list(seating.seats.select_related("participant"))
    if seating.kind == SeatingKind.PAIRS:
        return _pairs(seats)
    for seat in seats:
        turn = turns.setdefault(seat.turn, Turn(seat.turn))
        key = seat.turn, seat.place
        if key not in places:
            places[key] = Place(seat.place, seat.side, _subject(seating, seat, subjects))
            turn.places.append(places[key])
        places[key].people.append(seat.participant)
    if seating.kind == SeatingKind.ROUNDS:
        for turn in turns.values():
            empty = set(subjects) - {place.number for place in turn.places}
            turn.places += [Place(number, "", subjects[number]) for number in empty]
            turn.places.sort(key=lambda place: place.number)
    return [turns[number] for number in sorted(turns)]


def _subject(seating: Seating, seat: Seat, subjects: dict[int, Subject]) -> Subject | None:
    if seating.kind == SeatingKind.ROUNDS:
        return subjects.get(seat.place)
    if seating.kind == SeatingKind.SWAP:  # A begins with the first subject, B with the second, then they swap
        return subjects.get(1 if (seat.side == "A") == (seat.turn == 1) else 2)
    return None


def _pairs(seats: list[Seat]) -> list[Turn]:
    turns: dict[int, dict[int, dict[str, Participant]]] = defaultdict(lambda: defaultdict(dict))
    for seat in seats:
        turns[seat.turn][seat.place][seat.side] = seat.participant
    found = []
    for number, places in sorted(turns.items()):
        turn = Turn(number)
        for place, sides in sorted(places.items()):
            one, *other = [sides[side] for side in ("I", "O") if side in sides]
            turn.pairs.append((place, one, other[0] if other else None))
        found.append(turn)
    return found


def routes_of(seating: Seating, expected: Iterable[Participant] | None = None) -> list[Route]:
    """Everybody with a seat, by name, and where they go. ``expected``: who does come, to mark who does not."""
    keys = None if expected is None else {person.pk for person in expected}
    routes: dict[int, Route] = {}
    for seat in seating.seats.select_related("participant").order_by("participant__name", "participant_id", "turn"):
        route = routes.setdefault(
            seat.participant_id,
            Route(seat.participant, is_expected=keys is None or seat.participant_id in keys),
        )
        route.seats.append(seat)
    return list(routes.values())
