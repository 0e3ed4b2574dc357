"""What search keeps of a record, worked out from the record alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db.models import Prefetch, QuerySet

from core.bilingual import LANGUAGE_CODES, both
from core.text import fold
from directory.enums import AccessFeature, Flag, Price, ServiceKind, TagGroup
from directory.models import (
    Contact,
    Location,
    Phone,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
)
from directory.quality import quality_of
from directory.search.openings import USUAL_SLOTS, has_evening, has_weekend, open_week, usual_slots
from directory.search.places import Places, middles
from directory.search.stems import LONGEST_WORD, as_number, tokens
from directory.search.thesaurus import tag_of_term
from directory.tags import KIND_NUMBERS, PRICE_NUMBERS, WHOLE_REGION, tag

TEXTS = ("name", "short_description", "description", "eligibility", "how_to_refer", "who_may_refer")
FLAGS: dict[Flag, str] = {
    Flag.NO_APPOINTMENT: "no_appointment",
    Flag.NO_REQUEST: "no_request",
    Flag.NO_PAPERS: "no_papers",
    Flag.NO_PAYMENT: "no_payment",
    Flag.HOME_VISITS: "home_visits",
    Flag.OUTREACH: "outreach",
    Flag.GOES_ALONG: "goes_along",
    Flag.INTERPRETER: "interpreter",
    Flag.LOW_THRESHOLD: "is_low_threshold",
}
SHORTEST_SPELLING = 4
_SPELLED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(slots=True)
class Entry:
    """A row of `models.SearchEntry` before PostgreSQL stems its words."""

    service: int
    changed_seq: int
    visibility: str
    own_names: str
    organization_names: str
    words: dict[str, str]  # by language; "" those whose language nobody knows
    titles: str
    tags: list[int]
    open_week: bytes | None
    middle: tuple[float, float] | None
    quality: int
    fresh_on: dt.date | None
    has_places_until: dt.date | None
    spellings: dict[str, str] = field(default_factory=dict)  # folded → as written


def for_entries(services: QuerySet[Service]) -> QuerySet[Service]:
    """What :func:`entry_of` reads, prefetched. Nothing that strangers may not see goes into the words."""
    public = Contact.objects.filter(is_published=True, professionals_only=False)
    places = ServiceAtLocation.objects.select_related("location__municipality").prefetch_related(
        "schedules", "location__schedules", "location__accessibility"
    )
    seats = Location.objects.filter(is_seat=True).select_related("municipality")
    return services.select_related("organization", "capacity").prefetch_related(
        Prefetch("service_terms", ServiceTerm.objects.select_related("term__taxonomy", "term__parent__parent__parent")),
        Prefetch("areas", ServiceArea.objects.all()),
        Prefetch("at_locations", places),
        Prefetch("contacts", public, to_attr="public_contacts"),
        Prefetch("organization__locations", seats, to_attr="seats"),
        "organization__phones",
        "languages__term__taxonomy",
        "schedules",
        "phones",
    )


def entry_of(service: Service, *, places: Places, today: dt.date) -> Entry:
    """The entry of a record out of :func:`for_entries`."""
    organization = service.organization
    own_names = [*both(service, "name").values(), *service.alternate_names, *service.former_names]
    others = [
        *both(organization, "name").values(),
        organization.legal_name,
        *organization.alternate_names,
        *organization.former_names,
    ]
    locations = [row.location for row in service.at_locations.all()]
    schedules = _schedules(service, locations)
    slots = usual_slots(schedules, today)
    terms = [row.term for row in service.service_terms.all()]
    shown = [each for each in locations if not each.hides_address]
    said: dict[str, list[str]] = {
        language: [
            *(getattr(service, f"{name}_{language}") or "" for name in TEXTS),
            *(getattr(term, f"name_{language}") or "" for term in _with_broader(terms)),
            *(
                getattr(each, f"{name}_{language}") or ""
                for each in _contacts(service)
                for name in ("function", "problem")
            ),
        ]
        for language in LANGUAGE_CODES
    }
    numbers = [
        as_number(each.number) for each in (*service.phones.all(), *organization.phones.all()) if _is_public(each)
    ]
    said[""] = [*own_names, *others, *numbers, *(text for each in shown for text in _address(each))]
    tags = sorted(_tags(service, terms, locations, slots, places))
    return Entry(
        service=service.pk,
        changed_seq=service.changed_seq,
        visibility=service.visibility,
        own_names=_folded(own_names),
        organization_names=_folded(others),
        words={language: _folded(texts) for language, texts in said.items()},
        titles="".join(f"|{' '.join(tokens(name))}" for name in dict.fromkeys(own_names) if name) + "|",
        tags=tags,
        open_week=open_week(schedules, today),
        middle=_middle(locations or _seats(service)),
        quality=quality_of(service, today),
        fresh_on=max(filter(None, [service.assured_on, organization.assured_on]), default=None),
        has_places_until=_has_places_until(service),
        spellings=dict(spellings(chain.from_iterable(said.values()))),
    )


def spellings(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The words worth proposing: each folded, and as it is written."""
    for text in texts:
        for written in _SPELLED.findall(text.replace("’", " ").replace("'", " ")):
            word = fold(written)
            if SHORTEST_SPELLING <= len(word) <= LONGEST_WORD:
                yield word, written.lower()


