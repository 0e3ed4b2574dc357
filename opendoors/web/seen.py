"""What the page of a change showed, kept in the form: a tab that stayed open does not overwrite what came after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zlib import crc32

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError
from opendoors.models import BookedVisit

FIELD = "seen"


class ChangedMeanwhile(RuleError):
    """The visits are no longer those that the page showed: nothing was changed."""

    code = "changed-meanwhile"
    status = 409
    title = _("Nothing was changed")

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your visits were changed meanwhile, on another page. "
                "You see them as they are now, with what you ticked."
            )
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """Visits with their seats, and a checksum of who comes along."""

    visits: dict[UUID, int]
    companions: int

    @classmethod
    def of(cls, rows: Sequence[BookedVisit]) -> Seen:
        names = "\n".join(dict.fromkeys(filter(None, (row.booking.companions for row in rows))))
        return cls({row.visit.uuid: row.seats for row in rows}, crc32(names.encode()))

    @classmethod
    def read(cls, value: str) -> Seen | None:
        """``None`` where the form says nothing, or nothing that can be read."""
        names, _colon, rest = value.partition(";")
        try:
            pairs = (pair.split(":") for pair in rest.split(",") if pair)
            return cls({UUID(identifier): int(seats) for identifier, seats in pairs}, int(names))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.companions};" + ",".join(f"{visit}:{seats}" for visit, seats in self.visits.items())

    def merged(self, ticked: Sequence[UUID], now: Seen) -> list[UUID]:
        """What is held now, with what was ticked and unticked on the page that showed this."""
        added = [visit for visit in ticked if visit not in self.visits]
        dropped = [visit for visit in self.visits if visit not in ticked]
        return [*(visit for visit in now.visits if visit not in dropped), *added]
