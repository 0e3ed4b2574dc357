"""Minutes, actions and consultations in the back office, to look at: they are written on pages, or imported."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model

from basins.backoffice import ReadOnlyInline, ScopedAdmin, two_languages
from basins.rights import Right
from concertations.links import meeting_page
from concertations.models import (
    Action,
    ActionStep,
    Consultation,
    ConsultationPart,
    ConsultationStatement,
    Minutes,
    MinutesSection,
    MinutesStep,
)

OWN_ALONE = admin.RelatedOnlyFieldListFilter
M = TypeVar("M", bound=Model)


class ToLookAt(ScopedAdmin[M]):
    """Rows that only rules write."""

    right = Right.MANAGE_CONCERTATIONS
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = False
    may_delete: ClassVar[bool] = False


class Sections(ReadOnlyInline):
    model = MinutesSection
    fields = ["position", "title_fr", "title_nl"]


class Steps(ReadOnlyInline):
    model = MinutesStep
    fields = ["from_state", "to_state", "at", "by"]
    readonly_fields = ["at"]


@admin.register(Minutes)
class MinutesAdmin(ToLookAt[Minutes]):
    """Where the minutes of each meeting stand; the way to the page where they are written."""

    basin_path = "meeting__series__basin__code"
    list_display = ["meeting", "state", "sent_at", "approved_at"]
    list_filter = ["state", ("meeting__series", OWN_ALONE)]
    search_fields = ["meeting__series__name_fr", "meeting__series__name_nl"]
    date_hierarchy = "meeting__starts_at"
    inlines = [Sections, Steps]
    fields = ["meeting", "state", "sent_at", "times_sent", "approved_at", "approved_in"]
    readonly_fields = ["sent_at", "times_sent", "approved_at"]

    def view_on_site(self, obj: Minutes) -> str:
        """The team's page of the minutes."""
        return meeting_page(obj.meeting, "staff_minutes")


class ActionSteps(ReadOnlyInline):
    model = ActionStep
    fields = ["from_state", "to_state", "at", "by"]
    readonly_fields = ["at"]


@admin.register(Action)
class ActionAdmin(ToLookAt[Action]):
    """All actions of all series, to search through."""

    basin_path = "section__minutes__meeting__series__basin__code"
    list_display = ["text", "owner", "due_on", "state"]
    list_filter = ["state", ("section__minutes__meeting__series", OWN_ALONE)]
    search_fields = ["text_fr", "text_nl", "owner", "owner_email"]
    date_hierarchy = "due_on"
    inlines = [ActionSteps]
    fields = [
        *two_languages(Action, "text"),
        ("owner", "owner_email", "owner_language"),
        ("due_on", "state", "closed_at"),
        *two_languages(Action, "outcome"),
    ]
    readonly_fields = ["closed_at"]


class Parts(ReadOnlyInline):
    model = ConsultationPart
    fields = ["kind", "number", "title_fr", "title_nl"]


@admin.register(Consultation)
class ConsultationAdmin(ToLookAt[Consultation]):
    """Consultations, as imported; the Region's."""

    basin_path = ""
    list_display = ["title", "held_on", "organiser"]
    inlines = [Parts]
    fields = [*two_languages(Consultation, "title"), "slug", "organiser", "held_on"]


@admin.register(ConsultationStatement)
class ConsultationStatementAdmin(ToLookAt[ConsultationStatement]):
    """Each thing that was said, with its points and the need it became."""

    basin_path = ""
    list_display = ["text", "kind", "part", "rank", "p", "s"]
    list_select_related = ["part"]
    list_filter = ["kind", "part__kind"]
    search_fields = ["search_text"]
    fields = [
        *two_languages(ConsultationStatement, "text"),
        ("part", "kind", "position", "line"),
        ("cluster", "rank", "p", "s"),
        "need",
    ]
