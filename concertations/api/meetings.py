"""Series and meetings for programs, public. What a meeting's page says, and what stands on its agenda."""

from __future__ import annotations

import django_filters
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny

from basins.api import MunicipalitySerializer
from basins.enums import BasinCode
from concertations import queries
from concertations.enums import PUBLIC_STATES, ItemKind, MeetingState, SeriesKind
from concertations.models import AgendaItem, Meeting, Series, Theme
from concertations.rules.window import link_is_public, why_closed
from core.api.fields import BilingualField
from core.api.filters import ChangesFilter
from core.api.views import ApiViewSet

EVERYBODY = AnonymousUser()


class ConcertationThemeSerializer(serializers.ModelSerializer[Theme]):
    """A theme, and how many meetings a year the law asks of each basin."""

    name = BilingualField()

    class Meta:
        model = Theme
        fields = ["code", "name", "meetings_per_year"]
        read_only_fields = fields


class ConcertationSeriesSerializer(serializers.ModelSerializer[Series]):
    """Meetings that belong together."""

    id = serializers.UUIDField(source="uuid")
    basin = serializers.SerializerMethodField(help_text="The basin; null: the Region's own.")
    kind = serializers.ChoiceField(choices=SeriesKind.choices)
    theme = ConcertationThemeSerializer(allow_null=True)
    name = BilingualField()
    intro = BilingualField()

    class Meta:
        model = Series
        fields = ["id", "basin", "kind", "theme", "name", "intro", "contact_email", "is_over", "modified"]
        read_only_fields = fields

    def get_basin(self, series: Series) -> str | None:
        return series.basin.code if series.basin else None


class ConcertationItemSerializer(serializers.ModelSerializer[AgendaItem]):
    """One item of an agenda, in its order."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(choices=ItemKind.choices)
    title = BilingualField()

    class Meta:
        model = AgendaItem
        fields = ["id", "kind", "title", "minutes", "who"]
        read_only_fields = fields
        extra_kwargs = {"minutes": {"help_text": "null: not said."}}


class ConcertationMeetingSerializer(serializers.ModelSerializer[Meeting]):
    """One meeting of a series."""

    id = serializers.UUIDField(source="uuid")
    series = serializers.UUIDField(source="series.uuid")
    basin = serializers.SerializerMethodField(help_text="The basin; null: the Region's own.")
    title = BilingualField()
    intro = BilingualField()
    place = BilingualField()
    street = BilingualField()
    municipality = MunicipalitySerializer(allow_null=True)
    state = serializers.ChoiceField(
        choices=[(state.value, state.label) for state in MeetingState if state in PUBLIC_STATES]
    )
    whole_day = serializers.BooleanField(source="is_whole_day", help_text="The hours are not known, the day is.")
    online_url = serializers.SerializerMethodField(
        help_text="To take part at a distance; empty where one has to register first."
    )
    seats_left = serializers.SerializerMethodField(help_text="null: no limit.")
    open_for_registration = serializers.SerializerMethodField(help_text="By dates and state; see `seats_left`.")
    agenda = ConcertationItemSerializer(source="items", many=True)

    class Meta:
        model = Meeting
        fields = [
            *("id", "series", "basin", "number", "title", "intro", "starts_at", "ends_at", "whole_day"),
            *("place", "street", "postcode", "municipality", "wheelchair", "online_url"),
            *("registration_opens_at", "registration_closes_at", "seats", "seats_left", "open_for_registration"),
            *("state", "agenda", "modified"),
        ]
        read_only_fields = fields
        extra_kwargs = {"wheelchair": {"help_text": "null: not known."}, "number": {"help_text": "In its series."}}

    def get_basin(self, meeting: Meeting) -> str | None:
        return meeting.series.basin.code if meeting.series.basin else None

    def get_online_url(self, meeting: Meeting) -> str:
        return meeting.online_url if link_is_public(meeting) else ""

    def get_seats_left(self, meeting: Meeting) -> int | None:
        return None if meeting.seats is None else max(0, meeting.seats - meeting.seats_taken)

    def get_open_for_registration(self, meeting: Meeting) -> bool:
        return not why_closed(meeting)


class SeriesFilter(ChangesFilter):
    basin = django_filters.ChoiceFilter(
        field_name="basin__code", choices=BasinCode.choices, help_text="Of this basin alone."
    )
    theme = django_filters.CharFilter(field_name="theme__code", help_text="On this theme, by its code.")


class MeetingFilter(ChangesFilter):
    series = django_filters.UUIDFilter(field_name="series__uuid", help_text="Of this series alone.")
    basin = django_filters.ChoiceFilter(
        field_name="series__basin__code", choices=BasinCode.choices, help_text="Of this basin alone."
    )


class SeriesViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Series]):
    """Series of meetings. A closed group shows itself here; its meetings are its members' affair."""

    permission_classes = [AllowAny]
    serializer_class = ConcertationSeriesSerializer
    filterset_class = SeriesFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Series.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Series]:
        return queries.series_for(EVERYBODY)


class MeetingViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Meeting]):
    """Meetings that were announced. Those that were called off stay in the list with the state `cancelled`."""

    permission_classes = [AllowAny]
    serializer_class = ConcertationMeetingSerializer
    filterset_class = MeetingFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = Meeting.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Meeting]:
        items = Prefetch("items", queryset=AgendaItem.objects.order_by("position", "pk"))
        return queries.public_meetings().prefetch_related(items)
