"""What every view of the API is made of."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.api.etags import conditional
from core.api.parsers import PlainJSONParser
from core.api.problems import TooLarge
from core.middleware import SAFE_METHODS

LARGEST_BODY = 1024 * 1024

M = TypeVar("M", bound=Model)


@csrf_exempt
def with_slash(request: HttpRequest, path: str) -> HttpResponse:
    """Every address of the API ends with a slash; who forgot it is sent there with method and body (308)."""
    target = f"{request.path}/"
    if not is_valid_path(target):
        raise Http404
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target, preserve_request=True)


class ApiViewSet(GenericViewSet[M]):
    """Plain JSON of at most 1 MB in; entity tags, rate limits and cache rules out.

    Closed by default: a public view says ``permission_classes = [AllowAny]``.
    """

    parser_classes = [PlainJSONParser]
    metadata_class = None  # an OPTIONS that is not for CORS gets 405: the description is at /api/schema/

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if isinstance(response, Response):
            response.render()
        return conditional(request, response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
            raise TooLarge

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if budget := request.META.get("core.api.budget"):
            for name, value in budget.headers().items():
                response[name] = value
        if request.method in SAFE_METHODS and "Cache-Control" not in response:
            # Seats change by the minute: everybody asks again, and hears 304 where nothing did.
            patch_cache_control(response, no_cache=True, **{"private" if request.auth else "public": True})
        return response
