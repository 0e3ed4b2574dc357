"""The addresses of HSDS, as the standard writes them: without a slash at the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from directory.api import hsds

LIST: dict[str, Any] = {"get": "list"}
ONE: dict[str, Any] = {"get": "retrieve"}
BASE = "hsds/v3"


@csrf_exempt
def without_slash(request: HttpRequest, **_arguments: Any) -> HttpResponse:
    """Who wrote a slash at the end is sent to the address without it (308)."""
    target = request.path.rstrip("/")
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target, preserve_request=True)


VIEWS: dict[str, tuple[str, Any]] = {
    "profile": ("hsds-profile", hsds.RootViewSet.as_view({"get": "profile"})),
}
for _name, _view in {
    "services": hsds.ServiceViewSet,
    "organizations": hsds.OrganizationViewSet,
    "service_at_locations": hsds.ServiceAtLocationViewSet,
    "taxonomies": hsds.TaxonomyViewSet,
    "taxonomy_terms": hsds.TaxonomyTermViewSet,
}.items():
    VIEWS[_name] = (f"hsds-{_view.address}-list", _view.as_view(LIST))
    VIEWS[f"{_name}/<uuid:id>"] = (f"hsds-{_view.address}-detail", _view.as_view(ONE))

urlpatterns = [
    path(f"{BASE}/", hsds.RootViewSet.as_view({"get": "root"}), name="hsds-root"),
    *(path(f"{BASE}/{route}", view, name=name) for route, (name, view) in VIEWS.items()),
    *(path(f"{BASE}/{route}/", without_slash, name=f"{name}-slash") for route, (name, _view) in VIEWS.items()),
]
