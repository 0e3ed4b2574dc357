"""The one letter of the webhooks: it was stopped. In the transaction that stops it."""

from __future__ import annotations

from core import mail
from core.models import WebhookEndpoint

STOPPED = "core.webhook_stopped"


def stopped(row: WebhookEndpoint) -> None:
    """Tell the owner's contact that nothing is sent any more, and why."""
    moment = row.disabled_at.isoformat() if row.disabled_at else ""
    mail.post(
        STOPPED,
        to=row.contact,
        language=row.language,
        params={"endpoint": str(row.uuid)},
        key=f"{STOPPED}:{row.uuid}:{moment}",
    )
