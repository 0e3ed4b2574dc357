"""Seatings and walls in the back office: to look at. They change on the team's pages, where each step says why not."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from basins.backoffice import ReadOnlyInline, ScopedAdmin, two_languages
from basins.rights import Right
from concertations.links import meeting_page
from concertations.models import Cluster, PostIt, Seating, Subject, Wall, WallStep


class Subjects(ReadOnlyInline):
    model = Subject
    fields = ["position", "title", "who", "seats"]


@admin.register(Seating)
class SeatingAdmin(ScopedAdmin[Seating]):
    """How people of a meeting sit; who sits where is on the team's page."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path: ClassVar[str] = "meeting__series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["title", "meeting", "kind", "table_size", "rounds", "drawn_at"]
    list_select_related = ["meeting__series__basin"]
    list_filter = ["kind"]
    search_fields = ["title_fr", "title_nl"]
    date_hierarchy = "meeting__starts_at"
    inlines = [Subjects]
    fields = [
        *two_languages(Seating, "meeting", "kind", "title"),
        ("table_size", "rounds", "minutes"),
        ("choices_open", "seed"),
        ("drawn_at", "drawn_by"),
    ]

    def view_on_site(self, obj: Seating) -> str:
        """The team's page of the seating."""
        return meeting_page(obj.meeting, "staff_seating", seating=obj.uuid)


class WallSteps(ReadOnlyInline):
    model = WallStep
    fields = ["from_state", "to_state", "at", "by"]
    readonly_fields = ["at"]


class Clusters(ReadOnlyInline):
    model = Cluster
    fields = ["position", "title"]


class PostIts(ReadOnlyInline):
    model = PostIt
    fields = ["text", "language", "kind", "cluster", "hidden_at", "need"]
    readonly_fields = ["hidden_at"]


@admin.register(Wall)
class WallAdmin(ScopedAdmin[Wall]):
    """Walls with their groups and post-its. Points are counted for the order alone, so none are shown here."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path: ClassVar[str] = "meeting__series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["question", "meeting", "state", "code"]
    list_select_related = ["meeting__series__basin"]
    list_filter = ["state"]
    search_fields = ["question_fr", "question_nl", "code"]
    date_hierarchy = "meeting__starts_at"
    inlines = [Clusters, PostIts, WallSteps]
    fields = [*two_languages(Wall, "meeting", "question"), "post_its_each", ("state", "code")]
    readonly_fields = ["code"]

    def view_on_site(self, obj: Wall) -> str:
        """The team's desk of the wall."""
        return meeting_page(obj.meeting, "staff_wall", wall=obj.uuid)
