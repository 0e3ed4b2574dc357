"""Series of meetings: written, ended, taken away while nothing happened in them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from basins.models import Basin, User
from basins.rules.people import NotYours
from concertations import access
from concertations.enums import SeriesKind
from concertations.errors import MeetingError
from concertations.links import page
from concertations.models import Series, Theme
from concertations.rules.checks import check_row, missing_texts, refuse_numbers, refuse_stranger
from core.bilingual import LANGUAGE_CODES, both

logger = logging.getLogger(__name__)

# Addresses that begin with the series' own: none of them may already be another page's.
_OWN_PAGES = ("series", "staff_series")
_PAGES_OF_MEETINGS = ("meeting", "staff_meeting")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesData:
    """What a team writes about a series. ``slug`` is the last part of its address."""

    slug: str
    kind: SeriesKind | str
    name_fr: str
    name_nl: str
    theme: Theme | None = None
    intro_fr: str = ""
    intro_nl: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    is_over: bool = False


@transaction.atomic
def create(*, basin: Basin | None, data: SeriesData, by: User | None) -> Series:
    """A new series of a basin, or (``None``) of the Region. Raises ``MeetingError``, ``NationalNumberFound``,
    ``NotYours``.
    """
    if by is not None and not access.keeps_series(by, basin.code if basin else None):
        raise NotYours(_("You cannot change the concertations of this basin."))
    refuse_numbers(data)
    series = Series(basin=basin, **_values(data))
    _check(series)
    series.save()
    logger.info("Series %s was created by %s", series.uuid, by and by.uuid)
    return series


@transaction.atomic
def edit(*, series: Series, data: SeriesData, by: User | None) -> Series:
    """Rewrite a series, under the lock of its row: meetings get their numbers under the same one.

    Its kind stays what it is once it is a closed group or is none: who was let in, or saw it, was told so.
    Raises ``MeetingError``, ``NationalNumberFound``, ``NotYours``.
    """
    refuse_stranger(series, by)
    refuse_numbers(data)
    series = locked(series)
    was_closed = series.is_closed_group
    for name, value in _values(data).items():
        setattr(series, name, value)
    if series.is_closed_group != was_closed and series.meetings.exists():
        raise MeetingError(
            _("A series that has meetings does not become a closed group, nor a closed group an open series."),
            field="kind",
        )
    _check(series)
    series.save()
    logger.info("Series %s was edited by %s", series.uuid, by and by.uuid)
    return series


@transaction.atomic
def remove(*, series: Series, by: User | None) -> None:
    """Take away a series without meetings. Raises ``MeetingError`` where it has one, ``NotYours``."""
    refuse_stranger(series, by)
    series = locked(series)
    if series.meetings.exists():
        raise MeetingError(_("This series has meetings. Say that it is over instead: what was said stays."))
    series.delete()
    logger.info("Series %s was removed by %s", series.uuid, by and by.uuid)


def locked(series: Series) -> Series:
    """The row for writing."""
    return (
        Series.objects.select_related("basin", "theme").select_for_update(of=("self",), no_key=True).get(pk=series.pk)
    )


def _values(data: SeriesData) -> dict[str, object]:
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _check(series: Series) -> None:
    for code, name in both(series, "name").items():
        if not name:
            raise MeetingError(_("Write the name in both languages."), field=f"name_{code}")
    if missing := missing_texts(series, "intro"):
        raise MeetingError(missing, field="intro_nl" if both(series, "intro")["fr"] else "intro_fr")
    if series.kind == SeriesKind.THEMATIC and series.theme is None:
        raise MeetingError(_("A thematic concertation has a theme: it counts for the law."), field="theme")
    check_row(series)
    if _is_taken(series):
        raise MeetingError(_("Another page is at this address already. Choose another word."), field="slug")


def _is_taken(series: Series) -> bool:
    """Whether one of the addresses that a series brings leads to another page, in one of the languages."""
    basin = series.basin.code if series.basin else None
    for language in LANGUAGE_CODES:
        with override(language):
            urls = {name: page(name, basin, slug=series.slug) for name in _OWN_PAGES}
            urls |= {name: page(name, basin, slug=series.slug, meeting=UUID(int=0)) for name in _PAGES_OF_MEETINGS}
            for name, url in urls.items():
                try:
                    found = resolve(url)
                except Resolver404:
                    return True
                if found.url_name != name:
                    return True
    return False
