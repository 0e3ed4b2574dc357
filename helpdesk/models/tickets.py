"""What somebody asks on behalf of a person who stays unnamed, and who asks."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, Municipality, Need, PartnerKey, User
from basins.models.territory import postcode_validator
from core.codes import spoken_code
from core.models import PublicModel
from directory.models import TaxonomyTerm
from helpdesk.enums import Channel, Helped, Outcome, Profession, RoutingReason, TicketKind, TicketState


class Asker(PublicModel):
    """The professional who asks, as told with one ticket; the beneficiary has no row anywhere.

    Somebody who calls may leave a first name or a number alone. Once forgotten the profession stays, for the figures.
    """

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    function = models.CharField(_("function"), max_length=120, blank=True)
    profession = models.CharField(_("profession"), max_length=16, choices=Profession.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)

    class Meta:
        verbose_name = _("asker")
        verbose_name_plural = _("askers")
        ordering = ["pk"]
        indexes = [models.Index(fields=["email"], name="helpdesk_asker_email", condition=~models.Q(email=""))]
        constraints = [
            models.CheckConstraint(name="helpdesk_asker_email_in_lower_case", condition=models.Q(email=Lower("email")))
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.phone or "—"


class Ticket(PublicModel):
    """One request to the helpdesk. Its row is the lock of everything that hangs on it.

    ``answering_by`` and ``answering_until`` say that a colleague writes an answer at this moment: a courtesy, no lock.
    ``search_vector`` holds the folded words of subject and thread (``rules/indexing.py``).
    """

    code = models.CharField(_("code"), max_length=12, unique=True, default=spoken_code, editable=False)
    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="helpdesk_tickets")
    postcode = models.CharField(
        _("postcode of the person's place"), max_length=4, blank=True, validators=[postcode_validator]
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        verbose_name=_("municipality"),
        related_name="helpdesk_tickets",
        null=True,
        blank=True,
    )
    routing = models.CharField(_("why this basin"), max_length=12, choices=RoutingReason.choices)
    channel = models.CharField(_("came"), max_length=8, choices=Channel.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=TicketKind.choices, default=TicketKind.QUESTION)
    theme = models.ForeignKey(
        TaxonomyTerm, models.SET_NULL, verbose_name=_("theme"), related_name="+", null=True, blank=True
    )
    audience = models.ForeignKey(
        TaxonomyTerm, models.SET_NULL, verbose_name=_("audience"), related_name="+", null=True, blank=True
    )
    subject = models.CharField(_("subject"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    asker = models.OneToOneField(Asker, models.PROTECT, verbose_name=_("asker"), related_name="ticket")
    key = models.ForeignKey(
        PartnerKey, models.SET_NULL, verbose_name=_("partner"), null=True, blank=True, related_name="helpdesk_tickets"
    )
    state = models.CharField(_("state"), max_length=8, choices=TicketState.choices, default=TicketState.NEW)
    is_incomplete = models.BooleanField(
        _("to be completed"), default=False, help_text=_("A call that was noted in a hurry.")
    )
    assignee = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("assigned to"), null=True, blank=True, related_name="helpdesk_tickets"
    )
    answering_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("is answering"), null=True, blank=True, related_name="+"
    )
    answering_until = models.DateTimeField(_("until"), null=True, blank=True)

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    due_at = models.DateTimeField(
        _("answer due"), null=True, blank=True, help_text=_("In working hours after the basin's target; empty: none.")
    )
    first_answered_at = models.DateTimeField(_("first answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), related_name="merged", null=True, blank=True
    )
    helped = models.CharField(_("did it help?"), max_length=6, choices=Helped.choices, blank=True)
    helped_at = models.DateTimeField(_("said"), null=True, blank=True)
    helped_words = models.TextField(_("in their words"), blank=True)
    need = models.ForeignKey(
        Need, models.SET_NULL, verbose_name=_("need it became"), null=True, blank=True, related_name="+"
    )
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)
    search_vector = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["basin", "state", "-received_at"], name="helpdesk_ticket_inbox"),
            models.Index(fields=["basin", "-received_at"], name="helpdesk_ticket_recent"),
            models.Index(fields=["received_at"], name="helpdesk_ticket_received"),
            models.Index(fields=["closed_at"], name="helpdesk_ticket_closed", condition=models.Q(state="closed")),
            models.Index(
                fields=["due_at"],
                name="helpdesk_ticket_due",
                condition=models.Q(state__in=["new", "open"], due_at__isnull=False),
            ),
            models.Index(fields=["modified", "uuid"], name="helpdesk_ticket_page"),
            GinIndex(fields=["search_vector"], name="helpdesk_ticket_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="helpdesk_ticket_closed_has_a_moment_and_an_outcome",
                condition=(models.Q(state="closed", closed_at__isnull=False) & ~models.Q(outcome=""))
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True, outcome="")),
            ),
            models.CheckConstraint(
                name="helpdesk_ticket_answered_has_a_moment",
                condition=~models.Q(state="answered") | models.Q(first_answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="helpdesk_ticket_merged_is_closed_as_such",
                condition=models.Q(merged_into__isnull=True)
                | (models.Q(state="closed", outcome="merged") & ~models.Q(merged_into=models.F("pk"))),
            ),
            models.CheckConstraint(
                name="helpdesk_ticket_helped_has_a_moment",
                condition=models.Q(helped="", helped_at__isnull=True)
                | (~models.Q(helped="") & models.Q(helped_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.subject}"

    @property
    def is_closed(self) -> bool:
        return self.state == TicketState.CLOSED

    def somebody_else_answers(self, user: User) -> User | None:
        """The colleague who is writing an answer at this moment, if it is somebody else than ``user``."""
        if self.answering_until is None or self.answering_until <= timezone.now():
            return None
        return self.answering_by if self.answering_by_id != user.pk else None
