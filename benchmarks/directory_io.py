"""The directory in and out: imports to 100,000 rows in a process of their own, pages and whole lists of HSDS."""

from __future__ import annotations

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.report import Table
from benchmarks.scene import Scene
from directory.importing.incoming import Incoming
from directory.models import Source
from directory.rules import publishing
from directory.rules.importing_doubles import Doubles

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 15
LIKE_ROWS = 200
POSTCODES = ("1000", "1030", "1040", "1050", "1070", "1080", "1180", "1200")
BASE = "/api/hsds/v3/services"

EMPTY = """
TRUNCATE directory_sourcerecord, directory_likelydouble, directory_source, directory_recordchange, directory_tombstone,
    directory_organization, directory_location, directory_service CASCADE
"""
COPY = "COPY (SELECT full_fr FROM directory_hsdscopy ORDER BY service_id) TO STDOUT"


def measure(_scene: Scene) -> list[Table]:
    """All tables; the directory is emptied first, and filled by the imports."""
    with tempfile.TemporaryDirectory() as folder:
        imports = {size: _imported(Path(folder) / "list.csv", size) for size in SIZES}
    written = _published()
    return [_import_table(imports), _likeness_table(imports), _page_table(), _lines_table(written)]


# --- In --------------------------------------------------------------------------------------------
def _imported(path: Path, size: int) -> dict[str, Any]:
    """Import a list into an empty directory, then the same file again; each in a process of its own."""
    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
    _write_list(path, size)
    first, again = _run(path), _run(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_service")
        (there,) = cursor.fetchone()
    return {"first": first, "again": again, "there": there, "likeness": _likeness(size)}


def _likeness(size: int) -> float:
    """Milliseconds in which a row of another list is compared with all that stands here, names read before."""
    source, _made = Source.objects.get_or_create(code="other", defaults={"name_fr": "Autre", "name_nl": "Andere"})
    doubles = Doubles(source)
    rows = [_like(number) for number in range(0, size, max(size // LIKE_ROWS, 1))]
    found = [bool(doubles.organizations_like(row)) and bool(doubles.services_like(row, None)) for row in rows]
    if not all(found):
        raise RuntimeError("A row with two slips is not proposed")
    taken = _timed(lambda: sum(len(doubles.organizations_like(row) + doubles.services_like(row, None)) for row in rows))
    return taken[1] * 1000 / len(rows)


def _like(number: int) -> Incoming:
    """The row of :func:`_write_list`, spelt otherwise."""
    owner = number // 3
    names = {"name_fr": f"Servise {number}", "name_nl": f"Dienst {number}"}
    place = {"postcode": POSTCODES[owner % len(POSTCODES)]}
    return Incoming(number, f"X{number}", f"O{owner}", {"name_fr": f"Organisaton {owner}"}, [place], names)


def _run(path: Path) -> dict[str, float]:
    """Seconds, and the most memory the process ever held, in MB; before the first row and at the end."""
    command = [sys.executable, "-m", "benchmarks.directory_import", str(path)]
    environment = os.environ | {"DATABASE_URL": _url()}
    out = subprocess.run(command, check=True, capture_output=True, env=environment, text=True).stdout
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


def _url() -> str:
    return os.environ["DATABASE_URL"]


def _write_list(path: Path, size: int) -> None:
    """A list as others keep them: one organisation for three services, sixty columns would be no other."""
    heading = [
        *("identifier", "organization.name_fr", "organization.kbo_number", "organization.email"),
        *("service.name_fr", "service.name_nl", "service.description_fr", "service.description_nl"),
        *("service.phones", "service.themes", "service.languages", "service.areas", "service.schedules"),
        *("service.email", "location.street_fr", "location.street_nl", "location.postcode"),
    ]
    words = "accueil soin écoute aide santé quartier famille logement droits langue visite rue".split()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading)
        for number in range(size):
            owner = number // 3
            text = " ".join(words[(number * 7 + place * place) % len(words)] for place in range(40))
            writer.writerow(
                [
                    *(f"R{number}", f"Organisation {owner}", "", f"info{owner}@example.org"),
                    *(f"Service {number}", f"Dienst {number}", text, text[::-1]),
                    *(f"02 {200 + number % 700} {number % 90 + 10:02d} {owner % 90 + 10:02d}", "deuil; kiné", "fr, nl"),
                    *(["Etterbeek", "1050", "sud-est", "region"][number % 4], "MO-FR 09:00-17:00"),
                    *(f"s{number}@example.org", f"Rue {owner % 997}", f"Straat {owner % 997}"),
                    POSTCODES[owner % len(POSTCODES)],
                ]
            )


def _import_table(imports: dict[int, dict[str, Any]]) -> Table:
    table = Table(
        "Import of a list (CSV, 17 columns) into an empty directory",
        ("rows", "rows/s", "ms of the process per row", "rows/s, same file again", "peak MB", "peak MB, again"),
        "A process of its own per import; records, history, origins and identifiers written; search follows later. "
        "Processor time: of the importing process alone, without PostgreSQL's; rows/s hold both, and the neighbours.",
    )
    rates, costs, peaks = {}, {}, {}
    for size, found in imports.items():
        costs[size] = found["first"]["worked"] * 1000 / size
        rates[size], peaks[size] = size / found["first"]["seconds"], found["first"]["peak"]
        table.add(
            f"{size:,}",
            f"{rates[size]:,.0f}",
            f"{costs[size]:.2f}",
            f"{size / found['again']['seconds']:,.0f}",
            f"{peaks[size]:.0f}",
            f"{found['again']['peak']:.0f}",
        )
    small, large = SIZES[1], SIZES[2]
    table.goal("every row became a record", all(found["there"] == size for size, found in imports.items()))
    table.goal(
        f"rows/s at {large:,} at least 0.7 × those at {small:,} (× {rates[large] / rates[small]:.2f})",
        rates[large] >= 0.7 * rates[small],
    )
    table.goal(
        f"a row at {large:,} costs at most 1.3 × one at {small:,} (× {costs[large] / costs[small]:.2f})",
        costs[large] <= 1.3 * costs[small],
    )
    table.goal(
        f"peak memory at {large:,} at most 1.3 × that at {SIZES[0]:,} (× {peaks[large] / peaks[SIZES[0]]:.2f})",
        peaks[large] <= 1.3 * peaks[SIZES[0]],
    )
    return table


def _likeness_table(imports: dict[int, dict[str, Any]]) -> Table:
    table = Table(
        "A row of a second list: is it a record that stands here?",
        ("records here", "names at its postcode", "ms per row"),
        f"{LIKE_ROWS} rows of other spelling; eight postcodes, so far more names at each than anywhere in the Region.",
    )
    for size, found in imports.items():
        table.add(f"{size:,}", f"{size * 2 // len(POSTCODES):,}", f"{found['likeness']:.2f}")
    small, large = (imports[size]["likeness"] for size in SIZES[1:])
    table.goal(f"at {SIZES[2]:,} at most 2 × that at {SIZES[1]:,} (× {large / small:.2f})", large <= 2 * small)
    return table


# --- Out -------------------------------------------------------------------------------------------
def _published() -> float:
    started = time.perf_counter()
    publishing.publish(today=timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return time.perf_counter() - started


def _page_table() -> Table:
    last = SIZES[2] // 50
    table = Table(
        f"A page of 50 HSDS services among {SIZES[2]:,}, milliseconds",
        ("page", f"first (1 of {last:,})", f"deep ({last - 5:,})", "deep / first", "by OFFSET, deep"),
        f"In the process, answer included. Medians of {ROUNDS}. By OFFSET: the rows alone, as page numbers are "
        "mostly done, with the count that the envelope needs.",
    )
    for name, query in (("in brief", ""), ("in full", "&full=true")):
        first, deep = _in_turn(f"{BASE}?page=1{query}", f"{BASE}?page={last - 5}{query}")
        table.add(name, f"{first:.1f}", f"{deep:.1f}", f"{deep / first:.2f}", f"{_by_offset(last - 6):.1f}")
        table.goal(f"{name}: a deep page costs at most 1.2 × the first (× {deep / first:.2f})", deep <= 1.2 * first)
    return table


def _by_offset(page: int) -> float:
    sql = (
        "SELECT count(*) FROM directory_service WHERE visibility = 'public'",
        f"SELECT * FROM directory_service WHERE visibility = 'public' ORDER BY id LIMIT 50 OFFSET {page * 50}",  # noqa: S608
    )

    def run() -> None:
        with connection.cursor() as cursor:
            for each in sql:
                cursor.execute(each)
                cursor.fetchall()

    return _median(run)


def _lines_table(written: float) -> Table:
    table = Table(
        f"All {SIZES[2]:,} services in full as lines (NDJSON), MB per second",
        ("", "MB", "seconds", "MB/s"),
        f"In turn, medians of 3. COPY: PostgreSQL's own, of the same texts. The copies took {written:.0f} s to write.",
    )
    copied = [_timed(_copy) for _ in range(3)]
    streamed = [_timed(_stream) for _ in range(3)]
    rates = {}
    for name, runs in (("COPY", copied), ("NDJSON", streamed)):
        seconds = statistics.median(taken for _size, taken in runs)
        size = runs[0][0] / 1e6
        rates[name] = size / seconds
        table.add(name, f"{size:.0f}", f"{seconds:.2f}", f"{rates[name]:.0f}")
    ratio = rates["NDJSON"] / rates["COPY"]
    table.add("ratio", "", "", f"{ratio:.2f}")
    table.goal(f"at least 0.3 × COPY (× {ratio:.2f})", ratio >= 0.3)
    return table


def _copy() -> int:
    with psycopg.connect(_url()) as plain, plain.cursor() as cursor, cursor.copy(COPY) as copy:
        return sum(len(part) for part in copy)


def _stream() -> int:
    response: Any = Client().get(f"{BASE}?format=ndjson&full=true")
    return sum(len(part) for part in response.streaming_content)


def _timed(act: Callable[[], int]) -> tuple[int, float]:
    started = time.perf_counter()
    size = act()
    return size, time.perf_counter() - started


def _get(path: str) -> int:
    response = Client().get(path)
    if response.status_code != 200:
        raise RuntimeError(response.content)
    return len(response.content)


def _in_turn(*paths: str) -> list[float]:
    """Milliseconds of each, medians; the machine drifts, so they take turns."""
    for path in paths:
        _get(path)
    rounds = [[_timed(lambda path=path: _get(path))[1] * 1000 for path in paths] for _ in range(ROUNDS)]  # type: ignore[misc]  # a default of a lambda
    return [statistics.median(each) for each in zip(*rounds, strict=True)]


def _median(act: Callable[[], Any]) -> float:
    act()
    return statistics.median(_timed(lambda: act() or 0)[1] * 1000 for _ in range(ROUNDS))
