"""Pieces of the concertations' pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from concertations import queries_minutes
from concertations.links import meeting_page, page, series_page
from concertations.models import Meeting, Minutes, Series
from concertations.web import staff_tabs as contents

register = template.Library()


@register.inclusion_tag("concertations/_staff_tabs.html", takes_context=True)
def staff_tabs(context: dict[str, Any], series: Series, meeting: Meeting | None = None) -> dict[str, Any]:
    """``{% staff_tabs series %}``, or ``{% staff_tabs meeting.series meeting %}``: where one is, what else there is."""
    match = context["request"].resolver_match
    return {
        "series": series,
        "meeting": meeting,
        "series_url": series_page(series, "staff_series"),
        "public_url": meeting_page(meeting) if meeting else series_page(series),
        "tabs": contents.tabs(series, meeting, match.url_name if match else ""),
    }


@register.simple_tag
def series_url(series: Series, name: str = "series", **kwargs: Any) -> str:
    """``{% series_url series "staff_series" %}``: a page of a series, its basin's or the Region's."""
    return series_page(series, name, **kwargs)


@register.simple_tag
def meeting_url(meeting: Meeting, name: str = "meeting", **kwargs: Any) -> str:
    """``{% meeting_url meeting "staff_meeting" %}``: a page of a meeting."""
    return meeting_page(meeting, name, **kwargs)


@register.simple_tag
def published_minutes(meeting: Meeting) -> Minutes | None:
    """``{% published_minutes meeting as minutes %}``: the minutes that everybody may read; nothing asked of what is
    still to come."""
    return queries_minutes.published_of(meeting) if meeting.starts_at <= timezone.now() else None


@register.simple_tag(takes_context=True)
def consultations_url(context: dict[str, Any]) -> str:
    """``{% consultations_url %}``: all consultations at large, on the site the reader is on."""
    match = context["request"].resolver_match
    return page("consultations", match.kwargs.get("basin") if match else None)
