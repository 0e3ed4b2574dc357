"""Links in mails that prove who holds them: short, signed, for one purpose, for a limited time."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid

from django.core import signing
from django.utils.translation import gettext_lazy as _

from core.errors import RuleError

_SEPARATOR = "."  # not in base64url, safe in a path, and no mail program breaks a line there


class BadToken(RuleError):
    """Not signed by us, or not for this purpose."""

    code = "link-not-valid"
    status = 404
    title = _("This link is not valid")

    def __init__(self) -> None:
        super().__init__(_("This link is not valid. Copy it whole from the mail, or ask for a new one."), field="token")


class StaleToken(RuleError):
    """Signed by us, but too long ago."""

    code = "link-too-old"
    status = 410
    title = _("This link is too old")

    def __init__(self) -> None:
        super().__init__(_("This link is too old. Ask for a new one."), field="token")


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"core.signing:{purpose}", sep=_SEPARATOR)


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def make_token(purpose: str, value: uuid.UUID | str) -> str:
    """Sign ``value`` for ``purpose``; about 75 characters for a UUID, all safe in a URL.

    The value can be read by everybody who holds the token: it is signed, not hidden.
    """
    packed = f"u{_packed(value.bytes)}" if isinstance(value, uuid.UUID) else f"s{_packed(value.encode())}"
    return _signer(purpose).sign(packed)


def read_token(purpose: str, token: str, max_age: dt.timedelta | None = None) -> uuid.UUID | str:
    """The value signed in ``token``: a UUID or a string, as it was given.

    Raises ``BadToken`` for what we did not sign for this purpose, ``StaleToken`` when it was signed
    longer than ``max_age`` ago. Keys in ``SECRET_KEY_FALLBACKS`` still count.
    """
    if len(token) > 2000:
        raise BadToken
    try:
        packed = _signer(purpose).unsign(token, max_age=max_age)
        data = base64.urlsafe_b64decode(packed[1:] + "=" * (-(len(packed) - 1) % 4))
        return uuid.UUID(bytes=data) if packed[0] == "u" else data.decode()
    except signing.SignatureExpired:
        raise StaleToken from None
    except (signing.BadSignature, binascii.Error, ValueError, IndexError):
        raise BadToken from None


def read_uuid(purpose: str, token: str, max_age: dt.timedelta | None = None) -> uuid.UUID:
    """Like :func:`read_token`, for tokens that carry a UUID; anything else is a ``BadToken``."""
    value = read_token(purpose, token, max_age)
    if not isinstance(value, uuid.UUID):
        raise BadToken
    return value
