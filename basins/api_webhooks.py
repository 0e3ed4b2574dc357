"""Webhooks for programs: a partner manages its own with its key, and reads what became of what was sent."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from basins.models import PartnerKey
from basins.partners import SCOPE_WEBHOOKS, has_scope
from basins.rules.keys import owner_of
from core import webhooks
from core.api.etags import etag_of_data
from core.api.filters import ChangesFilter
from core.api.views import ApiViewSet
from core.bilingual import current_language
from core.models import WebhookDelivery, WebhookEndpoint
from core.webhooks.address import LONGEST

SHOWN = 50
NOT_STOPPED = [("", _("not stopped")), *WebhookEndpoint.Disabled.choices]


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    """An address that is told what happens. `disabled_at` is null while it is."""

    id = serializers.UUIDField(source="uuid")
    types = serializers.ListField(child=serializers.CharField(), help_text="The kinds of events it hears of.")
    failing_since = serializers.DateTimeField(help_text="Since when no attempt succeeded; null while it does well.")
    disabled_why = serializers.ChoiceField(choices=NOT_STOPPED, help_text="Why it was stopped.")

    class Meta:
        model = WebhookEndpoint
        fields = ["id", "url", "types", "failing_since", "disabled_at", "disabled_why", "created", "modified"]
        read_only_fields = fields


class WebhookSecretSerializer(WebhookSerializer):
    """The same with its secret, which no other answer holds: keep it."""

    secret = serializers.CharField(help_text="`whsec_` and base64: the key of HMAC-SHA256.")
    old_secret_until = serializers.DateTimeField(help_text="Until then the secret before signs along; null: none.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret", "old_secret_until"]
        read_only_fields = fields


class WebhookInputSerializer(serializers.Serializer[WebhookEndpoint]):
    """Where to, and what about."""

    url = serializers.CharField(max_length=LONGEST, help_text="With TLS, on a server of the public internet.")
    types = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=50,
        help_text="Kinds of events, such as `ticket.answered`: see the guide.",
    )


class WebhookDeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """An event on its way: `queued`, `sent` (it arrived) or `parked` (given up after some four days)."""

    id = serializers.CharField(source="message_id", help_text="The `webhook-id` of every attempt.")
    last_status = serializers.IntegerField(help_text="HTTP status of the last answer; null where there was none.")
    reason = serializers.SerializerMethodField(help_text="Why it has not arrived, in the reader's language.")
    next_attempt_at = serializers.SerializerMethodField(help_text="null once nothing more is tried.")
    sent_at = serializers.DateTimeField(help_text="When it arrived; null while it has not.")

    class Meta:
        model = WebhookDelivery
        fields = ["id", "type", "state", "attempts", "last_status", "reason", "next_attempt_at", "sent_at", "created"]
        read_only_fields = fields

    def get_reason(self, row: WebhookDelivery) -> str:
        return webhooks.in_words(row)

    def get_next_attempt_at(self, row: WebhookDelivery) -> str | None:
        if row.state != WebhookDelivery.State.QUEUED:
            return None
        moment: str = serializers.DateTimeField().to_representation(row.next_attempt_at)
        return moment


class WebhookViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[WebhookEndpoint]):
    """A key's own webhooks, with the scope `webhooks:manage`; nobody else's are visible here.

    Events come as Standard Webhooks (standardwebhooks.com): check the signature, answer 2xx within 15 seconds, and
    expect the same `webhook-id` more than once.
    """

    permission_classes = [has_scope(SCOPE_WEBHOOKS)]
    serializer_class = WebhookSerializer
    filterset_class = ChangesFilter
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    lookup_url_kwarg = "id"
    queryset = WebhookEndpoint.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.filter(owner=owner_of(self.key))

    @property
    def key(self) -> PartnerKey:
        assert isinstance(self.request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
        return self.request.auth

    @extend_schema(request=WebhookInputSerializer, responses={201: WebhookSecretSerializer})
    def create(self, request: Request) -> Response:
        """Be told of `types` at `url`. The answer holds the secret. The same address again changes its `types`."""
        data = WebhookInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        made = webhooks.add(
            owner=owner_of(self.key),
            scopes=self.key.scopes,
            url=data.validated_data["url"],
            types=data.validated_data["types"],
            contact=self.key.contact_email,
            language=current_language(),
        )
        body = WebhookSecretSerializer(made).data
        address = reverse("api:webhook-detail", kwargs={"id": made.uuid})
        headers = {"Location": request.build_absolute_uri(address), "ETag": etag_of_data(WebhookSerializer(made).data)}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    def destroy(self, request: Request, **_address: Any) -> Response:
        """Delete it, with what was sent and what waits."""
        webhooks.remove(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=WebhookSecretSerializer)
    @action(detail=True, methods=["post"], url_path="rotate-secret")
    def rotate_secret(self, request: Request, **_address: Any) -> Response:
        """Get a new secret. For 24 hours each call carries two signatures, of the new one and of the one before."""
        row = webhooks.rotate_secret(self.get_object())
        return _answer(WebhookSecretSerializer(row).data)

    @extend_schema(request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, **_address: Any) -> Response:
        """Start it again after it was stopped; what waited since is sent. Where it runs: nothing changes."""
        return _answer(WebhookSerializer(webhooks.enable(self.get_object())).data)

    @extend_schema(request=None, responses=WebhookDeliverySerializer)
    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_address: Any) -> Response:
        """Send an event `webhook.test`. What became of it stands among `deliveries`."""
        return _answer(WebhookDeliverySerializer(webhooks.send_test(self.get_object())).data)

    @extend_schema(responses=WebhookDeliverySerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def deliveries(self, request: Request, **_address: Any) -> Response:
        """The last 50 events, the newest first. They are kept for a month."""
        rows = self.get_object().deliveries.order_by("-created", "-pk")[:SHOWN]
        return Response(WebhookDeliverySerializer(rows, many=True).data)


def _answer(body: Any) -> Response:
    return Response(body, headers={"ETag": etag_of_data(body)})
