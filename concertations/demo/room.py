"""What happens in the room, in the demo: a wall of a meeting held, one that is open on any day, and seatings.

The needs on the walls are real (``facts/needs_reported_2024.csv``, the concertations of September 2024); who wrote
them, their groups and the points are made up. Seats are drawn where people are registered.
"""

from __future__ import annotations

import csv
import datetime as dt
from itertools import islice
from uuid import UUID

from basins.enums import BasinCode
from concertations import queries_tables, queries_wall
from concertations.enums import MeetingState
from concertations.enums_tables import PostItKind, SeatingKind, WallState
from concertations.models import Cluster, Meeting, Wall
from concertations.reference import FACTS
from concertations.rules import marking, post_its, seating, seating_plans, walls
from concertations.rules.seating_plans import SeatingData, SubjectData
from concertations.rules.walls import WallData

QUESTION = WallData(
    question_fr="De quoi votre public manque-t-il le plus ?", question_nl="Wat mist uw publiek het meest?"
)
# Under which name a need goes, by a word of it.
GROUPS = (
    ("Logement", "Wonen", ("logement", "sans-abri")),
    ("Trouver le bon service", "De juiste dienst vinden", ("offre", "orient", "réseau", "services")),
    ("Isolement et épuisement", "Isolement en uitputting", ("isolement", "épuisement", "précarité")),
)
WORKSHOPS = (
    ("Le premier rendez-vous trop tard", "De eerste afspraak te laat"),
    ("Parler de santé mentale avec les jeunes", "Met jongeren over geestelijke gezondheid praten"),
    ("Aller vers ceux qui ne demandent rien", "Naar wie niets vraagt"),
    ("Quand la famille n’en peut plus", "Wanneer de familie niet meer kan"),
)
DRAWN_FROM = 6  # people: fewer make no tables


def seed(today: dt.date, *, is_new: bool) -> None:
    """All of it the first time; later a wall that is open, once the meeting of the last one is over."""
    meetings = Meeting.objects.filter(series__basin__code=BasinCode.SUD_EST).select_related("series__basin")
    held = meetings.filter(state=MeetingState.HELD, series__slug="sante-mentale").order_by("-starts_at").first()
    if is_new and held is not None:
        _held_wall(held)
    ahead = meetings.filter(state=MeetingState.ANNOUNCED, ends_at__date__gte=today).order_by("starts_at").first()
    if ahead is None or Wall.objects.filter(meeting__in=meetings, state=WallState.WRITING, meeting=ahead).exists():
        return
    _open_wall(ahead)
    _seatings(ahead)


def _needs(about: str) -> list[dict[str, str]]:
    with (FACTS / "needs_reported_2024.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if about in row["meeting"]]


def _stick(wall: Wall, rows: list[dict[str, str]]) -> None:
    """Every third one in Dutch; two of each phone."""
    for number, row in enumerate(rows):
        language = "nl" if number % 3 == 2 else "fr"
        post_its.write(
            wall=wall,
            digest=queries_wall.digest_of(f"demo-{number // 2}"),
            text=row[f"need_{language}"],
            kind=PostItKind.NEED,
            language=language,
        )


def _held_wall(meeting: Meeting) -> None:
    wall = walls.prepare(meeting=meeting, data=QUESTION, by=None)
    wall = walls.step(wall=wall, to=WallState.WRITING, by=None)
    rows = _needs("Santé mentale")
    _stick(wall, rows)
    wall = walls.step(wall=wall, to=WallState.SORTING, by=None)
    clusters = [
        post_its.add_cluster(wall=wall, title_fr=title_fr, title_nl=title_nl, by=None)
        for title_fr, title_nl, _words in GROUPS
    ]
    post_its.sort(wall=wall, into=_sorted(wall, rows, clusters), by=None)
    wall = walls.step(wall=wall, to=WallState.MARKING, by=None)
    for number in range(9):
        digest = queries_wall.digest_of(f"demo-{number}")
        marking.mark(
            wall=wall, digest=digest, priority=[clusters[number % 2], clusters[2]], support=[clusters[number % 3]]
        )
    wall = walls.step(wall=wall, to=WallState.SHOWN, by=None)
    post_its.hand_over_needs(wall=wall, by=None)


def _sorted(wall: Wall, rows: list[dict[str, str]], clusters: list[Cluster]) -> dict[UUID, UUID | None]:
    into: dict[UUID, UUID | None] = {}
    for post_it, row in zip(wall.post_its.order_by("pk"), rows, strict=True):
        words = row["need_fr"].lower()
        for cluster, (*_titles, keys) in zip(clusters, GROUPS, strict=True):
            if any(key in words for key in keys):
                into[post_it.uuid] = cluster.uuid
                break
    return into


def _open_wall(meeting: Meeting) -> None:
    wall = walls.prepare(meeting=meeting, data=QUESTION, by=None)
    wall = walls.step(wall=wall, to=WallState.WRITING, by=None)
    _stick(wall, list(islice(_needs("Prévention"), 5)))


def _seatings(meeting: Meeting) -> None:
    planned = [
        SeatingData(
            kind=SeatingKind.PAIRS,
            title_fr="Faire connaissance, deux par deux",
            title_nl="Kennismaken, twee aan twee",
            rounds=5,
            minutes=2,
        ),
        SeatingData(title_fr="Tables de discussion", title_nl="Gesprekstafels", table_size=4),
        SeatingData(
            kind=SeatingKind.ROUNDS,
            title_fr="Trois ateliers au choix",
            title_nl="Drie werkgroepen naar keuze",
            rounds=3,
            minutes=15,
            subjects=tuple(SubjectData(title_fr=fr, title_nl=nl, seats=12) for fr, nl in WORKSHOPS),
        ),
    ]
    people = queries_tables.expected_of(meeting).count()
    for data in planned:
        row = seating_plans.plan(meeting=meeting, data=data, by=None)
        if data.kind == SeatingKind.ROUNDS:
            seating_plans.let_choose(seating=row, is_open=True, by=None)
        elif people >= DRAWN_FROM:
            seating.draw(seating=row, by=None, seed=1)
