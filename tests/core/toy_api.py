"""A small API of our own, for tests of what all APIs share: notes that one lists, reads, writes and takes away.

They are rows of the outbox, because core has no other rows; nobody sends them.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.urls import include, path, reverse
from rest_framework import serializers, status
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

import config.urls
from core.api.etags import etag_of_data
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet
from core.errors import RuleError
from core.models import OutboxMessage

NOTES = "/api/v1/notes/"


class Refused(RuleError):
    code = "refused"
    status = 409


class WritersWithAKey(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return request.method in {"GET", "HEAD"} or bool(request.auth and request.auth.scopes)


class NoteSerializer(serializers.ModelSerializer[OutboxMessage]):
    class Meta:
        model = OutboxMessage
        fields: ClassVar[list[str]] = ["uuid", "subject", "key", "message_id", "created"]


class NoteInputSerializer(serializers.Serializer[OutboxMessage]):
    words = serializers.CharField(max_length=300)


class NoteViewSet(ListModelMixin, RetrieveModelMixin, ApiViewSet[OutboxMessage]):
    """``mood`` says how writing ends; what was written before it ended badly must not stay."""

    mood: ClassVar[str] = "willing"
    permission_classes = [WritersWithAKey]
    serializer_class = NoteSerializer
    lookup_field = "uuid"
    queryset = OutboxMessage.objects.all()

    @idempotent
    def create(self, request: Request) -> Response:
        data = NoteInputSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        name = str(uuid4())
        note = OutboxMessage.objects.create(
            key=name, message_id=name, kind="x", language="fr", to="x@example.org", subject=data.validated_data["words"]
        )
        if self.mood == "unwilling":
            raise Refused("Pas maintenant")
        if self.mood == "broken":
            raise ZeroDivisionError
        body = NoteSerializer(note).data
        address = reverse("api:note-detail", kwargs={"uuid": note.uuid})
        return Response(body, status=status.HTTP_201_CREATED, headers={"Location": address, "ETag": etag_of_data(body)})

    def destroy(self, request: Request, uuid: str) -> Response:
        self.get_object().delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


router = SimpleRouter()
router.register("notes", NoteViewSet, basename="note")
urlpatterns = [path("api/v1/", include((router.urls, "api"))), *config.urls.urlpatterns]
