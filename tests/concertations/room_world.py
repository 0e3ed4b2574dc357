"""Rows for every page of tables and walls, for the walk through the site in both languages."""

from __future__ import annotations

from typing import Any

from concertations import queries_tables
from concertations.enums_tables import PostItKind, SeatingKind, WallState
from concertations.models import Meeting
from concertations.rules import post_its, seating, seating_plans
from tests.concertations.room_tools import advance, group, planned, register, stick, wall

SECTORS = ("health", "social", "youth", "housing")
OF_A_SEATING = ("staff_seating", "staff_seating_edit", "staff_seating_remove")
OF_WORKSHOPS = ("staff_seating_choices", "staff_seating_choice", "choose")
OF_A_WALL = ("staff_wall", "staff_wall_edit", "staff_wall_remove", "staff_wall_group")
BY_CODE = ("wall", "wall_screen")
OF_THE_MEETING = ("staff_tables", "staff_tables_new", "staff_walls", "staff_wall_new")


def a_room(meeting: Meeting) -> dict[str, Any]:
    """Drawn tables with somebody who came late, workshops to choose, an open wall and one with its ranks.

    Returns what addresses are made of, by page.
    """
    for number in range(8):
        name = f"Participant {number}"
        register(meeting, name=name, sector=SECTORS[number % 4], organisation="CPAS d’Etterbeek")
    drawn = seating.draw(seating=planned(meeting, kind=SeatingKind.SWAP), by=None, seed=1)
    register(meeting, name="Tardive")
    workshops = planned(meeting, kind=SeatingKind.ROUNDS)
    seating_plans.let_choose(seating=workshops, is_open=True, by=None)
    row = wall(meeting)
    cluster = group(row)
    note = stick(row, "Plus de logements", phone="one")
    stick(row, "Meer woningen", phone="two", kind=PostItKind.IDEA, language="nl")
    post_its.sort(wall=row, into={note.uuid: cluster.uuid}, by=None)
    over = wall(meeting)
    group(over)
    advance(over, WallState.SORTING, WallState.MARKING, WallState.SHOWN)
    own = {"slug": meeting.series.slug, "meeting": meeting.uuid}
    person = queries_tables.expected_of(meeting)[0]
    return {
        **{f"concertations:{name}": own for name in OF_THE_MEETING},
        **{f"concertations:{name}": own | {"seating": drawn.uuid} for name in OF_A_SEATING},
        **{
            f"concertations:{name}": own | {"seating": workshops.uuid, "participant": person.uuid}
            for name in OF_WORKSHOPS
        },
        **{f"concertations:{name}": own | {"wall": row.uuid, "cluster": cluster.uuid} for name in OF_A_WALL},
        **{f"concertations:{name}": {"code": row.code} for name in BY_CODE},
    }
