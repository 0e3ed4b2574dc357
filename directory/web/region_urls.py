"""The same pages on the Region's site, which asks for no basin; and what organisations are asked by mail."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from directory.web import confirming
from directory.web.urls import PUBLIC_URLS as BOTH
from directory.web.urls import public_patterns

__all__ = ["PUBLIC_URLS", "urlpatterns"]

PUBLIC_URLS = {*BOTH, "confirm", "confirm_record"}

urlpatterns = [
    *public_patterns,
    path(_("directory/still-right/<str:proof>/"), confirming.confirm, name="confirm"),
    path(_("directory/still-right/<str:proof>/<uuid:record>/"), confirming.confirm_record, name="confirm_record"),
]
