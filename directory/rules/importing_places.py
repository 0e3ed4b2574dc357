"""Which place a row means: one that its organisation has already, one that moved, or a new one.

A list gives no identifiers for addresses. The same street and postcode at the same organisation are the same place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.text import fold
from directory.documents import Document, is_empty
from directory.models import Location, Organization, Service, ServiceAtLocation
from directory.rules import records
from directory.rules.writing import Draft, Hand

ADDRESS = ("street_fr", "street_nl", "postcode")
ROW_KEYS = frozenset({"phones", "schedules", "accessibility"})


class Places:
    """The places of a few organisations, stored ones and those to be made."""

    def __init__(self, hand: Hand, organizations: Iterable[Organization]) -> None:
        self.hand = hand
        self.drafts: list[Draft] = []
        self.gaps: list[tuple[Location, Document]] = []
        self.known: dict[int, list[Location]] = {}
        keys = {each.pk for each in organizations}
        for place in Location.objects.filter(organization__in=keys).order_by("pk"):
            self.known.setdefault(place.organization_id, []).append(place)
        self.drafted: set[Any] = set()

    def find_or_draft(self, organization: Organization, document: Document) -> Location:
        """The place a row means; a new one waits in ``drafts``, what an old one lacks in ``gaps``."""
        place = self._find(organization, document)
        if place is None:
            return self._draft(organization, document)
        if place.uuid not in self.drafted:
            self.gaps.append((place, document))
        return place

    def move_or_draft(self, service: Service, documents: list[Document], **said: Any) -> list[Location]:
        """The same for a record that is known: its one place, said by the source alone, moves with the row."""
        own = [row.location for row in service.at_locations.all()]
        found = []
        for document in documents:
            place = self._find(service.organization, document)
            if place is None and len(own) == len(documents) == 1 and self._is_ours(own[0], service):
                place = own[0]
                records.edit_location(location=place, values=self._told(place, document), **said)
            if place is None:
                place = self._draft(service.organization, document)
            elif place.uuid not in self.drafted:
                if place in own and self._is_ours(place, service):
                    records.edit_location(location=place, values=self._told(place, document), **said)
                else:
                    self.gaps.append((place, document))
            found.append(place)
        return found

    def fill_gaps(self, **said: Any) -> None:
        """What the places do not say yet. Rows that contradict each other change nothing."""
        for place, document in self.gaps:
            missing = {key: value for key, value in document.items() if not is_empty(value) and _is_gap(place, key)}
            if missing:
                records.edit_location(location=place, values=missing, **said)

    def _told(self, place: Location, document: Document) -> Document:
        mine = self.hand.mark
        return {key: value for key, value in document.items() if not is_empty(value) or place.origins.get(key) == mine}

    def _find(self, organization: Organization, document: Document) -> Location | None:
        postcode = str(document.get("postcode") or "")
        streets = _streets(document.get("street_fr"), document.get("street_nl"))
        for place in self.known.get(organization.pk, ()):
            theirs = _streets(place.street_fr, place.street_nl)  # type: ignore[attr-defined]  # bilingual
            if place.postcode == postcode and (streets & theirs or not (streets or theirs)):
                return place
        return None

    def _draft(self, organization: Organization, document: Document) -> Location:
        place = Location(organization=organization)
        siblings = self.known.setdefault(organization.pk, [])
        # Filled in by the rule when it is stored; here so that the next row finds it.
        for key in ADDRESS:
            setattr(place, key, document.get(key) or "")
        has_seat = any(each.is_seat for each in siblings)
        place.is_seat = not has_seat
        siblings.append(place)
        self.drafted.add(place.uuid)
        values = {key: value for key, value in document.items() if not is_empty(value)}
        self.drafts.append(Draft(place, values | {"is_seat": not has_seat}))
        return place

    def _is_ours(self, place: Location, service: Service) -> bool:
        """Whether the source alone said where it is, and nothing else is there."""
        said = {place.origins.get(key) for key in ADDRESS if getattr(place, key)}
        others = ServiceAtLocation.objects.filter(location=place).exclude(service=service)
        return said == {self.hand.mark} and not others.exists()


def _streets(*streets: Any) -> set[str]:
    return {fold(str(street)) for street in streets if street}


def _is_gap(place: Location, key: str) -> bool:
    if key in ROW_KEYS:
        return not getattr(place, key).exists()
    if key in ("municipality", "neighbourhood"):
        return getattr(place, f"{key}_id") is None
    return key not in {"is_seat", "kind"} and is_empty(getattr(place, key))
