"""What somebody asks for: words, a place, filters, an order. Plain values that an address can hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.enums import Flag, Visibility
from directory.search.facets import CRITERIA, FACETS
from directory.search.openings import slot_of

PER_PAGE = 20
PAGES_AT_MOST = 5_000  # beyond 100,000 records there is nothing to turn to


class Order(models.TextChoices):
    """How results are sorted."""

    RELEVANCE = "relevance", _("best answer first")
    FRESH = "fresh", _("checked last first")
    DISTANCE = "distance", _("nearest first")


@dataclass(frozen=True, slots=True)
class Question:
    """A search. ``chosen`` holds the values by facet; ``basin`` is the default filter, ``None`` when dropped.

    ``near`` is a postcode: what serves it comes first, and distances are told. ``home_basin`` is the basin
    of the site, whose records come first where all are asked for.
    """

    words: str = ""
    near: str = ""
    basin: str | None = None
    home_basin: str | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    criteria: tuple[Flag, ...] = ()
    visible: tuple[Visibility, ...] = (Visibility.PUBLIC,)
    order: Order = Order.RELEVANCE
    page: int = 1
    per_page: int = PER_PAGE
    now: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @property
    def filters(self) -> list[tuple[str, str]]:
        """Facets and criteria as parameters of an address, in the order of the page."""
        pairs = [(facet.key, value) for facet in FACETS for value in self.chosen.get(facet.key, ())]
        return [*pairs, *((CRITERIA, flag.name.lower()) for flag in self.criteria)]

    @property
    def key(self) -> Hashable:
        """The same for all who ask the same in the same half hour."""
        asked = (self.words, self.near, self.basin, self.home_basin, tuple(self.filters), self.visible)
        return (*asked, self.order, self.page, self.per_page, self.now.date(), slot_of(self.now))
