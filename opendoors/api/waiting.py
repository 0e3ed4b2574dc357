"""The waiting list for partners: with a key for the basin, each key its own requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from basins.enums import Language
from basins.models import PartnerKey
from basins.partners import has_scope
from core.api.etags import etag_of_data, require_match
from core.api.filters import ChangesFilter, MomentFilter
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet
from core.errors import RuleError
from opendoors import queries_waiting
from opendoors.access import SCOPE_BOOK
from opendoors.api.bookings import SECTORS, GroupSerializer, WhoSerializer
from opendoors.api.programme import OpenDoorHostSerializer
from opendoors.enums import WaitingState
from opendoors.models import WaitingRequest, Wish
from opendoors.rules import waiting as rules
from opendoors.rules.seats import VISITS_AT_ONCE, names_in


class WishSerializer(serializers.ModelSerializer[Wish]):
    """One visit of a request. `offered`: seats are held until `expires_at`; accept or decline them before."""

    id = serializers.UUIDField(source="visit.uuid", help_text="Of the visit.")
    host = OpenDoorHostSerializer(source="visit.host")
    starts_at = serializers.DateTimeField(source="visit.starts_at")
    ends_at = serializers.DateTimeField(source="visit.ends_at")

    class Meta:
        model = Wish
        fields = ["id", "state", "offered_at", "expires_at", "host", "starts_at", "ends_at"]


class WaitingRequestSerializer(serializers.ModelSerializer[WaitingRequest]):
    """A request for `wanted` of its visits, with `seats` seats in each."""

    edition = serializers.UUIDField(source="visitor.edition.uuid")
    email = serializers.EmailField(source="visitor.email")
    language = serializers.ChoiceField(source="visitor.language", choices=Language.choices)
    sector = serializers.ChoiceField(choices=SECTORS)
    companions = serializers.SerializerMethodField(help_text="Names of those who come along.")
    visits = WishSerializer(source="wishes", many=True)
    booking = serializers.SerializerMethodField(help_text="Reference of the booking of what was accepted, or null.")
    modified = serializers.DateTimeField(source="changed", help_text="Of the request or of one of its visits.")

    class Meta:
        model = WaitingRequest
        fields = [
            "reference",
            "edition",
            "state",
            "wanted",
            "seats",
            "name",
            "email",
            "organisation",
            "sector",
            "language",
            "access_needs",
            "companions",
            "visits",
            "booking",
            "created",
            "modified",
        ]
        read_only_fields = fields

    def get_companions(self, request: WaitingRequest) -> list[str]:
        return names_in(request.companions)

    def get_booking(self, request: WaitingRequest) -> str | None:
        booked = (wish.booked for wish in request.wishes.all())
        return next((row.booking.reference for row in booked if row is not None), None)


class LinePlaceSerializer(serializers.Serializer[Any]):
    """A place in the line of a visit: what was asked for before."""

    id = serializers.UUIDField(help_text="Of the visit.")
    ahead = serializers.IntegerField(help_text="Requests that were made before.")
    seats_ahead = serializers.IntegerField(help_text="Seats they ask for.")


class LineChoiceSerializer(serializers.Serializer[WaitingRequest]):
    """The visits to stay in line for."""

    visits = serializers.ListField(
        child=serializers.UUIDField(), min_length=1, max_length=VISITS_AT_ONCE, help_text="Identifiers of visits."
    )


class WaitingInputSerializer(WhoSerializer, GroupSerializer, LineChoiceSerializer):
    """Who waits, and for what. All visits are of one edition, and none has the seats now."""

    wanted = serializers.IntegerField(
        min_value=1, max_value=VISITS_AT_ONCE, required=False, help_text="How many of these visits. Left out: 1."
    )


class AnswerSerializer(serializers.Serializer[Wish]):
    """Which of the visits is answered."""

    visit = serializers.UUIDField(help_text="Identifier of the visit on offer.")


class WaitingFilter(ChangesFilter):
    modified_after = MomentFilter(
        field_name="changed", lookup_expr="gt", help_text="Only requests changed after this moment (ISO 8601)."
    )
    state = django_filters.ChoiceFilter(choices=WaitingState.choices, help_text="Only requests in this state.")
    # Not a BooleanFilter: it takes what it does not know for no filter at all.
    offered = django_filters.ChoiceFilter(
        choices=[("true", "true"), ("false", "false")],
        method="with_offer",
        help_text="`true`: only requests that have an offer to answer.",
    )

    def with_offer(self, rows: QuerySet[WaitingRequest], _name: str, value: str) -> QuerySet[WaitingRequest]:
        offers = Wish.objects.filter(state="offered").values("request")
        return rows.filter(pk__in=offers) if value == "true" else rows.exclude(pk__in=offers)


class WaitingViewSet(ListModelMixin, ApiViewSet[WaitingRequest]):
    """Places in line that a partner asked for with its own key; nobody else's are visible here.

    Offers are also mailed to the visitor, who may answer as well: what counts is who answers first.
    """

    permission_classes = [has_scope(SCOPE_BOOK)]
    serializer_class = WaitingRequestSerializer
    filterset_class = WaitingFilter
    lookup_field = "reference"
    lookup_value_regex = "[A-Za-z0-9]{1,12}"
    queryset = WaitingRequest.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[WaitingRequest]:
        return queries_waiting.requests_of_key(self.key)

    @property
    def key(self) -> PartnerKey:
        assert isinstance(self.request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
        return self.request.auth

    @extend_schema(request=WaitingInputSerializer)
    @idempotent
    def create(self, request: Request) -> Response:
        """Stand in line for one or several visits that are full, for `wanted` of them.

        409 `seats-free` names visits that have the seats: book those. 409 `visits-full` here means called off.
        """
        data = WaitingInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        asked = {"wanted": 1, "seats": 1, **data.validated_data}
        made = _join(**asked, key=self.key)
        body = self._represent(made.reference)
        address = reverse("api:opendoors-waiting-detail", kwargs={"reference": made.reference})
        headers = {"Location": request.build_absolute_uri(address), "ETag": etag_of_data(body)}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    def retrieve(self, request: Request, reference: str) -> Response:
        """A request as it stands."""
        return Response(self._represent(reference))

    @extend_schema(request=LineChoiceSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, reference: str) -> Response:
        """Stay in line for these visits only: the others are left, with what is on offer there."""
        data = LineChoiceSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        found = self._find(reference)
        staying = set(data.validated_data["visits"])
        leaving = [wish.visit.uuid for wish in found.wishes.all() if wish.visit.uuid not in staying]
        rules.leave(request=found, by=None, key=self.key, visits=leaving, check=self._match(reference))
        return self._changed(reference)

    @transaction.atomic
    def destroy(self, request: Request, reference: str) -> Response:
        """Leave all lines of the request. What was accepted stays booked; the request stays, as `left` or `served`."""
        rules.leave(request=self._find(reference), by=None, key=self.key, check=self._match(reference))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=AnswerSerializer, responses=WaitingRequestSerializer)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def accept(self, request: Request, reference: str) -> Response:
        """Accept the seats on offer in a visit; what the visitor has at the same time is given back.

        Again: the same answer. 409 `offer-gone` says in `state` what became of the offer.
        """
        rules.accept(wish=self._wish(reference), by=None, key=self.key, check=self._match(reference))
        return self._changed(reference)

    @extend_schema(request=AnswerSerializer, responses=WaitingRequestSerializer)
    @action(detail=True, methods=["post"])
    @transaction.atomic
    def decline(self, request: Request, reference: str) -> Response:
        """Let the seats on offer in a visit go to the next in line. Again: the same answer."""
        rules.decline(wish=self._wish(reference), by=None, key=self.key, check=self._match(reference))
        return self._changed(reference)

    @extend_schema(responses=LinePlaceSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def line(self, request: Request, reference: str) -> Response:
        """The places in line, for visits that are still waited for. They change as others come and go."""
        waiting = [wish for wish in self._find(reference).wishes.all() if wish.state == "waiting"]
        places = queries_waiting.places_in_line(waiting)
        rows = [
            {"id": wish.visit.uuid, "ahead": places[wish.pk].ahead, "seats_ahead": places[wish.pk].seats_ahead}
            for wish in waiting
        ]
        return Response(LinePlaceSerializer(rows, many=True).data)

    def _changed(self, reference: str) -> Response:
        body = self._represent(reference)
        return Response(body, headers={"ETag": etag_of_data(body)})

    def _wish(self, reference: str) -> Wish:
        data = AnswerSerializer(data=self.request.data)
        data.is_valid(raise_exception=True)
        for wish in self._find(reference).wishes.all():
            if wish.visit.uuid == data.validated_data["visit"]:
                return wish
        raise Http404

    def _represent(self, reference: str) -> Any:
        return WaitingRequestSerializer(self._find(reference)).data

    def _find(self, reference: str) -> WaitingRequest:
        self.kwargs["reference"] = reference.upper()
        return self.get_object()

    def _match(self, reference: str) -> Callable[[], None]:
        """Asked by the rule once it holds its locks: is the request still what the caller read?"""
        return lambda: require_match(self.request, lambda: self._represent(reference))


def _join(**asked: Any) -> WaitingRequest:
    """What the rule says of ``waits``, as the page has them, is said of ``visits`` here."""
    try:
        return rules.join(**asked, by=None)
    except RuleError as error:
        if error.field == "waits":
            error.field = "visits"
        raise
