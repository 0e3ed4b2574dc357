"""Who may see a record. Partners are told of what is no longer public."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from basins.models import User
from directory.enums import Visibility
from directory.models import Service
from directory.rules import log
from directory.rules.records import edit_service


@transaction.atomic
def set_visibility(*, services: Iterable[Service], visibility: Visibility, by: User | None) -> int:
    """Show records to everybody, to professionals, or on referral only; all or none. Returns how many changed.

    What is no longer public leaves a tombstone in the feed of changes; when it is public again the
    tombstone goes. Raises ``NotYours``. Takes the directory's lock.
    """
    log.begin(by)
    changed = [edit_service(service=each, values={"visibility": visibility}, by=by).changed for each in services]
    return sum(map(bool, changed))
