"""What was looked for in vain: counted, never with who looked; and what a colleague found out about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, Need, User
from basins.rules import needs
from basins.rules.people import NotYours
from core.bilingual import current_language
from core.errors import RuleError
from directory import access
from directory.enums import MissedVerdict
from directory.models import MissedSearch
from directory.rules import limits
from directory.search.stems import tokens

LONGEST = 120
MOST_DIGITS = 5  # a longer number may be somebody's


class VerdictMissing(RuleError):
    """What is settled says why it was not found."""

    code = "verdict-missing"
    status = 422


def plain_words(words: str) -> str:
    """The words as they are kept: folded, without numbers or addresses that may be somebody's."""
    if "@" in words:
        return ""
    kept = [word for word in tokens(words) if sum(char.isdigit() for char in word) <= MOST_DIGITS]
    in_all = sum(char.isdigit() for word in kept for char in word)
    if in_all > MOST_DIGITS:
        kept = [word for word in kept if not any(char.isdigit() for char in word)]
    return " ".join(kept)[:LONGEST].strip()


def note(*, words: str, postcode: str, filters: Sequence[str], basin: str | None, today: dt.date) -> None:
    """Count a search without result; the same again is the same row, however many ask at once.

    One statement of its own, no lock: two processes that count at once both count.
    """
    kept = plain_words(words)
    if not (kept or filters or postcode):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT,
            {
                "words": kept,
                "postcode": postcode,
                "filters": sorted(filters)[:20],
                "basin": basin,
                "language": current_language(),
                "today": today,
            },
        )


@transaction.atomic
def tell(*, basin: Basin | None, title: str, words: str, email: str, language: str, network: str = "") -> Need:
    """What a reader did not find, in their own words: a need of the basin, heard once more.

    ``network``: where it came from, empty for nobody's. Raises ``CrowdedNetwork`` and what ``needs.raise_need`` raises.
    """
    need = needs.raise_need(
        source="directory",
        source_key=f"search:{uuid4()}",
        source_label=gettext("Not found in the directory"),
        basin=basin,
        title=title,
        words=words,
        language=language,
        heard_on=timezone.localdate(),
        raised_by_email=email,
    )
    limits.refuse_flood(network)
    return need


@transaction.atomic
def settle(*, missed: MissedSearch, verdict: str, remark: str, by: User | None) -> MissedSearch:
    """Say why it was not found. Raises ``NotYours``, :class:`VerdictMissing`. Takes the row's lock."""
    _check(by)
    if verdict not in MissedVerdict.values:
        raise VerdictMissing(_("Say why it was not found."), field="verdict")
    row = MissedSearch.objects.select_for_update(of=("self",), no_key=True).get(pk=missed.pk)
    row.verdict = verdict
    row.note = remark.strip()
    row.settled_by = by
    row.settled_at = timezone.now()
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def raise_as_need(*, missed: MissedSearch, title: str, by: User | None) -> Need:
    """Hand on what does not exist: it becomes a need of the basin, which counts how often it was looked for.

    The same row again changes nothing. Raises ``NotYours`` and what ``needs.raise_need`` raises.
    """
    _check(by)
    row = MissedSearch.objects.select_for_update(of=("self",), no_key=True).get(pk=missed.pk)
    need = needs.raise_need(
        source="directory",
        source_key=f"missed:{row.uuid}",
        basin=row.basin,
        title=title,
        language=row.language,
        words=row.words,
        heard_on=row.last_on,
        weight=min(row.times, 32_000),
        by=by,
        need=row.need,
    )
    row.need = need
    row.save()
    return need


@transaction.atomic
def forget_before(day: dt.date) -> int:
    """Erase what nobody looked for since that day. Returns how many rows."""
    return MissedSearch.objects.filter(last_on__lt=day).delete()[0]


def _check(by: User | None) -> None:
    if by is not None and not access.may_manage_directory(by):
        raise NotYours(_("You cannot change the directory."))


COUNT = """
INSERT INTO directory_missedsearch (
    uuid, created, modified, words, postcode, filters, basin_id, language, times, first_on, last_on, verdict, note
) VALUES (
    gen_random_uuid(), now(), now(), %(words)s, %(postcode)s, %(filters)s::varchar[],
    (SELECT id FROM basins_basin WHERE code = %(basin)s), %(language)s, 1, %(today)s, %(today)s, '', ''
) ON CONFLICT ON CONSTRAINT directory_missed_once DO UPDATE SET
    times = directory_missedsearch.times + 1, last_on = excluded.last_on, modified = now()
"""
