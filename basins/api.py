"""The territory for everybody: basins and what a postcode can tell."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from basins.api_webhooks import WebhookViewSet
from basins.models import Basin, Municipality
from basins.rules import routing
from core.api.fields import BilingualField
from core.api.filters import ChangesFilter
from core.api.views import ApiViewSet
from core.bilingual import both

# --- The description -------------------------------------------------------------------------------


class PartnerKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself, untyped
    """How the description speaks of keys."""

    target_class = "basins.partners.PartnerKeyAuthentication"
    name = "PartnerKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key ` and the key that the basin gave you.",
        }


# --- Territory -----------------------------------------------------------------------------------


class MunicipalitySerializer(serializers.ModelSerializer[Municipality]):
    """A municipality, by its NIS code (Statbel)."""

    name = BilingualField()

    class Meta:
        model = Municipality
        fields = ["nis_code", "name"]


class ServedMunicipalitySerializer(MunicipalitySerializer):
    """A municipality, or the part of it that lies in a basin."""

    postcodes = serializers.ListField(child=serializers.CharField())

    class Meta(MunicipalitySerializer.Meta):
        fields = ["nis_code", "name", "postcodes"]


class BasinSerializer(serializers.ModelSerializer[Basin]):
    """A care basin and how to reach its helpdesk."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    name = BilingualField()
    helpdesk_email = BilingualField()
    municipalities = serializers.SerializerMethodField()

    class Meta:
        model = Basin
        fields = ["id", "code", "name", "helpdesk_phone", "helpdesk_email", "municipalities", "modified"]
        read_only_fields = fields

    @extend_schema_field(ServedMunicipalitySerializer(many=True))
    def get_municipalities(self, basin: Basin) -> list[dict[str, Any]]:
        served: dict[str, dict[str, Any]] = {}
        for area in basin.postcode_areas.all():
            entry = served.setdefault(
                area.municipality.nis_code,
                {
                    "nis_code": area.municipality.nis_code,
                    "name": both(area.municipality, "name"),
                    "postcodes": [],
                },
            )
            entry["postcodes"].append(area.postcode)
        return [served[code] for code in sorted(served)]


class BasinViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[Basin]):
    """The five care basins, their municipalities and postcodes, and how to reach their helpdesks."""

    permission_classes = [AllowAny]
    queryset = Basin.objects.prefetch_related("postcode_areas__municipality")
    serializer_class = BasinSerializer
    filterset_class = ChangesFilter
    lookup_field = "code"
    lookup_value_regex = "[a-z-]+"


class CandidateSerializer(serializers.Serializer[routing.Candidate]):
    """A basin in which the postcode, or a part of it, lies."""

    basin = serializers.CharField(
        source="basin.code", default=None, allow_null=True, help_text="The basin's code; null where nobody told us."
    )
    municipality = MunicipalitySerializer()
    is_main = serializers.BooleanField(help_text="Where most of the postcode's people live.")
    reason = serializers.CharField(help_text="A sentence in the reader's language.")


class PostcodeSerializer(serializers.Serializer[dict[str, Any]]):
    """What a postcode can tell: a postcode alone does not decide on the basin."""

    postcode = serializers.CharField()
    candidates = CandidateSerializer(many=True)


class PostcodeViewSet(ApiViewSet[Any]):
    """From a postcode to the basins it may lie in, the main part first, each with a reason."""

    permission_classes = [AllowAny]
    serializer_class = PostcodeSerializer
    lookup_field = "postcode"

    @extend_schema(
        parameters=[OpenApiParameter("postcode", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^1[0-2][0-9]{2}$")]
    )
    def retrieve(self, request: Request, postcode: str) -> Response:
        if len(postcode) > 10:
            raise Http404
        found = {"postcode": postcode, "candidates": routing.candidates(postcode)}
        return Response(self.get_serializer(found).data)


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``."""
    router.register("basins", BasinViewSet, basename="basin")
    router.register("postcodes", PostcodeViewSet, basename="postcode")
    router.register("webhooks", WebhookViewSet, basename="webhook")
