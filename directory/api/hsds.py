"""HSDS 3.1 for everybody: services, organisations, services at places, taxonomies and their terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import MEDIA_TYPE
from core.api.schema import ProblemSerializer
from core.api.views import ApiViewSet
from core.bilingual import current_language
from directory.api import fetching, shapes
from directory.api.fetching import Writer
from directory.api.filters import (
    FALSE,
    AtLocationFilter,
    OrganizationFilter,
    ServiceFilter,
    TaxonomyFilter,
    TermFilter,
)
from directory.api.pages import PAGE_PARAMETERS, TRUE, HsdsPages
from directory.api.streams import NDJSON, stream, stream_copies, tag_of, unchanged
from directory.api.unknown import refuse_unknown
from directory.hsds import profile
from directory.models import Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm, Tombstone

V = TypeVar("V", bound="type[HsdsViewSet]")

TAG = ["hsds"]
JSON = "application/json"


class LinesRenderer(BaseRenderer):
    """Chosen by ``format=ndjson``; `streams` writes the lines, this one only problems."""

    media_type = NDJSON
    format = "ndjson"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data)


class FormatNegotiation(DefaultContentNegotiation):
    """A format that we do not have is a wrong parameter, not an address that does not exist."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        if request.query_params.get("format") == "":
            self.filter_renderers(renderers, "")
        return super().select_renderer(request, renderers, format_suffix)

    def filter_renderers(self, renderers: Any, format: str) -> Any:  # noqa: A002 - REST framework's name
        if len(renderers) == 1:
            return renderers  # a single record comes in one format, whatever is written there
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            raise ValidationError({"format": [ErrorDetail(_("Write json or ndjson."), "invalid")]})
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows come from, how they are written in lists, and how with all that hangs on them."""

    rows: Callable[[], QuerySet[Any]]
    brief: Writer
    full: Writer


class HsdsViewSet(ApiViewSet[Any]):
    """Read by anybody, without a key; a row is written by plain functions."""

    permission_classes = [AllowAny]
    authentication_classes = []
    renderer_classes = [JSONRenderer, LinesRenderer]
    content_negotiation_class = FormatNegotiation
    pagination_class = HsdsPages
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    filterset_class: ClassVar[Any]
    source: ClassVar[Source]
    address: ClassVar[str]
    of_one: ClassVar[Mapping[str, str]] = {}  # parameters of a single row, with what they do

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._refuse_what_nobody_reads(request)

    def _refuse_what_nobody_reads(self, request: Request) -> None:
        known = {
            "list": {"format", *PAGE_PARAMETERS, *self.filterset_class.base_filters},
            "retrieve": {"format", *self.of_one},
        }.get(self.action)
        if known is None:
            return  # a method that does not exist is 405, whatever was asked
        refuse_unknown(request, known)

    def get_queryset(self) -> QuerySet[Any]:
        return self.source.rows()

    def writer(self, request: Request) -> Writer:
        """How the rows of a list are written, as the parameters ask; they are checked already."""
        return self.source.full if _wants(request, "full") else self.source.brief

    def writer_of_one(self, request: Request) -> Writer:
        return self.source.full

    def get_renderers(self) -> list[BaseRenderer]:
        return [JSONRenderer()] if self.action == "retrieve" else super().get_renderers()

    def list(self, request: Request) -> HttpResponseBase:
        rows = self.filter_queryset(self.get_queryset())
        write, language = self.writer(request), current_language()
        if request.accepted_renderer.format == LinesRenderer.format:
            HsdsPages.asked(request)
            return unchanged(request) or self.stream(rows, write, tag_of(request))
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response(write(page, language))

    def stream(self, rows: QuerySet[Any], write: Writer, tag: str) -> HttpResponseBase:
        return stream(rows, write, current_language(), tag=tag)

    def retrieve(self, request: Request, id: UUID) -> HttpResponseBase:  # noqa: A002 - as HSDS calls it
        found = write_one(self.get_queryset(), id, self.writer_of_one(request))
        if found is None:
            return self._gone(id)
        return Response(found)

    def _gone(self, uuid: UUID) -> HttpResponseBase:
        """What was merged leads to where it went."""
        replaced = Tombstone.objects.filter(record_uuid=uuid, replaced_by__isnull=False).first()
        if replaced is None or not self.get_queryset().filter(uuid=replaced.replaced_by).exists():
            raise Http404
        target = reverse(f"api:hsds-{self.address}-detail", kwargs={"id": replaced.replaced_by})
        return HttpResponsePermanentRedirect(target, preserve_request=True)


def write_one(rows: QuerySet[Any], uuid: UUID, write: Writer) -> Any:
    """The row in full, or ``None``."""
    row = rows.filter(uuid=uuid).first()
    written = write([row], current_language()) if row is not None else []
    return written[0] if written else None


def _wants(request: Request, name: str) -> bool:
    return request.query_params.get(name, "").lower() in TRUE


def _described(of_list: str, of_one: str) -> Callable[[V], V]:
    """How a list and one of its rows are described: the envelope around the rows, or the rows alone."""

    def describe(view: V) -> V:
        serializer: Any = vars(view)["serializer_class"]
        lines = OpenApiResponse(str, description="One row per line, without the envelope.")
        rows = {(200, JSON): serializer(many=True), (200, NDJSON): lines}
        parameters = [
            OpenApiParameter(name, bool, description=words, required=False) for name, words in view.of_one.items()
        ]
        row: dict[Any, Any] = {(200, JSON): serializer}
        if parameters:
            row[(422, MEDIA_TYPE)] = OpenApiResponse(ProblemSerializer, description="Unprocessable Entity")
        return extend_schema_view(
            list=extend_schema(tags=TAG, responses=rows, description=of_list),
            retrieve=extend_schema(tags=TAG, responses=row, description=of_one, parameters=parameters),
        )(view)

    return describe


@_described(
    "Public services, the oldest first, with their plain fields and their organisation.",
    "A service with all that hangs on it.",
)
class ServiceViewSet(HsdsViewSet):
    address = "service"
    serializer_class = shapes.HsdsServiceSerializer
    filterset_class = ServiceFilter
    source = Source(fetching.services, fetching.brief_services, fetching.whole_services)
    queryset = Service.objects.none()  # what the description needs to know

    def writer(self, request: Request) -> Writer:
        return fetching.minimal if _wants(request, "minimal") else super().writer(request)

    def stream(self, rows: QuerySet[Any], write: Writer, tag: str) -> HttpResponseBase:
        """Out of the copies that the clock keeps."""
        kinds = {self.source.brief: "brief", self.source.full: "full"}
        if write in kinds:
            return stream_copies(rows, kinds[write], write, current_language(), tag=tag)
        return super().stream(rows, write, tag)


@_described(
    "Organisations, practices and independents, the oldest first.",
    "An organisation with its places, phones, persons, numbers and services.",
)
class OrganizationViewSet(HsdsViewSet):
    address = "organization"
    serializer_class = shapes.HsdsOrganizationSerializer
    filterset_class = OrganizationFilter
    source = Source(fetching.organizations, fetching.brief_organizations, fetching.whole_organizations)
    queryset = Organization.objects.none()
    of_one = {"full_service": "`true`: with its services in full."}

    def writer(self, request: Request) -> Writer:
        if _wants(request, "full_service"):
            return fetching.organizations_with_whole_services
        return super().writer(request)

    def writer_of_one(self, request: Request) -> Writer:
        given = request.query_params.get("full_service", "false").lower()
        if given not in TRUE | FALSE:
            raise ValidationError({"full_service": [ErrorDetail(_("Write true or false."), "invalid")]})
        return fetching.organizations_with_whole_services if given in TRUE else super().writer_of_one(request)


@_described("Public services at their places, the oldest first.", "A service at one place, both in full.")
class ServiceAtLocationViewSet(HsdsViewSet):
    address = "service-at-location"
    serializer_class = shapes.HsdsServiceAtLocationSerializer
    filterset_class = AtLocationFilter
    source = Source(fetching.at_locations, fetching.brief_at_locations, fetching.whole_at_locations)
    queryset = ServiceAtLocation.objects.none()


@_described(
    "The lists of words that services carry: themes, audiences, sectors, languages, kinds.", "One list of words."
)
class TaxonomyViewSet(HsdsViewSet):
    address = "taxonomy"
    serializer_class = shapes.HsdsTaxonomySerializer
    filterset_class = TaxonomyFilter
    source = Source(fetching.taxonomies, fetching.write_taxonomies, fetching.write_taxonomies)
    queryset = Taxonomy.objects.none()


@_described("The words themselves, in both languages, with what people call them.", "One word with its list.")
class TaxonomyTermViewSet(HsdsViewSet):
    address = "taxonomy-term"
    serializer_class = shapes.HsdsTaxonomyTermSerializer
    filterset_class = TermFilter
    source = Source(fetching.terms, fetching.write_terms, fetching.write_terms)
    queryset = TaxonomyTerm.objects.none()


class RootViewSet(ApiViewSet[Any]):
    """What this API is, and the profile of HSDS it keeps to."""

    permission_classes = [AllowAny]
    authentication_classes = []
    pagination_class = None
    filter_backends = []

    @extend_schema(tags=TAG, responses=shapes.HsdsRootSerializer)
    def root(self, request: Request) -> Response:
        """Version, profile and description: where to begin."""
        lists = [reverse(f"api:hsds-{view.address}-list") for view in LISTS]
        return Response(
            {
                "version": profile.HSDS_VERSION,
                "profile": _absolute("api:hsds-profile"),
                "openapi_url": _absolute("api:schema"),
                "profile_version": profile.PROFILE_VERSION,
                "lists": lists,
            }
        )

    @extend_schema(tags=TAG, responses=OpenApiTypes.OBJECT)
    def profile(self, request: Request) -> Response:
        """What we promise beyond HSDS, and the fields we add, as merge patches of the official schemas."""
        return Response(profile.document(canonical=_absolute("api:hsds-profile"), base=_absolute("api:hsds-root")))


def _absolute(name: str) -> str:
    """Canonical: under the site's own address, whatever name it was called by."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse(name)}"


LISTS: tuple[type[HsdsViewSet], ...] = (
    ServiceViewSet,
    OrganizationViewSet,
    ServiceAtLocationViewSet,
    TaxonomyViewSet,
    TaxonomyTermViewSet,
)
