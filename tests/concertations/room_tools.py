"""People in a room: a meeting with who registered for it, seatings and walls."""

from __future__ import annotations

from typing import Any

from basins.models import User
from concertations.enums_tables import PostItKind, SeatingKind, WallState
from concertations.models import Cluster, Meeting, Participant, PostIt, Seating, Wall
from concertations.rules import post_its, seating_plans, walls
from concertations.rules.seating_plans import SeatingData, SubjectData
from concertations.rules.walls import WallData
from tests.concertations.factories import MeetingFactory, ParticipantFactory, RegistrationFactory

SECTORS = ("health", "social", "youth", "housing", "mental_health")
WORKSHOPS = tuple(
    SubjectData(title_fr=f"Atelier {letter}", title_nl=f"Werkgroep {letter}", seats=4) for letter in "ABCD"
)


def room(people: int, **fields: Any) -> Meeting:
    """A meeting for which so many registered, of several sectors and services."""
    meeting = MeetingFactory(**fields)
    for number in range(people):
        register(meeting, name=f"Person {number:02}", sector=SECTORS[number % 5], organisation=f"Service {number % 7}")
    return meeting


def register(meeting: Meeting, **fields: Any) -> Participant:
    """One person more."""
    person = ParticipantFactory(series=meeting.series, **fields)
    RegistrationFactory(meeting=meeting, participant=person)
    return person


def planned(meeting: Meeting, *, by: User | None = None, **fields: Any) -> Seating:
    """A seating of that meeting, not drawn."""
    fields = {"title_fr": "Tables de discussion", "title_nl": "Gesprekstafels", **fields}
    if fields.get("kind") == SeatingKind.ROUNDS:
        fields = {"rounds": 3, "minutes": 15, "subjects": WORKSHOPS, **fields}
    if fields.get("kind") == SeatingKind.SWAP:
        fields = {"subjects": WORKSHOPS[:2], **fields}
    return seating_plans.plan(meeting=meeting, data=SeatingData(**fields), by=by)


def where(seating: Seating, turn: int = 1) -> dict[str, int]:
    """The place of each person by name, in a round."""
    return dict(seating.seats.filter(turn=turn).values_list("participant__name", "place"))


def wall(meeting: Meeting | None = None, *, state: WallState = WallState.WRITING, **fields: Any) -> Wall:
    """A wall as the team would have brought it there."""
    data = WallData(**{"question_fr": "Que manque-t-il ?", "question_nl": "Wat ontbreekt er?", **fields})
    made = walls.prepare(meeting=meeting or MeetingFactory(), data=data, by=None)
    path = [WallState.WRITING, WallState.SORTING, WallState.MARKING, WallState.SHOWN]
    for each in path[: path.index(state) + 1] if state != WallState.DRAFT else []:
        if each == WallState.MARKING and not made.clusters.exists():
            group(made)
        made = walls.step(wall=made, to=each, by=None)
    return made


def group(wall: Wall, name: str = "Logement") -> Cluster:
    """A group of post-its."""
    return post_its.add_cluster(wall=wall, title_fr=name, title_nl=f"{name} (nl)", by=None)


def advance(wall: Wall, *states: WallState) -> Wall:
    """Step by step."""
    for state in states:
        wall = walls.step(wall=wall, to=state, by=None)
    return wall


def stick(
    wall: Wall, text: str, *, phone: str = "", kind: PostItKind = PostItKind.NEED, language: str = "fr"
) -> PostIt:
    """A post-it of a phone, or typed."""
    if phone:
        return post_its.write(wall=wall, digest=phone, text=text, kind=kind, language=language)
    return post_its.type_in(wall=wall, text=text, kind=kind, language=language, by=None)
