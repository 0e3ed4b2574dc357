"""Consultations to read and to search: what was asked for, theme by theme, in the words of the field."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from concertations import queries_consultations as queries
from concertations.enums_minutes import PartKind, StatementKind
from concertations.links import page as page_url
from concertations.models import Consultation, ConsultationPart, ConsultationStatement
from core.text import fold

FOUND_PER_PAGE = 30
# Needs first; then who does it already, what else was said.
HEADED = (
    StatementKind.NEED,
    StatementKind.PRIORITY,
    StatementKind.OTHER_NEED,
    StatementKind.HIGHLIGHT,
    StatementKind.IDEA,
    StatementKind.ITEM,
    StatementKind.ORGANISATION,
    StatementKind.REFLECTION,
    StatementKind.REMARK,
    StatementKind.PARAGRAPH,
)


@require_safe
def index(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """All consultations."""
    rows = [(row, _url(row, basin)) for row in queries.consultations()]
    return render(request, "concertations/consultations/index.html", {"rows": rows})


@require_safe
def consultation(request: HttpRequest, slug: str, basin: str | None = None) -> HttpResponse:
    """One consultation: its parts by kind; with ``q``, where these words were said."""
    row = get_object_or_404(Consultation, slug=slug)
    words = " ".join(request.GET.get("q", "").split())[:100]
    context: dict[str, Any] = {"consultation": row, "words": words, "back_url": page_url("consultations", basin)}
    if fold(words):
        rows = queries.found(words).filter(part__consultation=row)
        page = Paginator(rows, FOUND_PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "hits": [(each, part_url(each.part, basin)) for each in page]}
        context["query"] = urlencode({"q": words})
    else:
        context["kinds"] = [
            (kind, [(part, part_url(part, basin)) for part in parts]) for kind, parts in queries.parts_of(row)
        ]
    return render(request, "concertations/consultations/consultation.html", context)


@require_safe
def part(request: HttpRequest, slug: str, kind: str, number: int, basin: str | None = None) -> HttpResponse:
    """One part: what was said under it, needs in the order of their points."""
    rows = ConsultationPart.objects.select_related("consultation").filter(consultation__slug=slug)
    row: ConsultationPart = get_object_or_404(rows, kind=kind, number=number)
    said = list(queries.statements_of(row))
    standings = queries.standings(said)
    groups: list[tuple[StatementKind, list[tuple[ConsultationStatement, queries.Standing | None]]]] = []
    for each in HEADED:
        of_kind = [(one, standings.get(one.pk)) for one in said if one.kind == each]
        if of_kind:
            groups.append((each, of_kind))
    context = {
        "part": row,
        "consultation": row.consultation,
        "groups": groups,
        "themes": [
            (theme, part_url(theme, basin))
            for theme in row.consultation.parts.filter(kind=PartKind.THEME, number__in=row.themes).order_by("number")
        ],
        "back_url": _url(row.consultation, basin),
    }
    return render(request, "concertations/consultations/part.html", context)


def part_url(part: ConsultationPart, basin: str | None) -> str:
    """The page of a part, on the site of a basin or of the Region."""
    return page_url("consultation_part", basin, slug=part.consultation.slug, kind=part.kind, number=part.number)


def _url(row: Consultation, basin: str | None) -> str:
    return page_url("consultation", basin, slug=row.slug)
