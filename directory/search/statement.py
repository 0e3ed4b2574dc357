"""The one SQL statement that answers a search: the page, the totals and the counts of all facets.

Facets are counted as if their own choice were not made. So each chosen facet is a bit: a record fails
some of them. Who fails none is found; who fails exactly one counts for that facet's other values, and
tells how many there would be without it. All of it comes out of one walk through the hits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.enums import Flag
from directory.search.openings import slot_of
from directory.search.places import KM_EAST, KM_NORTH, middles
from directory.search.points import (
    CLOSE_SQL,
    ORGANIZATION,
    OTHER_NAME,
    OWN_NAME,
    SERVES_HOME,
    SERVES_PLACE,
    STEPS_SQL,
    TERM,
    TEXT,
    UNIT,
    WHOLE_TITLE,
    worth_sql,
)
from directory.search.questions import Order, Question
from directory.search.reading import Thing, query_for, title_of


@dataclass(frozen=True, slots=True)
class Filter:
    """One facet or criterion that is chosen. ``tags``: any of them answers; ``condition``: or this SQL does."""

    key: str
    tags: Sequence[int] = ()
    condition: str = ""
    params: Sequence[Any] = ()


@dataclass(slots=True)
class Statement:
    """SQL being put together, with its parameters in their order."""

    params: list[Any] = field(default_factory=list)

    def value(self, value: Any, cast: str = "") -> str:
        self.params.append(value)
        return f"%s::{cast}" if cast else "%s"


def moment_condition(flag: Flag, question: Question) -> tuple[str, list[Any]]:
    """The SQL of a criterion that depends on the moment."""
    if flag == Flag.OPEN_NOW:
        return "coalesce(get_bit(e.open_week, %s) = 1, false)", [slot_of(question.now)]
    return "coalesce(e.has_places_until > %s, false)", [question.now.date()]


def build(
    question: Question,
    *,
    things: Sequence[Thing],
    at_least: int,
    filters: Sequence[Filter],
    serves: Sequence[int],
    home: Sequence[int],
    at_most: int | None = None,
) -> tuple[str, list[Any]]:
    """The statement and its parameters. ``serves``: tags of the place asked for; ``home``: of the site's basin.

    With ``at_most`` it looks at no more hits than that, whichever they are: then there are too many for it.
    """
    made = Statement()
    fails = " + ".join(_fail(made, place, each) for place, each in enumerate(filters)) or "0"
    moment = " + ".join(
        _bit(made, place, *moment_condition(flag, question))
        for place, flag in enumerate((Flag.HAS_PLACES, Flag.OPEN_NOW))
    )
    distance = _distance(made, question)
    score = _score(made, question, things, relaxed=at_least < len(things), serves=serves, home=home)
    where = [f"e.visibility = ANY({made.value([str(each) for each in question.visible])})"]
    if things:
        where.append(f"e.words @@ {made.value(query_for(things, at_least), 'tsquery')}")
    cut = "" if at_most is None else f"LIMIT {made.value(at_most)}"
    order = {
        Order.RELEVANCE: f"score + {CLOSE_SQL.format(steps=STEPS_SQL)} DESC",
        Order.FRESH: "fresh_on DESC NULLS LAST, score DESC",
        Order.DISTANCE: f"{STEPS_SQL} NULLS LAST, score DESC",
    }[question.order]
    limit = made.value(question.per_page)
    offset = made.value((question.page - 1) * question.per_page)
    return (
        f"""
