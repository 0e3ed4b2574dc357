"""Two documents in words: what a key is called, what it said before, what it says after. For history and proposals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from basins.models import Basin, Municipality, Neighbourhood
from core import spoken
from core.bilingual import LANGUAGE_CODES, text
from directory.documents import SHAPES, shape_of
from directory.enums import RecordKind
from directory.models import Location, Organization, Service, ServiceCapacity, TaxonomyTerm
from directory.numbers import spoken_phone

MODELS: dict[str, Any] = {
    RecordKind.ORGANIZATION: Organization,
    RecordKind.LOCATION: Location,
    RecordKind.SERVICE: Service,
}
NO_LANGUAGE = ""
OWN_LABELS: Mapping[str, Any] = {
    "terms": gettext_lazy("Terms"),
    "languages": gettext_lazy("Languages"),
    "areas": gettext_lazy("Territory served"),
    "places": gettext_lazy("Places"),
    "capacity": gettext_lazy("Places and waiting time"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One key in words; ``language`` is that of the texts, "" where they are in the reader's."""

    key: str
    label: str
    language: str
    before: list[str]
    after: list[str]


class Wording:
    """Words for the values of documents. Shared by all lines of a page: names are read once."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def differences(self, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
        """All keys of both sides, in the order of the record's document; persons are never in it."""
        model = MODELS.get(kind)
        if model is None:
            return []
        order = {key: place for place, key in enumerate(_keys(model))}
        keys = sorted({*before, *after} & {*order, "assured_on"}, key=lambda key: order.get(key, -1))
        return [self._difference(model, key, before.get(key), after.get(key)) for key in keys]

    def _difference(self, model: Any, key: str, before: Any, after: Any) -> Difference:
        name, language = _split(model, key)
        return Difference(
            key, label_of(model, key), language, self._said(model, name, before), self._said(model, name, after)
        )

    def _said(self, model: Any, name: str, value: Any) -> list[str]:
        """A value as lines; nothing for nothing."""
        if value in ("", None, [], {}):
            return []
        if name == "capacity":
            return [self._row(ServiceCapacity, value)]
        listed = value if isinstance(value, list) else [value]
        if isinstance(listed[0], dict):
            related = model._meta.get_field(name).related_model
            return [self._row(related, row) for row in listed]
        named = self._names_of(name)
        return [named(each) if named else _plain(model, name, each) for each in listed]

    def _names_of(self, name: str) -> Callable[[str], str] | None:
        """How the references of a key are called; nothing for a column."""
        named: dict[str, Callable[[str], str]] = {
            "terms": lambda each: self._term(*each.partition(":")[::2]),
            "languages": lambda each: self._term("languages", each),
            "sector": lambda each: self._term("sectors", each),
            "areas": lambda each: self._areas.get(each, each),
            "municipality": lambda each: self._areas.get(f"municipality:{each}", each),
            "neighbourhood": lambda each: self._areas.get(f"neighbourhood:{each}", each),
            "places": self._place,
            "organization": self._organization,
        }
        return named.get(name)

    def _row(self, model: Any, row: Mapping[str, Any]) -> str:
        """``02 318 60 58, Accueil``: a number says itself, the rest is named."""
        if "number" in row:
            rest = {name: value for name, value in row.items() if name != "number"}
            return ", ".join([spoken_phone(str(row["number"])), *self._cells(model, rest)])
        return ", ".join(self._cells(model, row))

    def _cells(self, model: Any, row: Mapping[str, Any]) -> list[str]:
        cells = []
        for name, value in row.items():
            base, language = _split(model, name)
            label = label_of(model, name) if not language else f"{label_of(model, base)} ({language})"
            cells.append(_("%(label)s: %(value)s") % {"label": label, "value": _plain(model, base, value)})
        return cells

    # --- Names
    def _term(self, taxonomy: str, code: str) -> str:
        return self._terms.get((taxonomy, code), code)

    def _place(self, uuid: str) -> str:
        """Read one by one: a history names few of very many places."""
        if uuid not in self._places:
            row = Location.objects.filter(uuid=uuid).first()
            self._places[uuid] = str(row) if row else _("a place that is gone")
        return self._places[uuid]

    def _organization(self, uuid: str) -> str:
        row = Organization.objects.filter(uuid=uuid).first()
        return str(row) if row else _("an organisation that is gone")

    @cached_property
    def _terms(self) -> dict[tuple[str, str], str]:
        rows = TaxonomyTerm.objects.select_related("taxonomy")
        return {(row.taxonomy.code, row.code): str(text(row, "name")) for row in rows}

    @cached_property
    def _areas(self) -> dict[str, str]:
        found = {"region": _("the whole Region")}
        found |= {f"basin:{row.code}": str(text(row, "name")) for row in Basin.objects.all()}
        found |= {f"municipality:{row.nis_code}": str(text(row, "name")) for row in Municipality.objects.all()}
        return found | {f"neighbourhood:{row.uuid}": str(text(row, "name")) for row in Neighbourhood.objects.all()}


def label_of(model: Any, key: str) -> str:
    """What a key is called on pages, without its language."""
    if key in OWN_LABELS:
        return str(OWN_LABELS[key])
    name, _language = _split(model, key)
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return key
    if isinstance(field, models.ManyToOneRel):
        return str(capfirst(field.related_model._meta.verbose_name_plural))
    return str(capfirst(field.verbose_name))


def _keys(model: Any) -> Iterable[str]:
    shape = shape_of(model)
    return (*shape.columns, *shape.references, *(part.key for part in shape.parts))


def _split(model: Any, key: str) -> tuple[str, str]:
    """``"name_fr"`` → name and ``"fr"``, for bilingual columns alone."""
    name, _underscore, language = key.rpartition("_")
    if language in LANGUAGE_CODES and name:
        is_text = name in SHAPES[model].texts if model in SHAPES else True
        if is_text:
            return name, language
    return key, NO_LANGUAGE


def _plain(model: Any, name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(field, models.DateField):
        return _day(value)
    if name == "byday":
        return _days(str(value))
    return str(value)


def _day(value: Any) -> str:
    day = parse_date(str(value))
    return spoken.plain_date(day) if day else str(value)


def _days(value: str) -> str:
    week = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    monday = dt.date(2024, 1, 1)
    names = [
        spoken.weekday(monday + dt.timedelta(days=week.index(day))) if day in week else day for day in value.split(",")
    ]
    return ", ".join(names)
