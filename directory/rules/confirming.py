"""Each organisation is asked at its own pace whether what is said of it is right; it answers by a link.

"All is right" counts at once. What it wants changed waits for staff, who take it over or not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, Max, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules.privacy import refuse_national_numbers
from core import mail
from core.errors import RuleError
from directory.documents import Document, differences, document_of
from directory.enums import CorrectionState, Origin, RecordKind, RecordStatus
from directory.models import Confirmation, Organization, Proposal, Service
from directory.rules import log, records
from directory.rules.freshness import assure_all
from directory.rules.writing import Hand, Written, compare

KIND = "directory.still_right"
REMIND_AFTER = dt.timedelta(days=14)
AT_ONCE = 200


class NothingProposed(RuleError):
    """What was sent says what stands there already."""

    code = "nothing-proposed"
    status = 422


class ProposalGone(RuleError):
    """Somebody settled it already, or the record is gone."""

    code = "proposal-gone"


# --- Asking ----------------------------------------------------------------------------------------
def ask_and_remind(*, today: dt.date) -> int:
    """Write the mails that are due on a day. Returns how many were new; may run twice, also at once.

    Each organisation is a transaction of its own behind the directory's lock.
    """
    written = sum(_ask(pk, today) for pk in _due(today)[:AT_ONCE])
    return written + sum(_remind(pk, today) for pk in _unanswered(today)[:AT_ONCE])


def _due(today: dt.date) -> list[int]:
    """Organisations whose pace has run out since they were last asked or checked; new ones at once."""
    last = Greatest("assured_on", "asked")
    rows = (
        Organization.objects.exclude(confirm_email="")
        .filter(merged_into=None, status=RecordStatus.ACTIVE)
        .annotate(asked=Max("confirmations__asked_on"))
        .annotate(due=ExpressionWrapper(last + F("confirm_every_days"), output_field=DateField()))
    )
    return list(rows.filter(Q(due=None) | Q(due__lte=today)).order_by("pk").values_list("pk", flat=True))


def _unanswered(today: dt.date) -> list[int]:
    """Rounds to remind of: neither answered, nor checked by the team, since."""
    rows = Confirmation.objects.filter(reminded_on=None, answered_on=None, asked_on__lte=today - REMIND_AFTER)
    still = Q(organization__assured_on=None) | Q(organization__assured_on__lt=F("asked_on"))
    rows = rows.filter(still).exclude(organization__confirm_email="").filter(organization__merged_into=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _ask(pk: int, today: dt.date) -> bool:
    log.lock()
    if pk not in _due(today):
        return False
    organization = Organization.objects.get(pk=pk)
    made = Confirmation.objects.create(organization=organization, asked_on=today)
    return _post(made, "ask")


@transaction.atomic
def _remind(pk: int, today: dt.date) -> bool:
    log.lock()
    row = Confirmation.objects.select_related("organization").get(pk=pk)
    if row.reminded_on is not None or row.answered_on is not None:
        return False
    row.reminded_on = today
    row.save(update_fields=["reminded_on", "modified"])
    if row.organization.confirmations.filter(asked_on__gt=row.asked_on).exists():
        return False  # asked anew meanwhile
    return _post(row, "remind")


def _post(row: Confirmation, stage: str) -> bool:
    message = mail.post(
        KIND,
        to=row.organization.confirm_email,
        language=row.organization.confirm_language,
        params={"confirmation": str(row.uuid), "stage": stage},
        key=f"{KIND}:{row.uuid}:{stage}",
    )
    return message is not None


# --- Answering -------------------------------------------------------------------------------------
@transaction.atomic
def all_is_right(*, confirmation: Confirmation, today: dt.date) -> list[Service]:
    """The organisation says that all is right, but for what it wants changed. Returns the records that count.

    Takes the directory's lock. May be said again.
    """
    log.lock()
    organization = confirmation.organization
    waiting = Proposal.objects.filter(state=CorrectionState.RECEIVED).values("record_uuid")
    services = list(records_of(organization).exclude(uuid__in=waiting))
    proposed = records_of(organization).filter(uuid__in=waiting).exists()
    # The organisation's own check would count for the records it wants changed.
    assure_all([*services, *([] if proposed else [organization])], on=today, by=None, origin=Origin.ORGANISATION)
    _answered(confirmation, today)
    return services


@transaction.atomic
def propose(*, confirmation: Confirmation, service: Service, values: Mapping[str, Any], today: dt.date) -> Proposal:
    """Keep what the organisation wants changed in a record, for staff to decide. Nothing of the record changes.

    Only the keys that differ are kept. Raises ``NothingProposed``, ``RecordRefused``, ``UnknownField``,
    ``NationalNumberFound``. Takes the directory's lock.
    """
    log.lock()
    record: Service = log.fresh(service)
    compared = compare(record, values, Hand(by=None, origin=Origin.ORGANISATION))
    if not compared.changed:
        raise NothingProposed(_("This is what stands there already. If all is right, press “All is right”."))
    wanted = {key: compared.after[key] for key in sorted(compared.changed)}
    refuse_national_numbers(**{key: value for key, value in wanted.items() if isinstance(value, str)})
    Proposal.objects.filter(record_uuid=service.uuid, state=CorrectionState.RECEIVED).delete()
    _answered(confirmation, today)
    return Proposal.objects.create(
        organization=confirmation.organization,
        record_kind=RecordKind.SERVICE,
        record_uuid=service.uuid,
        before={key: compared.before[key] for key in wanted},
        values=wanted,
    )


def records_of(organization: Organization) -> Any:
    """The records an organisation is asked about: those that have not ended."""
    return organization.services.exclude(status=RecordStatus.DEFUNCT).order_by("pk")


def _answered(confirmation: Confirmation, today: dt.date) -> None:
    Confirmation.objects.filter(pk=confirmation.pk, answered_on=None).update(answered_on=today)


# --- Deciding --------------------------------------------------------------------------------------
@transaction.atomic
def accept(*, proposal: Proposal, keys: Iterable[str], today: dt.date, by: User | None) -> Written:
    """Take over those keys, as the organisation's own words; what is left out is not taken over.

    Its record then counts as checked. Raises ``NotYours``, ``ProposalGone``, ``RecordRefused``. Takes the
    directory's lock.
    """
    log.begin(by)
    row = _waiting(proposal)
    service = Service.objects.filter(uuid=row.record_uuid).first()
    if service is None:
        raise ProposalGone(_("The record was taken out since. Bring it back first."))
    chosen = set(keys)
    values: Document = {key: value for key, value in row.values.items() if key in chosen}
    written = records.edit_service(service=service, values=values, by=by, origin=Origin.ORGANISATION)
    assure_all([service], on=today, by=by, origin=Origin.ORGANISATION)
    _settle(row, CorrectionState.DONE if values else CorrectionState.DISMISSED, by)
    return written


@transaction.atomic
def dismiss(*, proposal: Proposal, by: User | None) -> None:
    """Take over nothing. Raises ``NotYours``, ``ProposalGone``."""
    log.begin(by)
    _settle(_waiting(proposal), CorrectionState.DISMISSED, by)


def changed_since(proposal: Proposal, service: Service) -> set[str]:
    """The keys that somebody else changed since the organisation wrote."""
    return differences(document_of(service), proposal.before)


def _waiting(proposal: Proposal) -> Proposal:
    row = Proposal.objects.select_for_update(of=("self",), no_key=True).filter(pk=proposal.pk).first()
    if row is None or row.state != CorrectionState.RECEIVED:
        raise ProposalGone(_("This was settled already."))
    return row


def _settle(row: Proposal, state: CorrectionState, by: User | None) -> None:
    row.state, row.settled_by, row.settled_at = state, by, timezone.now()
    row.save(update_fields=["state", "settled_by", "settled_at", "modified"])
