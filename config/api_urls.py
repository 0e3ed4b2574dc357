"""The API's addresses: each mission registers its viewsets, the description is drawn from them."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from basins import api
from basins.missions import mission_modules
from core.api.schema import DocsView, ProblemView, RootView, SchemaView
from core.api.views import with_slash

router = SimpleRouter()
api.register(router)
for _mission, module in mission_modules("api"):
    module.register(router)

# Addresses that a mission writes itself, e.g. because a standard wants them otherwise than the router.
own_urls = [pattern for _mission, module in mission_modules("api_urls") for pattern in module.urlpatterns]

app_name = "api"

urlpatterns = [
    path("v1/", RootView.as_view(), name="root"),
    path("v1/", include(router.urls)),
    *own_urls,
    path("problems/<slug:code>/", ProblemView.as_view(), name="problem"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"(?P<path>.*[^/])\Z", with_slash, name="with_slash"),
]
