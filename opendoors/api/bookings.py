"""Bookings by partners: with a key for the basin, each key its own bookings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from basins.enums import Language, Sector
from basins.models import PartnerKey
from basins.partners import has_scope
from core.api.etags import etag_of_data, require_match
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet
from opendoors import queries
from opendoors.access import SCOPE_BOOK
from opendoors.api.programme import OpenDoorHostSerializer
from opendoors.errors import AlreadyBooked, VisitsGone, VisitsOverlap
from opendoors.models import GROUP_AT_MOST, BookedVisit, Booking
from opendoors.rules import booking as rules
from opendoors.rules.seats import names_in

SECTORS = [("", _("not said")), *Sector.choices]


class BookedVisitSerializer(serializers.ModelSerializer[BookedVisit]):
    """A visit of a booking, and whether its seat is still held."""

    id = serializers.UUIDField(source="visit.uuid", help_text="Of the visit.")
    host = OpenDoorHostSerializer(source="visit.host")
    starts_at = serializers.DateTimeField(source="visit.starts_at")
    ends_at = serializers.DateTimeField(source="visit.ends_at")

    class Meta:
        model = BookedVisit
        fields = ["id", "state", "seats", "host", "starts_at", "ends_at"]


class BookingSerializer(serializers.ModelSerializer[Booking]):
    """One act of booking."""

    edition = serializers.UUIDField(source="visitor.edition.uuid")
    email = serializers.EmailField(source="visitor.email")
    language = serializers.ChoiceField(source="visitor.language", choices=Language.choices)
    sector = serializers.ChoiceField(choices=SECTORS)
    companions = serializers.SerializerMethodField(help_text="Names of those who come along.")
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
            "companions",
            "visits",
            "created",
            "modified",
        ]
        read_only_fields = fields

    def get_companions(self, booking: Booking) -> list[str]:
        return names_in(booking.companions)

    @extend_schema_field(BookedVisitSerializer(many=True))
    def get_visits(self, booking: Booking) -> Any:
        return BookedVisitSerializer(queries.latest_per_visit(list(booking.booked.all())), many=True).data


class GroupSerializer(serializers.Serializer[Booking]):
    """For how many people, and who they are."""

    seats = serializers.IntegerField(
        min_value=1, max_value=GROUP_AT_MOST, required=False, help_text="In each visit. Left out: 1, or as it was."
    )
    companions = serializers.ListField(
        child=serializers.CharField(max_length=120),
        max_length=GROUP_AT_MOST - 1,
        required=False,
        help_text="Names of those who come along, for the host's list.",
    )

    def validate_companions(self, names: list[str]) -> str:
        """As they are stored: one per line, so no name has two."""
        return "\n".join(" ".join(name.split()) for name in names)


class VisitChoiceSerializer(GroupSerializer):
    """The visits that the booking shall hold."""

    visits = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=rules.VISITS_AT_ONCE, help_text="Identifiers of visits."
    )


class WhoSerializer(serializers.Serializer[Booking]):
    """Who comes."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254, help_text="Gets the confirmation and the reminders.")
    organisation = serializers.CharField(max_length=160, required=False, allow_blank=True)
    sector = serializers.ChoiceField(choices=SECTORS, required=False)
    language = serializers.ChoiceField(choices=Language.choices, help_text="Of the mails.")
    access_needs = serializers.BooleanField(required=False, help_text="Needs wheelchair access.")


class BookingInputSerializer(WhoSerializer, VisitChoiceSerializer):
    """Who comes, and where to. All visits are of one edition."""


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

        409 names in `visits` what is `full`, has too `few` seats or is `cancelled`, each with its `reason` and
        `seats_left`; or (`organisation-limit`) where the organisation has all it may have. Then nothing was booked.
        422 `already-booked` names in `references` your bookings that hold some of `visits` for this address.
        """
        data = BookingInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = self._book(data.validated_data)
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
        """Make these the visits of the booking: what is missing is given back, what is new is taken.

        `seats` changes the number of people in each visit that has not begun.
        """
        data = VisitChoiceSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rules.change(
            booking=self._find(reference),
            **data.validated_data,
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

    def _book(self, asked: dict[str, Any]) -> Booking:
        """What the key has booked for the address already is said to be so, not to be full or at the same time."""
        try:
            return rules.book(**asked, by=None, key=self.key)
        except (VisitsGone, VisitsOverlap) as error:
            rows = list(queries.booked_by_key(self.key, asked["email"], asked["visits"]))
            if not rows:
                raise
            raise AlreadyBooked([row.visit for row in rows], [row.booking.reference for row in rows]) from error

    def _represent(self, reference: str) -> Any:
        return BookingSerializer(self._find(reference)).data

    def _find(self, reference: str) -> Booking:
        self.kwargs["reference"] = reference.upper()
        return self.get_object()

    def _match(self, reference: str) -> Callable[[], None]:
        """Asked by the rule once it holds its locks: is the booking still what the caller read?"""
        return lambda: require_match(self.request, lambda: self._represent(reference))
