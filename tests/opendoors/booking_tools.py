"""What the tests of the booking rule do again and again."""

from __future__ import annotations

import re
from typing import Any

from opendoors.models import Booking, Visit
from opendoors.rules import booking as rules


def book(*visits: Visit, email: str = "daan@example.org", **more: object) -> Booking:
    """Seats for Daan, who reads Dutch, in all of ``visits``."""
    fields = {"name": "Daan", "email": email, "language": "nl", "by": None, **more}
    return rules.book(visits=[visit.uuid for visit in visits], **fields)  # type: ignore[arg-type]  # fields by name


def taken(*visits: Visit) -> list[int]:
    """Seats taken in each visit, as the database has them now."""
    return [Visit.objects.get(pk=visit.pk).seats_taken for visit in visits]


def input_of(page: Any, visit: Visit) -> str:
    """Name and state of the box of a visit's card."""
    found = re.search(
        rf'<label class="visit[^>]*><input type="checkbox" (name="\w+") value="{visit.uuid}"([^>]*)>', page.text
    )
    assert found is not None
    return found[1] + found[2]
