"""Back office of webhooks: where partners' programs are told, and what became of each event."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins import access
from basins.backoffice import ScopedAdmin
from basins.models import PartnerKey
from basins.rights import Right
from basins.rules.keys import owner_of
from basins.web.reader import signed_in
from core import webhooks
from core.models import WebhookDelivery, WebhookEndpoint


class OfKeys:
    """Rows that belong to the keys of the reader's basins; whoever manages a key sees and stops its webhooks."""

    right = Right.MANAGE_PARTNER_KEYS

    def may_see(self, request: HttpRequest, owner: str) -> bool:
        return owner in self.keys(request)

    def keys(self, request: HttpRequest) -> dict[str, PartnerKey]:
        """By the name of their owner; asked once per request."""
        known: dict[str, PartnerKey] | None = getattr(request, "webhook_keys", None)
        if known is None:
            codes = signed_in(request).basins_with(self.right)
            mine = PartnerKey.objects.filter(basins__code__in=codes).distinct()
            known = {owner_of(key): key for key in mine}
            request.webhook_keys = known  # type: ignore[attr-defined]  # kept with the request
        return known


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(OfKeys, ScopedAdmin[WebhookEndpoint]):
    """Where partners' programs want to be told. Partners make them by the API; staff look, stop, start again."""

    may_add = may_change = may_delete = False
    list_display = ["url", "partner", "kinds", "failing_since", "disabled_at", "disabled_why"]
    list_filter = ["disabled_why"]
    search_fields = ["url"]
    readonly_fields = [
        "url", "partner", "kinds", "contact", "language", "created", "failing_since", "disabled_at", "disabled_why",
    ]  # fmt: skip
    fields = [*readonly_fields]
    actions = ["stop", "start"]

    def may(self, request: HttpRequest, right: Right, obj: WebhookEndpoint | None) -> bool:
        if obj is None or obj.pk is None:
            return access.holds_somewhere(request.user, right)
        return self.may_see(request, obj.owner)

    def scoped(self, rows: QuerySet[WebhookEndpoint], request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        named = PartnerKey.objects.annotate(owner=Concat(Value("key:"), Cast("uuid", CharField())))
        name = Subquery(named.filter(owner=OuterRef("owner")).values("name")[:1])
        return rows.filter(owner__in=self.keys(request)).annotate(partner_name=name)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)

    @admin.display(description=_("partner"))
    def partner(self, row: WebhookEndpoint) -> str:
        return str(row.partner_name or "—")  # type: ignore[attr-defined]  # annotated

    @admin.display(description=_("kinds of events"))
    def kinds(self, row: WebhookEndpoint) -> str:
        return ", ".join(row.types)

    @admin.action(description=_("Stop: send nothing more"), permissions=["manage"])
    def stop(self, request: HttpRequest, rows: QuerySet[WebhookEndpoint]) -> None:
        done = sum(webhooks.disable(row, WebhookEndpoint.Disabled.BY_STAFF) for row in rows)
        words = ngettext("%(count)d address is stopped.", "%(count)d addresses are stopped.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)

    @admin.action(description=_("Start again: what waited goes out"), permissions=["manage"])
    def start(self, request: HttpRequest, rows: QuerySet[WebhookEndpoint]) -> None:
        for row in rows:
            webhooks.enable(row, by_staff=True)
        words = ngettext("%(count)d address runs.", "%(count)d addresses run.", len(rows))
        self.message_user(request, words % {"count": len(rows)}, messages.SUCCESS)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(OfKeys, ScopedAdmin[WebhookDelivery]):
    """What was sent to partners' programs, what waits and why."""

    may_add = may_change = may_delete = False
    list_display = ["created", "type", "endpoint", "state", "attempts", "last_status", "reason", "next_try"]
    list_select_related = ["endpoint"]
    list_filter = ["state", "type"]
    search_fields = ["endpoint__url"]
    date_hierarchy = "created"
    readonly_fields = [
        "created", "message_id", "type", "endpoint", "body", "state", "attempts", "last_status", "reason", "next_try",
        "sent_at",
    ]  # fmt: skip
    fields = [*readonly_fields]
    actions = ["send_again"]

    def may(self, request: HttpRequest, right: Right, obj: WebhookDelivery | None) -> bool:
        if obj is None or obj.pk is None:
            return access.holds_somewhere(request.user, right)
        return self.may_see(request, obj.endpoint.owner)

    def scoped(self, rows: QuerySet[WebhookDelivery], request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return rows.filter(endpoint__owner__in=self.keys(request)).select_related("endpoint")

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)

    @admin.display(description=_("next attempt"), ordering="next_attempt_at")
    def next_try(self, row: WebhookDelivery) -> str:
        if row.state != WebhookDelivery.State.QUEUED or row.endpoint.disabled_at is not None:
            return str(self.get_empty_value_display())
        return date_format(timezone.localtime(row.next_attempt_at), "DATETIME_FORMAT")

    @admin.display(description=_("why not yet"))
    def reason(self, row: WebhookDelivery) -> str:
        return webhooks.in_words(row)

    @admin.action(description=_("Send again now"), permissions=["manage"])
    def send_again(self, request: HttpRequest, rows: QuerySet[WebhookDelivery]) -> None:
        done = sum(webhooks.send_again(row) for row in rows)
        words = ngettext("%(count)d event goes out again.", "%(count)d events go out again.", done)
        self.message_user(request, words % {"count": done}, messages.SUCCESS if done else messages.WARNING)
