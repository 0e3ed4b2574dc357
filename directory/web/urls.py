"""Addresses of the directory under a basin's slug; those everybody may see are the Region's, too."""

from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from directory.web import list_urls, telling, views

PUBLIC_URLS = {
    "search",
    "record",
    "organization",
    "wrong",
    "wrong_organization",
    "wrong_place",
    "missing",
    *list_urls.PUBLIC_URLS,
}

public_patterns = [
    path(_("directory/"), views.search, name="search"),
    path(_("directory/not-found/"), telling.missing, name="missing"),
    path(_("directory/<uuid:record>/"), views.record, name="record"),
    path(_("directory/<uuid:record>/wrong/"), telling.wrong, name="wrong"),
    path(_("directory/organisation/<uuid:organization>/"), views.organization, name="organization"),
    path(_("directory/organisation/<uuid:organization>/wrong/"), telling.wrong_organization, name="wrong_organization"),
    path(_("directory/place/<uuid:location>/wrong/"), telling.wrong_place, name="wrong_place"),
    *list_urls.public_patterns,
]
urlpatterns = [
    *public_patterns,
    *list_urls.staff_patterns,
    path("", include("directory.web.staff_urls")),
]
