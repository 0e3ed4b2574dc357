"""What a column of somebody's list may mean here, and how its cells are read.

A source keeps ``mapping = {"columns": {heading: code}, "fixed": {code: text}}``. The codes are
``identifier`` and the keys of documents behind ``organization.``, ``location.`` and ``service.``, and a few that
people's lists have instead of rows: phones in one cell, terms by their words, places free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.bilingual import LANGUAGE_CODES
from core.text import fold
from directory.documents import SHAPES
from directory.enums import (
    Authority,
    CareLine,
    ExchangeFormat,
    ExchangeMode,
    Frequency,
    LocationKind,
    OrganizationKind,
    Price,
    RecordStatus,
    ServiceKind,
    TaxonomyCode,
    Visibility,
)
from directory.errors import MappingRefused
from directory.importing import cells
from directory.importing.vocabulary import Vocabulary
from directory.models import Location, Organization, Service

IDENTIFIER = "identifier"
ADDRESS_THERE = "url"
OWNER = "organization.identifier"
CAPACITY = {"places_free": "whole", "places_in_all": "whole", "waiting_weeks": "whole", "takes_new_people": "yes_no"}

CHOICES: dict[str, type[models.TextChoices]] = {
    "organization.kind": OrganizationKind,
    "organization.status": RecordStatus,
    "service.kind": ServiceKind,
    "service.status": RecordStatus,
    "service.visibility": Visibility,
    "service.price": Price,
    "service.care_line": CareLine,
    "service.authority": Authority,
    "service.exchange_mode": ExchangeMode,
    "service.exchange_format": ExchangeFormat,
    "service.frequency": Frequency,
    "location.kind": LocationKind,
}
NOT_IN_LISTS = {"location.is_seat", "location.hides_address"}
# What people write above their columns, in both languages, where it is neither our code nor our label.
USUAL_HEADINGS: dict[str, str] = {
    "identifier": "id,identifiant,identificatie",
    "service.name_fr": "nom,dénomination,nom du service,service",
    "service.name_nl": "naam,benaming,naam van de dienst,dienst",
    "service.description_fr": "description",
    "service.description_nl": "beschrijving,omschrijving",
    "service.phones": "téléphone,tél,tel,gsm,telefoon,telefoonnummer,phone,numéro de téléphone",
    "service.email": "email,mail,courriel,adresse e-mail,e-mailadres",
    "service.url": "site,site web,site internet,website,webadres",
    "service.languages": "langue,taal",
    "service.themes": "thème,thema",
    "service.audiences": "public,public cible,groupe cible,doelgroep",
    "service.schedules": "horaire,horaires,heures,uren,openingsuren",
    "organization.name_fr": "organisation,organisme,association,structure",
    "organization.name_nl": "organisatie,vereniging,voorziening",
    "organization.kbo_number": "bce,kbo,n° bce,numéro bce,kbo-nummer,kbo nummer,ondernemingsnummer",
    "location.street_fr": "adresse,rue",
    "location.street_nl": "adres,straat",
    "location.postcode": "cp,postcode",
    "location.city_fr": "localité,ville",
    "location.city_nl": "plaats,stad",
    "location.municipality": "commune,gemeente",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column may be. ``read`` gives a document's value; ``look_up`` asks the vocabulary word by word."""

    code: str
    record: str  # organization, location, service; "" for the row itself
    key: str
    label: Any
    read: Callable[[str], Any] = cells.plain_text
    look_up: Callable[[Vocabulary, str], str | None] | None = None
    is_list: bool = False

    def value(self, cell: str, vocabulary: Vocabulary, unknown: Callable[[str], None]) -> Any:
        """The value of a cell that is not empty. Words nobody knows go to ``unknown``; ``ValueError`` as readers."""
        if self.look_up is None:
            return self.read(cell)
        found = []
        for word in cells.words(cell) if self.is_list else [cell]:
            meant = self.look_up(vocabulary, word)
            if meant is None:
                unknown(word)
            else:
                found.append(meant)
        return sorted(set(found)) if self.is_list else (found[0] if found else "")


@cache
def targets() -> dict[str, Target]:
    """All of them by code, in the order of the form."""
    row = [
        Target(IDENTIFIER, "", IDENTIFIER, gettext_lazy("identifier of the row")),
        Target(ADDRESS_THERE, "", ADDRESS_THERE, gettext_lazy("web address of the row"), cells.web_address),
    ]
    service = [*_of(Service, "service"), *_terms(), *_capacity()]
    organization = [
        Target(OWNER, "organization", "", gettext_lazy("identifier of the organisation")),
        *_of(Organization, "organization"),
        Target("organization.phones", "organization", "phones", gettext_lazy("phones"), cells.phones),
        Target("organization.identifiers", "organization", "identifiers", gettext_lazy("numbers"), cells.identifiers),
        Target(
            "organization.sector",
            "organization",
            "sector",
            gettext_lazy("sector"),
            look_up=lambda known, word: known.term(TaxonomyCode.SECTORS, word),
        ),
    ]
    location = [
        *_of(Location, "location"),
        Target(
            "location.municipality",
            "location",
            "municipality",
            gettext_lazy("municipality"),
            look_up=Vocabulary.municipality,
        ),
        Target("location.phones", "location", "phones", gettext_lazy("phones"), cells.phones),
        Target("location.schedules", "location", "schedules", gettext_lazy("opening hours"), cells.schedules),
    ]
    return {target.code: target for target in (*row, *service, *organization, *location)}


