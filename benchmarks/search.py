"""Search of the directory: how good, how fast beside its own SQL by hand, how it grows to 100,000 records."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks import relevance
from benchmarks.report import Table
from benchmarks.scene import Scene
from directory.models import SearchEntry, Service
from directory.search import finder
from directory.search.board import board, forget_board
from directory.search.finder import find
from directory.search.questions import Question
from directory.search.reading import things_in

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 9
FLOOR_NDCG, FLOOR_RECALL, MOST_EMPTY = 0.92, 0.96, 0.01


@dataclass(frozen=True, slots=True)
class Case:
    """A search that is timed. ``grows``: by how much at most from 10,000 to 100,000 records; 0: told, no goal."""

    name: str
    question: Question
    grows: float


CASES = (
    Case("everything, in a basin", Question(basin="sud-est", home_basin="sud-est"), 6),
    Case("one word in most records (soins)", Question(words="soins"), 6),
    Case(
        "psychologue à domicile, theme chosen",
        Question(words="psychologue à domicile", chosen={"theme": ("health",)}),
        6,
    ),
    Case("one record by a word of its own", Question(words="copie77x"), 1.5),
    Case("a page far behind (soins, page 300)", Question(words="soins", page=300), 0),
)


def measure(_scene: Scene) -> list[Table]:
    """All tables."""
    keys = relevance.build()
    tables = [_quality(keys)]
    times: dict[int, dict[str, tuple[float, float, float]]] = {}
    first: dict[int, float] = {}
    for size in SIZES:
        _grow_to(size)
        times[size] = {case.name: _time(case.question) for case in CASES}
        first[size] = statistics.median(_first_time(CASES[1].question) for _ in range(3))
    return [*tables, _growth(times, first), _beside_sql(times)]


def _quality(keys: dict[int, str]) -> Table:
    results = relevance.evaluate(keys)
    table = Table(
        f"Relevance of {len(results)} queries in both languages",
        ("asks", "queries", "nDCG@10", "recall@10", "without result"),
        "tests/directory/relevance.csv over a fixed directory; points 3 and 1.",
    )
    everything = relevance.scores(results)
    for asks, each in {**relevance.by_kind(results), "all": everything}.items():
        table.add(asks, str(each.queries), f"{each.ndcg:.3f}", f"{each.recall:.3f}", f"{each.empty:.3f}")
    table.goal(f"nDCG@10 of at least {FLOOR_NDCG}", everything.ndcg >= FLOOR_NDCG)
    table.goal(f"recall@10 of at least {FLOOR_RECALL}", everything.recall >= FLOOR_RECALL)
    table.goal(f"without result at most {MOST_EMPTY:.0%}", everything.empty <= MOST_EMPTY)
    return table


def _growth(times: dict[int, dict[str, tuple[float, float, float]]], first: dict[int, float]) -> Table:
    table = Table(
        "Search with all facets, milliseconds",
        ("search", *(f"{size:,}" for size in SIZES), "10,000 → 100,000"),
        f"Words read, page and counts of all facets, in the process, without the page's HTML. Medians of {ROUNDS}.",
    )
    for case in CASES:
        own = [times[size][case.name][0] for size in SIZES]
        ratio = own[2] / own[1]
        table.add(case.name, *(f"{each:.1f}" for each in own), f"× {ratio:.1f}")
        if case.grows:
            table.goal(f"{case.name}: at most × {case.grows:g}", ratio <= case.grows)
    once = [first[size] for size in SIZES]
    table.add("soins, the first time in a process", *(f"{each:.1f}" for each in once), f"× {once[2] / once[1]:.1f}")
    makings = [_seconds_to_make_board() for _ in range(3)]
    table.add("what a process keeps in memory, made anew (seconds)", "", "", f"{statistics.median(makings):.1f}", "")
    near, deep = (times[SIZES[-1]][CASES[place].name][0] for place in (1, 4))
    table.goal(f"a page far behind costs what the first costs (× {deep / near:.2f}, at most × 1.2)", deep <= 1.2 * near)
    return table


def _beside_sql(times: dict[int, dict[str, tuple[float, float, float]]]) -> Table:
    size = SIZES[-1]
    table = Table(
        f"Beside the same SQL by hand, {size:,} records, milliseconds",
        ("search", "ours", "the one statement by hand", "ratio", "a statement per facet"),
        "By hand: the same statement sent by the driver, its answer thrown away. A statement per facet: the page and "
        "seven counts, each by itself, as one writes it first.",
    )
    for case in CASES:
        own, by_hand, apart = times[size][case.name]
        table.add(case.name, f"{own:.1f}", f"{by_hand:.1f}", f"{own / by_hand:.2f}", f"{apart:.1f}")
    broad = [times[size][case.name] for case in CASES[:2]]
    table.goal("broad searches at most 2 × the statement by hand", all(own <= 2 * hand for own, hand, _ in broad))
    table.goal("broad searches faster than a statement per facet", all(own < apart for own, _, apart in broad))
    return table


def _time(question: Question) -> tuple[float, float, float]:
    """Ours, the same statement by hand, and one statement per facet."""
    find(question)
    sql = _statement(question)
    apart = _apart(sql)
    return (
        _median(lambda: _find_anew(question)),
        _median(lambda: _run(sql)),
        _median(lambda: _run(*apart)),
    )


def _seconds_to_make_board() -> float:
    known = finder._read("")  # noqa: SLF001 - the bench looks inside
    forget_board()
    started = time.perf_counter()
    board(known.revision)
    return time.perf_counter() - started


def _first_time(question: Question) -> float:
    """Milliseconds where the process has its board, and has never been asked for these words."""
    known = finder._read("")  # noqa: SLF001 - the bench looks inside
    board(known.revision).postings.clear()
    started = time.perf_counter()
    _find_anew(question)
    return (time.perf_counter() - started) * 1000


def _find_anew(question: Question) -> None:
    finder.forget_answers()
    find(question)


def _statement(question: Question) -> str:
    """The statement of a search, also of one that is answered from memory."""
    known = finder._read(question.words)  # noqa: SLF001 - the bench looks inside
    things = things_in(known.words, known.thesaurus)
    with CaptureQueriesContext(connection) as seen:
        finder._ask(question, known, things, at_least=len(things), by_sql=True)  # noqa: SLF001 - see above
    return next(str(each["sql"]) for each in seen.captured_queries if "WITH hits" in each["sql"])


def _apart(sql: str) -> list[str]:
    """The page, and each facet's counts from hits of their own."""
    head, _, rest = sql.partition("\nSELECT\n")
    page = rest.partition(",\n    (SELECT json_agg(json_build_array(fails, number")[0]
    counts = [
        f"{head}\nSELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM hits WHERE fails = 0) AS t "  # noqa: S608
        f"WHERE tag / 10000000 = {group} GROUP BY tag"
        for group in range(1, 8)
    ]
    return [f"{head}\nSELECT\n{page}", *counts]


