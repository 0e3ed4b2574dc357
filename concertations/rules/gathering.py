"""Needs that are heard at a meeting, on their way into the basin's list: from the minutes, and from the wall.

A need of the same title gets a further mention, and a person may say that two mean the same (``need``). A meeting
of the Region raises needs of the Region.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from rapidfuzz import fuzz, process

from basins.enums import Language
from basins.models import Basin, Need, User
from basins.rules.log import actor
from basins.rules.needs import OPEN_STATES, raise_need
from concertations.models import Meeting, Minutes, RaisedNeed
from concertations.rules.checks import refuse_stranger
from core.bilingual import both, text
from core.text import fold

logger = logging.getLogger(__name__)

SOURCE = "concertations"
OCCASION = "need:"  # what the list of needs calls a need of the minutes, before its UUID
ALIKE = 60  # of 100, by words in any order
SHOWN_ALIKE = 8


@transaction.atomic
def gather_need(
    *,
    meeting: Meeting,
    source_key: str,
    title: str,
    language: str,
    words: str,
    by: User | None,
    said_by: str = "",
    said_by_email: str = "",
    about: str = "",
    weight: int = 1,
    need: Need | None = None,
) -> Need:
    """Put what was said at a meeting into the list of needs of its basin; returns the need, new or known.

    ``source_key`` names the occasion (``"need:<uuid>"`` of the minutes, ``"note:<uuid>"`` of the wall): asked again
    for the same one this changes nothing. ``said_by`` is a function or a service, ``about`` who lacks it, ``weight``
    how many people said it. The day is that of the meeting. Takes the basin's lock of needs. Raises what
    ``basins.rules.needs.raise_need`` raises.
    """
    return raise_need(
        source=SOURCE,
        source_key=source_key,
        source_label=occasion_label(meeting, language, said_by),
        basin=meeting.series.basin,
        title=title,
        language=language,
        words=words,
        heard_on=meeting.day,
        by=by,
        raised_by_email=said_by_email,
        audience=about,
        weight=weight,
        need=need,
    )


def occasion_label(meeting: Meeting, language: str, said_by: str = "") -> str:
    """The meeting in words, and who said it: ``"CT Santé mentale 3 · CPAS d’Etterbeek"``."""
    name = f"{text(meeting.series, 'name', language)} {meeting.number or meeting.day.isoformat()}"
    return " · ".join(filter(None, [name, said_by]))[:200]


@transaction.atomic
def hand_over(*, minutes: Minutes, by: User | None) -> int:
    """Put every need of the minutes that is in no list yet into the basin's; returns how many. Locks the rows."""
    rows = RaisedNeed.objects.select_for_update(of=("self",)).filter(section__minutes=minutes, need=None)
    number = 0
    for row in rows.order_by("pk"):
        _hand_over(row, minutes.meeting, by=by, need=None)
        number += 1
    return number


@transaction.atomic
def hand_over_one(*, raised: RaisedNeed, by: User | None, need: Need | None = None) -> RaisedNeed:
    """Put one need into the basin's list now; ``need``: the like one of the list that it is.

    Also of approved minutes: where a need is listed is no part of them. Locks the row. Raises ``NotYours``.
    """
    row = (
        RaisedNeed.objects.select_for_update(of=("self",))
        .select_related("section__minutes__meeting__series__basin")
        .get(pk=raised.pk)
    )
    meeting = row.section.minutes.meeting
    refuse_stranger(meeting.series, by)
    if row.need_id is None:
        _hand_over(row, meeting, by=by, need=need)
    return row


def alike(*, basin: Basin | None, title: str) -> list[Need]:
    """Open needs of the list whose title is like this one in either language, the most alike first. One query."""
    needs = {
        need.pk: need for need in Need.objects.filter(basin=basin, merged_into=None, state__in=sorted(OPEN_STATES))
    }
    return [needs[key] for key in _keys_alike(title, needs.values())][:SHOWN_ALIKE]


def _keys_alike(title: str, needs: Iterable[Need]) -> list[int]:
    best: dict[int, float] = {}
    for language in Language.values:
        titles = {need.pk: fold(both(need, "title")[language]) for need in needs}
        found = process.extract(fold(title), titles, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=SHOWN_ALIKE)
        for _title, score, key in found:
            best[key] = max(score, best.get(key, 0.0))
    return sorted(best, key=lambda key: (-best[key], key))


def _hand_over(row: RaisedNeed, meeting: Meeting, *, by: User | None, need: Need | None) -> None:
    row.need = gather_need(
        meeting=meeting,
        source_key=f"{OCCASION}{row.uuid}",
        title=row.title,
        language=row.language,
        words=row.words or row.title,
        said_by=row.said_by,
        said_by_email=row.said_by_email,
        about=row.about,
        by=by,
        need=need,
    )
    row.save(update_fields=["need", "modified"])
    logger.info("%s put need %s of a meeting into the list", actor(by), row.uuid)


def raised_by_key(source_key: str) -> RaisedNeed | None:
    """The need of some minutes that an occasion of the list names, if it is one."""
    try:
        identifier = UUID(source_key.removeprefix(OCCASION))
    except ValueError:
        return None
    found = RaisedNeed.objects.filter(uuid=identifier).select_related("section__minutes__meeting__series__basin")
    return found.first()
