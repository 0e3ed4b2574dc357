"""Back office of the open-door weeks: the plain tables, for what the team's own pages do not show.

Rows of the reader's basins; every change goes through the same rules as on the pages.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from basins.backoffice import ReadOnlyInline, ScopedAdmin, as_data, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from opendoors import admin_past, staff_queries  # noqa: F401 - it registers its class
from opendoors.models import (
    Answer,
    BookedVisit,
    Booking,
    Edition,
    EditionStateChange,
    Host,
    HostLink,
    HostStateChange,
    Place,
    Visit,
    WaitingRequest,
    Wish,
)
from opendoors.rules import editions, hosting
from opendoors.rules.editions import EditionData
from opendoors.rules.programme_data import HostData, PlaceData, VisitData

# Filters name the editions of the rows one sees; others' drafts are nobody's business.
OWN_ALONE = admin.RelatedOnlyFieldListFilter

# What is not there, as against a text that is empty.
MAY_BE_NOTHING = frozenset(
    {
        *("municipality", "wheelchair", "call_opens_at", "call_closes_at"),
        *("visits_per_visitor", "seats_per_organisation"),
    }
)

D = TypeVar("D", EditionData, HostData, PlaceData)


def _data(kind: type[D], row: Model) -> D:
    return as_data(kind, row, may_be_nothing=MAY_BE_NOTHING)


class StateChanges(ReadOnlyInline):
    model = EditionStateChange
    fields = ["from_state", "to_state", "at", "by"]
    readonly_fields = ["at"]


@admin.register(Edition)
class EditionAdmin(ScopedAdmin[Edition]):
    """Names, texts and dates. The state moves on the team's page, where each step says what holds it back."""

    right = Right.MANAGE_OPEN_DOORS
    may_delete = False
    settled = ("basin",)
    readonly_fields = ["state"]
    list_display = ["name", "basin", "starts_on", "ends_on", "state"]
    list_select_related = ["basin"]
    list_filter = ["state", ("basin", OWN_ALONE)]
    search_fields = ["name_fr", "name_nl", "slug"]
    date_hierarchy = "starts_on"
    inlines = [StateChanges]
    fields = [
        *two_languages(Edition, "basin", "name", "intro", "slug"),
        ("starts_on", "ends_on"),
        *two_languages(Edition, "call_text"),
        ("call_opens_at", "call_closes_at"),
        ("signup_opens_at", "signup_closes_at"),
        "reminder_days_before",
        ("visits_per_visitor", "seats_per_organisation", "offer_hours"),
        "state",
    ]

    def view_on_site(self, obj: Edition) -> str:
        """The team's page of the edition."""
        return staff_queries.edition_url(obj)

    def save_with_rule(self, request: HttpRequest, obj: Edition, form: Any, *, change: bool) -> None:
        data = _data(EditionData, obj)
        if change:
            editions.edit(edition=obj, data=data, by=signed_in(request))
        else:
            obj.pk = editions.create(basin=obj.basin, data=data, by=signed_in(request)).pk


class HostSteps(ReadOnlyInline):
    model = HostStateChange
    fields = ["from_state", "to_state", "note", "at", "by"]
    readonly_fields = ["at"]


class HostLinks(ReadOnlyInline):
    model = HostLink
    fields = ["verdict", "kind", "record", "decided_at", "decided_by"]
    readonly_fields = ["decided_at"]


@admin.register(Host)
class HostAdmin(ScopedAdmin[Host]):
    """Hosts and their contacts. Yes and no are said on the team's page, with a word to the host."""

    right = Right.MANAGE_OPEN_DOORS
    basin_path = "edition__basin__code"
    settled = ("edition",)
    readonly_fields = ["state", "decision_note"]
    list_display = ["name", "edition", "state", "contact_name", "contact_email"]
    list_filter = ["state", "sector", ("edition", OWN_ALONE)]
    search_fields = ["name", "search_name", "contact_name", "contact_email"]
    inlines = [HostSteps, HostLinks]
    fields = [
        *two_languages(Host, "edition", "name", "name_language", "sector", "description", "welcome"),
        "contact_name",
        ("contact_email", "contact_phone", "contact_language"),
        "state",
        "decision_note",
    ]

    def view_on_site(self, obj: Host) -> str:
        """The team's page of the host."""
        return staff_queries.host_url(obj)

    def save_with_rule(self, request: HttpRequest, obj: Host, form: Any, *, change: bool) -> None:
        data = _data(HostData, obj)
        if change:
            hosting.edit_host(host=obj, data=data, by=signed_in(request))
        else:
            obj.pk = hosting.add_host(edition=obj.edition, data=data, by=signed_in(request)).pk

    def delete_with_rule(self, request: HttpRequest, obj: Host) -> None:
        hosting.remove_host(host=obj, by=signed_in(request))


