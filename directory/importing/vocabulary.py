"""The words of lists, and what they mean here: terms by any of their names, parts of the territory by theirs."""

from __future__ import annotations

from functools import cached_property

from basins.models import Basin, Municipality, Neighbourhood, PostcodeArea
from core.bilingual import LANGUAGE_CODES, both
from core.text import fold
from directory.models import TaxonomyTerm

REGION = frozenset(
    {
        *("region", "regio", "region bruxelloise", "region de bruxelles-capitale", "bruxelles-capitale"),
        *("brussels hoofdstedelijk gewest", "hoofdstedelijk gewest", "brussels gewest", "toute la region"),
        *("hele gewest", "het hele gewest", "toute la region bruxelloise", "brussels region"),
    }
)


class Vocabulary:
    """Read once for a whole import. Each look-up takes what people write; ``None``: we do not know the word."""

    @cached_property
    def _terms(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        rows = list(TaxonomyTerm.objects.select_related("taxonomy").order_by("pk"))
        for row in rows:
            for code in LANGUAGE_CODES:
                for synonym in getattr(row, f"synonyms_{code}"):
                    found.setdefault((row.taxonomy.code, fold(synonym)), row.code)
        for row in rows:  # a name wins over somebody else's synonym, a code over everything
            for name in both(row, "name").values():
                if name:
                    found[row.taxonomy.code, fold(name)] = row.code
        for row in rows:
            found[row.taxonomy.code, fold(row.code)] = row.code
        return found

    @cached_property
    def taxonomies(self) -> frozenset[str]:
        return frozenset(taxonomy for taxonomy, _word in self._terms)

    @cached_property
    def _municipalities(self) -> dict[str, str]:
        found = {
            area.postcode: area.municipality.nis_code
            for area in PostcodeArea.objects.filter(is_main=True).select_related("municipality")
        }
        for row in Municipality.objects.all():
            found[row.nis_code] = row.nis_code
            found |= {fold(name): row.nis_code for name in both(row, "name").values() if name}
        return found

    @cached_property
    def _parts(self) -> dict[str, str]:
        """Basins and neighbourhoods by code and name; a basin's name wins."""
        found: dict[str, str] = {}
        for neighbourhood in Neighbourhood.objects.all():
            for name in both(neighbourhood, "name").values():
                if name:
                    found[fold(name)] = f"neighbourhood:{neighbourhood.uuid}"
        for basin in Basin.objects.all():
            for name in (basin.code, *both(basin, "name").values()):
                if name:
                    found[fold(name)] = f"basin:{basin.code}"
        return found

    def term(self, taxonomy: str, word: str) -> str | None:
        """The code of a term of ``taxonomy`` by its code, its name or a synonym in either language."""
        return self._terms.get((taxonomy, fold(word)))

    def municipality(self, word: str) -> str | None:
        """The NIS code of a municipality by its code, its name in either language or a postcode of it."""
        return self._municipalities.get(fold(word))

    def area(self, word: str) -> str | None:
        """A part of the territory as documents call it: ``"region"``, ``"basin:sud"``, ``"municipality:21005"`` …"""
        folded = fold(word)
        if folded in REGION:
            return "region"
        kind, colon, value = folded.partition(":")
        if colon and kind in {"basin", "neighbourhood"}:
            return folded if folded in set(self._parts.values()) else None
        nis_code = self.municipality(value if kind == "municipality" else word)
        return f"municipality:{nis_code}" if nis_code else self._parts.get(folded)