def _folded(texts: Iterable[str]) -> str:
    return " ".join(chain.from_iterable(tokens(text) for text in dict.fromkeys(texts) if text))


def _tags(
    service: Service, terms: list[TaxonomyTerm], locations: list[Location], slots: set[int], places: Places
) -> set[int]:
    found = {tag(TagGroup.KIND, KIND_NUMBERS[ServiceKind(service.kind)])}
    found |= {tag_of_term(term) for term in _with_broader(terms)}
    found |= {tag_of_term(row.term) for row in service.languages.all()}
    found |= _served(service, locations, places)
    if service.price:
        found.add(tag(TagGroup.PRICE, PRICE_NUMBERS[Price(service.price)]))
    elif service.no_payment:
        found.add(tag(TagGroup.PRICE, PRICE_NUMBERS[Price.FREE]))
    flags = {flag for flag, name in FLAGS.items() if getattr(service, name)}
    if any(_is_step_free(each) for each in locations):
        flags.add(Flag.STEP_FREE)
    if has_evening(slots):
        flags.add(Flag.EVENINGS)
    if has_weekend(slots):
        flags.add(Flag.WEEKENDS)
    if len(slots) == USUAL_SLOTS:
        flags.add(Flag.ROUND_THE_CLOCK)
    return found | {tag(TagGroup.FLAG, flag) for flag in flags}


def _served(service: Service, locations: list[Location], places: Places) -> set[int]:
    """The territory served. Nobody said: at least where it stands, for a filter must not hide what it cannot know."""
    served = places.served(service.areas.all())
    if served:
        return served
    around = [places.around(each.postcode) for each in locations or _seats(service) if not each.hides_address]
    return set().union(*around) or {WHOLE_REGION}


def _with_broader(terms: Iterable[TaxonomyTerm]) -> list[TaxonomyTerm]:
    found: dict[int, TaxonomyTerm] = {}
    for term in terms:
        step: TaxonomyTerm | None = term
        while step is not None and step.pk not in found:
            found[step.pk] = step
            if step.parent is not None:
                step.parent.taxonomy = term.taxonomy  # a term stands below one of its own taxonomy
            step = step.parent
    return list(found.values())


def _schedules(service: Service, locations: list[Location]) -> list[Any]:
    """The record's own hours, with those at its places; else those of the places themselves."""
    own = [*service.schedules.all(), *(row for at in service.at_locations.all() for row in at.schedules.all())]
    return own or [row for location in locations for row in location.schedules.all()]


def _is_step_free(location: Location) -> bool:
    if location.step_free is not None:
        return location.step_free
    return any(row.feature == AccessFeature.STEP_FREE and row.is_there for row in location.accessibility.all())


def _middle(locations: list[Location]) -> tuple[float, float] | None:
    for location in locations:
        if location.hides_address:
            continue
        if location.latitude is not None and location.longitude is not None:
            return location.latitude, location.longitude
        if location.postcode in middles():
            return middles()[location.postcode]
    return None


def _address(location: Location) -> Iterator[str]:
    yield from both(location, "name").values()
    yield from both(location, "street").values()
    yield location.postcode
    if location.municipality is not None:
        yield from both(location.municipality, "name").values()


def _is_public(phone: Phone) -> bool:
    return not phone.professionals_only


def _has_places_until(service: Service) -> dt.date | None:
    capacity = getattr(service, "capacity", None)
    if capacity is None or not capacity.has_places(capacity.said_on):
        return None
    fades: dt.date = capacity.fades_on()
    return fades


def _contacts(service: Service) -> list[Contact]:
    found: list[Contact] = service.public_contacts  # type: ignore[attr-defined]  # see for_entries
    return found


def _seats(service: Service) -> list[Location]:
    found: list[Location] = service.organization.seats  # type: ignore[attr-defined]  # see for_entries
    return found
