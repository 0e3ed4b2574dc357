"""A list with a file that was looked at and a row that may be a double, for the walk through all pages."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from basins.models import User
from core.jobs import start
from directory import jobs
from directory.models import LikelyDouble
from directory.rules import records
from tests.directory.factories import SourceFactory
from tests.directory.import_tools import as_csv, row, run

ROW = row(organization__name_fr="Parachute", service__name_fr="Parachute")


def a_list(alice: User) -> dict[str, Any]:
    """The values by which addresses name it."""
    records.create_organization(values={"name_fr": "Parachute", "name_nl": "Parachute"}, by=alice)
    source = SourceFactory(mapping={"columns": {name: name for name in ROW}})
    run([ROW], source)
    job = start(
        jobs.IMPORT,
        params={"source": str(source.uuid)},
        by=alice,
        scope="sud-est",
        language="fr",
        upload=ContentFile(as_csv([ROW]), name="list.csv"),
    )
    return {"source": source.uuid, "looked_at": job.uuid, "double": LikelyDouble.objects.get().uuid}
