"""A leaflet before it is drawn: which records, in which order, with which words of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from directory import queries
from directory.models import Service, Tombstone

MOST = 6  # what one side of A4 holds in letters that can be read


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a leaflet's address or a kept list holds. Words may be given in one language only."""

    records: tuple[UUID, ...] = ()
    title_fr: str = ""
    title_nl: str = ""
    line_fr: str = ""
    line_nl: str = ""


def as_they_are_now(records: Iterable[UUID]) -> list[UUID]:
    """The same records where they stand today: merged ones under the record they went into, each once. One query."""
    asked = list(records)
    graves = Tombstone.objects.filter(record_uuid__in=asked, replaced_by__isnull=False)
    moved = dict(graves.values_list("record_uuid", "replaced_by"))
    return list(dict.fromkeys(moved.get(record) or record for record in asked))


def on_paper(records: Sequence[UUID]) -> list[Service]:
    """The public records among ``records``, in their order, with all that a leaflet says of them.

    A leaflet is handed on, so it shows what strangers may see, whoever prints it.
    """
    anybody = AnonymousUser()
    rows = queries.with_everything(queries.services_for(anybody), anybody).filter(uuid__in=records)
    found = {row.uuid: row for row in rows.prefetch_related("organization__phones")}
    return [found[record] for record in records if record in found]


def public_among(records: Sequence[UUID]) -> list[UUID]:
    """Those of ``records`` that everybody may see, in their order. One query."""
    found = set(queries.services_for(AnonymousUser()).filter(uuid__in=records).values_list("uuid", flat=True))
    return [record for record in records if record in found]
