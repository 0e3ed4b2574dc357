"""Examples for everybody: on a basin's site its own, on the Region's those of all five."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from basins.web.forms import plain_line
from basins.web.views import current_basin
from core.bilingual import Text, text
from directory.enums import TaxonomyCode
from directory.queries import terms_of
from directory.standing import standing
from directory.web.addresses import organization_url, record_url
from helpdesk import example_queries, queries
from helpdesk.models import Example

PER_PAGE = 12


@dataclass(frozen=True, slots=True)
class Named:
    """A record of the directory that helped, as it stands today."""

    name: Text
    url: str


@require_safe
def examples(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What was asked and what helped, by words and by theme."""
    page = current_basin(basin)
    words = plain_line(request.GET.get("q", ""))[:100]
    rows = example_queries.published(basin)
    offered = terms_of(TaxonomyCode.THEMES).filter(pk__in=rows.order_by().values("theme"))
    themes = [(term.code, str(text(term, "name"))) for term in offered]
    theme = request.GET.get("theme", "")
    theme = theme if theme in dict(themes) else ""
    if theme:
        rows = rows.filter(theme__code=theme)
    found = Paginator(example_queries.with_words(rows, words), PER_PAGE).get_page(request.GET.get("page"))
    asked = {name: value for name, value in (("q", words), ("theme", theme)) if value}
    context = {
        "page": found,
        "rows": [{"example": row, "url": example_queries.example_url(row, basin)} for row in found],
        "words": words,
        "theme": theme,
        "themes": themes,
        "query": urlencode(asked),
        "is_region": page is None,
        "ask_url": queries.desk_url("ask", basin),
    }
    return render(request, "helpdesk/examples.html", context)


@require_safe
def example(request: HttpRequest, example: UUID, basin: str | None = None) -> HttpResponse:
    """One case. One that was taken back is not there."""
    current_basin(basin)
    row = get_object_or_404(example_queries.published(basin), uuid=example)
    context = {
        "example": row,
        "question": text(row, "question"),
        "helped": text(row, "helped"),
        "records": records_of(row, basin),
        "back_url": example_queries.page_url("examples", basin),
        "ask_url": queries.desk_url("ask", basin),
    }
    return render(request, "helpdesk/example.html", context)


def records_of(row: Example, basin: str | None) -> list[Named]:
    """The records that are still there and that everybody may see, in their order."""
    now = standing(row.records)
    found = []
    for identifier in row.records:
        here = now.get(identifier)
        if here is None:
            continue
        if here.service is None:
            found.append(Named(text(here.organization, "name"), organization_url(here.organization, basin)))
        elif here.public_service is not None:
            found.append(Named(text(here.public_service, "name"), record_url(here.public_service, basin)))
    return found
