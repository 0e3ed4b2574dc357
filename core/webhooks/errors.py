"""What may go wrong when an endpoint is asked for or used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import RuleError


class WebhookInvalid(RuleError):
    """An address or a kind of event that cannot be."""

    code = "webhook-invalid"
    status = 422
    title = _("This webhook is not valid")


class TooManyWebhooks(RuleError):
    """More endpoints than anybody needs."""

    code = "too-many-webhooks"
    title = _("No more webhooks can be added")

    def __init__(self, at_most: int) -> None:
        super().__init__(
            _("A key has at most %(number)d webhooks. Delete one that is not needed.") % {"number": at_most}
        )


class WebhookDisabled(RuleError):
    """It was stopped; it has to be enabled first."""

    code = "webhook-disabled"
    title = _("This webhook is stopped")

    def __init__(self) -> None:
        super().__init__(_("This webhook is stopped. Enable it first."))


class NotYoursToEnable(RuleError):
    """Stopped by people: only they start it again."""

    code = "webhook-stopped-by-team"
    title = _("This webhook is stopped")

    def __init__(self) -> None:
        super().__init__(_("The team of the basin stopped this webhook. Ask them why."))
