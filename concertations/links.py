"""Where the pages of a series and its meetings are: under their basin, or, without one, under the Region."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from concertations.models import Meeting, Series


def page(name: str, basin: str | None, **kwargs: Any) -> str:
    """The address of a page of the mission by its bare name, in the active language."""
    if basin is None:
        return reverse(f"concertations_region:{name}", kwargs=kwargs)
    return reverse(f"concertations:{name}", kwargs={"basin": basin, **kwargs})


def code_of(series: Series) -> str | None:
    """The code of the basin a series belongs to, ``None`` for the Region's."""
    return series.basin.code if series.basin else None


def series_page(series: Series, name: str = "series", **kwargs: Any) -> str:
    """A page of a series: the public one, or another by its bare name (``"staff_series"``)."""
    return page(name, code_of(series), slug=series.slug, **kwargs)


def meeting_page(meeting: Meeting, name: str = "meeting", **kwargs: Any) -> str:
    """A page of a meeting: the public one, or another by its bare name (``"staff_meeting"``)."""
    return series_page(meeting.series, name, meeting=meeting.uuid, **kwargs)
