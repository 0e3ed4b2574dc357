"""The directory for programs: HSDS under ``/api/hsds/v3/``, the feed of changes under ``/api/v1/``."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from directory.api.changes import ChangeViewSet


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``; HSDS has addresses of its own shape in ``directory.api_urls``."""
    router.register("directory/changes", ChangeViewSet, basename="directory-change")
