"""Partners' keys at the door of the API: who calls, and with which scopes.

Apart from ``basins.api`` because REST framework imports it from the settings while it is itself
still being imported: nothing here may import its views.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from basins.models import PartnerKey
from basins.rules.keys import digest_of, note_use, owner_of

if TYPE_CHECKING:
    from rest_framework.views import APIView


SCOPE_WEBHOOKS = "webhooks:manage"


@dataclass(frozen=True, slots=True)
class Partner:
    """Who calls with a key; ``request.auth`` is the key itself."""

    key: PartnerKey
    is_authenticated: bool = True

    @property
    def pk(self) -> str:
        return owner_of(self.key)


class PartnerKeyAuthentication(BaseAuthentication):
    """``Authorization: Api-Key …``, looked up by the digest's unique index: one query whatever was sent."""

    keyword = "api-key"

    def authenticate(self, request: Request) -> tuple[Partner, PartnerKey] | None:
        scheme, _space, plain = get_authorization_header(request).strip().partition(b" ")
        if not scheme:
            return None
        if scheme.lower() != self.keyword.encode():
            raise AuthenticationFailed(_("Write the header as “Authorization: Api-Key …”."))
        key = PartnerKey.objects.filter(digest=digest_of(plain.strip().decode("latin-1"))).first()
        if key is None:
            raise AuthenticationFailed(_("This key is not one of ours."))
        if key.revoked_at is not None:
            raise AuthenticationFailed(_("This key was revoked. Ask the basin for a new one."))
        note_use(key)
        return Partner(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Api-Key realm="api"'


def has_scope(scope: str) -> type[BasePermission]:
    """A permission: the call comes with a key that carries ``scope``. For which basin is the rule's to ask."""

    class HasScope(BasePermission):
        @property
        def message(self) -> str:
            """Put together for each call: callers read in their own language."""
            return _("Your key does not carry the scope %(scope)s.") % {"scope": scope}

        def has_permission(self, request: Request, view: APIView) -> bool:
            return isinstance(request.auth, PartnerKey) and scope in request.auth.scopes

    return HasScope
