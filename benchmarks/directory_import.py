"""One import in a process of its own, for ``directory_io``: says what it took, as the last line."""

from __future__ import annotations

import json
import logging
import resource
import sys
import time
from pathlib import Path

SOURCE = "bench"


def import_here(path: str) -> None:
    """Import the list; its columns are called as ours."""
    import django

    django.setup()
    from django.utils import timezone

    from directory.importing.columns import guess
    from directory.importing.listing import open_list
    from directory.importing.report import Report
    from directory.models import Source
    from directory.rules import importing
    from directory.rules.importing import Order

    logging.disable(logging.WARNING)
    source, _made = Source.objects.get_or_create(code=SOURCE, defaults={"name_fr": "Liste", "name_nl": "Lijst"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, worked = time.perf_counter(), time.process_time()
    with Path(path).open("rb") as file:
        report = Report()
        listing = open_list(file)
        rows = listing.rows({"columns": guess(listing.columns)}, report.problems)
        importing.apply(Order(source=source, by=None), rows, report, moment=timezone.now())
    taken, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if report.problems.total:
        raise RuntimeError(str(report.problems.listed[0]))
    print(json.dumps({"seconds": taken, "worked": worked, "before": before, "peak": peak}))


if __name__ == "__main__":
    import_here(sys.argv[1])
