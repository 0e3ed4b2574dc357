"""What all benchmarks run on: the grid of December 2024 moved ahead, in a database of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.management import call_command
from django.utils import timezone

from opendoors.enums import EditionState
from opendoors.models import Edition, Visit

# A bench books for longer than a week has seats.
MANY_SEATS = 30_000


@dataclass(frozen=True, slots=True)
class Scene:
    """The edition that is measured: its address and its visits."""

    edition: UUID
    path: str
    visits: tuple[UUID, ...]


def build() -> Scene:
    """Migrate and fill the database the settings point at."""
    from opendoors import demo

    call_command("migrate", verbosity=0)
    demo.seed(timezone.localdate())
    edition = Edition.objects.get(state=EditionState.OPEN)
    Visit.objects.filter(edition=edition).update(seats=MANY_SEATS)
    Edition.objects.filter(pk=edition.pk).update(signup_closes_at=timezone.now() + dt.timedelta(days=5))
    visits = tuple(Visit.objects.filter(edition=edition).order_by("pk").values_list("uuid", flat=True))
    return Scene(edition.uuid, f"/fr/{edition.basin.code}/portes-ouvertes/{edition.slug}/", visits)