def label_of(record: type[models.Model], key: str) -> str:
    """What a column of a document is called on the pages."""
    return str(_label(record, key))


def groups() -> list[tuple[str, list[Target]]]:
    """The targets as the form lists them."""
    names = {"": _("Row"), "service": _("Service"), "organization": _("Organisation"), "location": _("Place")}
    return [
        (label, [target for target in targets().values() if target.record == record]) for record, label in names.items()
    ]


def guess(heading: Sequence[str]) -> dict[str, str]:
    """What the columns seem to be, by their code, their label in either language or a usual word; each target once."""
    known = _by_name()
    found: dict[str, str] = {}
    for cell in heading:
        code = known.get(fold(cell.replace("_", " ")))
        if code and code not in found.values():
            found[cell] = code
    return found


def check(mapping: Mapping[str, Any]) -> None:
    """Raise ``MappingRefused`` for a mapping that cannot be: codes we do not have, one target twice, no name."""
    columns, fixed = mapping.get("columns", {}), mapping.get("fixed", {})
    codes = [code for code in columns.values() if code]
    for code in (*codes, *fixed):
        if code not in targets():
            raise MappingRefused(_("There is nothing called “%(code)s” here.") % {"code": code}, field="columns")
    for code in codes:
        if codes.count(code) > 1:
            said = {"name": str(targets()[code].label)}
            raise MappingRefused(_("Two columns are both “%(name)s”: choose one.") % said, field="columns")
    if not {"service.name_fr", "service.name_nl", "organization.name_fr", "organization.name_nl"} & set(codes):
        raise MappingRefused(_("Say which column is the name of the service or of the organisation."), field="columns")


@cache
def _by_name() -> dict[str, str]:
    known: dict[str, str] = {}
    for language in LANGUAGE_CODES:
        with override(language):
            for target in targets().values():
                known.setdefault(fold(str(target.label)), target.code)
    for target in targets().values():
        known.setdefault(fold(target.key.replace("_", " ")), target.code)
    for code, headings in USUAL_HEADINGS.items():
        for heading in headings.split(","):
            known.setdefault(fold(heading), code)
    return known | {fold(target.code.replace("_", " ")): target.code for target in targets().values()}


def _of(model: type[models.Model], record: str) -> list[Target]:
    """The columns of a document."""
    found = []
    for key in SHAPES[model].columns:
        code = f"{record}.{key}"
        if code not in NOT_IN_LISTS:
            found.append(Target(code, record, key, _label(model, key), _reader(model._meta.get_field(key), code)))
    return found


def _label(model: type[models.Model], key: str) -> Any:
    name, _underscore, language = key.rpartition("_")
    if language in LANGUAGE_CODES:
        return format_lazy("{} ({})", capfirst(_verbose(model, name)), language.upper())
    return capfirst(_verbose(model, key))


def _verbose(model: type[models.Model], key: str) -> Any:
    return getattr(model._meta.get_field(key), "verbose_name", key)


def _reader(field: Any, code: str) -> Callable[[str], Any]:
    if code in CHOICES:
        read: Callable[[str], Any] = cells.choice(CHOICES[code])
        return read
    if code == "organization.kbo_number":
        return cells.enterprise_number
    readers: list[tuple[type[Any], Callable[[str], Any]]] = [
        (ArrayField, cells.names),
        (models.BooleanField, cells.yes_no),
        (models.FloatField, cells.decimal_number),
        (models.IntegerField, cells.whole_number),
        (models.URLField, cells.web_address),
        (models.EmailField, cells.mail_address),
    ]
    return next((read for kind, read in readers if isinstance(field, kind)), cells.plain_text)


def _terms() -> list[Target]:
    lists = {
        TaxonomyCode.THEMES: gettext_lazy("themes"),
        TaxonomyCode.AUDIENCES: gettext_lazy("audiences"),
        TaxonomyCode.SECTORS: gettext_lazy("sectors"),
    }
    found = [
        Target(f"service.{code}", "service", f"terms:{code}", label, look_up=_term(code), is_list=True)
        for code, label in lists.items()
    ]
    languages = Target(
        "service.languages",
        "service",
        "languages",
        gettext_lazy("languages"),
        look_up=_term(TaxonomyCode.LANGUAGES),
        is_list=True,
    )
    areas = Target(
        "service.areas", "service", "areas", gettext_lazy("territory served"), look_up=Vocabulary.area, is_list=True
    )
    phones = Target("service.phones", "service", "phones", gettext_lazy("phones"), cells.phones)
    hours = Target("service.schedules", "service", "schedules", gettext_lazy("opening hours"), cells.schedules)
    return [*found, languages, areas, phones, hours]


def _term(taxonomy: str) -> Callable[[Vocabulary, str], str | None]:
    return lambda known, word: known.term(taxonomy, word)


def _capacity() -> list[Target]:
    labels = {
        "places_free": gettext_lazy("places free"),
        "places_in_all": gettext_lazy("places in all"),
        "waiting_weeks": gettext_lazy("weeks of waiting"),
        "takes_new_people": gettext_lazy("takes new people"),
    }
    found = [
        Target(
            f"service.{key}",
            "service",
            f"capacity:{key}",
            label,
            cells.yes_no if key == "takes_new_people" else cells.whole_number,
        )
        for key, label in labels.items()
    ]
    said_on = Target("service.said_on", "service", "capacity:said_on", gettext_lazy("places: said on"), cells.day)
    return [*found, said_on]
