"""Whether a row of a list is a record that stands here already: proposed by likeness, decided by a person.

The enterprise number alone settles it for an organisation: there is one per legal person. Everything else is
proposed, and the row waits: nobody wants a double that has to be merged later, nor two that were made one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from rapidfuzz import fuzz, utils

from basins.models import User
from core.text import fold
from directory.documents import Document
from directory.enums import DoubleVerdict, LikenessReason
from directory.importing.incoming import NAMES, Incoming
from directory.models import LikelyDouble, Location, Organization, Phone, Service, Source
from directory.rules import log
from directory.rules.importing_spots import ALIKE, MOST_PROPOSED, Spot, spots_of

FAINTLY_ALIKE = 60  # where a phone or a number is the same, too
LEGAL_FORMS = frozenset("asbl vzw aisbl ivzw sa nv srl bv sprl bvba scrl cvba fondation stichting".split())


@dataclass(slots=True)
class Likeness:
    """A record that a row may be, and what they have in common."""

    pk: int
    percent: int = 0
    reasons: set[str] = field(default_factory=set)

    def add(self, reason: LikenessReason, percent: int) -> None:
        self.reasons.add(str(reason))
        self.percent = min(max(self.percent, percent) + (5 if len(self.reasons) > 1 else 0), 100)


class Doubles:
    """The records that no row of this source stands for, by number, phone, name and postcode.

    Names are read once for a whole import: memory grows with the directory, not with the file.
    """

    def __init__(self, source: Source) -> None:
        self.source = source

    # --- What stands here

    @cached_property
    def _organizations(self) -> dict[int, list[str]]:
        rows = Organization.objects.filter(merged_into__isnull=True).exclude(source_records__source=self.source)
        return {pk: [bare(name) for name in names] for pk, names in rows.values_list("pk", "folded_names")}

    @cached_property
    def _services(self) -> dict[int, tuple[int, list[str]]]:
        rows = Service.objects.exclude(source_records__source=self.source)
        listed = rows.values_list("pk", "organization_id", "name_fr", "name_nl", "alternate_names", "former_names")
        return {
            pk: (owner, [bare(name) for name in (fr, nl, *others, *former) if name])
            for pk, owner, fr, nl, others, former in listed.iterator()
        }

    @cached_property
    def _organization_names(self) -> dict[str, set[int]]:
        return _by_name(self._organizations.items())

    @cached_property
    def _organizations_at(self) -> dict[str, Spot]:
        places = Location.objects.exclude(postcode="").values_list("organization_id", "postcode")
        return spots_of(places.iterator(), self._organizations)

    @cached_property
    def _services_at(self) -> dict[str, Spot]:
        places = Service.objects.exclude(at_locations__location__postcode="").values_list(
            "pk", "at_locations__location__postcode"
        )
        return spots_of(places.iterator(), {pk: names for pk, (_owner, names) in self._services.items()})

    @cached_property
    def _services_of(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for pk, (owner, _names) in self._services.items():
            found[owner].append(pk)
        return found

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a row could be."""
        return not self._organizations and not self._services

    # --- What a row is like

    def certain_organization(self, row: Incoming) -> int | None:
        """The organisation with the same enterprise number."""
        number = str(row.organization.get("kbo_number") or "")
        if not number or not self._organizations:
            return None
        found = Organization.objects.filter(kbo_number=number, merged_into__isnull=True).order_by("pk").first()
        return found.pk if found is not None and found.pk in self._organizations else None

    def organizations_like(self, row: Incoming) -> list[Likeness]:
        """Organisations that the row's may be, the likeliest first."""
        if not self._organizations:
            return []
        found: dict[int, Likeness] = {}
        document = row.organization
        for place in row.places:
            self._at(self._organizations_at, document, place, found)
        for name in _names(document):
            for pk in self._organization_names.get(name, ()):
                _note(found, pk, LikenessReason.NAME, 95)
        number = document.get("establishment_number")
        if number:
            for pk in Organization.objects.filter(establishment_number=number).values_list("pk", flat=True):
                _note(found, pk, LikenessReason.IDENTIFIER, 98)
        phones = _numbers(document, *row.places)
        owners = Phone.objects.filter(number__in=phones, contact__isnull=True).values_list(
            "organization_id", "location__organization_id", "service__organization_id"
        )
        for pk in {pk for triple in owners for pk in triple if pk in self._organizations} if phones else ():
            if _best(document, self._organizations[pk]) >= FAINTLY_ALIKE:
                _note(found, pk, LikenessReason.PHONE, 85)
        return _likeliest(found, self._organizations)

    def services_like(self, row: Incoming, owner: int | None) -> list[Likeness]:
        """Records that the row may be; ``owner`` is the organisation where it is known."""
        if row.service is None or not self._services:
            return []
        found: dict[int, Likeness] = {}
        if owner is not None:
            for pk in self._services_of.get(owner, ()):
                alike = _best(row.service, self._services[pk][1])
                if alike >= ALIKE:
                    _note(found, pk, LikenessReason.NAME, alike)
        else:
            for place in row.places:
                self._at(self._services_at, row.service, place, found)
        phones = _numbers(row.service)
        if phones:
            shared = Phone.objects.filter(number__in=phones, service__isnull=False).values_list("service_id", flat=True)
            for pk in shared:
                known = self._services.get(pk)
                if known is not None and _best(row.service, known[1]) >= FAINTLY_ALIKE:
                    _note(found, pk, LikenessReason.PHONE, 85)
        return _likeliest(found, self._services)

    @staticmethod
    def _at(spots: dict[str, Spot], document: Document, place: Document, found: dict[int, Likeness]) -> None:
        spot = spots.get(str(place.get("postcode") or ""))
        if spot is None:
            return
        for name in _names(document):
            for pk, percent in spot.alike(name):
                _note(found, pk, LikenessReason.NAME, percent)
        for pk in found.keys() & spot.there:
            _note(found, pk, LikenessReason.ADDRESS, found[pk].percent)


