"""Who may write minutes, and the lock everybody takes who writes in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums_minutes import MinutesState
from concertations.errors.minutes import MinutesStepRefused
from concertations.models import Minutes
from concertations.rules.checks import refuse_stranger


def locked(minutes: Minutes, by: User | None, *, to_write: bool = True) -> Minutes:
    """The minutes, locked, for who may write them. Raises ``NotYours``, ``MinutesStepRefused`` where they are out."""
    row = (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("meeting__series__basin", "meeting__series__theme")
        .get(pk=minutes.pk)
    )
    refuse_stranger(row.meeting.series, by)
    if to_write and row.state == MinutesState.APPROVED:
        raise MinutesStepRefused(_("Approved minutes do not change."))
    if to_write and row.state == MinutesState.SENT:
        raise MinutesStepRefused(_("These minutes are out. Take them back first; then send them again."))
    return row
