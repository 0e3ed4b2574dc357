"""What may be chosen in the forms of records: terms, languages, territory, places. Read when a form asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from basins.models import Basin, Municipality, Neighbourhood
from core.bilingual import text
from directory.enums import TaxonomyCode
from directory.models import Location, Organization, TaxonomyTerm

TAXONOMIES = {
    "themes": (TaxonomyCode.THEMES, _("Themes")),
    "audiences": (TaxonomyCode.AUDIENCES, _("Audiences")),
    "sectors": (TaxonomyCode.SECTORS, _("Sectors")),
}
LABELS: Mapping[str, Any] = {
    "languages": _("Languages"),
    "areas": _("Territory served"),
    "places": _("Places"),
    "sector": _("Sector"),
    "municipality": _("Municipality"),
    "neighbourhood": _("Neighbourhood"),
}


class Choices:
    """Values are as the document says them, so that form and document speak of the same."""

    several = frozenset({*TAXONOMIES, "languages", "areas", "places"})
    single = frozenset({"sector", "municipality", "neighbourhood"})

    def __init__(self, organization: Organization | None = None) -> None:
        self._organization = organization

    def label(self, name: str) -> Any:
        return TAXONOMIES[name][1] if name in TAXONOMIES else LABELS[name]

    def key(self, name: str) -> str:
        """The key of the document that a field fills: three of them are its terms."""
        return "terms" if name in TAXONOMIES else name

    def offered(self, name: str, document: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Values with their words; what is no longer offered stays where the record has it."""
        if name in TAXONOMIES:
            return self._terms(TAXONOMIES[name][0], set(self.chosen(name, document)))
        listed: dict[str, Callable[[], list[tuple[str, str]]]] = {
            "sector": lambda: self._terms(TaxonomyCode.SECTORS, {document.get("sector", "")}),
            "languages": lambda: self._terms(TaxonomyCode.LANGUAGES, set(document.get("languages", ()))),
            "areas": lambda: self._areas,
            "places": lambda: self._places_with(document.get("places", ())),
            "municipality": lambda: [(row.nis_code, str(text(row, "name"))) for row in self._municipalities],
            "neighbourhood": lambda: [(str(row.uuid), str(text(row, "name"))) for row in self._neighbourhoods],
        }
        return listed[name]()

    def chosen(self, name: str, document: Mapping[str, Any]) -> list[str]:
        """What of a field the document has."""
        listed: list[str] = document.get(self.key(name)) or []
        if name not in TAXONOMIES:
            return listed
        start = f"{TAXONOMIES[name][0].value}:"
        return [each.removeprefix(start) for each in listed if each.startswith(start)]

    def named(self, name: str, values: Iterable[str]) -> list[str]:
        """What was ticked, as the document says it."""
        return [f"{TAXONOMIES[name][0].value}:{value}" if name in TAXONOMIES else value for value in values]

    def not_offered(self, document: Mapping[str, Any]) -> list[str]:
        """Terms of lists that have no field here: they stay."""
        known = tuple(f"{taxonomy.value}:" for taxonomy, _label in TAXONOMIES.values())
        return [each for each in document.get("terms", ()) if not each.startswith(known)]

    def _terms(self, taxonomy: TaxonomyCode, kept: set[str]) -> list[tuple[str, str]]:
        """Broader terms first, each with its narrower ones behind it."""
        rows = [row for row in self._all_terms if row.taxonomy.code == taxonomy and (row.is_active or row.code in kept)]
        inner: dict[int | None, list[TaxonomyTerm]] = {}
        for row in rows:
            inner.setdefault(row.parent_id, []).append(row)
        known = {row.pk for row in rows}
        listed = [row for row in rows if row.parent_id not in known]
        found: list[tuple[str, str]] = []
        while listed:
            row = listed.pop(0)
            above = f"{text(row.parent, 'name')} › " if row.parent else ""
            found.append((row.code, f"{above}{text(row, 'name')}"))
            listed = [*inner.get(row.pk, []), *listed] if row.pk in known else listed
        return found

    @cached_property
    def _all_terms(self) -> list[TaxonomyTerm]:
        return list(TaxonomyTerm.objects.select_related("taxonomy", "parent").order_by("taxonomy", "position", "code"))

    @cached_property
    def _municipalities(self) -> list[Municipality]:
        return list(Municipality.objects.order_by("nis_code"))

    @cached_property
    def _neighbourhoods(self) -> list[Neighbourhood]:
        return list(Neighbourhood.objects.order_by("pk"))

    @cached_property
    def _areas(self) -> list[tuple[str, str]]:
        basins = [(f"basin:{row.code}", str(text(row, "name"))) for row in Basin.objects.order_by("pk")]
        towns = [(f"municipality:{row.nis_code}", str(text(row, "name"))) for row in self._municipalities]
        parts = [(f"neighbourhood:{row.uuid}", str(text(row, "name"))) for row in self._neighbourhoods]
        return [("region", str(_("the whole Region"))), *basins, *towns, *parts]

    def _places_with(self, kept: Iterable[str]) -> list[tuple[str, str]]:
        own = (
            Location.objects.filter(organization=self._organization) if self._organization else Location.objects.none()
        )
        rows = own | Location.objects.filter(uuid__in=list(kept))
        return [(str(row.uuid), str(row)) for row in rows.distinct().order_by("-is_seat", "pk")]
