"""Where the directory's pages are: under a basin's slug, or the Region's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from directory.models import Organization, Service
from directory.search.facets import FACETS
from directory.search.questions import Order, Question

EVERYWHERE = "all"


def directory_url(name: str, basin: str | None, **kwargs: Any) -> str:
    """``directory_url("search", "sud-est")``: in the active language; without a basin the Region's page."""
    if basin:
        return reverse(f"directory:{name}", kwargs={"basin": basin, **kwargs})
    return reverse(f"directory_region:{name}", kwargs=kwargs)


def record_url(service: Service, basin: str | None) -> str:
    return directory_url("record", basin, record=service.uuid)


def organization_url(organization: Organization, basin: str | None) -> str:
    return directory_url("organization", basin, organization=organization.uuid)


def pairs_of(question: Question) -> list[tuple[str, str]]:
    """The parameters that bring a question back, without its page."""
    pairs = [("q", question.words), ("near", question.near), *question.filters]
    if question.home_basin and question.basin is None:
        pairs.append((EVERYWHERE, "on"))
    if question.order != Order.RELEVANCE:
        pairs.append(("sort", question.order.value))
    return [(key, value) for key, value in pairs if value]


def encoded(pairs: Sequence[tuple[str, str]]) -> str:
    return urlencode(pairs)


def without(question: Question, key: str, value: str | None = None) -> str:
    """The query of the same question without a filter, or without one value of it."""
    kept = [pair for pair in pairs_of(question) if pair[0] != key or (value is not None and pair[1] != value)]
    return encoded(kept)


def adding(question: Question, key: str, value: str) -> str:
    """The query of the same question with one value more."""
    return encoded([*pairs_of(question), (key, value)])


FACET_KEYS = tuple(facet.key for facet in FACETS)
