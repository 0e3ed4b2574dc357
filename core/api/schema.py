"""The API's description (OpenAPI 3.1), drawn from the views, and the page that shows it offline."""

from __future__ import annotations

import functools
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language_info, override
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from core.api import problems, reference
from core.api.etags import conditional
from core.bilingual import LANGUAGE_CODES, current_language

ENGLISH = "en"  # the language of the description: one reference for everybody who programs


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One thing that is not valid."""

    field = serializers.CharField(help_text="Path into the body, e.g. `visits.0`; empty: the request as a whole.")
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence in the reader's language.")


class ProblemSerializer(serializers.Serializer[Any]):
    """Problem details (RFC 9457), in the language of `Accept-Language` (fr, nl)."""

    type = serializers.CharField(help_text="`/api/problems/<code>/`")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField(help_text="The address that was called.")
    code = serializers.CharField(help_text="Stable: compare this one.")
    errors = ProblemErrorSerializer(many=True, required=False)  # type: ignore[assignment]  # REST framework has an attribute of that name


def _header(name: str, description: str, *codes: int, required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description=description,
        response=list(codes),
        required=required,
    )


def _asks(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description)


class Schema(AutoSchema):
    """Adds to each operation what the base gives to all of them: problems, entity tags, rate limits."""

    def get_override_parameters(self) -> list[Any]:
        reads = self.method == "GET"
        success = 200 if reads or self.method == "PATCH" else 201
        parameters = [_asks("Accept-Language", "`fr` or `nl`: the language of problems.")]
        parameters += [
            _header("RateLimit", 'What is left of the budget, e.g. `"read";r=599;t=42`.', success, 429),
            _header("RateLimit-Policy", 'The budget, e.g. `"read";q=600;w=60`.', success, 429),
        ]
        if reads:
            parameters += [
                _asks("If-None-Match", "The ETag you have: 304 without a body when nothing changed."),
                _header("ETag", "Strong entity tag of this representation.", 200, 304, required=True),
            ]
            if self._is_list_view():
                parameters.append(_header("Link", 'The next page as `rel="next"`; missing on the last one.', 200))
        if self._is_idempotent():
            parameters += [
                _asks(
                    "Idempotency-Key",
                    "1 to 200 visible ASCII characters of your choice. The same key with the same body gets "
                    "the same answer for 24 hours; with another body 422.",
                ),
                _header("Idempotency-Replayed", "`true` when this is the kept answer to an earlier call.", 201),
            ]
        if self._writes_conditionally():
            parameters.append(
                _asks("If-Match", "The ETag of the state you want to change; 412 when it is no longer that.")
            )
        if self.method in {"POST", "PATCH"}:
            parameters.append(_header("ETag", "Strong entity tag of the new state.", success, required=True))
        if self.method == "POST":
            parameters.append(_header("Location", "Where the new resource lies.", 201, required=True))
        return parameters

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if self.method == "GET":
            bodies["304"] = self._get_response_for_code(None, "304", direction=direction)  # type: ignore[no-untyped-call]  # drf-spectacular's own
            bodies["304"]["description"] = "You have it already."
        for code in self._problem_codes():
            if code not in bodies:
                bodies[code] = self._get_response_for_code(  # type: ignore[no-untyped-call]  # drf-spectacular's own
                    ProblemSerializer, code, [problems.MEDIA_TYPE], direction
                )
                bodies[code]["description"] = HTTPStatus(int(code)).phrase
        return dict(sorted(bodies.items()))

    def _problem_codes(self) -> list[str]:
        """The refusals that this operation can give."""
        codes = {"400", "406", "429"}
        if "{" in self.path:
            codes.add("404")
        if self.get_auth():
            codes.add("401")
        if self._needs_key():
            codes |= {"401", "403"}
        if self._is_list_view():
            codes.add("422")
        if self.method in {"POST", "PATCH", "PUT"}:
            codes |= {"409", "413", "415", "422"}
        if self.method == "DELETE":
            codes |= {"409", "422"}
        if self._writes_conditionally():
            codes.add("412")
        return sorted(codes)

    def _needs_key(self) -> bool:
        return not any(isinstance(permission, AllowAny) for permission in self.view.get_permissions())

    def _is_idempotent(self) -> bool:
        return hasattr(getattr(self.view, getattr(self.view, "action", "") or "", None), "is_idempotent")

    def _writes_conditionally(self) -> bool:
        return self.method in {"PUT", "PATCH", "DELETE"}


@functools.cache
def description() -> dict[str, Any]:
    """The whole description; it follows from the code, so each process draws it once."""
    with override(ENGLISH):
        generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular's own
        schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # as above
    return schema


class SchemaView(APIView):
    """JSON, or YAML for ``Accept: application/yaml`` and ``?format=yaml``."""

    authentication_classes = []
    permission_classes = [AllowAny]
    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response):
            response.render()
        return conditional(request, response)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(description(), headers={"Content-Language": ENGLISH, "Cache-Control": "public, no-cache"})


class RootView(APIView):
    """Where to begin: the lists that everybody may read, and what describes them."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        reads = {path: methods["get"] for path, methods in description()["paths"].items() if "get" in methods}
        lists = [path for path, read in reads.items() if "{" not in path and {} in read["security"]]
        addresses = {"description": reverse("api:schema"), "reference": reverse("api:docs"), "lists": lists}
        return Response(addresses)


class ProblemView(APIView):
    """Where ``type`` of a problem leads: what its code means."""

    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def get(self, request: Request, code: str) -> Response:
        meaning = problems.meanings().get(code)
        if meaning is None:
            raise Http404
        return Response(meaning)


class DocsView(TemplateView):
    """The reference for people, drawn from the same description: see docs/decisions/api-reference.md."""

    template_name = "api/docs.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("language", "")
        with override(wanted if wanted in LANGUAGE_CODES else current_language()):
            page = render(request, self.template_name, self.get_context_data())
            page["Content-Language"] = current_language()
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rates = api_settings.DEFAULT_THROTTLE_RATES
        return super().get_context_data(
            groups=reference.operations(description()),
            shapes=reference.shapes(description()),
            languages=[(code, get_language_info(code)["name_local"].capitalize()) for code in LANGUAGE_CODES],
            budgets=[(name, str(rate).partition("/")[0]) for name, rate in rates.items()],
            home_url=f"/{current_language()}/",
            **kwargs,
        )
