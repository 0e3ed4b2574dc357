"""HSDS JSON of others, and our own: a list, a page, or one service per line.

Texts in both languages are read from the attributes that our profile writes (``link_type`` *text*); without
them a text counts for the language the source says it is in. Terms are known by code or by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any

from django.utils.translation import gettext as _

from core.bilingual import LANGUAGE_CODES
from directory.documents import Document
from directory.enums import ScheduleFrequency
from directory.errors import FileRefused
from directory.hsds.pieces import ACCESS_FLAGS, JOINT
from directory.hsds.profile import TEXT
from directory.hsds.records import ESTABLISHMENT_SCHEME, KBO_SCHEME, ORGANIZATION_TEXTS, SERVICE_TEXTS
from directory.importing import cells
from directory.importing.incoming import LONGEST_IDENTIFIER, Incoming
from directory.importing.json_objects import objects
from directory.importing.problems import Problems
from directory.importing.vocabulary import Vocabulary

# HSDS and our additions to it that are one column here, under other names or the same.
SERVICE_PLAIN = {
    "url": "url",
    "email": "email",
    "status": "status",
    "minimum_age": "min_age",
    "maximum_age": "max_age",
    "kind": "kind",
    "price": "price",
    "care_line": "care_line",
    "authority": "authority",
    "exchange_mode": "exchange_mode",
    "exchange_format": "exchange_format",
    "frequency": "frequency",
    "former_names": "former_names",
    "organised_with": "organised_with",
}
ORGANIZATION_PLAIN = {
    "email": "email",
    "website": "url",
    "legal_status": "legal_form",
    "kind": "kind",
    "status": "status",
    "legal_name": "legal_name",
    "former_names": "former_names",
}


def read_records(file: IO[bytes], problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """The services of a file with their number. Lines, a list, or a page with ``contents``. Raises ``FileRefused``."""
    number = 0
    for number, record in enumerate(objects(file), start=1):
        if isinstance(record, dict):
            yield number, record
        else:
            problems.add(number, "", _("This is no service as HSDS has it."))
    if not number:
        raise FileRefused(_("The file holds no record."), field="file")


def read_services(
    records: Iterable[tuple[int, dict[str, Any]]], vocabulary: Vocabulary, problems: Problems, *, language: str
) -> Iterator[Incoming | int]:
    """The services, put together. ``language`` is that of texts which do not say theirs."""
    for number, record in records:
        try:
            yield _Service(record, vocabulary, problems, language, number).read()
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            reason = str(error) if isinstance(error, ValueError) else _("This is no service as HSDS has it.")
            problems.add(number, "", reason)
            identifier = record.get("id")
            if isinstance(identifier, str) and identifier:
                yield Incoming(number, identifier[:LONGEST_IDENTIFIER], "?", {}, is_sound=False)
            else:
                yield number


class _Service:
    """One service object, read."""

    def __init__(
        self, record: dict[str, Any], vocabulary: Vocabulary, problems: Problems, language: str, number: int
    ) -> None:
        self.record = record
        self.vocabulary = vocabulary
        self.problems = problems
        self.language = language
        self.number = number

    def read(self) -> Incoming:
        record = self.record
        owner = record.get("organization") or {}
        identifier = str(record.get("id") or "")
        if not identifier:
            raise ValueError(_("This row has no identifier."))
        organization = self._organization(owner)
        service = self._values(record, SERVICE_PLAIN, SERVICE_TEXTS) | self._details(record)
        if not any(service.get(f"name_{code}") for code in LANGUAGE_CODES):
            raise ValueError(_("This row has no name."))
        if not any(organization.get(f"name_{code}") for code in LANGUAGE_CODES):
            organization |= {f"name_{code}": service.get(f"name_{code}", "") for code in LANGUAGE_CODES}
        named = str(owner.get("id") or record.get("organization_id") or identifier)
        return Incoming(
            line=self.number,
            identifier=identifier[:LONGEST_IDENTIFIER],
            owner=named[:LONGEST_IDENTIFIER],
            organization=organization,
            places=[each for each in map(self._place, record.get("service_at_locations") or ()) if each],
            service=service,
        )

    def _values(self, source: Mapping[str, Any], plain: Mapping[str, str], texts: Mapping[str, str]) -> Document:
        found: Document = {ours: source.get(theirs, "") for theirs, ours in plain.items()}
        found |= self._texts(source, texts)
        found["alternate_names"] = [name for name in str(source.get("alternate_name") or "").split(JOINT) if name]
        return {key: value for key, value in found.items() if value != "" or key not in ("kind", "status")}

    def _texts(self, source: Mapping[str, Any], fields: Mapping[str, str]) -> Document:
        """Both languages where the attributes have them, else the plain text in the source's language."""
        told: dict[tuple[str, str], str] = {}
        for each in source.get("attributes") or ():
            if each.get("link_type") == TEXT and each.get("language") in LANGUAGE_CODES:
                told[str(each.get("label")), str(each["language"])] = str(each.get("value") or "")
        found: Document = {}
        for ours, theirs in fields.items():
            if any(label == theirs for label, _code in told):
                found |= {f"{ours}_{code}": told.get((theirs, code), "") for code in LANGUAGE_CODES}
            else:
                found |= {f"{ours}_{code}": "" for code in LANGUAGE_CODES}
                found[f"{ours}_{self.language}"] = str(source.get(theirs) or "")
        return found

    def _organization(self, source: Mapping[str, Any]) -> Document:
        found = self._values(source, ORGANIZATION_PLAIN, ORGANIZATION_TEXTS)
        others = []
        for each in source.get("organization_identifiers") or ():
            match each.get("identifier_scheme") or each.get("identifier_type"):
                case scheme if scheme == KBO_SCHEME:
                    found["kbo_number"] = cells.enterprise_number(str(each["identifier"]))
                case scheme if scheme == ESTABLISHMENT_SCHEME:
                    found["establishment_number"] = str(each["identifier"])
                case scheme if scheme:
                    others.append({"scheme": str(scheme)[:80], "identifier": str(each["identifier"])})
        if others:
            found["identifiers"] = others
        if source.get("phones"):
            found["phones"] = self._phones(source["phones"])
        return found

    def _details(self, source: Mapping[str, Any]) -> Document:
        """The lists that hang on a service."""
        found: Document = {
            "phones": self._phones(source.get("phones") or ()),
            "schedules": self._schedules(source),
            "urls": [
                self._rows(each, {"url": "url"}, {"label": "label"}) for each in source.get("additional_urls") or ()
            ],
            "costs": [self._cost(each) for each in source.get("cost_options") or ()],
            "documents": [
                self._rows(each, {"uri": "url"}, {"document": "document"})
                for each in source.get("required_documents") or ()
            ],
            "terms": self._terms(source.get("attributes") or ()),
            "languages": self._known(
                (str(each.get("code") or each.get("name") or "") for each in source.get("languages") or ()),
                lambda word: self.vocabulary.term("languages", word),
                "languages",
            ),
            "areas": self._known(
                (str(each.get("territory") or each.get("name") or "") for each in source.get("service_areas") or ()),
                self.vocabulary.area,
                "service_areas",
            ),
            "capacity": self._capacity(source),
        }
        if "access" in source:
            found |= {flag: flag in source["access"] for flag in ACCESS_FLAGS}
        return found

    def _known(self, words: Iterable[str], look_up: Callable[[str], str | None], column: str) -> list[str]:
        found = set()
        for word in words:
            meant = look_up(word)
            if meant is not None:
                found.add(meant)
            elif word:
                self.problems.note_word(column, word)
        return sorted(found)

    def _terms(self, attributes: Iterable[Mapping[str, Any]]) -> list[str]:
        found = set()
        for each in attributes:
            if each.get("link_type") == TEXT:
                continue
            term = each.get("taxonomy_term") or {}
            words = [str(term.get("code") or ""), str(term.get("name") or ""), str(each.get("value") or "")]
            taxonomies = sorted({str(each.get("link_type"))} & self.vocabulary.taxonomies) or ["themes", "audiences"]
            meant = next(
                (f"{name}:{code}" for name in taxonomies for word in words if (code := self._term(name, word))), None
            )
            if meant:
                found.add(meant)
            elif any(words):
                self.problems.note_word("attributes", next(filter(None, words[1:]), words[0]))
        return sorted(found)

    def _term(self, taxonomy: str, word: str) -> str | None:
        return self.vocabulary.term(taxonomy, word) if word else None

    def _phones(self, phones: Iterable[Mapping[str, Any]]) -> list[Document]:
        found = []
        for each in phones:
            row = self._rows(each, {"number": "number", "extension": "extension", "type": "kind"}, DESCRIPTION)
            row["extension"] = str(row.get("extension") or "")
            found.append({key: value for key, value in row.items() if value not in ("", None)})
        return found

    def _schedules(self, source: Mapping[str, Any]) -> list[Document]:
        plain = ("valid_from", "valid_to", "freq", "interval", "byday", "bymonthday", "opens_at", "closes_at")
        names = {name: name for name in (*plain, "by_appointment")}
        found = []
        for key, is_closed in (("schedules", False), ("closures", True)):
            for each in source.get(key) or ():
                row = self._rows(each, names, DESCRIPTION)
                row |= {name: str(row[name])[:5] for name in ("opens_at", "closes_at") if row.get(name)}
                row |= {"is_closed": True} if is_closed else {}
                found.append(row | _rhythm(each, row))
        return found

    def _cost(self, source: Mapping[str, Any]) -> Document:
        names = {"valid_from": "valid_from", "valid_to": "valid_to"}
        row = self._rows(source, names, {"option": "option", "note": "amount_description"})
        if source.get("amount") is not None:
            row["amount"] = f"{float(source['amount']):.2f}"
        return row | ({"currency": str(source["currency"]).upper()[:3]} if source.get("currency") else {})

    def _capacity(self, source: Mapping[str, Any]) -> Document:
        """Our own ``waiting`` first: it has the day; of HSDS the first capacity that has one."""
        found: Document = {}
        waiting = source.get("waiting") or {}
        for theirs, ours in (("weeks", "waiting_weeks"), ("takes_new_people", "takes_new_people")):
            if waiting.get(theirs) is not None:
                found[ours] = waiting[theirs]
        said_on = str(waiting.get("said_on") or "")
        for each in source.get("capacities") or ():
            found["places_free"] = max(int(each["available"]), 0)
            if each.get("maximum") is not None:
                found["places_in_all"] = int(each["maximum"])
            said_on = said_on or str(each.get("updated") or "")[:10]
            found |= {key: value for key, value in self._texts(each, {"note": "description"}).items() if value}
            break
        return found | {"said_on": said_on} if found and said_on else {}

    def _place(self, source: Mapping[str, Any]) -> Document:
        location = source.get("location") or {}
        if location.get("address_hidden"):
            return {}
        address: Mapping[str, Any] = next(iter(location.get("addresses") or ()), {})
        found: Document = {
            "kind": location.get("location_type") or "physical",
            "postcode": str(address.get("postal_code") or ""),
            "box": str(address.get("address_2") or ""),
            "latitude": location.get("latitude"),
            "longitude": location.get("longitude"),
            "step_free": location.get("step_free"),
            "phones": self._phones(location.get("phones") or ()),
            "schedules": self._schedules(location),
            "accessibility": [
                self._rows(each, {"feature": "feature", "is_there": "is_there", "url": "url"}, DESCRIPTION)
                for each in location.get("accessibility") or ()
                if each.get("feature")
            ],
        }
        found |= self._texts(location, {"name": "name", "transport": "transportation"})
        found |= self._texts(address, {"street": "address_1"})
        nis_code = self.vocabulary.municipality(str(address.get("city") or "")) if address.get("city") else None
        if nis_code:
            found["municipality"] = nis_code
        else:
            found |= self._texts(address, {"city": "city"})
        return found

    def _rows(self, source: Mapping[str, Any], plain: Mapping[str, str], texts: Mapping[str, str]) -> Document:
        row: Document = {ours: source[theirs] for theirs, ours in plain.items() if source.get(theirs) is not None}
        return row | {key: value for key, value in self._texts(source, texts).items() if value}


DESCRIPTION = {"description": "description"}


def _rhythm(source: Mapping[str, Any], row: Document) -> Document:
    """What a schedule without ``freq`` means: its dates, or its words alone. Days and hours without a date are a week.

    ``dtstart`` of iCalendar says the first day where ``valid_from`` does not.
    """
    first = str(row.get("valid_from") or source.get("dtstart") or "")[:10]
    found: Document = {"valid_from": first} if first else {}
    if row.get("freq"):
        return found
    is_a_week = any(row.get(name) for name in ("byday", "bymonthday", "opens_at", "closes_at"))
    is_words = bool(row.get("description_fr") or row.get("description_nl"))
    no_rhythm = bool(first) or (is_words and not is_a_week)
    return found | {"freq": "" if no_rhythm else ScheduleFrequency.WEEKLY.value}
