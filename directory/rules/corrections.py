"""“This is wrong”: readers tell, the team settles."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.people import NotYours
from basins.rules.privacy import refuse_national_numbers
from core.checks import check_row
from core.errors import RuleError
from directory import access
from directory.documents import Holder
from directory.enums import CorrectionState
from directory.models import Correction
from directory.rules import limits
from directory.rules.parts import OWNERS


class CorrectionRefused(RuleError):
    """Nothing was said, or it cannot be kept."""

    code = "correction-refused"
    status = 422


@transaction.atomic
def report(*, record: Holder, words: str, email: str, language: str, network: str = "") -> Correction:
    """Keep what a reader says is wrong with a service, an organisation or a place. No account.

    No lock: nothing of the record changes.
    ``network``: where it came from (`core.http.network_of`), empty for nobody's. Raises
    :class:`CorrectionRefused`, ``NationalNumberFound``, ``CrowdedNetwork``.
    """
    said = words.strip()
    if not said:
        raise CorrectionRefused(_("Say what is wrong."), field="words")
    refuse_national_numbers(words=said)
    row = Correction(**{OWNERS[type(record)]: record}, words=said, email=email.strip().lower(), language=language)
    check_row(row, refusal=CorrectionRefused)
    limits.refuse_flood(network)
    row.save()
    return row


@transaction.atomic
def settle(*, correction: Correction, state: str, by: User | None) -> Correction:
    """Say what became of it; may be changed again. Raises ``NotYours``. Takes the row's lock."""
    if by is not None and not access.may_manage_directory(by):
        raise NotYours(_("You cannot change the directory."))
    row = Correction.objects.select_for_update(of=("self",), no_key=True).get(pk=correction.pk)
    row.state = state
    row.settled_at = None if state == CorrectionState.RECEIVED else timezone.now()
    row.settled_by = None if state == CorrectionState.RECEIVED else by
    check_row(row, refusal=CorrectionRefused)
    row.save()
    return row


@transaction.atomic
def forget(*, email: str) -> int:
    """Erase an address; what was said of the record stays. Returns how many rows."""
    return Correction.objects.filter(email=email.strip().lower()).update(email="", modified=timezone.now())
