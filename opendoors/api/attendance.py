"""Who is expected and who came, for partners whose key carries the scope, in the basins it was given for."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.mixins import RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from basins.enums import Language
from basins.models import PartnerKey
from basins.partners import has_scope
from core.api.etags import etag_of_data
from core.api.views import ApiViewSet
from opendoors import queries_day
from opendoors.access import SCOPE_ATTENDANCE
from opendoors.api.programme import OpenDoorHostSerializer
from opendoors.enums import Attendance, NotedBy
from opendoors.errors import NotExpected
from opendoors.models import GROUP_AT_MOST, SEATS_AT_MOST, BookedVisit, Visit
from opendoors.rules import attendance as rules
from opendoors.rules.attendance import Tap

SAID = [("", _("not said")), *Attendance.choices]
WITNESSES = [("", _("not said")), *NotedBy.choices]


class ExpectedSerializer(serializers.ModelSerializer[BookedVisit]):
    """Somebody who holds seats in the visit, alone or with others."""

    reference = serializers.CharField(source="booking.reference", help_text="Of the booking.")
    name = serializers.CharField(source="booking.name")
    organisation = serializers.CharField(source="booking.organisation")
    language = serializers.ChoiceField(source="booking.visitor.language", choices=Language.choices)
    access_needs = serializers.BooleanField(source="booking.access_needs", help_text="Needs wheelchair access.")
    companions = serializers.SerializerMethodField(help_text="Names of those who come along.")
    attendance = serializers.ChoiceField(choices=SAID)
    came = serializers.IntegerField(
        source="people_came", allow_null=True, help_text="How many of the `seats` came; null: not said."
    )
    attendance_by = serializers.ChoiceField(choices=WITNESSES, help_text="Who said so last.")

    class Meta:
        model = BookedVisit
        fields = [
            "reference",
            "name",
            "organisation",
            "language",
            "access_needs",
            "companions",
            "seats",
            "attendance",
            "came",
            "attendance_at",
            "attendance_by",
        ]
        read_only_fields = fields

    def get_companions(self, row: BookedVisit) -> list[str]:
        return row.booking.companions.splitlines()


class AttendanceSerializer(serializers.ModelSerializer[Visit]):
    """The list of a visit. `walk_ins` came without a booking; `walk_ins_at` is null while nobody counted them."""

    id = serializers.UUIDField(source="uuid", help_text="Of the visit.")
    edition = serializers.UUIDField(source="edition.uuid")
    host = OpenDoorHostSerializer()
    expected = ExpectedSerializer(source="expected_rows", many=True)

    class Meta:
        model = Visit
        fields = ["id", "edition", "host", "starts_at", "ends_at", "state", "walk_ins", "walk_ins_at", "expected"]
        read_only_fields = fields


class SaidSerializer(serializers.Serializer[BookedVisit]):
    """What is said of one booking of the visit."""

    reference = serializers.CharField(max_length=12)
    attendance = serializers.ChoiceField(choices=Attendance.choices)
    came = serializers.IntegerField(
        min_value=1,
        max_value=GROUP_AT_MOST,
        required=False,
        help_text="With `present`, of a team: how many of its `seats` came; left out: all.",
    )
    at = serializers.DateTimeField(required=False, help_text="When it was said; left out: now. The later word stands.")


class AttendanceInputSerializer(serializers.Serializer[Visit]):
    """What is noted: of people on the list, and how many came besides."""

    expected = SaidSerializer(many=True, required=False, max_length=SEATS_AT_MOST)  # type: ignore[call-arg]  # of the list
    all_present = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Whoever else is on the list came: those of whom nothing was said, here or before. A word on one "
        "booking counts more, whenever it was said and whichever arrives first.",
    )
    walk_ins = serializers.IntegerField(min_value=0, max_value=SEATS_AT_MOST, required=False)
    walk_ins_at = serializers.DateTimeField(
        required=False, help_text="When they were counted; left out: now. The later count stands."
    )


class AttendanceViewSet(RetrieveModelMixin, ApiViewSet[Visit]):
    """The list of a visit, with the scope `opendoors:attendance`: who is expected, and who came."""

    permission_classes = [has_scope(SCOPE_ATTENDANCE)]
    serializer_class = AttendanceSerializer
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Visit.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Visit]:
        return queries_day.with_expected(queries_day.visits_of_key(self.key))

    @property
    def key(self) -> PartnerKey:
        assert isinstance(self.request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
        return self.request.auth

    @extend_schema(request=AttendanceInputSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, **_address: Any) -> Response:
        """Note who came, all or nothing; from the day of the visit on, until the edition is evaluated.

        Of two words on the same booking, or two counts of `walk_ins`, the later one stands, whichever arrives
        first; the same call twice changes nothing. Of a team, `came` says how many came, and goes with its word.
        422 names in `expected` the references that are not on the list, or of which no such number can have come.
        """
        data = AttendanceInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        visit = self.get_object()
        said = data.validated_data.get("expected", [])
        rules.note_many(visit=visit, taps=_taps(visit, said), by_whom=NotedBy.PARTNER, key=self.key)
        if data.validated_data["all_present"]:
            rules.note_all_present(visit=visit, by_whom=NotedBy.PARTNER, key=self.key)
        if "walk_ins" in data.validated_data:
            number, at = data.validated_data["walk_ins"], data.validated_data.get("walk_ins_at")
            rules.count_walk_ins(visit=visit, number=number, at=at, by_whom=NotedBy.PARTNER, key=self.key)
        body = AttendanceSerializer(self.get_object()).data
        return Response(body, headers={"ETag": etag_of_data(body)})


def _taps(visit: Visit, said: list[dict[str, Any]]) -> list[Tap]:
    rows = {row.booking.reference: row.uuid for row in queries_day.sheet_of(visit)}
    unknown = [one["reference"] for one in said if one["reference"].upper() not in rows]
    if unknown:
        raise NotExpected(_("Not on the list of this visit."), field="expected", expected=unknown)
    return [
        Tap(
            booked=rows[one["reference"].upper()],
            attendance=Attendance(one["attendance"]),
            at=one.get("at"),
            came=one.get("came"),
        )
        for one in said
    ]