def _run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
            cursor.fetchall()


def _median(act: Callable[[], Any]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken)


# --- Many records ---------------------------------------------------------------------------------
def _grow_to(size: int) -> None:
    """Copies of the records, each with a word of its own, of different age and quality."""
    there = Service.objects.count()
    columns = ", ".join(
        f'"{field.column}"' for field in Service._meta.concrete_fields if field.name not in {"id", "uuid"}
    )
    entry = ", ".join(
        f'e."{field.column}"'
        for field in SearchEntry._meta.concrete_fields
        if field.name not in {"service", "words", "fresh_on", "quality"}
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_copies")
        cursor.execute(COPIES, [size - there])
        cursor.execute(
            f"INSERT INTO directory_service (id, uuid, {columns}) "  # noqa: S608 - names of our own columns
            f"SELECT c.id, gen_random_uuid(), {', '.join('s.' + name for name in columns.split(', '))} "
            "FROM bench_copies c JOIN directory_service s ON s.id = c.source"
        )
        cursor.execute(
            f"INSERT INTO directory_searchentry (service_id, words, fresh_on, quality, {entry.replace('e.', '')}) "  # noqa: S608
            "SELECT c.id, e.words || array_to_tsvector(ARRAY['copie' || c.number || 'x']), "
            f"current_date - (c.number * 7919 %% 900)::int, c.number * 31 %% 101, {entry} "
            "FROM bench_copies c JOIN directory_searchentry e ON e.service_id = c.source",
            [],
        )
        cursor.execute("VACUUM ANALYZE directory_searchentry")
        cursor.execute("ANALYZE directory_service")


COPIES = """
CREATE TABLE bench_copies AS
SELECT nextval(pg_get_serial_sequence('directory_service', 'id')) AS id, s.id AS source,
    (SELECT count(*) FROM directory_service) + row_number() OVER () AS number
FROM (SELECT id FROM directory_service ORDER BY id LIMIT 150) AS s
CROSS JOIN generate_series(1, 1000) LIMIT %s
"""