WITH hits AS MATERIALIZED (
    SELECT e.service_id, e.tags, e.fresh_on, {fails} AS fails, {moment} AS moment,
        {distance} AS distance, {score} AS score
    FROM directory_searchentry e
    WHERE {" AND ".join(where)}
    {cut}
)
SELECT
    (SELECT json_agg(json_build_array(service_id, distance) ORDER BY place) FROM (
        SELECT service_id, distance, row_number() OVER () AS place FROM (
            SELECT service_id, distance FROM hits WHERE fails = 0
            ORDER BY {order}, service_id LIMIT {limit} OFFSET {offset}
        ) AS sorted
    ) AS page),
    (SELECT json_agg(json_build_array(fails, number, places, open)) FROM (
        SELECT fails, count(*) AS number, count(*) FILTER (WHERE moment & 1 > 0) AS places,
            count(*) FILTER (WHERE moment & 2 > 0) AS open
        FROM hits GROUP BY fails
    ) AS totals),
    (SELECT json_agg(json_build_array(fails, tag, number)) FROM (
        SELECT fails, tag, count(*) AS number
        FROM (SELECT fails, unnest(tags) AS tag FROM hits WHERE fails & (fails - 1) = 0) AS each_tag
        GROUP BY fails, tag
    ) AS counted)
""",  # noqa: S608 - our own pieces; what was typed is in the parameters
        made.params,
    )


def _fail(made: Statement, place: int, chosen: Filter) -> str:
    if chosen.condition:
        made.params.extend(chosen.params)
        condition = chosen.condition
    else:
        condition = f"e.tags && {made.value(list(chosen.tags), 'int[]')}"
    return f"CASE WHEN {condition} THEN 0 ELSE {1 << place} END"


def _bit(made: Statement, place: int, condition: str, params: Sequence[Any]) -> str:
    made.params.extend(params)
    return f"CASE WHEN {condition} THEN {1 << place} ELSE 0 END"


def _distance(made: Statement, question: Question) -> str:
    middle = middles().get(question.near)
    if middle is None:
        return "NULL::float"
    latitude, longitude = made.value(middle[0], "float"), made.value(middle[1], "float")
    return f"sqrt(((e.latitude - {latitude}) * {KM_NORTH}) ^ 2 + ((e.longitude - {longitude}) * {KM_EAST}) ^ 2)::float"


def _score(
    made: Statement,
    question: Question,
    things: Sequence[Thing],
    *,
    relaxed: bool,
    serves: Sequence[int],
    home: Sequence[int],
) -> str:
    """The points of `points`, in whole numbers."""
    parts = [_thing_score(made, thing, relaxed=relaxed) for thing in things]
    if things:
        title = f"|{title_of(things)}|"
        parts.append(f"CASE WHEN strpos(e.titles, {made.value(title)}) > 0 THEN {WHOLE_TITLE * UNIT} ELSE 0 END")
    for tags, points in ((serves, SERVES_PLACE), (home, SERVES_HOME)):
        if tags:
            parts.append(f"CASE WHEN e.tags && {made.value(list(tags), 'int[]')} THEN {int(points * UNIT)} ELSE 0 END")
    parts.append(worth_sql(made.value(question.now.date(), "date")))
    return " + ".join(parts)


def _thing_score(made: Statement, thing: Thing, *, relaxed: bool) -> str:
    parts = [] if thing.is_turn else [_name_score(made, thing)]
    if thing.tags:
        parts.append(f"CASE WHEN e.tags && {made.value(thing.tags, 'int[]')} THEN {TERM * UNIT} ELSE 0 END")
    if relaxed:
        parts.append(f"CASE WHEN e.words @@ {made.value(thing.anywhere(), 'tsquery')} THEN {TEXT * UNIT} ELSE 0 END")
    return " + ".join(parts) or "0"


def _name_score(made: Statement, thing: Thing) -> str:
    whens = [f"WHEN e.names @@ {made.value(thing.typed('A'), 'tsquery')} THEN {OWN_NAME * UNIT}"]
    if alike := thing.alike("A"):
        whens.append(f"WHEN e.names @@ {made.value(alike, 'tsquery')} THEN {OTHER_NAME * UNIT}")
    whens.append(f"WHEN e.names @@ {made.value(thing.typed('B'), 'tsquery')} THEN {ORGANIZATION * UNIT}")
    return f"CASE {' '.join(whens)} ELSE 0 END"
