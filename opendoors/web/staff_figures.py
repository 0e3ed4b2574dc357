"""The team's figures of a week: everything that is counted, small counts included, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.csv_export import csv_response
from opendoors import figure_charts, staff_queries
from opendoors import figures as counting
from opendoors.enums import EditionState
from opendoors.figures import EditionFigures
from opendoors.models import Edition

Line = tuple[str, str, str, int | str]


def edition_read(request: HttpRequest, basin: str, slug: str) -> Edition:
    """The edition of the address, if the reader may see who comes; else 404."""
    return get_object_or_404(staff_queries.editions_with_bookings_for(signed_in(request), basin), slug=slug)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def figures(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """All figures of an edition as they are now."""
    edition = edition_read(request, basin, slug)
    counted = counting.of_edition(edition)
    context = {
        "edition": edition,
        "figures": counted,
        "charts": figure_charts.charts_of(counted),
        "is_public": edition.state == EditionState.EVALUATED,
    }
    return render(request, "opendoors/figures/staff.html", context)


@require_GET
@staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)
def figures_csv(request: HttpRequest, basin: str, slug: str) -> HttpResponseBase:
    """The same as a table: one number per line, with what it counts and of what part."""
    edition = edition_read(request, basin, slug)
    headings = [_("Part"), _("Of which"), _("What is counted"), _("Number")]
    name = _("figures")
    return csv_response(f"{name}-{edition.slug}.csv", headings, lines(counting.of_edition(edition)))


def lines(figures: EditionFigures) -> Iterator[Line]:
    """Every number of the figures; what is not published is empty."""
    week = _("The week")
    for words, number in (
        (_("Hosts"), figures.hosts),
        (_("Visits"), figures.visits),
        (_("Visits called off"), figures.called_off),
        (_("Seats"), figures.seats),
        (_("Seats taken"), figures.booked),
        (_("Bookings"), figures.bookings),
        (_("Visitors"), figures.visitors),
        (_("Came without booking"), figures.walk_ins),
        (_("Requests on the waiting list"), figures.waiting),
    ):
        yield week, "", words, _cell(number)
    for heading, parts in (
        (_("Day"), figures.by_day),
        (_("Hour"), figures.by_hour),
        (_("Municipality"), figures.by_municipality),
        (_("Language"), figures.by_language),
        (_("Host's field of work"), figures.by_host_sector),
    ):
        for part in parts:
            for words, number in (
                (_("Visits"), part.visits),
                (_("Seats"), part.seats),
                (_("Seats taken"), part.booked),
                (_("Present"), part.present),
            ):
                yield heading, part.label, words, _cell(number)
    yield from _share_lines(figures)


def _share_lines(figures: EditionFigures) -> Iterator[Line]:
    groups: Sequence[tuple[str, str, Sequence[counting.Share]]] = (
        (_("Visitors by their field of work"), _("Visitors"), figures.visitors_by_sector),
        (_("Visitors by language of their mails"), _("Visitors"), figures.visitors_by_language),
        (_("Attendance"), _("People"), figures.attendance),
        (_("Waiting list"), _("Requests"), figures.waiting_by_state),
    )
    for heading, words, shares in groups:
        for share in shares:
            yield heading, share.label, words, _cell(share.number)


def _cell(number: int | None) -> int | str:
    return "" if number is None else number
