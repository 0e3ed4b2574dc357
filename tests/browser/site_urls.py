"""All addresses, those of the demo included, and some that fail."""

from typing import NoReturn

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import include, path

from config import urls
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401 - Django looks for them here

ERRORS: dict[int, type[Exception]] = {400: BadRequest, 403: PermissionDenied, 404: Http404, 500: RuntimeError}


def fail(request: HttpRequest, language: str, status: int) -> NoReturn:
    raise ERRORS[status]


urlpatterns = [
    path("<slug:language>/fails/<int:status>/", fail, name="root"),  # by a name that strangers may ask for
    path("demo/", include("config.demo.urls", namespace="demo")),
    *urls.urlpatterns,
]
