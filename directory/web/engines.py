"""What search engines find of the directory: its public records and organisations, and no page that is a question."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, overload
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet

from basins.enums import BasinCode
from core.bilingual import LANGUAGE_CODES
from directory import queries
from directory.web.addresses import directory_url

PER_PAGE = 2_000  # addresses; each names its two languages, so a file stays below a megabyte
Row = tuple[UUID, dt.datetime]
ASIDE = ("leaflet", "leaflet_pdf", "follow", "kept_sent", "missing")  # beginnings: files and signed links come below


def closed_to_engines() -> list[str]:
    """Searches with a question (a search's own page may be listed), leaflets, kept lists, forms."""
    sites = [None, *BasinCode.values]
    questions = [f"{directory_url('search', site)}?" for site in sites]
    return questions + [directory_url(name, site) for site in sites for name in ASIDE]


class _InBoth(Sequence[tuple[Row, str]]):
    """Rows, each once per language; read by the page, for there may be a hundred thousand."""

    def __init__(self, rows: QuerySet[Any, Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return self._rows.count() * len(LANGUAGE_CODES)

    @overload
    def __getitem__(self, wanted: int) -> tuple[Row, str]: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[tuple[Row, str]]: ...
    def __getitem__(self, wanted: int | slice) -> Any:
        if isinstance(wanted, int):
            row, language = divmod(wanted, len(LANGUAGE_CODES))
            return self._rows[row], LANGUAGE_CODES[language]
        first, last = wanted.start // len(LANGUAGE_CODES), -(-wanted.stop // len(LANGUAGE_CODES))
        return [(row, language) for row in self._rows[first:last] for language in LANGUAGE_CODES]


class _Addresses(Sitemap, ABC):  # type: ignore[type-arg]  # generic in the stubs alone
    """The Region's page of each row, which is the permanent one, in both languages."""

    i18n = True
    alternates = True
    limit = PER_PAGE
    name = ""

    @abstractmethod
    def items(self) -> Any:
        """The public rows, each with its identifier and the moment it was changed."""

    def _items(self) -> _InBoth:
        return _InBoth(self.items().order_by("pk").values_list("uuid", "modified"))

    def location(self, item: Row) -> str:
        return directory_url(self.name, None, **{self.name: item[0]})

    def lastmod(self, item: Row) -> dt.datetime:
        return item[1]

    def get_latest_lastmod(self) -> dt.datetime | None:
        latest: dt.datetime | None = self.items().aggregate(latest=Max("modified"))["latest"]
        return latest


class Records(_Addresses):
    name = "record"

    def items(self) -> Any:
        return queries.services_for(AnonymousUser())


class Organizations(_Addresses):
    name = "organization"

    def items(self) -> Any:
        return queries.organizations_for(AnonymousUser()).filter(merged_into=None)


SITEMAPS = {"records": Records, "organisations": Organizations}
