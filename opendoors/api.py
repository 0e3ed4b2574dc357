"""The open-door weeks for programs: reads are public, booking needs a partner's key for the basin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from basins.api import MunicipalitySerializer
from basins.enums import BasinCode, Language
from basins.models import PartnerKey
from basins.partners import has_scope
from core.api.etags import etag_of_data, require_match
from core.api.fields import BilingualField
from core.api.filters import ChangesFilter
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet
from opendoors import queries
from opendoors.access import SCOPE_BOOK
from opendoors.enums import Sector, VisitLanguage, VisitState
from opendoors.models import BookedVisit, Booking, Edition, Host, Place, Visit
from opendoors.rules import booking as rules

EVERYBODY = AnonymousUser()
SECTORS = [("", _("not said")), *Sector.choices]

# --- The programme -------------------------------------------------------------------------------


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """An open-door week of a basin."""

    id = serializers.UUIDField(source="uuid")
    basin = serializers.ChoiceField(source="basin.code", choices=BasinCode.choices)
    name = BilingualField()
    intro = BilingualField()
    bookable = serializers.SerializerMethodField(help_text="Whether one can sign up now.")

    class Meta:
        model = Edition
        fields = [
            "id",
            "basin",
            "name",
            "intro",
            "starts_on",
            "ends_on",
            "signup_opens_at",
            "signup_closes_at",
            "state",
            "bookable",
            "modified",
        ]
        read_only_fields = fields

    def get_bookable(self, edition: Edition) -> bool:
        return not rules.why_not_bookable(edition)


class OpenDoorHostSerializer(serializers.ModelSerializer[Host]):
    """A service that opens its doors; its name keeps its own language."""

    id = serializers.UUIDField(source="uuid")
    language = serializers.CharField(source="name_language", help_text="Of the name: `fr`, `nl`, or empty.")

    class Meta:
        model = Host
        fields = ["id", "name", "language"]


class OpenDoorPlaceSerializer(serializers.ModelSerializer[Place]):
    """Where visitors are received."""

    street = BilingualField()
    municipality = MunicipalitySerializer(allow_null=True)

    class Meta:
        model = Place
        fields = ["street", "postcode", "municipality", "wheelchair"]
        extra_kwargs = {"wheelchair": {"help_text": "null: not known."}}


class VisitSerializer(serializers.ModelSerializer[Visit]):
    """One opening of a host's door."""

    id = serializers.UUIDField(source="uuid")
    edition = serializers.UUIDField(source="edition.uuid")
    host = OpenDoorHostSerializer()
    place = OpenDoorPlaceSerializer()
    languages = serializers.ListField(child=serializers.ChoiceField(choices=VisitLanguage.choices))
    seats_left = serializers.IntegerField()
    bookable = serializers.SerializerMethodField(help_text="Whether a seat can be booked now.")

    class Meta:
        model = Visit
        fields = [
            "id",
            "edition",
            "host",
            "place",
            "starts_at",
            "ends_at",
            "languages",
            "seats",
            "seats_left",
            "state",
            "bookable",
            "modified",
        ]
        read_only_fields = fields

    def get_bookable(self, visit: Visit) -> bool:
        if visit.state != VisitState.PLANNED or visit.seats_left < 1:
            return False
        if visit.edition_id not in self._open_editions:
            self._open_editions[visit.edition_id] = not rules.why_not_bookable(visit.edition)
        return self._open_editions[visit.edition_id]

    @cached_property
    def _open_editions(self) -> dict[int, bool]:
        """All visits of a page mostly share their edition: it is asked once."""
        return {}


class EditionFilter(ChangesFilter):
    basin = django_filters.ChoiceFilter(
        field_name="basin__code", choices=BasinCode.choices, help_text="Of this basin alone."
    )


class VisitFilter(ChangesFilter):
    edition = django_filters.UUIDFilter(field_name="edition__uuid", help_text="Of this edition alone.")
    basin = django_filters.ChoiceFilter(
        field_name="edition__basin__code", choices=BasinCode.choices, help_text="Of this basin alone."
    )


class EditionViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Edition]):
    """Open-door weeks whose programme is published."""

    permission_classes = [AllowAny]
    serializer_class = EditionSerializer
    filterset_class = EditionFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Edition.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Edition]:
        return queries.editions_for(EVERYBODY)


class VisitViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Visit]):
    """Visits of published editions, with the seats that are left now.

    Visits that were called off stay in the list with the state `cancelled`.
    """

    permission_classes = [AllowAny]
    serializer_class = VisitSerializer
    filterset_class = VisitFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Visit.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Visit]:
        return queries.visits_for(EVERYBODY)


