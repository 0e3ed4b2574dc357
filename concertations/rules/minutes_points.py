"""What stands in the minutes: points, needs raised, news shared. Written in drafts alone, under a heading.

Every rule locks the minutes first (see ``minutes_lock``), and refuses national register numbers. All raise
``NotYours``, ``MinutesStepRefused``, ``MinutesError``, ``NationalNumberFound``.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from basins.models import User
from basins.rules import news as basin_news
from basins.rules.log import actor
from basins.rules.privacy import refuse_national_numbers
from concertations.enums_minutes import PointKind
from concertations.errors.minutes import MinutesError
from concertations.models import Action, MinutesPoint, MinutesSection, RaisedNeed, SharedNews
from concertations.rules.checks import refuse_stranger
from concertations.rules.minutes_lock import locked
from core.checks import check_row

logger = logging.getLogger(__name__)

Row = TypeVar("Row", MinutesPoint, Action, RaisedNeed, SharedNews)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointData:
    """Something to remember, or a decision; in one language at least."""

    kind: str = PointKind.REMEMBER
    text_fr: str = ""
    text_nl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedData:
    """A need in the language in which it was said; see the model for the rest."""

    title: str
    language: str
    words: str = ""
    said_by: str = ""
    said_by_email: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsData:
    """News somebody shared; in one language at least."""

    title_fr: str = ""
    title_nl: str = ""
    body_fr: str = ""
    body_nl: str = ""
    said_by: str = ""


@transaction.atomic
def keep_point(
    *, section: MinutesSection, data: PointData, by: User | None, point: MinutesPoint | None = None
) -> MinutesPoint:
    """Write a point under a heading, or change one. Locks the minutes."""
    row = writable(section, MinutesPoint, point, by)
    if not data.text_fr.strip() and not data.text_nl.strip():
        raise MinutesError(_("Write it in French or in Dutch."), field="text_fr")
    return stored(row, data)


@transaction.atomic
def keep_need(
    *, section: MinutesSection, data: NeedData, by: User | None, raised: RaisedNeed | None = None
) -> RaisedNeed:
    """Write a need that was raised, or change one that is in no list yet. Locks the minutes."""
    row = writable(section, RaisedNeed, raised, by)
    if row.need_id is not None:
        raise MinutesError(_("This need is in the basin's list already: change it there."))
    return stored(row, data)


@transaction.atomic
def keep_news(
    *, section: MinutesSection, data: NewsData, by: User | None, shared: SharedNews | None = None
) -> SharedNews:
    """Write news that was shared, or change it in the minutes; the basin's news item has a page of its own.

    Locks the minutes."""
    row = writable(section, SharedNews, shared, by)
    if not data.title_fr.strip() and not data.title_nl.strip():
        raise MinutesError(_("Write it in French or in Dutch."), field="title_fr")
    return stored(row, data)


@transaction.atomic
def remove(*, row: MinutesPoint | RaisedNeed | SharedNews | Action, by: User | None) -> None:
    """Take something out of a draft. What a need or a news item became elsewhere stays there. Locks the minutes."""
    locked(row.section.minutes, by)
    row.delete()


@transaction.atomic
def make_news(*, shared: SharedNews, publish: bool, by: User) -> SharedNews:
    """Put news of the minutes into the news of the basin (or the Region): as a draft, or to be read at once.

    Also from approved minutes; asked again, nothing changes. Locks the row. Raises ``NotYours`` (the news are another
    right), and what ``basins.rules.news`` raises.
    """
    row = (
        SharedNews.objects.select_for_update(of=("self",))
        .select_related("section__minutes__meeting__series__basin")
        .get(pk=shared.pk)
    )
    series = row.section.minutes.meeting.series
    refuse_stranger(series, by)
    if row.news_id is not None:
        return row
    texts = {name: getattr(row, name) or "" for name in ("title_fr", "title_nl", "body_fr", "body_nl")}
    row.news = basin_news.write_news(basin=series.basin, by=by, **texts)
    if publish:
        basin_news.publish(item=row.news, by=by)
    row.save(update_fields=["news", "modified"])
    logger.info("%s made news of %s", actor(by), row.uuid)
    return row


def writable(section: MinutesSection, kind: type[Row], row: Row | None, by: User | None) -> Row:
    """A new row under the heading, or the one that is there, once its minutes are locked and open."""
    minutes = locked(section.minutes, by)
    section = minutes.sections.get(pk=section.pk)
    if row is None:
        return kind(section=section)
    return kind._default_manager.select_for_update(of=("self",)).get(pk=row.pk, section=section)


def stored(row: Row, data: Any) -> Row:
    """The row with what was written, checked as a whole, saved."""
    values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(data).items()}
    refuse_national_numbers(**{name: value for name, value in values.items() if isinstance(value, str)})
    for name, value in values.items():
        setattr(row, name, value)
    check_row(row, refusal=MinutesError)
    row.save()
    return row
