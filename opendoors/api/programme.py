"""The programme for programs: editions and visits, public."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import django_filters
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny

from basins.api import MunicipalitySerializer
from basins.enums import BasinCode
from core.api.fields import BilingualField
from core.api.filters import ChangesFilter
from core.api.views import ApiViewSet
from directory.standing import Standing, standing
from opendoors import queries, queries_links
from opendoors.enums import VisitLanguage, VisitState
from opendoors.models import Edition, Host, Place, Visit
from opendoors.rules.window import is_bookable

EVERYBODY = AnonymousUser()


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
            "visits_per_visitor",
            "seats_per_organisation",
            "state",
            "bookable",
            "modified",
        ]
        read_only_fields = fields
        extra_kwargs = {
            "visits_per_visitor": {"help_text": "At most so many; null: no limit."},
            "seats_per_organisation": {"help_text": "At most so many in one visit; null: no limit."},
        }

    def get_bookable(self, edition: Edition) -> bool:
        return is_bookable(edition)


class OpenDoorHostSerializer(serializers.ModelSerializer[Host]):
    """A service that opens its doors; its name keeps its own language."""

    id = serializers.UUIDField(source="uuid")
    language = serializers.CharField(source="name_language", help_text="Of the name: `fr`, `nl`, or empty.")

    class Meta:
        model = Host
        fields = ["id", "name", "language"]


class OpenDoorHostInDirectorySerializer(OpenDoorHostSerializer):
    """A service that opens its doors, and what it is in the service directory. Null while nobody said so."""

    directory_organization = serializers.SerializerMethodField(
        help_text="Its organisation in the directory, at `/api/hsds/v3/organizations/{id}`; null: not linked."
    )
    directory_service = serializers.SerializerMethodField(
        help_text="Its record there, at `/api/hsds/v3/services/{id}`; null: the organisation as a whole, or not public."
    )

    class Meta(OpenDoorHostSerializer.Meta):
        fields = [*OpenDoorHostSerializer.Meta.fields, "directory_organization", "directory_service"]

    def get_directory_organization(self, host: Host) -> UUID | None:
        now = _standing_of(host)
        return now.organization.uuid if now else None

    def get_directory_service(self, host: Host) -> UUID | None:
        now = _standing_of(host)
        return now.public_service.uuid if now and now.public_service else None


def _standing_of(host: Host) -> Standing | None:
    """As the view has read it, for a whole page at once."""
    now: Standing | None = getattr(host, "in_directory", None)
    return now


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
    host = OpenDoorHostInDirectorySerializer()
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
        if visit.state != VisitState.PLANNED or visit.seats_left < 1 or visit.starts_at <= timezone.now():
            return False
        if visit.edition_id not in self._open_editions:
            self._open_editions[visit.edition_id] = is_bookable(visit.edition)
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
        return queries_links.with_record(queries.visits_for(EVERYBODY))

    def paginate_queryset(self, queryset: Any) -> Any:
        return with_directory(super().paginate_queryset(queryset) or [])

    def get_object(self) -> Visit:
        return with_directory([super().get_object()])[0]


def with_directory(visits: Sequence[Visit]) -> Sequence[Visit]:
    """The visits, their hosts knowing what they are in the directory now."""
    known = standing(visit.record for visit in visits if visit.record)  # type: ignore[attr-defined]  # annotated
    for visit in visits:
        visit.host.in_directory = known.get(visit.record)  # type: ignore[attr-defined]  # the same; for the serializer
    return visits
