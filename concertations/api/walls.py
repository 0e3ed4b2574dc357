"""What came of the walls of post-its, public: groups and their ranks. What single people wrote stays in the room."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny

from basins.enums import BasinCode
from concertations import queries, queries_wall
from concertations.enums_tables import WallState
from concertations.models import Cluster, Wall
from core.api.fields import BilingualField
from core.api.filters import ChangesFilter
from core.api.views import ApiViewSet
from core.bilingual import both


class ConcertationGroupSerializer(serializers.Serializer[Any]):
    """Post-its that say the same. A rank is one within its wall: ranks of two walls are not compared."""

    id = serializers.UUIDField(source="cluster.uuid")
    title = serializers.SerializerMethodField()
    priority_rank = serializers.SerializerMethodField(
        help_text="By P points, what matters most; equals share a rank. null: nobody gave it a point."
    )
    support_rank = serializers.SerializerMethodField(
        help_text="By S points, where people can help. null: nobody gave it a point."
    )

    @extend_schema_field(BilingualField)
    def get_title(self, group: queries_wall.Group) -> dict[str, str]:
        return both(group.cluster, "title")

    def get_priority_rank(self, group: queries_wall.Group) -> int | None:
        return group.priority or None

    def get_support_rank(self, group: queries_wall.Group) -> int | None:
        return group.support or None


class ConcertationWallSerializer(serializers.ModelSerializer[Wall]):
    """A question asked at a meeting, once its ranks are shown."""

    id = serializers.UUIDField(source="uuid")
    meeting = serializers.UUIDField(source="meeting.uuid")
    question = BilingualField()
    groups = serializers.SerializerMethodField(help_text="What matters most first.")

    class Meta:
        model = Wall
        fields = ["id", "meeting", "question", "groups", "modified"]
        read_only_fields = fields

    @extend_schema_field(ConcertationGroupSerializer(many=True))
    def get_groups(self, wall: Wall) -> Any:
        return ConcertationGroupSerializer(queries_wall.ranked(wall.clusters.all()), many=True).data


class WallFilter(ChangesFilter):
    meeting = django_filters.UUIDFilter(field_name="meeting__uuid", help_text="Of this meeting alone.")
    basin = django_filters.ChoiceFilter(
        field_name="meeting__series__basin__code", choices=BasinCode.choices, help_text="Of this basin alone."
    )


class WallViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Wall]):
    """Walls of public meetings whose ranks are shown. How many points there were is not kept for anybody to read."""

    permission_classes = [AllowAny]
    serializer_class = ConcertationWallSerializer
    filterset_class = WallFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Wall.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Wall]:
        """Two queries for a page: the walls, and their groups with the points counted."""
        found = Wall.objects.filter(state=WallState.SHOWN, meeting__in=queries.public_meetings())
        return found.select_related("meeting").prefetch_related(
            Prefetch("clusters", queryset=queries_wall.counted(Cluster.objects.all()))
        )
