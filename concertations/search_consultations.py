"""What the search of the site finds in consultations: a line for each part, however often a word stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from basins import search
from basins.missions import SearchHit
from basins.models import Basin
from concertations import queries_consultations
from concertations.links import page
from core.bilingual import text

# What people said is behind what is on offer now.
WEIGHT = 0.8


def hits(words: str, basin: Basin | None) -> Iterable[SearchHit]:
    """Parts whose title answers, or in which the words were said."""
    code = basin.code if basin else None
    for score, part, excerpt in queries_consultations.parts_found(words):
        yield SearchHit(
            kind=_("Consultation of %(year)d") % {"year": part.consultation.held_on.year},
            title=text(part, "title"),
            url=page("consultation_part", code, slug=part.consultation.slug, kind=part.kind, number=part.number),
            excerpt=search.excerpt(excerpt),
            score=score * WEIGHT,
        )
