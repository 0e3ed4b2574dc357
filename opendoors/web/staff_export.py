"""Taking everything out: a table per subject, or all of them in one file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from basins.rights import Right
from basins.web.second_factor import staff_required
from core.csv_export import csv_response
from opendoors import exports
from opendoors.web.staff_bookings import edition_with_bookings

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

for_readers = staff_required(Right.SEE_OPEN_DOOR_BOOKINGS)


@require_GET
@for_readers
def export(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """What there is to take out, and in which shape."""
    edition = edition_with_bookings(request, basin, slug)
    return render(request, "opendoors/staff/export.html", {"edition": edition, "tables": exports.tables(edition)})


@require_GET
@for_readers
def export_all(request: HttpRequest, basin: str, slug: str, shape: str) -> HttpResponse:
    """All tables in one file: ``xlsx`` as sheets, ``zip`` as CSV files."""
    edition = edition_with_bookings(request, basin, slug)
    if shape == "xlsx":
        content, mimetype = exports.as_xlsx(edition), XLSX
    elif shape == "zip":
        content, mimetype = exports.as_zip(edition), "application/zip"
    else:
        raise Http404
    response = HttpResponse(content, content_type=mimetype)
    word = _("open-doors")
    filename = f"{word}-{edition.slug}.{shape}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or "attachment"
    return response


@require_GET
@for_readers
def export_table(request: HttpRequest, basin: str, slug: str, table: str) -> HttpResponseBase:
    """One table as CSV, sent as it is read."""
    edition = edition_with_bookings(request, basin, slug)
    if table not in exports.names():
        raise Http404
    one = exports.table(edition, table)
    return csv_response(f"{one.title}-{edition.slug}.csv", one.headings, exports.as_text(one.rows()))
