"""Back office of the directory: the plain tables. Every change goes through the same rules as on the pages.

The directory is one for all basins (see `access`): who keeps it in one basin sees and keeps all of it.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest

from basins.access import holds_somewhere
from basins.backoffice import ReadOnlyInline, ScopedAdmin, as_data, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from directory.documents import shape_of
from directory.models import (
    Contact,
    Location,
    Organization,
    Phone,
    RecordChange,
    Service,
    ServiceArea,
    ServiceTerm,
    Taxonomy,
    TaxonomyTerm,
)
from directory.rules import contacts, records, terms
from directory.rules.contacts import ContactData, PhoneData
from directory.rules.terms import TaxonomyData, TermData

M = TypeVar("M", bound=Model)


class DirectoryAdmin(ScopedAdmin[M]):
    """Rows of no basin, for whoever holds the right in one basin at least."""

    right = Right.MANAGE_DIRECTORY
    basin_path = ""
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def may(self, request: HttpRequest, right: Right, obj: M | None) -> bool:
        return holds_somewhere(request.user, right)

    def scoped(self, rows: QuerySet[M], request: HttpRequest) -> QuerySet[M]:
        rights = (self.right, self.see_right or self.right)
        return rows if any(self.may(request, right, None) for right in rights) else rows.none()


def _values(obj: Organization | Location | Service, form: Any) -> dict[str, Any]:
    """What was changed in the form, under the keys of the record's document."""
    columns = shape_of(obj).columns
    values = {name: form.cleaned_data[name] for name in form.changed_data if name in columns}
    for name, attribute in (("sector", "code"), ("municipality", "nis_code"), ("neighbourhood", "uuid")):
        if name in form.changed_data:
            values[name] = getattr(form.cleaned_data[name], attribute, "")
    return values


class Phones(ReadOnlyInline):
    model = Phone
    fields = ["number", "kind", "description", "professionals_only"]


class Places(ReadOnlyInline):
    model = Location
    fk_name = "organization"
    fields = ["street", "postcode", "municipality", "is_seat", "step_free"]


class Areas(ReadOnlyInline):
    model = ServiceArea
    fields = ["whole_region", "basin", "municipality", "neighbourhood"]


class Terms(ReadOnlyInline):
    model = ServiceTerm
    fields = ["term"]


