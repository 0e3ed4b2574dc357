"""Partners' keys: made, shown once, revoked. The only writer of them.

The plain key exists in the answer of :func:`create_key` and nowhere else.
"""

from __future__ import annotations

import datetime as dt
import logging
import secrets
from collections.abc import Sequence
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins import access
from basins.missions import missions
from basins.models import Basin, PartnerKey, User
from basins.rules.log import actor
from basins.rules.people import NotYours
from core import webhooks
from core.errors import RuleError
from core.middleware import writing_allowed
from core.models import WebhookEndpoint

logger = logging.getLogger(__name__)

PREFIX_LENGTH = 12
LAST_USE_GRAIN = dt.timedelta(minutes=1)


class KeyInvalid(RuleError):
    """A key that would open nothing, or something that does not exist."""

    code = "key-invalid"
    status = 422


def known_scopes() -> dict[str, str]:
    """Every scope a key may carry, with its sentence: what the missions offer."""
    return {scope: sentence for mission in missions() for scope, sentence in mission.scopes().items()}


def owner_of(key: PartnerKey) -> str:
    """How the floors below name who calls with a key; see ``basins.partners.Partner``."""
    return f"key:{key.uuid}"


def digest_of(plain: str) -> str:
    """What is stored of a key. 256 random bits are not guessed, so one round without salt is enough."""
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def create_key(
    *, by: User | None, name: str, contact_email: str, scopes: Sequence[str], basins: Sequence[Basin]
) -> tuple[PartnerKey, str]:
    """Make a key and return it with its plain text, which cannot be read again.

    ``by`` is ``None`` for the operator at the console. Raises ``NotYours`` for a basin whose keys
    ``by`` does not manage, ``KeyInvalid`` for an unknown scope or when there is no basin.
    """
    codes = [basin.code for basin in basins]
    if by is not None and not access.may_give_partner_key(by, codes):
        raise NotYours(_("You cannot give keys in these basins."), field="basins")
    if not codes:
        raise KeyInvalid(_("Choose at least one basin."), field="basins")
    if not scopes or not set(scopes) <= known_scopes().keys():
        raise KeyInvalid(_("Choose at least one scope, of those there are."), field="scopes")
    plain = f"bz_{secrets.token_urlsafe(32)}"
    key = PartnerKey.objects.create(
        name=name,
        contact_email=contact_email,
        prefix=plain[:PREFIX_LENGTH],
        digest=digest_of(plain),
        scopes=sorted(set(scopes)),
        created_by=by,
    )
    key.basins.set(basins)
    logger.info("%s made the key %s for %s", actor(by), key.prefix, ", ".join(codes))
    return key, plain


@transaction.atomic
def revoke_key(*, key: PartnerKey, by: User | None) -> PartnerKey:
    """End a key at once: the very next call with it is refused, its webhooks stop. Revoking twice changes nothing.

    Locks the key's row, so that the first revocation keeps its date. Raises ``NotYours``.
    """
    key = PartnerKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if by is not None and not access.may_manage_partner_key(by, key):
        raise NotYours(_("You cannot revoke this key."))
    if key.revoked_at is None:
        key.revoked_at, key.revoked_by = timezone.now(), by
        key.save(update_fields=["revoked_at", "revoked_by", "modified"])
        webhooks.disable_all_of(owner_of(key), WebhookEndpoint.Disabled.KEY_REVOKED)
        logger.warning("%s revoked the key %s", actor(by), key.prefix)
    return key


def note_use(key: PartnerKey) -> None:
    """Remember that a key is in use, to the minute; also on a GET, which nobody asked to write.

    One statement of its own, before the call's transaction: it holds no lock while the call works.
    """
    now = timezone.now()
    if key.last_used_at is not None and now - key.last_used_at < LAST_USE_GRAIN:
        return
    unknown_or_old = Q(last_used_at=None) | Q(last_used_at__lte=now - LAST_USE_GRAIN)
    with writing_allowed():
        PartnerKey.objects.filter(unknown_or_old, pk=key.pk).update(last_used_at=now)
