"""Addresses of the team's lists: what is imported, by which columns, and what may be a double."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.web import staff_import

urlpatterns = [
    path(_("team/directory/lists/"), staff_import.sources, name="staff_sources"),
    path(_("team/directory/lists/new/"), staff_import.source_new, name="staff_source_new"),
    path(_("team/directory/lists/<uuid:source>/"), staff_import.source, name="staff_source"),
    path(_("team/directory/lists/<uuid:source>/change/"), staff_import.source_edit, name="staff_source_edit"),
    path(
        _("team/directory/lists/<uuid:source>/columns/<uuid:looked_at>/"),
        staff_import.columns,
        name="staff_source_columns",
    ),
    path(_("team/directory/lists/<uuid:source>/import/"), staff_import.import_again, name="staff_source_import"),
    path(_("team/directory/lists/<uuid:source>/doubles/"), staff_import.doubles, name="staff_doubles"),
    path(_("team/directory/doubles/<uuid:double>/"), staff_import.settle, name="staff_double"),
    path(_("team/directory/export/"), staff_import.export, name="staff_export"),
]
