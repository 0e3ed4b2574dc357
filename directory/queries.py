"""What is read, scoped to who reads. What one may not see is not there, so its page is 404."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet

from basins.access import Reader
from basins.models import Basin, PostcodeArea
from directory import access
from directory.enums import TaxonomyCode
from directory.models import (
    Contact,
    Location,
    Organization,
    Phone,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTerm,
    SourceRecord,
    Taxonomy,
    TaxonomyTerm,
)


def services_for(user: Reader) -> QuerySet[Service]:
    """The records somebody may see, with their organisation; nothing else is fetched yet."""
    return Service.objects.filter(visibility__in=access.visible_to(user)).select_related("organization")


def organizations_for(user: Reader) -> QuerySet[Organization]:
    """Organisations are public, those that merged into another included; their records are asked for apart."""
    return Organization.objects.select_related("sector", "merged_into")


def with_everything(services: QuerySet[Service], user: Reader) -> QuerySet[Service]:
    """For a page, an export, the API: all that hangs on the records, as far as ``user`` may see it.

    A constant number of queries however many records. Lines for professionals and persons who are not
    published are left out for strangers; ask `access.may_see_address` of each place.
    """
    phones = _phones_for(user)
    at_locations = ServiceAtLocation.objects.select_related("location__municipality", "location__neighbourhood")
    places = at_locations.prefetch_related(
        Prefetch("phones", phones),
        "schedules",
        Prefetch("location__phones", phones),
        "location__schedules",
        "location__accessibility",
    )
    return services.select_related("organization__sector", "capacity").prefetch_related(
        Prefetch("service_terms", ServiceTerm.objects.select_related("term__taxonomy", "term__parent")),
        Prefetch("areas", ServiceArea.objects.select_related("basin", "municipality", "neighbourhood")),
        Prefetch("at_locations", places),
        Prefetch("contacts", contacts_for(user)),
        Prefetch("phones", phones),
        "languages__term",
        "schedules",
        "urls",
        "costs",
        "documents",
    )


def for_hsds(services: QuerySet[Service]) -> QuerySet[Service]:
    """What HSDS says of public records: everything a stranger may see, and the lists that they come from."""
    sources = Prefetch("source_records", SourceRecord.objects.filter(gone_at__isnull=True).select_related("source"))
    return with_everything(services, AnonymousUser()).prefetch_related(sources)


def for_documents(services: QuerySet[Service]) -> QuerySet[Service]:
    """What `documents.document_of` reads of a record, prefetched; nothing is left out."""
    return services.select_related("organization", "capacity").prefetch_related(
        Prefetch("service_terms", ServiceTerm.objects.select_related("term__taxonomy")),
        Prefetch("areas", ServiceArea.objects.select_related("basin", "municipality", "neighbourhood")),
        Prefetch("at_locations", ServiceAtLocation.objects.select_related("location")),
        "languages__term",
        "phones",
        "schedules",
        "urls",
        "costs",
        "documents",
    )


def contacts_for(user: Reader) -> QuerySet[Contact]:
    """Persons to turn to: published ones, for professionals where they ask for that; staff see all."""
    people = _people_for(user)
    return people.prefetch_related(
        Prefetch("phones", _phones_for(user)), Prefetch("deputies", _people_for(user)), "themes"
    )


def contacts_of(email: str) -> QuerySet[Contact]:
    """The persons to turn to with that address, for themselves."""
    return Contact.objects.filter(email__iexact=email.strip()).select_related("organization")


def confirmed_by(email: str) -> QuerySet[Organization]:
    """The organisations whose mail for confirmation goes to that address."""
    return Organization.objects.filter(confirm_email__iexact=email.strip())


def serving(services: QuerySet[Service], basin: Basin) -> QuerySet[Service]:
    """Those that serve the basin or a part of it, wherever their seat is; the whole Region serves it too."""
    municipalities = PostcodeArea.objects.filter(basin=basin).values("municipality")
    areas = ServiceArea.objects.filter(
        Q(whole_region=True)
        | Q(basin=basin)
        | Q(municipality__in=municipalities)
        | Q(neighbourhood__in=basin.neighbourhoods.all())
    )
    return services.filter(pk__in=areas.values("service"))


def places_of(organization: Organization) -> QuerySet[Location]:
    """The places of an organisation, its seat first."""
    return organization.locations.select_related("municipality", "neighbourhood").order_by("-is_seat", "pk")


def terms_of(code: TaxonomyCode | str, *, active: bool = True) -> QuerySet[TaxonomyTerm]:
    """The terms of a taxonomy in their order; those no longer offered are left out unless asked for."""
    terms = TaxonomyTerm.objects.filter(taxonomy__code=code).select_related("taxonomy", "parent")
    return terms.filter(is_active=True) if active else terms


def taxonomies() -> QuerySet[Taxonomy]:
    """All taxonomies with their terms."""
    return Taxonomy.objects.prefetch_related(Prefetch("terms", TaxonomyTerm.objects.select_related("parent")))


def _people_for(user: Reader) -> QuerySet[Contact]:
    if access.may_manage_directory(user):
        return Contact.objects.all()
    published = Contact.objects.filter(is_published=True)
    return published if access.is_professional(user) else published.filter(professionals_only=False)


def _phones_for(user: Reader) -> QuerySet[Phone]:
    phones = Phone.objects.all()
    return phones if access.is_professional(user) else phones.filter(professionals_only=False)
