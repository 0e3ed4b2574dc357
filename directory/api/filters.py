"""The query parameters of HSDS, under the names it gives them. They add up: each narrows what the others leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.api.filters import MomentFilter
from core.text import fold
from directory.api import territory
from directory.api.pages import TRUE
from directory.models import Language, Organization, ServiceAtLocation, ServiceTerm, TaxonomyTerm

FALSE = frozenset({"false", "0"})
SEARCH = "Words, in French or Dutch; synonyms count."
FOUR_DIGITS = RegexValidator(r"^[0-9]{4}\Z", gettext_lazy("Write a postcode of four digits, for example 1050."))
METRES = "Within so many metres from the middle of `postcode`; needs `postcode`."
SERVED = "Services whose territory holds this postcode. With `proximity`: that are near it."


class YesNoField(forms.Field):
    """``true`` or ``false``; anything else is a mistake, not a wish for neither."""

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        if str(value).lower() in TRUE | FALSE:
            return str(value).lower() in TRUE
        raise ValidationError(_("Write true or false."), "invalid")


class YesNoFilter(django_filters.BooleanFilter):  # type: ignore[misc]  # django-filter ships no types
    field_class = YesNoField


class HsdsFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    """A parameter that is there and empty is a mistake, not a wish for everything."""

    def is_valid(self) -> bool:
        self.form.full_clean()
        for name in self.form.fields.keys() & self.data.keys():
            if not self.data[name].strip():
                self.form.add_error(name, ValidationError(_("Leave this out, or give it a value."), "required"))
        return bool(super().is_valid())

    def as_it_is(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """For what changes how rows are written, not which."""
        return rows


def _full(help_text: str) -> Any:
    return YesNoFilter(method="as_it_is", help_text=help_text)


class ServiceFilter(HsdsFilter):
    """Of services, and by ``to_service`` of what hangs on them."""

    to_service = ""

    search = django_filters.CharFilter(method="by_words", max_length=300, help_text=SEARCH)
    taxonomy_term_id = django_filters.UUIDFilter(method="by_term", help_text="With this term, or a narrower one.")
    taxonomy_id = django_filters.UUIDFilter(method="by_taxonomy", help_text="With any term of this taxonomy.")
    organization_id = django_filters.UUIDFilter(method="by_organization", help_text="Of this organisation.")
    modified_after = MomentFilter(
        method="by_moment",
        help_text="Changed at this moment or later (ISO 8601). Deletions: /api/v1/directory/changes/.",
    )
    postcode = django_filters.CharFilter(method="by_postcode", validators=[FOUR_DIGITS], help_text=SERVED)
    proximity = django_filters.NumberFilter(method="as_it_is", min_value=1, max_value=100_000, help_text=METRES)
    minimal = _full("`true`: id and last_modified alone, all on one page.")
    full = _full("`true`: with all that hangs on each.")

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if valid and self.form.cleaned_data.get("proximity") and not self.form.cleaned_data.get("postcode"):
            self.form.add_error("proximity", ValidationError(_("Give a postcode, too."), "required"))
            return False
        return valid

    @property
    def _owner(self) -> OuterRef:
        return OuterRef("service_id" if self.to_service else "pk")

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{self.to_service}pk__in": territory.found_by_words(value)})

    def by_term(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        terms = _with_narrower(value)
        carried = ServiceTerm.objects.filter(service=self._owner, term__in=terms)
        spoken = Language.objects.filter(service=self._owner, term__in=terms)
        return rows.filter(Exists(carried) | Exists(spoken))

    def by_taxonomy(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        carried = ServiceTerm.objects.filter(service=self._owner, term__taxonomy__uuid=value)
        spoken = Language.objects.filter(service=self._owner, term__taxonomy__uuid=value)
        return rows.filter(Exists(carried) | Exists(spoken))

    def by_organization(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        return rows.filter(**{f"{self.to_service}organization__uuid": value})

    def by_moment(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(**{f"{self.to_service}modified__gte": value})

    def by_postcode(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        metres = self.form.cleaned_data.get("proximity")
        if metres is None:
            return rows.filter(Exists(territory.serving(value).filter(service=self._owner)))
        near = territory.places_near(value, float(metres))
        if self.to_service:
            return rows.filter(location__in=near)
        return rows.filter(Exists(ServiceAtLocation.objects.filter(service=self._owner, location__in=near)))


class AtLocationFilter(ServiceFilter):
    to_service = "service__"
    minimal = None

    def by_moment(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return rows.filter(Q(modified__gte=value) | Q(service__modified__gte=value) | Q(location__modified__gte=value))


class OrganizationFilter(HsdsFilter):
    search = django_filters.CharFilter(method="by_words", max_length=300, help_text="Part of a name.")
    taxonomy_term_id = django_filters.UUIDFilter(method="by_term", help_text="With a service that has this term.")
    taxonomy_id = django_filters.UUIDFilter(method="by_taxonomy", help_text="With a service that has any of its terms.")
    modified_after = MomentFilter(
        field_name="modified", lookup_expr="gte", help_text="Changed at this moment or later (ISO 8601)."
    )
    full = _full("`true`: with all that hangs on each, its services as in lists.")
    full_service = _full("`true`: the same, with its services in full.")

    def by_words(self, rows: QuerySet[Organization], name: str, value: str) -> QuerySet[Organization]:
        for word in fold(value).split():
            rows = rows.filter(folded_names__icontains=word)
        return rows

    def by_term(self, rows: QuerySet[Organization], name: str, value: UUID) -> QuerySet[Organization]:
        terms = _with_narrower(value)
        carried = ServiceTerm.objects.filter(service__organization=OuterRef("pk"), term__in=terms)
        public = carried.filter(service__in=territory.public_services())
        return rows.filter(Exists(public) | Q(sector__in=terms))

    def by_taxonomy(self, rows: QuerySet[Organization], name: str, value: UUID) -> QuerySet[Organization]:
        carried = ServiceTerm.objects.filter(service__organization=OuterRef("pk"), term__taxonomy__uuid=value)
        public = carried.filter(service__in=territory.public_services())
        return rows.filter(Exists(public) | Q(sector__taxonomy__uuid=value))


class TaxonomyFilter(HsdsFilter):
    search = django_filters.CharFilter(
        method="by_words", max_length=300, help_text="Part of a name, in either language."
    )

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(name_fr__icontains=value) | Q(name_nl__icontains=value))


class TermFilter(TaxonomyFilter):
    taxonomy_id = django_filters.UUIDFilter(field_name="taxonomy__uuid", help_text="Of this taxonomy.")
    parent_id = django_filters.UUIDFilter(field_name="parent__uuid", help_text="Directly below this term.")
    top_only = YesNoFilter(method="by_level", help_text="`true`: only terms below no other one.")

    def by_level(self, rows: QuerySet[TaxonomyTerm], name: str, value: bool) -> QuerySet[TaxonomyTerm]:
        return rows.filter(parent__isnull=True) if value else rows


def _with_narrower(uuid: UUID) -> QuerySet[TaxonomyTerm]:
    return TaxonomyTerm.objects.filter(
        Q(uuid=uuid) | Q(parent__uuid=uuid) | Q(parent__parent__uuid=uuid) | Q(parent__parent__parent__uuid=uuid)
    )
