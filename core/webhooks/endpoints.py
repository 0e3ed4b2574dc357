"""Endpoints: asked for by their owner, given a new secret, stopped, started again, removed. Their only writer."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.checks import check_row
from core.models import WebhookEndpoint
from core.webhooks import letters
from core.webhooks.address import parse
from core.webhooks.errors import NotYoursToEnable, TooManyWebhooks, WebhookInvalid
from core.webhooks.kinds import types_for
from core.webhooks.signature import new_secret

logger = logging.getLogger(__name__)

AT_MOST = 10
BOTH_SIGN = dt.timedelta(hours=24)
Why = WebhookEndpoint.Disabled
BY_PEOPLE = frozenset({Why.BY_STAFF, Why.KEY_REVOKED})


@transaction.atomic
def add(
    *, owner: str, scopes: Collection[str], url: str, types: Sequence[str], contact: str, language: str
) -> WebhookEndpoint:
    """Write down where ``owner`` wants to be told of ``types``. The secret is in the row that comes back.

    The same address again is the same endpoint, with the new ``types``: a call repeated after a timeout makes no second
    one. Locks the owner's endpoints. Raises ``WebhookInvalid``, ``TooManyWebhooks``.
    """
    parse(url)
    wanted = sorted(set(types))
    if not wanted or not set(wanted) <= set(types_for(scopes)):
        raise WebhookInvalid(_("Choose at least one kind of event, of those your key may hear of."), field="types")
    mine = list(WebhookEndpoint.objects.select_for_update(no_key=True).filter(owner=owner).order_by("pk"))
    row = next((each for each in mine if each.url == url), None)
    if row is None:
        if len(mine) >= AT_MOST:
            raise TooManyWebhooks(AT_MOST)
        row = WebhookEndpoint(owner=owner, url=url, secret=new_secret())
    row.types, row.contact, row.language = wanted, contact, language
    check_row(row, refusal=WebhookInvalid)
    row.save()
    return row


def _locked(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)


@transaction.atomic
def rotate_secret(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Give it a new secret; the one before signs along for a day. Again within it: the first of them goes."""
    row = _locked(endpoint)
    row.old_secret, row.old_secret_until = row.secret, timezone.now() + BOTH_SIGN
    row.secret = new_secret()
    row.save(update_fields=["secret", "old_secret", "old_secret_until", "modified"])
    return row


def secrets_of(row: WebhookEndpoint) -> list[str]:
    """The secrets that sign now, the newest first."""
    is_new = row.old_secret_until is not None and row.old_secret_until > timezone.now()
    return [row.secret, row.old_secret] if is_new else [row.secret]


@transaction.atomic
def disable(endpoint: WebhookEndpoint, why: Why) -> bool:
    """Stop it; what waits for it keeps waiting. Its owner is told, unless its key is gone. False: stopped before."""
    row = _locked(endpoint)
    if row.disabled_at is not None:
        return False
    row.disabled_at, row.disabled_why = timezone.now(), why
    row.save(update_fields=["disabled_at", "disabled_why", "modified"])
    logger.warning("The webhook %s is stopped: %s", row.uuid, why)
    if why != Why.KEY_REVOKED:
        letters.stopped(row)
    return True


def disable_all_of(owner: str, why: Why) -> int:
    """Stop all endpoints of an owner; returns how many."""
    return sum(
        disable(row, why) for row in WebhookEndpoint.objects.filter(owner=owner, disabled_at=None).order_by("pk")
    )


@transaction.atomic
def enable(endpoint: WebhookEndpoint, *, by_staff: bool = False) -> WebhookEndpoint:
    """Start it again; what waited goes out with the next sweep. Raises ``NotYoursToEnable``."""
    row = _locked(endpoint)
    if row.disabled_why in BY_PEOPLE and not by_staff:
        raise NotYoursToEnable
    if row.disabled_why == Why.KEY_REVOKED:
        raise NotYoursToEnable
    if row.disabled_at is not None:
        row.disabled_at, row.disabled_why, row.failing_since = None, "", None
        row.save(update_fields=["disabled_at", "disabled_why", "failing_since", "modified"])
    return row


@transaction.atomic
def remove(endpoint: WebhookEndpoint) -> None:
    """Take it away with all that was sent and waits. Waits for a call that is under way."""
    WebhookEndpoint.objects.select_for_update().filter(pk=endpoint.pk).first()
    endpoint.delete()
    logger.info("The webhook %s was removed", endpoint.uuid)
