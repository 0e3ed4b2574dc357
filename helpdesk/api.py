"""The helpdesk for partners' programs: ask, follow, reply. Same rules; each key sees what it asked itself."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from basins.enums import BasinCode, Language
from basins.models import Basin, PartnerKey
from basins.partners import has_scope
from core.api.etags import etag_of_data
from core.api.filters import ChangesFilter
from core.api.idempotency import idempotent
from core.api.views import ApiViewSet
from directory import queries as directory_queries
from directory.enums import TaxonomyCode
from directory.models import TaxonomyTerm
from helpdesk import queries
from helpdesk.access import SCOPE_ASK
from helpdesk.enums import Channel, Helped, MessageKind, Outcome, Profession, RoutingReason, TicketKind, TicketState
from helpdesk.models import AnswerRecord, Message, Ticket
from helpdesk.routing_words import why_here
from helpdesk.rules import asking, replying
from helpdesk.rules.asking import BODY_AT_MOST, AskerData, RequestData
from helpdesk.snapshots import lines_of

NOT_SAID = ("", _("not said"))
PROFESSIONS = [NOT_SAID, *Profession.choices]
CHECKED_HELP = (
    "Somebody looked at what may tell who the person is (a phone number, a mail address, a birth date) and says that "
    "it does not. Without it such a text is refused (422 `person-named`). National register numbers are always refused."
)


class HelpdeskRecordSerializer(serializers.ModelSerializer[AnswerRecord]):
    """A record of the directory as it was when the answer was sent. `id` is its identifier there."""

    id = serializers.UUIDField(source="record")
    name = serializers.SerializerMethodField()
    lines = serializers.SerializerMethodField(help_text="What the asker read.")

    class Meta:
        model = AnswerRecord
        fields = ["id", "kind", "name", "lines"]

    def get_name(self, record: AnswerRecord) -> str:
        return str(record.snapshot.get("name", ""))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_lines(self, record: AnswerRecord) -> list[str]:
        return [str(line) for line in lines_of(record.snapshot)] if record.snapshot else []


class HelpdeskMessageSerializer(serializers.ModelSerializer[Message]):
    """What was said, by who asked or by the helpdesk. Notes among colleagues are not here."""

    id = serializers.UUIDField(source="uuid")
    kind = serializers.ChoiceField(
        choices=[each for each in MessageKind.choices if each[0] in {"from_asker", "answer", "question_back"}]
    )
    records = HelpdeskRecordSerializer(many=True)

    class Meta:
        model = Message
        fields = ["id", "kind", "said_at", "language", "body", "records"]


class HelpdeskTicketSerializer(serializers.ModelSerializer[Ticket]):
    """A question as it stands. `waiting`: for who asked."""

    id = serializers.UUIDField(source="uuid")
    basin = serializers.ChoiceField(source="basin.code", choices=BasinCode.choices)
    routing = serializers.ChoiceField(choices=RoutingReason.choices)
    kind = serializers.ChoiceField(choices=TicketKind.choices)
    theme = serializers.CharField(source="theme.code", default="")
    audience = serializers.CharField(source="audience.code", default="")
    state = serializers.ChoiceField(choices=TicketState.choices)
    outcome = serializers.ChoiceField(choices=[NOT_SAID, *Outcome.choices])
    helped = serializers.ChoiceField(choices=[NOT_SAID, *Helped.choices])
    name = serializers.CharField(source="asker.name")
    email = serializers.CharField(source="asker.email")

    class Meta:
        model = Ticket
        fields = [
            "id",
            "code",
            "basin",
            "postcode",
            "routing",
            "kind",
            "theme",
            "audience",
            "subject",
            "language",
            "state",
            "outcome",
            "helped",
            "name",
            "email",
            "received_at",
            "due_at",
            "first_answered_at",
            "closed_at",
            "modified",
        ]
        read_only_fields = fields


class HelpdeskThreadSerializer(HelpdeskTicketSerializer):
    """The same with all that was said."""

    why_here = serializers.SerializerMethodField(help_text="The words of `routing`.")
    messages = serializers.SerializerMethodField()

    class Meta(HelpdeskTicketSerializer.Meta):
        fields = [*HelpdeskTicketSerializer.Meta.fields, "why_here", "messages"]
        read_only_fields = fields

    def get_why_here(self, ticket: Ticket) -> str:
        return why_here(ticket)

    @extend_schema_field(HelpdeskMessageSerializer(many=True))
    def get_messages(self, ticket: Ticket) -> Any:
        return HelpdeskMessageSerializer(queries.thread_for_asker(ticket), many=True).data


class HelpdeskQuestionSerializer(serializers.Serializer[Ticket]):
    """What is asked, for which place, and by whom. There is no field for the person whom it is for."""

    body = serializers.CharField(max_length=BODY_AT_MOST, help_text="What is looked for, and in what situation.")
    subject = serializers.CharField(max_length=200, required=False, help_text="Left out: the first sentence.")
    postcode = serializers.CharField(
        max_length=4, required=False, help_text="Of the place where the person lives: it says which basin answers."
    )
    basin = serializers.ChoiceField(
        choices=BasinCode.choices, required=False, help_text="Where the postcode is not known, or says too little."
    )
    kind = serializers.ChoiceField(choices=TicketKind.choices, required=False)
    theme = serializers.CharField(max_length=60, required=False, help_text="Code of a term of `themes`.")
    audience = serializers.CharField(max_length=60, required=False, help_text="Code of a term of `audiences`.")
    name = serializers.CharField(max_length=120, help_text="Of the professional who asks.")
    email = serializers.EmailField(max_length=254, help_text="The answer goes there.")
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    organisation = serializers.CharField(max_length=160, required=False, allow_blank=True)
    function = serializers.CharField(max_length=120, required=False, allow_blank=True)
    profession = serializers.ChoiceField(choices=PROFESSIONS, required=False)
    language = serializers.ChoiceField(choices=Language.choices, help_text="Of the mails and the answer.")
    person_checked = serializers.BooleanField(required=False, default=False, help_text=CHECKED_HELP)

    def validate_theme(self, code: str) -> TaxonomyTerm:
        return _term(TaxonomyCode.THEMES, code)

    def validate_audience(self, code: str) -> TaxonomyTerm:
        return _term(TaxonomyCode.AUDIENCES, code)


class HelpdeskReplySerializer(serializers.Serializer[Message]):
    """A further word of who asked."""

    body = serializers.CharField(max_length=BODY_AT_MOST)
    person_checked = serializers.BooleanField(required=False, default=False, help_text=CHECKED_HELP)


class HelpdeskTicketFilter(ChangesFilter):
    state = django_filters.ChoiceFilter(choices=TicketState.choices, help_text="Only questions in this state.")


class HelpdeskTicketViewSet(ListModelMixin, ApiViewSet[Ticket]):
    """Questions that a partner asked with its own key; nobody else's are visible here."""

    permission_classes = [has_scope(SCOPE_ASK)]
    serializer_class = HelpdeskTicketSerializer
    filterset_class = HelpdeskTicketFilter
    lookup_field = "code"
    lookup_value_regex = "[A-Za-z0-9]{1,12}"
    queryset = Ticket.objects.none()  # what the description needs to know

    def get_queryset(self) -> QuerySet[Ticket]:
        return queries.tickets_asked_with(self.key)

    @property
    def key(self) -> PartnerKey:
        assert isinstance(self.request.auth, PartnerKey)  # noqa: S101 - the permission let nobody else in
        return self.request.auth

    @extend_schema(request=HelpdeskQuestionSerializer, responses={201: HelpdeskThreadSerializer})
    @idempotent
    def create(self, request: Request) -> Response:
        """Ask. Who asks gets a mail with the link to the question's page, and the answer there.

        422 `person-named` where the text may tell who the person is: `findings` says what was found, by kind.
        """
        sent = HelpdeskQuestionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        names = ("name", "email", "phone", "organisation", "function", "profession", "language")
        code = data.get("basin")
        ticket = asking.ask(
            asker=AskerData(**{name: data[name] for name in names if name in data}),
            request=RequestData(
                body=data["body"],
                subject=data.get("subject", ""),
                kind=data.get("kind", TicketKind.QUESTION),
                postcode=data.get("postcode", ""),
                basin=Basin.objects.get(code=code) if code else None,
                theme=data.get("theme"),
                audience=data.get("audience"),
            ),
            channel=Channel.PARTNER,
            key=self.key,
            confirmed=data["person_checked"],
        )
        body = self._represent(ticket.code)
        address = reverse("api:helpdesk-ticket-detail", kwargs={"code": ticket.code})
        headers = {"Location": request.build_absolute_uri(address), "ETag": etag_of_data(body)}
        return Response(body, status=status.HTTP_201_CREATED, headers=headers)

    @extend_schema(responses={200: HelpdeskThreadSerializer})
    def retrieve(self, request: Request, code: str) -> Response:
        """A question as it stands, with all that was said; what was merged into another one has its words there."""
        return Response(self._represent(code))

    @extend_schema(request=HelpdeskReplySerializer, responses={201: HelpdeskThreadSerializer})
    @action(detail=True, methods=["post"])
    @idempotent
    def replies(self, request: Request, code: str) -> Response:
        """Add a word of who asked: a question that waited, was answered or closed is open again."""
        ticket = self._find(code)
        sent = HelpdeskReplySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = sent.validated_data
        replying.reply(
            ticket=ticket,
            body=data["body"],
            channel=Channel.PARTNER,
            language=ticket.asker.language,
            confirmed=data["person_checked"],
        )
        return Response(self._represent(code), status=status.HTTP_201_CREATED)

    def _represent(self, code: str) -> Any:
        return HelpdeskThreadSerializer(self._find(code)).data

    def _find(self, code: str) -> Ticket:
        self.kwargs["code"] = code.upper()
        return self.get_object()


def _term(taxonomy: TaxonomyCode, code: str) -> TaxonomyTerm:
    found = directory_queries.terms_of(taxonomy).filter(code=code).first()
    if found is None:
        raise serializers.ValidationError(_("This term is not in the list."))
    return found


def register(router: BaseRouter) -> None:
    """Called by ``config.api_urls``."""
    router.register("helpdesk/tickets", HelpdeskTicketViewSet, basename="helpdesk-ticket")
