"""Registrations by partners: with a key for the basin, each key its own; and, with another scope, who came."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from basins.enums import Language, Sector
from basins.models import PartnerKey
from basins.partners import has_scope
from concertations import queries_registrations as queries
from concertations.access import SCOPE_PRESENCE, SCOPE_REGISTER
from concertations.enums import Meal, MeetingState, NotedBy, Presence, RegistrationState
from concertations.errors.registering import NotExpected
from concertations.models import SEATS_AT_MOST, Meeting, Registration
from concertations.rules import presence as presence_rules
from concertations.rules import registering as rules
from concertations.rules.presence import Note
from concertations.rules.registering import Person, Wishes
from core.api.etags import etag_of_data
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet

SECTORS = [("", _("not said")), *Sector.choices]
MEALS = [("", _("not said")), *Meal.choices]
SAID = [("", _("not said")), *Presence.choices]
WITNESSES = [("", _("not said")), *NotedBy.choices]
WISHES = ("motivation", "expectations", "meal", "access_needs", "at_distance")


class ConcertationRegistrationSerializer(serializers.ModelSerializer[Registration]):
    """A person's place at a meeting."""

    meeting = serializers.UUIDField(source="meeting.uuid")
    name = serializers.CharField(source="participant.name")
    email = serializers.EmailField(source="participant.email")
    role = serializers.CharField(source="participant.role", help_text="Function.")
    organisation = serializers.CharField(source="participant.organisation")
    sector = serializers.ChoiceField(source="participant.sector", choices=SECTORS)
    language = serializers.ChoiceField(source="participant.language", choices=Language.choices)
    meal = serializers.ChoiceField(choices=MEALS)
    state = serializers.ChoiceField(choices=RegistrationState.choices)

    class Meta:
        model = Registration
        fields = [
            *("reference", "meeting", "state", "offered_until", "name", "email", "role", "organisation", "sector"),
            *("language", "motivation", "expectations", "meal", "access_needs", "at_distance", "created", "modified"),
        ]
        read_only_fields = fields


class ConcertationRegistrationInputSerializer(serializers.Serializer[Registration]):
    """Who comes to which meeting."""

    meeting = serializers.UUIDField(help_text="Identifier of the meeting.")
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254, help_text="Gets the confirmation and the reminders.")
    language = serializers.ChoiceField(choices=Language.choices, help_text="Of the mails.")
    role = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="Function.")
    organisation = serializers.CharField(max_length=160, required=False, allow_blank=True)
    sector = serializers.ChoiceField(choices=SECTORS, required=False)
    motivation = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    expectations = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    meal = serializers.ChoiceField(choices=MEALS, required=False, help_text="Where a meal is served.")
    access_needs = serializers.CharField(
        max_length=2000, required=False, allow_blank=True, help_text="What helps to take part."
    )
    at_distance = serializers.BooleanField(required=False, help_text="Where the meeting has a link to take part.")
    may_wait = serializers.BooleanField(
        required=False, default=False, help_text="A place on the waiting list where no seat is left."
    )


