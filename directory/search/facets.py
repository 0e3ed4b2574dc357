"""What results can be narrowed by. Of one facet several values mean any of them; criteria mean all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from directory.enums import Flag, Price, TagGroup, TaxonomyCode
from directory.search.places import Place, Places
from directory.search.thesaurus import Option, Thesaurus
from directory.tags import PRICE_NUMBERS, WHOLE_REGION, tag


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of the page: ``key`` is its parameter in the address."""

    key: str
    label: Any
    group: TagGroup
    taxonomy: str = ""


FACETS: tuple[Facet, ...] = (
    Facet("theme", _("Theme"), TagGroup.TERM, TaxonomyCode.THEMES),
    Facet("audience", _("For whom"), TagGroup.TERM, TaxonomyCode.AUDIENCES),
    Facet("served", _("Serves people in"), TagGroup.SERVED_POSTCODE),
    Facet("language", _("Language"), TagGroup.LANGUAGE, TaxonomyCode.LANGUAGES),
    Facet("kind", _("Kind"), TagGroup.KIND, TaxonomyCode.KINDS),
    Facet("price", _("Price"), TagGroup.PRICE),
    Facet("sector", _("Sector"), TagGroup.TERM, TaxonomyCode.SECTORS),
)
BY_KEY = {facet.key: facet for facet in FACETS}
CRITERIA = "with"  # the parameter of the criteria
# In the order in which pages offer them; the last two depend on the moment and are no tags.
OFFERED: tuple[Flag, ...] = (
    *(Flag.HAS_PLACES, Flag.OPEN_NOW, Flag.HOME_VISITS, Flag.STEP_FREE, Flag.LOW_THRESHOLD, Flag.NO_APPOINTMENT),
    *(Flag.NO_PAPERS, Flag.NO_PAYMENT, Flag.OUTREACH, Flag.GOES_ALONG, Flag.INTERPRETER, Flag.EVENINGS),
    *(Flag.WEEKENDS, Flag.ROUND_THE_CLOCK),
)
OF_THE_MOMENT = frozenset({Flag.HAS_PLACES, Flag.OPEN_NOW})


def options_of(facet: Facet, thesaurus: Thesaurus, places: Places) -> Sequence[Option]:
    """All values of a facet, in the order in which pages list them."""
    if facet.group == TagGroup.SERVED_POSTCODE:
        listed = sorted(places.by_postcode.values(), key=lambda place: place.postcode)
        return [Option(place.postcode, place.tag, _with_postcode(place)) for place in listed]
    if facet.group == TagGroup.PRICE:
        return [Option(price.value, tag(TagGroup.PRICE, PRICE_NUMBERS[price]), _same(price.label)) for price in Price]
    return thesaurus.options.get(facet.taxonomy, [])


def criteria() -> list[Option]:
    """The criteria as options of one facet."""
    return [Option(flag.name.lower(), tag(TagGroup.FLAG, flag), _same(flag.label)) for flag in OFFERED]


def also_meant(facet: Facet) -> frozenset[int]:
    """Tags that answer every value of a facet: what serves the whole Region serves each place."""
    return frozenset({WHOLE_REGION}) if facet.group == TagGroup.SERVED_POSTCODE else frozenset()


def _with_postcode(place: Place) -> dict[str, str]:
    return {code: f"{name} {place.postcode}" for code, name in place.names.items()}


def _same(label: Any) -> dict[str, str]:
    return {"fr": label, "nl": label}
