"""The territory as every page needs it: read once a minute in each process, not once per request.

What is kept are plain values in both languages, so that a page costs no query for its frame. The
editors' own forms read the tables; ``basins.rules.territory`` calls :func:`forget_territory`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.enums import BasinCode
from basins.models import Basin, Municipality, Neighbourhood, PostcodeArea
from core.bilingual import LANGUAGE_CODES, Text, both, current_language, other_language
from core.text import fold

KEY = "basins:territory"
FRAME_KEY = "basins:frame"  # basins.web.context keeps what it makes of it under this name
SECONDS = 60


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A municipality or a part of one, and the postcodes by which people know it."""

    name: str
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BasinFacts:
    """What the frame of a page says of a basin; texts by language code, ``""`` where nobody gave one."""

    code: str
    names: dict[str, str]
    intros: dict[str, str]
    helpdesk_phone: str
    helpdesk_emails: dict[str, str]
    places_in: dict[str, tuple[PlaceFacts, ...]]  # whole municipalities, then parts of the one that is split

    @property
    def name(self) -> str:
        """The name in the reader's language; a name is never left out, so the other one stands in for it."""
        return _first(self.names)

    @property
    def intro(self) -> Text:
        """The introduction, marked where only the other language has one."""
        wanted = current_language()
        other = other_language(wanted)
        if not self.intros[wanted] and self.intros[other]:
            return Text(self.intros[other], other, is_fallback=True)
        return Text(self.intros[wanted], wanted, is_fallback=False)

    @property
    def helpdesk_email(self) -> str:
        return _first(self.helpdesk_emails)

    @property
    def places(self) -> tuple[PlaceFacts, ...]:
        return self.places_in[current_language()]

    @property
    def municipality_names(self) -> list[str]:
        return [place.name for place in self.places]


def _first(texts: dict[str, str]) -> str:
    language = current_language()
    return texts[language] or texts[other_language(language)]


@dataclass(frozen=True, slots=True)
class Territory:
    """All basins, in the order in which pages list them."""

    basins: tuple[BasinFacts, ...]
    municipalities: int

    def find(self, code: str | None) -> BasinFacts | None:
        return next((basin for basin in self.basins if basin.code == code), None)


def territory() -> Territory:
    """The territory; at most a minute old."""
    known: Territory | None = cache.get(KEY)
    if known is None:
        known = _read()
        cache.set(KEY, known, SECONDS)
    return known


def forget_territory() -> None:
    """Let this process read the tables anew; the others follow within a minute."""
    frames = [f"{FRAME_KEY}:{language}:{code}" for language in LANGUAGE_CODES for code in ("", *BasinCode.values)]
    cache.delete_many([KEY, *frames])


def _read() -> Territory:
    areas = list(PostcodeArea.objects.select_related("municipality", "basin"))
    neighbourhoods = list(Neighbourhood.objects.select_related("municipality", "basin"))
    return Territory(
        basins=tuple(_facts(basin, areas, neighbourhoods) for basin in Basin.objects.all()),
        municipalities=Municipality.objects.count(),
    )


def _facts(basin: Basin, areas: Iterable[PostcodeArea], neighbourhoods: Iterable[Neighbourhood]) -> BasinFacts:
    return BasinFacts(
        code=basin.code,
        names=both(basin, "name"),
        intros=both(basin, "intro"),
        helpdesk_phone=basin.helpdesk_phone,
        helpdesk_emails=both(basin, "helpdesk_email"),
        places_in={language: _places(basin, language, areas, neighbourhoods) for language in LANGUAGE_CODES},
    )


def _places(
    basin: Basin, language: str, areas: Iterable[PostcodeArea], neighbourhoods: Iterable[Neighbourhood]
) -> tuple[PlaceFacts, ...]:
    basins_of: dict[int, set[int | None]] = {}
    for area in areas:
        basins_of.setdefault(area.municipality_id, set()).add(area.basin_id)
    whole: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for area in areas:
        if area.basin_id != basin.pk:
            continue
        name = _named(area.municipality, language)
        if basins_of[area.municipality_id] == {basin.pk}:
            whole.setdefault(name, set()).add(area.postcode)
            continue
        known = [
            place
            for place in neighbourhoods
            if place.basin_id == basin.pk and place.municipality_id == area.municipality_id
        ]
        for place in known:
            parts.setdefault(_named(place, language), set()).add(place.postcode)
        if not known:
            with override(language):
                part = _("part of %(municipality)s") % {"municipality": name}
            parts.setdefault(part, set()).add(area.postcode)
    return (*_sorted(whole), *_sorted(parts))


def _sorted(places: dict[str, set[str]]) -> list[PlaceFacts]:
    return [PlaceFacts(name, tuple(sorted(filter(None, places[name])))) for name in sorted(places, key=fold)]


def _named(place: Municipality | Neighbourhood, language: str) -> str:
    names = both(place, "name")
    return names[language] or names[other_language(language)]