# --- Bookings ------------------------------------------------------------------------------------


class BookedVisitSerializer(serializers.ModelSerializer[BookedVisit]):
    """A visit of a booking, and whether its seat is still held."""

    id = serializers.UUIDField(source="visit.uuid", help_text="Of the visit.")
    host = OpenDoorHostSerializer(source="visit.host")
    starts_at = serializers.DateTimeField(source="visit.starts_at")
    ends_at = serializers.DateTimeField(source="visit.ends_at")

    class Meta:
        model = BookedVisit
        fields = ["id", "state", "host", "starts_at", "ends_at"]


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """One act of booking."""

    edition = serializers.UUIDField(source="visitor.edition.uuid")
    email = serializers.EmailField(source="visitor.email")
    language = serializers.ChoiceField(source="visitor.language", choices=Language.choices)
    sector = serializers.ChoiceField(choices=SECTORS)
    visits = serializers.SerializerMethodField()

    class Meta:
        model = Booking
        fields = [
            "reference",
            "edition",
            "name",
            "email",
            "organisation",
            "sector",
            "language",
            "access_needs",
            "visits",
            "created",
            "modified",
        ]
        read_only_fields = fields

    @extend_schema_field(BookedVisitSerializer(many=True))
    def get_visits(self, booking: Booking) -> Any:
        return BookedVisitSerializer(queries.latest_per_visit(list(booking.booked.all())), many=True).data


class VisitChoiceSerializer(serializers.Serializer[Booking]):
    """The visits that the booking shall hold."""

    visits = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=rules.VISITS_AT_ONCE, help_text="Identifiers of visits."
    )


class BookingInputSerializer(VisitChoiceSerializer):
    """Who comes, and where to. All visits are of one edition."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254, help_text="Gets the confirmation and the reminders.")
    organisation = serializers.CharField(max_length=160, required=False, allow_blank=True)
    sector = serializers.ChoiceField(choices=SECTORS, required=False)
    language = serializers.ChoiceField(choices=Language.choices, help_text="Of the mails.")
    access_needs = serializers.BooleanField(required=False, help_text="Needs wheelchair access.")


class BookingViewSet(ApiViewSet[Booking]):
    """Bookings that a partner made with its own key; nobody else's are visible here."""

    permission_classes = [has_scope(SCOPE_BOOK)]
    serializer_class = BookingSerializer
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9]{1,12}"
    queryset = Booking.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Booking]:
        return queries.bookings_of_key(self.key)

    @property
    def key(self) -> PartnerKey:
        assert isinstance(self.request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
        return self.request.auth

    @extend_schema(request=BookingInputSerializer)
    @idempotent
    def create(self, request: Request) -> Response:
        """Book seats in one or several visits, all or none.

        409 names in `visits` what is full or called off, each with a `reason`; then nothing was booked.
        """
        data = BookingInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = rules.book(**data.validated_data, by=None, key=self.key)
        body = self._represent(made.reference)
        address = reverse("api:opendoors-booking-detail", kwargs={"reference": made.reference})
        headers = {"Location": request.build_absolute_uri(address), "ETag": etag_of_data(body)}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    def retrieve(self, request: Request, reference: str) -> Response:
        """A booking as it stands."""
        return Response(self._represent(reference))

    @extend_schema(request=VisitChoiceSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, reference: str) -> Response:
        """Make these the visits of the booking: what is missing is given back, what is new is taken."""
        data = VisitChoiceSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rules.change(
            booking=self._find(reference),
            visits=data.validated_data["visits"],
            by=None,
            key=self.key,
            check=self._match(reference),
        )
        body = self._represent(reference)
        return Response(body, headers={"ETag": etag_of_data(body)})

    @transaction.atomic
    def destroy(self, request: Request, reference: str) -> Response:
        """Give all visits back. The booking stays, with its visits `cancelled`."""
        rules.cancel(booking=self._find(reference), by=None, key=self.key, check=self._match(reference))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _represent(self, reference: str) -> Any:
        return BookingSerializer(self._find(reference)).data

    def _find(self, reference: str) -> Booking:
        self.kwargs["reference"] = reference.upper()
        return self.get_object()

    def _match(self, reference: str) -> Callable[[], None]:
        """Asked by the rule once it holds its locks: is the booking still what the caller read?"""
        return lambda: require_match(self.request, lambda: self._represent(reference))


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``."""
    router.register("opendoors/editions", EditionViewSet, basename="opendoors-edition")
    router.register("opendoors/visits", VisitViewSet, basename="opendoors-visit")
    router.register("opendoors/bookings", BookingViewSet, basename="opendoors-booking")
