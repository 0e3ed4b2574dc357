"""The leaflet on paper: one side in French, one in Dutch, each record with a code to its live page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import segno
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from basins.models import Basin
from core.bilingual import LANGUAGE_CODES, Text, both, other_language, text
from core.mail import absolute_url
from core.pdf import render_pdf
from directory import wording
from directory.leaflet import Sheet
from directory.models import Service
from directory.web.addresses import record_url
from directory.web.cards import address_of
from directory.wording import Hours, State

LONGEST_WHAT = 240  # characters: a leaflet is read standing


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a record: ``address`` is empty where it is kept secret."""

    address: str
    way: Text
    step_free: bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as a leaflet says it in one language."""

    name: Text
    organization: Text
    what: Text
    whom: Text
    phones: list[str]
    hours: list[Hours]
    spots: list[Spot]
    price: str
    fees: Text
    is_open_to_all: bool
    comes_home: bool
    languages: str
    places: State | None  # only what somebody said, with its date, and not too long ago
    code: str


def render_leaflet(sheet: Sheet, services: Sequence[Service], *, basin: Basin | None, language: str) -> bytes:
    """Two sides of A4, tagged; with long records it may take more. ``language`` is that of the document's title."""
    sides = [_side(sheet, services, code) for code in LANGUAGE_CODES]
    titles = {side["code"]: str(side["title"]) for side in sides}
    context = {
        "title": titles[language],
        "basin": basin,
        "basin_names": both(basin, "name") if basin else {},
        "sides": sides,
        "languages": LANGUAGE_CODES,
        "today": timezone.localdate(),
        "is_demo": any(service.is_demo for service in services),
    }
    return render_pdf(
        "directory/print/leaflet.html",
        context,
        language=language,
        densities=("", "dense", "densest"),
        sheets_at_most=2,
    )


def _side(sheet: Sheet, services: Sequence[Service], code: str) -> dict[str, Any]:
    with override(code):
        title = _own_words(sheet, "title", code)
        return {
            "code": code,
            "title": title or Text(_("Useful services"), code, is_fallback=False),
            "line": _own_words(sheet, "line", code),
            "entries": [_entry(service) for service in services],
        }


def _own_words(sheet: Sheet, name: str, code: str) -> Text:
    """Words of one's own in this language; a title in the other one is better than none."""
    own = getattr(sheet, f"{name}_{code}")
    if own:
        return Text(own, code, is_fallback=False)
    other = other_language(code)
    return Text(getattr(sheet, f"{name}_{other}"), other, is_fallback=True)


def _entry(service: Service) -> Entry:
    phones = [*service.phones.all()] or [*service.organization.phones.all()]
    numbers = [phone.number for phone in phones if not phone.professionals_only]
    url = absolute_url(record_url(service, None))
    today = timezone.localdate()
    places = wording.places_state(service, today)
    return Entry(
        name=text(service, "name"),
        organization=text(service.organization, "name"),
        what=_what(service),
        whom=text(service, "eligibility"),
        phones=list(dict.fromkeys(numbers))[:3],
        hours=wording.hours_of(wording.schedules_of(service), today),
        spots=[_spot(row) for row in service.at_locations.all()],
        price=_price(service),
        fees=text(service, "fees"),
        is_open_to_all=service.no_appointment,
        comes_home=service.home_visits,
        languages=wording.languages_of(service),
        places=places if places.said else None,
        code=segno.make(url, error="m").svg_data_uri(border=0, dark="#14212b"),
    )


def _what(service: Service) -> Text:
    """What it is for, in a sentence; without one, the beginning of the description."""
    short = text(service, "short_description")
    if short:
        return short
    long = text(service, "description")
    if len(long.value) <= LONGEST_WHAT:
        return long
    cut = long.value[:LONGEST_WHAT].rpartition(" ")[0]
    return Text(f"{cut} …", long.language, long.is_fallback)


def _spot(row: Any) -> Spot:
    """As strangers may know it, whoever prints."""
    location = row.location
    if location.hides_address:
        return Spot("", Text("", "", is_fallback=False), None)
    return Spot(address_of(location), text(location, "transport"), location.step_free)


def _price(service: Service) -> str:
    if service.price:
        return str(service.get_price_display())
    return _("free of charge") if service.no_payment else ""
