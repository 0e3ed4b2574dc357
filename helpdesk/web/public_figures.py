"""The figures for everybody: a month of a basin, its paper, and on the Region's site the helpdesks side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import date_format
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from basins.models import Basin
from basins.web.views import current_basin
from core.bilingual import text
from core.templatetags.look import level
from helpdesk import access, public_figures, queries
from helpdesk.example_queries import page_url
from helpdesk.jobs import file_name
from helpdesk.models import MonthReport
from helpdesk.reports import spans_of
from helpdesk.web.staff_common import desk_url

MONTHS = 24


@require_safe
def figures(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The month that is asked for, else the last one; the Region shows all basins."""
    page = current_basin(basin)
    return _side_by_side(request) if page is None else _month(request, page)


def _month(request: HttpRequest, basin: Basin) -> HttpResponse:
    known = list(public_figures.reports(basin.code)[:MONTHS])
    wanted = request.GET.get("month", "")
    report = next((row for row in known if f"{row.month:%Y-%m}" == wanted), None)
    if wanted and report is None:
        raise Http404
    report = report or (known[0] if known else None)
    context: dict[str, Any] = {
        "report": report,
        "months": [(f"{row.month:%Y-%m}", date_format(row.month, "F Y"), row is report) for row in known],
        "ask_url": queries.desk_url("ask", basin.code),
        "desk_url": desk_url("staff_figures", basin.code) if access.answers_for(request.user, basin.code) else "",
    }
    if report is not None:
        month = f"{report.month:%Y-%m}"
        context |= {
            "figures": report.figures,
            "tables": [
                {
                    "heading": table.heading,
                    "lines": [(line, level(line.share, 100) if line.number else "") for line in table.told],
                    "untold": table.untold,
                }
                for table in public_figures.tables_of(report.figures)
            ],
            "pdf_url": page_url("public_figures_pdf", basin.code, month=month),
            **spans_of(report.figures),
        }
    return render(request, "helpdesk/figures/month.html", context)


def _side_by_side(request: HttpRequest) -> HttpResponse:
    basins = list(Basin.objects.all())
    rows: dict[dt.date, dict[int, MonthReport]] = {}
    for row in public_figures.reports(None)[: MONTHS * len(basins)]:
        rows.setdefault(row.month, {})[row.basin_id] = row
    months = []
    for month, of_basin in rows.items():
        cells = [
            {
                "name": text(basin, "name"),
                "is_counted": basin.pk in of_basin,
                "number": of_basin[basin.pk].figures["number"] if basin.pk in of_basin else None,
            }
            for basin in basins
        ]
        months.append((month, cells))
    context = {
        "months": months,
        "basins": [{"name": text(basin, "name"), "url": page_url("public_figures", basin.code)} for basin in basins],
        "ask_url": queries.desk_url("ask", None),
    }
    return render(request, "helpdesk/figures/region.html", context)


@require_safe
def figures_pdf(request: HttpRequest, basin: str, month: str) -> HttpResponse:
    """The paper of a month, as it was made."""
    try:
        day = dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404 from None
    row = get_object_or_404(MonthReport, basin__code=basin, month=day)
    response = HttpResponse(bytes(row.pdf), content_type="application/pdf")
    name = file_name(basin, day)
    response["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return response