@admin.register(Organization)
class OrganizationAdmin(DirectoryAdmin[Organization]):
    """Organisations, also those that merged into another."""

    readonly_fields = ["merged_into", "assured_on"]
    list_display = ["name", "kind", "sector", "status", "merged_into"]
    list_select_related = ["sector", "merged_into"]
    list_filter = ["kind", "status", "sector"]
    search_fields = ["name_fr", "name_nl", "legal_name", "kbo_number"]
    inlines = [Phones, Places]
    fields = two_languages(
        Organization,
        *("kind", "status", "name", "legal_name", "legal_form", "alternate_names", "former_names", "description"),
        *("email", "url", "kbo_number", "establishment_number", "sector", "merged_into", "assured_on"),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "sector":
            kwargs["queryset"] = TaxonomyTerm.objects.filter(taxonomy__code="sectors")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_with_rule(self, request: HttpRequest, obj: Organization, form: Any, *, change: bool) -> None:
        by, values = signed_in(request), _values(obj, form)
        if change:
            records.edit_organization(organization=obj, values=values, by=by)
        else:
            obj.pk = records.create_organization(values=values, by=by).pk

    def delete_with_rule(self, request: HttpRequest, obj: Organization) -> None:
        records.remove_organization(organization=obj, by=signed_in(request))


@admin.register(Location)
class LocationAdmin(DirectoryAdmin[Location]):
    """Places: where something is, which is not the territory it serves."""

    settled = ("organization",)
    raw_id_fields = ["organization"]
    list_display = ["street", "postcode", "municipality", "organization", "is_seat", "step_free"]
    list_select_related = ["municipality", "organization"]
    list_filter = ["is_seat", "step_free", "municipality"]
    search_fields = ["street_fr", "street_nl", "postcode"]
    inlines = [Phones]
    fields = two_languages(
        Location,
        *("organization", "kind", "is_seat", "name", "street", "box", "postcode", "city", "municipality"),
        *("neighbourhood", "latitude", "longitude", "step_free", "transport", "hides_address"),
    )

    def save_with_rule(self, request: HttpRequest, obj: Location, form: Any, *, change: bool) -> None:
        by, values = signed_in(request), _values(obj, form)
        if change:
            records.edit_location(location=obj, values=values, by=by)
        else:
            obj.pk = records.create_location(organization=obj.organization, values=values, by=by).pk

    def delete_with_rule(self, request: HttpRequest, obj: Location) -> None:
        records.remove_location(location=obj, by=signed_in(request))


@admin.register(Service)
class ServiceAdmin(DirectoryAdmin[Service]):
    """Records: their texts and criteria. What hangs on them is shown to look at."""

    settled = ("organization",)
    raw_id_fields = ["organization"]
    readonly_fields = ["assured_on", "assured_by"]
    list_display = ["name", "organization", "kind", "status", "visibility", "assured_on"]
    list_select_related = ["organization"]
    list_filter = ["kind", "status", "visibility"]
    search_fields = ["name_fr", "name_nl", "organization__name_fr", "organization__name_nl"]
    inlines = [Phones, Areas, Terms]
    fields = two_languages(
        Service,
        *("organization", "kind", "status", "visibility", "name", "alternate_names", "former_names"),
        *("short_description", "description", "alert", "email", "url", "how_to_refer", "who_may_refer"),
        *("eligibility", "refusal_grounds", "min_age", "max_age", "no_appointment", "no_request", "no_papers"),
        *("no_payment", "home_visits", "outreach", "goes_along", "interpreter", "interpretation", "price", "fees"),
        *("care_line", "authority", "accreditations", "exchange_mode", "exchange_format", "frequency"),
        *("organised_with", "assured_on", "assured_by"),
    )

    def save_with_rule(self, request: HttpRequest, obj: Service, form: Any, *, change: bool) -> None:
        by, values = signed_in(request), _values(obj, form)
        if change:
            records.edit_service(service=obj, values=values, by=by)
        else:
            obj.pk = records.create_service(organization=obj.organization, values=values, by=by).pk

    def delete_with_rule(self, request: HttpRequest, obj: Service) -> None:
        records.remove_service(service=obj, by=signed_in(request))


@admin.register(Contact)
class ContactAdmin(DirectoryAdmin[Contact]):
    """Persons to turn to; published only with consent."""

    settled = ("organization",)
    raw_id_fields = ["organization", "service", "deputy_of"]
    list_display = ["function", "organization", "is_published", "consent_on", "professionals_only"]
    list_select_related = ["organization"]
    list_filter = ["is_published", "professionals_only"]
    search_fields = ["function_fr", "function_nl", "name", "email"]
    inlines = [Phones]
    fields = two_languages(
        Contact,
        *("organization", "service", "function", "department", "problem", "themes", "name", "show_name", "email"),
        *("professionals_only", "deputy_of", "away_from", "away_until", "consent_on", "consent_how", "is_published"),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = TaxonomyTerm.objects.filter(taxonomy__code="themes")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_with_rule(self, request: HttpRequest, obj: Contact, form: Any, *, change: bool) -> None:
        phones = list(obj.phones.all()) if change else []
        values = {name: form.cleaned_data[name] for name in ContactData.__dataclass_fields__}
        saved = contacts.save_contact(
            organization=obj.organization,
            contact=obj if change else None,
            data=ContactData(**values),
            by=signed_in(request),
            service=obj.service,
            themes=form.cleaned_data["themes"],
            phones=[PhoneData(number=each.number, professionals_only=each.professionals_only) for each in phones],
            deputy_of=obj.deputy_of,
        )
        obj.pk = saved.pk

    def delete_with_rule(self, request: HttpRequest, obj: Contact) -> None:
        contacts.remove_contact(contact=obj, by=signed_in(request))


@admin.register(Taxonomy)
class TaxonomyAdmin(DirectoryAdmin[Taxonomy]):
    """Lists of words."""

    right = Right.EDIT_TAXONOMIES
    may_delete = False
    list_display = ["code", "name_fr", "name_nl", "depth"]
    fields = ["code", *two_languages(Taxonomy, "name", "description", "depth", "version", "external_ref")]

    def save_with_rule(self, request: HttpRequest, obj: Taxonomy, form: Any, *, change: bool) -> None:
        data = as_data(TaxonomyData, obj)
        obj.pk = terms.save_taxonomy(taxonomy=obj if change else None, data=data, by=signed_in(request)).pk


@admin.register(TaxonomyTerm)
class TaxonomyTermAdmin(DirectoryAdmin[TaxonomyTerm]):
    """The words themselves, with what people type for them."""

    right = Right.EDIT_TAXONOMIES
    settled = ("taxonomy",)
    list_display = ["name_fr", "name_nl", "taxonomy", "parent", "is_active"]
    list_select_related = ["taxonomy", "parent"]
    list_filter = ["taxonomy", "is_active"]
    search_fields = ["name_fr", "name_nl", "code", "synonyms_fr", "synonyms_nl"]
    fields = [
        *("taxonomy", "parent", "code"),
        *two_languages(TaxonomyTerm, "name", "synonyms", "description", "external_ref", "position", "is_active"),
    ]

    def save_with_rule(self, request: HttpRequest, obj: TaxonomyTerm, form: Any, *, change: bool) -> None:
        values: dict[str, Any] = {name: getattr(obj, name) or "" for name in TermData.__dataclass_fields__}
        values |= {name: tuple(values[name]) for name in ("synonyms_fr", "synonyms_nl")}
        data = TermData(**(values | {"position": obj.position, "is_active": obj.is_active}))
        by = signed_in(request)
        saved = terms.save_term(
            taxonomy=obj.taxonomy, term=obj if change else None, data=data, parent=obj.parent, by=by
        )
        obj.pk = saved.pk

    def delete_with_rule(self, request: HttpRequest, obj: TaxonomyTerm) -> None:
        terms.remove_term(term=obj, by=signed_in(request))


@admin.register(RecordChange)
class RecordChangeAdmin(DirectoryAdmin[RecordChange]):
    """The history, to look at."""

    may_add = may_change = may_delete = False
    list_display = ["at", "label", "record_kind", "action", "origin", "by"]
    list_select_related = ["by"]
    list_filter = ["action", "record_kind", "origin"]
    search_fields = ["label", "record_uuid"]
    date_hierarchy = "at"
    fields = ["at", "by", "origin", "record_kind", "record_uuid", "label", "action", "before", "after"]
