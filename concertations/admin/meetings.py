"""Themes, series, meetings and papers in the back office; every change goes through the rules of the pages."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet, URLField
from django.http import HttpRequest

from basins.backoffice import ReadOnlyInline, ScopedAdmin, as_data, two_languages
from basins.rights import Right
from basins.web.reader import signed_in
from concertations.links import meeting_page, series_page
from concertations.models import AgendaItem, Document, Meeting, MeetingStateChange, Series, Theme
from concertations.rules import documents, meetings, series, themes
from concertations.rules.meetings import MeetingData
from concertations.rules.series import SeriesData
from concertations.rules.themes import ThemeData

# Filters name the rows of what one sees; others' are nobody's business.
OWN_ALONE = admin.RelatedOnlyFieldListFilter
# What is not there, as against a text that is empty.
MAY_BE_NOTHING = frozenset(
    {
        *("theme", "municipality", "wheelchair", "number", "seats", "participants_counted"),
        *("registration_opens_at", "registration_closes_at"),
    }
)

D = TypeVar("D", SeriesData, MeetingData, ThemeData)


def _data(kind: type[D], row: Model) -> D:
    return as_data(kind, row, may_be_nothing=MAY_BE_NOTHING)


@admin.register(Theme)
class ThemeAdmin(ScopedAdmin[Theme]):
    """What the law asks meetings on; the Region's."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = ""
    may_delete = False
    list_display = ["name", "code", "meetings_per_year", "position"]
    search_fields = ["name_fr", "name_nl", "code"]
    fields = two_languages(Theme, "code", "name", "meetings_per_year", "position")

    def save_with_rule(self, request: HttpRequest, obj: Theme, form: Any, *, change: bool) -> None:
        saved = themes.save(theme=obj if change else None, data=_data(ThemeData, obj), by=signed_in(request))
        obj.pk = saved.pk


@admin.register(Series)
class SeriesAdmin(ScopedAdmin[Series]):
    """Series of meetings; those without a basin are the Region's."""

    right = Right.MANAGE_CONCERTATIONS
    settled = ("basin",)
    list_display = ["name", "basin", "kind", "theme", "is_over"]
    list_select_related = ["basin", "theme"]
    list_filter = ["kind", "is_over", "theme", ("basin", OWN_ALONE)]
    search_fields = ["name_fr", "name_nl", "slug"]
    fields = [
        *two_languages(Series, "basin", "kind", "theme", "name", "intro", "slug"),
        ("contact_name", "contact_email", "contact_phone"),
        "is_over",
    ]

    def choices(self, model: type[Model], request: HttpRequest) -> QuerySet[Any] | None:
        """Themes are written by the Region and chosen by every team."""
        return Theme.objects.all() if model is Theme else super().choices(model, request)

    def view_on_site(self, obj: Series) -> str:
        """The team's page of the series."""
        return series_page(obj, "staff_series")

    def save_with_rule(self, request: HttpRequest, obj: Series, form: Any, *, change: bool) -> None:
        data = _data(SeriesData, obj)
        if change:
            series.edit(series=obj, data=data, by=signed_in(request))
        else:
            obj.pk = series.create(basin=obj.basin, data=data, by=signed_in(request)).pk

    def delete_with_rule(self, request: HttpRequest, obj: Series) -> None:
        series.remove(series=obj, by=signed_in(request))


class Items(ReadOnlyInline):
    model = AgendaItem
    fields = ["position", "kind", "title", "minutes", "who"]


class StateChanges(ReadOnlyInline):
    model = MeetingStateChange
    fields = ["from_state", "to_state", "at", "by"]
    readonly_fields = ["at"]


@admin.register(Meeting)
class MeetingAdmin(ScopedAdmin[Meeting]):
    """Meetings. The state moves and the agenda is written on the team's pages, where each step says what it does."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "series__basin__code"
    settled = ("series",)
    readonly_fields = ["state", "seats_taken", "cancel_note_fr", "cancel_note_nl"]
    list_display = ["series", "number", "starts_at", "state", "seats", "seats_taken"]
    list_select_related = ["series__basin"]
    list_filter = ["state", ("series", OWN_ALONE)]
    search_fields = ["title_fr", "title_nl", "series__name_fr", "series__name_nl"]
    date_hierarchy = "starts_at"
    inlines = [Items, StateChanges]
    fields = [
        *two_languages(Meeting, "series", "number", "title", "intro"),
        ("starts_at", "ends_at", "is_whole_day"),
        *two_languages(Meeting, "place", "street", "postcode", "municipality", "directions"),
        ("wheelchair", "online_url", "meal_offered"),
        ("registration_opens_at", "registration_closes_at"),
        ("seats", "seats_taken", "reminder_days_before"),
        ("participants_counted", "sectors_named"),
        ("state", "cancel_note_fr", "cancel_note_nl"),
    ]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def view_on_site(self, obj: Meeting) -> str:
        """The team's page of the meeting."""
        return meeting_page(obj, "staff_meeting")

    def save_with_rule(self, request: HttpRequest, obj: Meeting, form: Any, *, change: bool) -> None:
        data = _data(MeetingData, obj)
        if change:
            meetings.edit(meeting=obj, data=data, by=signed_in(request))
        else:
            obj.pk = meetings.create(series=obj.series, data=data, by=signed_in(request)).pk

    def delete_with_rule(self, request: HttpRequest, obj: Meeting) -> None:
        meetings.remove(meeting=obj, by=signed_in(request))


@admin.register(Document)
class DocumentAdmin(ScopedAdmin[Document]):
    """Papers, to look at and to take away; they are put up on the team's pages."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "series__basin__code"
    may_add = may_change = False
    list_display = ["title", "series", "meeting", "language", "audience", "created"]
    list_select_related = ["series__basin", "meeting__series"]
    list_filter = ["audience", "language", ("series", OWN_ALONE)]
    search_fields = ["title_fr", "title_nl"]
    fields = ["series", "meeting", "item", "title_fr", "title_nl", "language", "audience", "added_by", "created"]

    def delete_with_rule(self, request: HttpRequest, obj: Document) -> None:
        documents.remove(document=obj, by=signed_in(request))
