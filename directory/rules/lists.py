"""Lists of records that readers keep by mail address, without an account: made, confirmed, changed, given up.

The signed link that went to the address is the right (``docs/decisions/links.md``), so rules take no ``by``.
Nothing is told before the holder confirmed; who never does is erased after a week.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from basins.rules.privacy import refuse_national_numbers
from core.checks import check_row
from core.errors import RuleError
from core.mail import post
from directory.enums import ChangeAction
from directory.leaflet import MOST, Sheet, as_they_are_now, public_among
from directory.models import RecordChange, SavedList, SavedSearch, Service

UNCONFIRMED_FOR = dt.timedelta(days=7)
WAITING_AT_MOST = 5  # unconfirmed links per address, so that nobody's mailbox is filled by others
TOLD = (ChangeAction.EDITED, ChangeAction.MERGED, ChangeAction.REMOVED, ChangeAction.RESTORED)


class ListRefused(RuleError):
    """A list that cannot be kept: empty, too long, or with words that cannot stand."""

    code = "list-refused"
    status = 422


class TooManyWaiting(RuleError):
    """Too many links wait at this address to be confirmed."""

    code = "too-many-waiting"
    status = 429


def check_waiting(email: str) -> None:
    """Raise :class:`TooManyWaiting` when others, or oneself, asked for too many links for this address."""
    waiting = Q(email=email, confirmed_at=None, created__gt=timezone.now() - UNCONFIRMED_FOR)
    if sum(model.objects.filter(waiting).count() for model in (SavedList, SavedSearch)) >= WAITING_AT_MOST:
        raise TooManyWaiting(
            _("Several links wait at this address already: confirm one of those first."), field="email"
        )


@transaction.atomic
def keep(*, sheet: Sheet, email: str, language: str, basin: Basin | None) -> SavedList:
    """Keep a list under an address and send the link to it. No lock: it is a new row.

    Raises :class:`ListRefused`, :class:`TooManyWaiting`, ``NationalNumberFound``.
    """
    address = email.strip().lower()
    check_waiting(address)
    row = SavedList(email=address, language=language, basin=basin, used_on=timezone.localdate())
    _write(row, sheet)
    post(
        "directory.list_kept",
        to=address,
        language=language,
        params={"list": str(row.uuid)},
        key=f"directory.list_kept:{row.uuid}",
        scope=basin.code if basin else "",
    )
    return row


@transaction.atomic
def confirm(*, kept: SavedList) -> SavedList:
    """The holder says yes: changes are told from now on. The same again changes nothing. Takes the row's lock."""
    row = _locked(kept)
    if row.confirmed_at is None:
        row.confirmed_at = timezone.now()
        row.seen_change = highest_change()
    row.used_on = timezone.localdate()
    row.save()
    return row


@transaction.atomic
def change(*, kept: SavedList, sheet: Sheet) -> SavedList:
    """Other records, another order, other words; who changes it holds the link, so it counts as confirmed.

    Takes the row's lock. Raises :class:`ListRefused`, ``NationalNumberFound``.
    """
    row = confirm(kept=kept)
    _write(row, sheet)
    return row


@transaction.atomic
def give_up(*, kept: SavedList) -> None:
    """Erase it; the second time changes nothing."""
    SavedList.objects.filter(pk=kept.pk).delete()


def tell_all(*, today: dt.date) -> int:
    """Tell the holders of confirmed lists what changed, each in a transaction of its own; at most once a day.

    Returns how many mails were written.
    """
    upto = highest_change()
    waiting = SavedList.objects.filter(confirmed_at__isnull=False, seen_change__lt=upto).exclude(told_on=today)
    rows = list(waiting.only("pk", "records", "seen_change"))
    if not rows:
        return 0
    changes = _changes(
        after=min(row.seen_change for row in rows), upto=upto, listed={each for row in rows for each in row.records}
    )
    return sum(_tell(row, changes, upto=upto, today=today) for row in rows)


@transaction.atomic
def forget(*, email: str) -> int:
    """Erase all that an address keeps. Returns how many rows."""
    address = email.strip().lower()
    return sum(model.objects.filter(email=address).delete()[0] for model in (SavedList, SavedSearch))


@transaction.atomic
def forget_unused(*, before: dt.date) -> int:
    """Erase what nobody used since that day, and links that nobody confirmed in a week. Returns how many rows."""
    never_confirmed = Q(confirmed_at=None, created__lt=timezone.now() - UNCONFIRMED_FOR)
    gone = Q(used_on__lt=before) | never_confirmed
    return sum(model.objects.filter(gone).delete()[0] for model in (SavedList, SavedSearch))


def highest_change() -> int:
    """The number of the last line of history. Lines are written behind the directory's lock, so none comes below it."""
    highest: int | None = RecordChange.objects.aggregate(highest=Max("pk"))["highest"]
    return highest or 0


def _locked(kept: SavedList) -> SavedList:
    return SavedList.objects.select_for_update(of=("self",), no_key=True).get(pk=kept.pk)


def _write(row: SavedList, sheet: Sheet) -> None:
    words = {name: getattr(sheet, name).strip() for name in ("title_fr", "title_nl", "line_fr", "line_nl")}
    refuse_national_numbers(**words)
    row.records = public_among(as_they_are_now(sheet.records))
    if not row.records:
        raise ListRefused(_("Choose at least one record."))
    if len(row.records) > MOST:
        raise ListRefused(_("A leaflet holds at most %(most)d records.") % {"most": MOST})
    for name, value in words.items():
        setattr(row, name, value)
    check_row(row, refusal=ListRefused)
    row.save()


def _changes(*, after: int, upto: int, listed: Iterable[UUID]) -> dict[UUID, int]:
    """The last change of each listed record: its own, its organisation's, or that of one of its places."""
    lines = RecordChange.objects.filter(pk__gt=after, pk__lte=upto, action__in=TOLD)
    last = dict(lines.order_by().values_list("record_uuid").annotate(last=Max("pk")))
    found = {record: last[record] for record in listed if record in last}
    links = Service.objects.filter(uuid__in=list(listed)).values_list(
        "uuid", "organization__uuid", "at_locations__location__uuid"
    )
    for record, *others in links:
        number = max(last.get(other, 0) for other in others)
        if number:
            found[record] = max(found.get(record, 0), number)
    return found


@transaction.atomic
def _tell(kept: SavedList, changes: dict[UUID, int], *, upto: int, today: dt.date) -> bool:
    """One list's mail, if there is something to say. Takes the row's lock."""
    row = SavedList.objects.select_for_update(of=("self",), no_key=True).filter(pk=kept.pk).first()
    if row is None or row.told_on == today:
        return False
    changed = [record for record in row.records if changes.get(record, 0) > row.seen_change]
    row.seen_change = upto
    if changed:
        row.told_on = today
        post(
            "directory.list_changed",
            to=row.email,
            language=row.language,
            params={"list": str(row.uuid), "records": [str(record) for record in changed]},
            key=f"directory.list_changed:{row.uuid}:{today}",
            scope=row.basin.code if row.basin else "",
        )
    row.save()
    return bool(changed)
