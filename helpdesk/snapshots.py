"""Records of the directory as an answer names them: frozen when it is sent, in the language of who asked.

What the directory says later changes no answer; so a number found wrong tells who got it
(``queries.answers_naming``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from basins.models import User
from core import spoken
from core.bilingual import Text, text
from directory import queries, wording
from directory.models import Location, Organization, Phone, Service
from directory.standing import standing
from helpdesk.enums import RecordKind


def freeze(records: Sequence[UUID], *, language: str, by: User) -> list[dict[str, Any]] | None:
    """What each record says at this moment, as far as a professional may see it; ``None`` where one is gone.

    Merged records are those they went into. A shelter's address is in no answer. The keys of a snapshot: ``kind``,
    ``record``, ``language``, ``at``, ``name``, ``name_language``, the texts of :func:`lines_of`, and ``said_in``: which
    of them stand in the other language, because there are none in this one.
    """
    wanted = list(dict.fromkeys(records))
    now = standing(wanted)
    services = {row.pk: row for row in _services([each.service for each in now.values() if each.service], by)}
    rows: list[dict[str, Any]] = []
    with override(language):
        for identifier in wanted:
            found = now.get(identifier)
            if found is None:
                return None
            if found.service is None:
                rows.append(_of_organization(found.organization, language))
            elif found.service.pk in services:
                rows.append(_of_service(services[found.service.pk], language))
            else:
                return None
    return list({row["record"]: row for row in rows}.values())


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a snapshot, label included, and the language it is in."""

    words: str
    language: str

    def __str__(self) -> str:
        return self.words


LABELS: dict[str, Any] = {
    "organization": "",
    "summary": "",
    "phones": gettext_lazy("Phone:"),
    "professional_phones": gettext_lazy("Phone, for professionals only:"),
    "email": gettext_lazy("E-mail:"),
    "url": "",
    "places": gettext_lazy("Place:"),
    "hours": gettext_lazy("Hours:"),
    "for_whom": gettext_lazy("For whom:"),
    "how_to_refer": gettext_lazy("How to refer:"),
    "territory": gettext_lazy("For people in:"),
    "languages": gettext_lazy("Languages:"),
    "price": gettext_lazy("Price:"),
    "capacity": "",
}


def lines_of(snapshot: dict[str, Any]) -> list[Line]:
    """A snapshot as lines of text, in the language in which it was sent; each label in the language of its line."""
    lines = []
    for key, label in LABELS.items():
        value = snapshot.get(key)
        said = " · ".join(value) if isinstance(value, list) else value
        if said:
            language = snapshot.get("said_in", {}).get(key, snapshot["language"])
            with override(language):
                lines.append(Line(f"{label} {said}".strip(), language))
    return lines


def _services(services: Sequence[Service], by: User) -> list[Service]:
    rows = queries.with_everything(queries.services_for(by), by).filter(pk__in=[each.pk for each in services])
    return list(rows.prefetch_related("organization__phones"))


def _of_service(service: Service, language: str) -> dict[str, Any]:
    today = timezone.localdate()
    phones = [*service.phones.all()] or [*service.organization.phones.all()]
    hours = wording.hours_of(wording.schedules_of(service), today)
    state = wording.places_state(service, today)
    price = str(service.get_price_display()) if service.price else _("free of charge") if service.no_payment else ""
    return {
        **_head(RecordKind.SERVICE, service, language),
        **_texts(
            {
                "organization": text(service.organization, "name"),
                "summary": text(service, "short_description"),
                "for_whom": text(service, "eligibility"),
                "how_to_refer": text(service, "how_to_refer"),
            }
        ),
        **_phones(phones),
        "email": service.email,
        "url": service.url,
        "places": _places([row.location for row in service.at_locations.all()]),
        "hours": [" ".join(filter(None, [each.days, each.hours, each.note])) for each in hours],
        "territory": wording.territory_of(service),
        "languages": wording.languages_of(service),
        "price": price,
        "capacity": f"{state.words} ({state.said})" if state.said else "",
        "is_demo": service.is_demo,
    }


def _of_organization(organization: Organization, language: str) -> dict[str, Any]:
    return {
        **_head(RecordKind.ORGANIZATION, organization, language),
        **_texts({"summary": text(organization, "description")}),
        **_phones(list(organization.phones.all())),
        "email": organization.email,
        "url": organization.url,
        "places": _places(list(queries.places_of(organization))),
        "is_demo": organization.is_demo,
    }


def _head(kind: RecordKind, record: Service | Organization, language: str) -> dict[str, Any]:
    name = text(record, "name")
    return {
        "kind": kind.value,
        "record": str(record.uuid),
        "language": language,
        "at": timezone.now().isoformat(),
        "name": name.value,
        "name_language": name.language,
    }


def _texts(texts: dict[str, Text]) -> dict[str, Any]:
    said_in = {key: found.language for key, found in texts.items() if found.is_fallback}
    return {**{key: found.value for key, found in texts.items()}, "said_in": said_in}


def _phones(phones: Sequence[Phone]) -> dict[str, list[str]]:
    return {
        "phones": [spoken.phone(phone.number) for phone in phones if not phone.professionals_only],
        "professional_phones": [spoken.phone(phone.number) for phone in phones if phone.professionals_only],
    }


def _places(locations: Sequence[Location]) -> list[str]:
    return list(filter(None, (_address(each) for each in locations if not each.hides_address)))


def _address(location: Location) -> str:
    street = ", ".join(filter(None, [str(text(location, "street")), location.box]))
    town = str(text(location.municipality, "name")) if location.municipality else str(text(location, "city"))
    return ", ".join(filter(None, [street, f"{location.postcode} {town}".strip()]))
