"""What tests of registrations share: somebody who comes, letters by kind."""

from __future__ import annotations

from typing import Any

from basins.models import User
from concertations.models import Meeting, Registration
from concertations.rules import registering
from concertations.rules.registering import Person, Wishes
from core.models import OutboxMessage


def person(n: int | str = "daan", **more: Any) -> Person:
    """Somebody with an address of their own."""
    values: dict[str, Any] = {
        "name": f"Person {n}",
        "email": f"{n}@example.org",
        "language": "fr",
        "role": "assistante sociale",
        "sector": "social",
        "organisation": "CPAS d’Etterbeek",
    }
    return Person(**(values | more))


def registered(
    meeting: Meeting, n: int | str = "daan", *, by: User | None = None, wishes: Wishes | None = None, **more: Any
) -> Registration:
    """Register somebody; a place in line where there is no seat."""
    return registering.register(meeting=meeting, person=person(n), wishes=wishes or Wishes(), by=by, **more)


def letters(kind: str) -> list[str]:
    """To whom letters of this kind were written, in order."""
    rows = OutboxMessage.objects.filter(kind=f"concertations.{kind}").order_by("pk")
    return list(rows.values_list("to", flat=True))
