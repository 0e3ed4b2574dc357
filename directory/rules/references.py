"""What documents point to by its code: terms, municipalities, basins. Read once, for one record or for many."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from basins.models import Basin, Municipality, Neighbourhood
from directory.enums import TaxonomyCode
from directory.errors import RecordRefused
from directory.models import Location, Service, ServiceArea, TaxonomyTerm


class References:
    """Primary keys by code. Imports share one for all their records; terms made meanwhile need a new one."""

    @cached_property
    def _terms(self) -> dict[tuple[str, str], int]:
        rows = TaxonomyTerm.objects.values_list("taxonomy__code", "code", "pk")
        return {(taxonomy, code): pk for taxonomy, code, pk in rows}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {}

    @cached_property
    def _municipalities(self) -> dict[str, int]:
        return dict(Municipality.objects.values_list("nis_code", "pk"))

    @cached_property
    def _basins(self) -> dict[str, int]:
        return dict(Basin.objects.values_list("code", "pk"))

    @cached_property
    def _neighbourhoods(self) -> dict[str, int]:
        return {str(uuid): pk for uuid, pk in Neighbourhood.objects.values_list("uuid", "pk")}

    def term(self, name: str, *, key: str) -> int:
        """``"themes:grief"`` → its primary key. Raises ``RecordRefused`` naming ``key``, as all of these do."""
        taxonomy, code = _split(name, key)
        return self._term(taxonomy, code, key)

    def language(self, code: str) -> int:
        return self._term(TaxonomyCode.LANGUAGES, code, "languages")

    def sector(self, code: str) -> int:
        return self._term(TaxonomyCode.SECTORS, code, "sector")

    def municipality(self, nis_code: str, *, key: str = "municipality") -> int:
        if nis_code not in self._municipalities:
            message = _("There is no municipality with the NIS code %(code)s.") % {"code": nis_code}
            raise RecordRefused(message, field=key)
        return self._municipalities[nis_code]

    def neighbourhood(self, uuid: str, *, key: str = "neighbourhood") -> int:
        if uuid not in self._neighbourhoods:
            raise RecordRefused(_("“%(name)s” is no part of the territory.") % {"name": uuid}, field=key)
        return self._neighbourhoods[uuid]

    def area(self, name: str, service: Service) -> ServiceArea:
        """A territory that a service serves: ``"region"``, ``"basin:sud"``, ``"municipality:21005"`` …"""
        if name == "region":
            return ServiceArea(service=service, whole_region=True)
        kind, value = _split(name, "areas")
        match kind:
            case "basin" if value in self._basins:
                return ServiceArea(service=service, basin_id=self._basins[value])
            case "municipality":
                return ServiceArea(service=service, municipality_id=self.municipality(value, key="areas"))
            case "neighbourhood":
                return ServiceArea(service=service, neighbourhood_id=self.neighbourhood(value, key="areas"))
        raise RecordRefused(_("“%(name)s” is no part of the territory.") % {"name": name}, field="areas")

    def learn_places(self, places: Iterable[Location]) -> None:
        """Places that were just made: nobody need look them up."""
        self._places |= {str(place.uuid): place.pk for place in places}

    def place(self, uuid: str) -> int:
        if uuid not in self._places:
            self.learn_places([self.row(Location, uuid, key="places")])
        return self._places[uuid]

    def row(self, model: type[Any], uuid: object, *, key: str) -> Any:
        """The row under a public identifier."""
        try:
            found = model.objects.filter(uuid=UUID(str(uuid))).first()
        except ValueError:
            found = None
        if found is None:
            raise RecordRefused(_("This is not, or no longer, in the directory."), field=key)
        return found

    def _term(self, taxonomy: str, code: str, key: str) -> int:
        if (taxonomy, code) not in self._terms:
            message = _("There is no term “%(code)s” in this taxonomy.") % {"code": code}
            raise RecordRefused(message, field=key)
        return self._terms[taxonomy, code]


def _split(name: str, key: str) -> tuple[str, str]:
    first, colon, second = str(name).partition(":")
    if not colon:
        raise RecordRefused(_("“%(name)s” cannot be read here.") % {"name": name}, field=key)
    return first, second