def _by_name(rows: Iterable[tuple[int, list[str]]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for pk, names in rows:
        for name in names:
            found[name].add(pk)
    return found


def _note(found: dict[int, Likeness], pk: int, reason: LikenessReason, percent: int) -> None:
    found.setdefault(pk, Likeness(pk)).add(reason, percent)


def _likeliest(found: dict[int, Likeness], known: dict[int, Any]) -> list[Likeness]:
    there = [each for each in found.values() if each.pk in known]
    return sorted(there, key=lambda each: (-each.percent, each.pk))[:MOST_PROPOSED]


def _names(document: Document) -> list[str]:
    return [bare(str(document[name])) for name in NAMES if document.get(name)]


def bare(name: str) -> str:
    """A name as it is compared: without accents, signs and legal form: ``"ASBL « Le Gué »"`` → ``"le gue"``."""
    words = utils.default_process(fold(name)).split()
    return " ".join(word for word in words if word not in LEGAL_FORMS) or " ".join(words)


def _best(document: Document, others: list[str]) -> int:
    pairs = (fuzz.token_sort_ratio(mine, other) for mine in _names(document) for other in others)
    return round(max(pairs, default=0))


def _numbers(*documents: Document) -> list[str]:
    """Short numbers say nothing: half the country shares 112."""
    phones = (row for document in documents for row in document.get("phones") or ())
    return [str(row["number"]) for row in phones if len(str(row.get("number", ""))) > 6]


# --- Decisions -------------------------------------------------------------------------------------


def verdicts(source: Source, identifiers: Iterable[str]) -> dict[str, list[LikelyDouble]]:
    """What was proposed for rows, and decided, by identifier."""
    rows = LikelyDouble.objects.filter(source=source, identifier__in=list(identifiers)).filter(
        Q(organization__isnull=False) | Q(service__isnull=False)
    )
    found: dict[str, list[LikelyDouble]] = defaultdict(list)
    for row in rows:
        found[row.identifier].append(row)
    return found


@transaction.atomic
def settle(*, double: LikelyDouble, verdict: DoubleVerdict, by: User | None) -> LikelyDouble:
    """Say whether a row is the record it is like; the next import of the list goes by it.

    *The same* settles what else was proposed for the row: it is one record. Raises ``NotYours``. Takes the lock.
    """
    log.begin(by)
    row: LikelyDouble = log.fresh(double)
    now = timezone.now()
    if verdict == DoubleVerdict.SAME:
        kind = {"service__isnull": row.service_id is None}
        others = LikelyDouble.objects.filter(source=row.source_id, identifier=row.identifier, **kind)
        others.exclude(pk=row.pk).update(verdict=DoubleVerdict.DIFFERENT, settled_by=by, settled_at=now, modified=now)
    row.verdict, row.settled_by, row.settled_at = verdict, by, now
    row.save()
    return row
