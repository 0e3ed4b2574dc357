"""What the ground floor itself writes: a webhook was stopped."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.mail import Letter, absolute_url, letter
from core.models import WebhookEndpoint
from core.webhooks.letters import STOPPED


@letter(STOPPED, title=gettext_lazy("A webhook was stopped"))
def webhook_stopped(params: dict[str, Any]) -> Letter | None:
    """Nothing where it was removed or started again meanwhile."""
    row = WebhookEndpoint.objects.filter(uuid=params["endpoint"]).exclude(disabled_at=None).first()
    if row is None:
        return None
    return Letter(
        subject=_("Your webhook is stopped"),
        template="core/mail/webhook_stopped",
        context={
            "endpoint": row,
            "why": row.get_disabled_why_display(),
            "may_enable": row.disabled_why in {row.Disabled.GONE, row.Disabled.FAILING},
            "url": absolute_url(f"/api/v1/webhooks/{row.uuid}/enable/"),
        },
    )