def key_of(request: Request) -> PartnerKey:
    """Who calls."""
    assert isinstance(request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
    return request.auth


class ConcertationRegistrationViewSet(ApiViewSet[Registration]):
    """Registrations that a partner made with its own key; nobody else's are visible here."""

    permission_classes = [has_scope(SCOPE_REGISTER)]
    serializer_class = ConcertationRegistrationSerializer
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9]{1,12}"
    queryset = Registration.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Registration]:
        return queries.registrations_of_key(key_of(self.request))

    @extend_schema(request=ConcertationRegistrationInputSerializer)
    @idempotent
    def create(self, request: Request) -> Response:
        """Register somebody for a meeting.

        409 `meeting-full`: no seat is left; with `may_wait` one gets a place in line, and the state says `waiting`.
        422 `already-registered`: the address has a place at this meeting.
        """
        data = ConcertationRegistrationInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        said: dict[str, Any] = data.validated_data
        announced = Meeting.objects.exclude(state=MeetingState.DRAFT)
        meeting: Meeting = get_object_or_404(
            announced, uuid=said.pop("meeting"), series__basin__in=key_of(self.request).basins.all()
        )
        wishes = Wishes(**{name: said.pop(name) for name in WISHES if name in said})
        may_wait = said.pop("may_wait")
        made = rules.register(
            meeting=meeting, person=Person(**said), wishes=wishes, by=None, key=key_of(self.request), may_wait=may_wait
        )
        body = self._represent(made.reference)
        address = reverse("api:concertations-registration-detail", kwargs={"reference": made.reference})
        headers = {"Location": request.build_absolute_uri(address), "ETag": etag_of_data(body)}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    def retrieve(self, request: Request, reference: str) -> Response:
        """A registration as it stands."""
        return Response(self._represent(reference))

    @transaction.atomic
    def destroy(self, request: Request, reference: str) -> Response:
        """Give the place back; the next in line is asked. The registration stays, `cancelled`."""
        rules.cancel(registration=self._find(reference), by=None, key=key_of(self.request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _represent(self, reference: str) -> Any:
        return ConcertationRegistrationSerializer(self._find(reference)).data

    def _find(self, reference: str) -> Registration:
        self.kwargs["reference"] = reference.upper()
        return self.get_object()


# --- Who came ------------------------------------------------------------------------------------


class ConcertationExpectedSerializer(serializers.ModelSerializer[Registration]):
    """Somebody who has a seat."""

    name = serializers.CharField(source="participant.name")
    organisation = serializers.CharField(source="participant.organisation")
    sector = serializers.ChoiceField(source="participant.sector", choices=SECTORS)
    language = serializers.ChoiceField(source="participant.language", choices=Language.choices)
    presence = serializers.ChoiceField(choices=SAID)
    presence_by = serializers.ChoiceField(choices=WITNESSES, help_text="Who said so last.")

    class Meta:
        model = Registration
        fields = ["reference", "name", "organisation", "sector", "language", "presence", "presence_at", "presence_by"]
        read_only_fields = fields


class ConcertationPresenceSerializer(serializers.ModelSerializer[Meeting]):
    """The list of a meeting."""

    id = serializers.UUIDField(source="uuid", help_text="Of the meeting.")
    expected = serializers.SerializerMethodField()

    class Meta:
        model = Meeting
        fields = ["id", "starts_at", "ends_at", "state", "expected"]
        read_only_fields = fields

    @extend_schema_field(ConcertationExpectedSerializer(many=True))
    def get_expected(self, meeting: Meeting) -> Any:
        return ConcertationExpectedSerializer(presence_rules.expected(meeting.registrations.all()), many=True).data


class ConcertationSaidSerializer(serializers.Serializer[Registration]):
    """What is said of one person."""

    reference = serializers.CharField(max_length=12)
    presence = serializers.ChoiceField(choices=Presence.choices)
    at = serializers.DateTimeField(required=False, help_text="When it was said; left out: now. The later word stands.")


class ConcertationPresenceInputSerializer(serializers.Serializer[Meeting]):
    """What is noted of people on the list."""

    expected = ConcertationSaidSerializer(many=True, max_length=SEATS_AT_MOST)  # type: ignore[call-arg]  # of the list


class ConcertationPresenceViewSet(RetrieveModelMixin, ApiViewSet[Meeting]):
    """The list of a meeting, with the scope `concertations:presence`: who is expected, and who came."""

    permission_classes = [has_scope(SCOPE_PRESENCE)]
    serializer_class = ConcertationPresenceSerializer
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Meeting.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Meeting]:
        return Meeting.objects.filter(series__basin__in=key_of(self.request).basins.all()).exclude(
            state=MeetingState.DRAFT
        )

    @extend_schema(request=ConcertationPresenceInputSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, **_address: Any) -> Response:
        """Note who came, all or nothing; from the day of the meeting on.

        Of two words on the same person the later one stands, whichever arrives first; the same call twice changes
        nothing. 422 names in `expected` the references that are not on the list.
        """
        data = ConcertationPresenceInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        meeting = self.get_object()
        notes = _notes(meeting, data.validated_data["expected"])
        presence_rules.note_many(meeting=meeting, notes=notes, by_whom=NotedBy.PARTNER, key=key_of(self.request))
        body = ConcertationPresenceSerializer(self.get_object()).data
        return Response(body, headers={"ETag": etag_of_data(body)})


def _notes(meeting: Meeting, said: list[dict[str, Any]]) -> list[Note]:
    rows: dict[str, UUID] = dict(presence_rules.expected(meeting.registrations.all()).values_list("reference", "uuid"))
    unknown = [one["reference"] for one in said if one["reference"].upper() not in rows]
    if unknown:
        raise NotExpected(_("Not on the list of this meeting."), field="expected", expected=unknown)
    return [
        Note(registration=rows[one["reference"].upper()], presence=Presence(one["presence"]), at=one.get("at"))
        for one in said
    ]
