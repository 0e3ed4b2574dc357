"""The programme of a week: who opens its doors, where, and when.

Scarce: ``Visit.seats``. The row of the visit owns its capacity and counts what is taken and what is on
offer to the waiting list; only ``rules.booking`` and ``rules.waiting`` change the counts, with the row locked.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language, Sector
from basins.models import Municipality, User
from core.bilingual import text
from core.models import PublicModel
from opendoors.enums import HostState, VisitLanguage, VisitState
from opendoors.models.editions import Edition

SEATS_AT_MOST = 500


class Host(PublicModel):
    """A service that opens its doors in one edition. Its name keeps its own language.

    Who answered the call is ``proposed`` until the team says yes; whom the team enters is accepted at once.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="hosts")
    name = models.CharField(_("name"), max_length=160)
    name_language = models.CharField(_("language of the name"), max_length=2, choices=Language.choices, blank=True)
    search_name = models.CharField(_("name, folded"), max_length=160, editable=False, db_index=True)
    description = models.TextField(_("what visitors will see"), blank=True)
    welcome = models.TextField(
        _("welcome note"), blank=True, help_text=_("For who has booked: the bell, the dog, the coffee.")
    )
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=30, blank=True)
    contact_language = models.CharField(
        _("language of the mails"), max_length=2, choices=Language.choices, default=Language.FR
    )
    state = models.CharField(_("state"), max_length=12, choices=HostState.choices, default=HostState.ACCEPTED)
    decision_note = models.TextField(
        _("word to the host"), blank=True, help_text=_("What is asked, or why not. The host reads it.")
    )

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "search_name"],
                name="opendoors_host_once_per_edition",
                violation_error_message=_("This host already takes part in this edition."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class HostStateChange(models.Model):
    """One step of a host: who, when, from, to, with what word. Written by ``rules.validating`` alone."""

    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="state_changes")
    from_state = models.CharField(_("from"), max_length=12, choices=HostState.choices, blank=True)
    to_state = models.CharField(_("to"), max_length=12, choices=HostState.choices)
    note = models.TextField(_("word to the host"), blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("by"), null=True, help_text=_("Nobody: the host itself, by its link.")
    )

    class Meta:
        verbose_name = _("step of a host")
        verbose_name_plural = _("steps of a host")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Place(PublicModel):
    """Where a host receives visitors, and how to get there and in."""

    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="places")
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", _("Write four digits."))]
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("municipality"), null=True, blank=True
    )
    wheelchair = models.BooleanField(
        _("wheelchair access"), null=True, blank=True, help_text=_("Empty: not known; we say so.")
    )
    directions = models.TextField(_("way there"), blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["host", "pk"]

    def __str__(self) -> str:
        return self.address or str(self.host)

    @property
    def address(self) -> str:
        """In one line, in the reader's language: ``Rue de l’Exemple 12, 1040 Etterbeek``; "" if not known."""
        town = f"{self.postcode} {text(self.municipality, 'name') if self.municipality else ''}".strip()
        return ", ".join(filter(None, [str(text(self, "street")), town]))


class Visit(PublicModel):
    """One opening of a host's door: a time, a number of seats, the languages spoken."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="visits")
    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("place"), related_name="visits")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(SEATS_AT_MOST)]
    )
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    seats_held = models.PositiveSmallIntegerField(
        _("seats on offer"), default=0, editable=False, help_text=_("Freed seats offered to the next in line.")
    )
    walk_ins = models.PositiveSmallIntegerField(
        _("came without booking"), default=0, help_text=_("Counted by the host on the day.")
    )
    walk_ins_at = models.DateTimeField(
        _("counted at"), null=True, blank=True, editable=False, help_text=_("Empty: nobody counted.")
    )
    languages = ArrayField(
        models.CharField(max_length=4, choices=VisitLanguage.choices), verbose_name=_("languages"), default=list
    )
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices, default=VisitState.PLANNED)
    sequence = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["edition", "starts_at"], name="opendoors_visit_by_edition"),
            models.Index(fields=["modified", "uuid"], name="opendoors_visit_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "starts_at"],
                name="opendoors_visit_once_per_host_and_time",
                violation_error_message=_("This host already has a visit at this time."),
            ),
            models.CheckConstraint(
                name="opendoors_visit_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The visit cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="opendoors_visit_never_overbooked",
                condition=models.Q(seats__gte=models.F("seats_taken") + models.F("seats_held")),
                violation_error_message=_("More seats are taken than there would be."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def seats_left(self) -> int:
        """Seats that anybody can book now: what is on offer to the line is spoken for."""
        return self.seats - self.seats_taken - self.seats_held

    @property
    def length(self) -> dt.timedelta:
        """How long it lasts."""
        return self.ends_at - self.starts_at

    @property
    def language_words(self) -> str:
        """``French, Dutch`` in the reader's language, main language first."""
        return ", ".join(str(VisitLanguage(code).label) for code in self.languages)

    @property
    def is_cancelled(self) -> bool:
        return self.state == VisitState.CANCELLED

    @property
    def has_free_seat(self) -> bool:
        return self.seats_left > 0 and self.state == VisitState.PLANNED