@admin.register(Place)
class PlaceAdmin(ScopedAdmin[Place]):
    """Where hosts receive."""

    right = Right.MANAGE_OPEN_DOORS
    basin_path = "host__edition__basin__code"
    settled = ("host",)
    list_display = ["host", "street", "postcode", "municipality", "wheelchair"]
    list_select_related = ["host__edition__basin", "municipality"]
    list_filter = ["wheelchair", "municipality"]
    search_fields = ["host__search_name", "street_fr", "street_nl", "postcode"]
    fields = two_languages(Place, "host", "street", "postcode", "municipality", "wheelchair", "directions")

    def save_with_rule(self, request: HttpRequest, obj: Place, form: Any, *, change: bool) -> None:
        data = _data(PlaceData, obj)
        if change:
            hosting.edit_place(place=obj, data=data, by=signed_in(request))
        else:
            obj.pk = hosting.add_place(host=obj.host, data=data, by=signed_in(request)).pk

    def delete_with_rule(self, request: HttpRequest, obj: Place) -> None:
        hosting.remove_place(place=obj, by=signed_in(request))


@admin.register(Visit)
class VisitAdmin(ScopedAdmin[Visit]):
    """Times, seats, languages. Calling a visit off is done on the team's page, where one is asked first."""

    right = Right.MANAGE_OPEN_DOORS
    basin_path = "host__edition__basin__code"
    settled = ("host",)
    readonly_fields = ["seats_taken", "seats_held", "walk_ins", "state"]
    list_display = ["host", "edition", "starts_at", "ends_at", "seats", "seats_taken", "state"]
    list_select_related = ["host__edition__basin", "edition"]
    list_filter = ["state", ("edition", OWN_ALONE)]
    search_fields = ["host__search_name"]
    date_hierarchy = "starts_at"
    fields = [
        "host",
        "place",
        ("starts_at", "ends_at"),
        "seats",
        "languages",
        ("seats_taken", "seats_held", "walk_ins"),
        "state",
    ]

    def save_with_rule(self, request: HttpRequest, obj: Visit, form: Any, *, change: bool) -> None:
        data = VisitData(starts_at=obj.starts_at, ends_at=obj.ends_at, seats=obj.seats, languages=tuple(obj.languages))
        if change:
            hosting.edit_visit(visit=obj, place=obj.place, data=data, by=signed_in(request))
        else:
            obj.pk = hosting.add_visit(host=obj.host, place=obj.place, data=data, by=signed_in(request)).pk

    def delete_with_rule(self, request: HttpRequest, obj: Visit) -> None:
        hosting.remove_visit(visit=obj, by=signed_in(request))


class BookedVisits(ReadOnlyInline):
    model = BookedVisit
    fields = ["visit", "seats", "state", "created", "cancelled_at", "attendance", "came", "attendance_by"]
    readonly_fields = ["created"]
    verbose_name_plural = _("visits")


@admin.register(Booking)
class BookingAdmin(ScopedAdmin[Booking]):
    """Who comes, to look at; people change their bookings themselves, by the link in their mail."""

    right = Right.SEE_OPEN_DOOR_BOOKINGS
    basin_path = "visitor__edition__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["reference", "name", "visitor", "organisation", "created"]
    list_select_related = ["visitor__edition__basin"]
    list_filter = [("visitor__edition", OWN_ALONE), "sector"]
    search_fields = ["reference", "name", "organisation", "visitor__email"]
    date_hierarchy = "created"
    inlines = [BookedVisits]
    fields = [
        *("reference", "visitor", "name", "companions", "organisation", "sector", "access_needs"),
        *("held_until", "confirmed_at", "key", "created"),
    ]


class Wishes(ReadOnlyInline):
    model = Wish
    fields = ["visit", "state", "offered_at", "expires_at", "ended_at"]
    verbose_name_plural = _("visits")


@admin.register(WaitingRequest)
class WaitingRequestAdmin(ScopedAdmin[WaitingRequest]):
    """Who waits, to look at; offers are made and answered by the rules alone."""

    right = Right.SEE_OPEN_DOOR_BOOKINGS
    basin_path = "visitor__edition__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["reference", "name", "visitor", "seats", "wanted", "state", "created"]
    list_select_related = ["visitor__edition__basin"]
    list_filter = ["state", ("visitor__edition", OWN_ALONE)]
    search_fields = ["reference", "name", "organisation", "visitor__email"]
    date_hierarchy = "created"
    inlines = [Wishes]
    fields = [
        *("reference", "visitor", "name", "companions", "organisation", "sector", "access_needs"),
        *("seats", "wanted", "state", "ended_at", "key", "created"),
    ]


@admin.register(Answer)
class AnswerAdmin(ScopedAdmin[Answer]):
    """What visitors and hosts said, to look at; quoting and making a need of it is done on the team's page."""

    right = Right.SEE_OPEN_DOOR_BOOKINGS
    basin_path = "edition__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["edition", "role", "host", "rating", "is_quoted", "created"]
    list_select_related = ["edition__basin", "host"]
    list_filter = ["role", "is_quoted", ("edition", OWN_ALONE)]
    search_fields = ["best", "missing"]
    date_hierarchy = "created"
    fields = [
        *("edition", "role", "host", "language", "rating", "knows_better", "will_contact", "again"),
        *("best", "missing", "may_quote", "is_quoted", "need", "created"),
    ]
