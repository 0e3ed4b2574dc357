"""Who reads the page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from basins.models import User


def signed_in(request: HttpRequest) -> User:
    """The person who acts, for views and back office behind a gate. Raises ``PermissionDenied`` for strangers."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
