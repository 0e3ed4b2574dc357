"""Back office of who comes, and of communities of practice: to look at; people and teams act on their own pages."""

from __future__ import annotations

from django.contrib import admin

from basins.backoffice import ReadOnlyInline, ScopedAdmin
from basins.rights import Right
from concertations.models import CommunityCycle, CycleSession, Invitation, Membership, Participant, Registration

OWN_ALONE = admin.RelatedOnlyFieldListFilter


class Registrations(ReadOnlyInline):
    model = Registration
    fields = ["meeting", "reference", "state", "presence", "presence_by", "created"]
    readonly_fields = ["reference", "created"]


@admin.register(Participant)
class ParticipantAdmin(ScopedAdmin[Participant]):
    """A person in a series, with the meetings."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["name", "organisation", "sector", "series", "created"]
    list_select_related = ["series__basin"]
    list_filter = ["sector", ("series", OWN_ALONE)]
    search_fields = ["name", "email", "organisation"]
    inlines = [Registrations]
    fields = ["series", "name", "email", "role", "organisation", "sector", "language", "organization", "created"]


@admin.register(Registration)
class RegistrationAdmin(ScopedAdmin[Registration]):
    """One place at one meeting."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "meeting__series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["reference", "participant", "meeting", "state", "presence", "created"]
    list_select_related = ["participant", "meeting__series__basin"]
    list_filter = ["state", "presence", ("meeting__series", OWN_ALONE)]
    search_fields = ["reference", "participant__name", "participant__email"]
    date_hierarchy = "created"
    fields = [
        *("reference", "participant", "meeting", "state", "offered_until", "held_until", "confirmed_at"),
        *("motivation", "expectations", "meal", "access_needs", "at_distance", "at_the_door"),
        *("presence", "presence_at", "presence_by", "key", "created"),
    ]


@admin.register(Invitation)
class InvitationAdmin(ScopedAdmin[Invitation]):
    """Whom a team invited."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "meeting__series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["email", "name", "organisation", "meeting", "created"]
    list_select_related = ["meeting__series__basin"]
    search_fields = ["email", "name", "organisation"]
    fields = ["meeting", "email", "name", "organisation", "sector", "language", "word", "sent_by", "created"]


class Sessions(ReadOnlyInline):
    model = CycleSession
    fields = ["position", "meeting", "planned_for"]


class Members(ReadOnlyInline):
    model = Membership
    fields = ["participant", "state", "moderator_place", "committed_at", "decided_at"]


@admin.register(CommunityCycle)
class CommunityCycleAdmin(ScopedAdmin[CommunityCycle]):
    """A cycle with its sessions and members."""

    right = Right.MANAGE_CONCERTATIONS
    basin_path = "series__basin__code"
    may_add = may_change = may_delete = False
    list_display = ["name", "series", "first_day", "places_taken", "places"]
    list_select_related = ["series__basin"]
    list_filter = [("series", OWN_ALONE)]
    search_fields = ["name"]
    inlines = [Sessions, Members]
    fields = [
        *("series", "name", "call_fr", "call_nl", "commitment_fr", "commitment_nl"),
        *("recruitment_opens_at", "recruitment_closes_at", "places", "places_taken"),
        *("first_day", "begins", "ends", "rhythm", "sessions_planned", "skips_holidays"),
    ]
