"""Meetings of a series: when, where, what about, with which papers.

Scarce: ``Meeting.seats``. The row of the meeting owns its capacity and counts what is taken; only
``rules.registering`` changes the count, with the row locked.
"""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Municipality, User
from concertations.enums import DocumentAudience, ItemKind, MeetingState
from concertations.models.series import Series
from core.bilingual import text
from core.models import PublicModel

SEATS_AT_MOST = 1000


class Meeting(PublicModel):
    """One meeting: a row of its own also where a rule made it, so that it can move alone.

    ``starts_at`` and ``ends_at`` are stored in UTC and spoken in Brussels; of old meetings only the day may be
    known (``is_whole_day``): then they begin at midnight and end at the next. ``sequence`` is that of iCalendar.
    """

    series = models.ForeignKey(Series, models.PROTECT, verbose_name=_("series"), related_name="meetings")
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True, validators=[MinValueValidator(1)])
    title = models.CharField(_("subject"), max_length=200, blank=True)
    intro = models.TextField(_("introduction"), blank=True)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_whole_day = models.BooleanField(_("hours not known"), default=False)
    place = models.CharField(_("place"), max_length=160, blank=True)
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", _("Write four digits."))]
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("municipality"), null=True, blank=True, related_name="+"
    )
    directions = models.TextField(_("way there"), blank=True)
    wheelchair = models.BooleanField(
        _("wheelchair access"), null=True, blank=True, help_text=_("Empty: not known; we say so.")
    )
    online_url = models.URLField(_("link to take part at a distance"), blank=True)
    meal_offered = models.BooleanField(_("a meal is served"), default=False)
    registration_opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    registration_closes_at = models.DateTimeField(_("registration closes"), null=True, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(SEATS_AT_MOST)],
        help_text=_("Empty: no limit."),
    )
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    reminder_days_before = models.PositiveSmallIntegerField(
        _("first reminder"), default=5, help_text=_("Days before the meeting; the second one goes out the day before.")
    )
    state = models.CharField(_("state"), max_length=10, choices=MeetingState.choices, default=MeetingState.DRAFT)
    cancel_note = models.TextField(_("why it is called off"), blank=True)
    participants_counted = models.PositiveSmallIntegerField(
        _("participants counted"),
        null=True,
        blank=True,
        help_text=_("Where heads were counted and no presence noted, as for meetings before this platform."),
    )
    sectors_named = models.TextField(
        _("sectors named"), blank=True, help_text=_("As the source says it, where presence was not noted.")
    )
    sequence = models.PositiveIntegerField(_("changes told"), default=0, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="concertations_meeting_starts")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "number"],
                name="concertations_meeting_number_once",
                violation_error_message=_("This series already has a meeting with this number."),
            ),
            models.CheckConstraint(
                name="concertations_meeting_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The meeting ends after it begins."),
            ),
            models.CheckConstraint(
                name="concertations_meeting_registration_has_both_dates_in_order",
                condition=models.Q(registration_opens_at__isnull=True, registration_closes_at__isnull=True)
                | models.Q(registration_closes_at__gt=models.F("registration_opens_at")),
                violation_error_message=_("Registration has two dates: it closes after it opens."),
            ),
            models.CheckConstraint(
                name="concertations_meeting_never_overbooked",
                condition=models.Q(seats__isnull=True) | models.Q(seats_taken__lte=models.F("seats")),
                violation_error_message=_("More seats are taken than this."),
            ),
            models.CheckConstraint(
                name="concertations_meeting_called_off_says_why",
                condition=~models.Q(state=MeetingState.CANCELLED)
                | models.Q(cancel_note_fr__isnull=False, cancel_note_fr__gt="")
                | models.Q(cancel_note_nl__isnull=False, cancel_note_nl__gt=""),
                violation_error_message=_("Say why it is called off: who registered reads it."),
            ),
        ]

    def __str__(self) -> str:
        number = f" {self.number}" if self.number else ""
        return f"{self.series}{number} ({timezone.localtime(self.starts_at):%Y-%m-%d})"

    @property
    def day(self) -> dt.date:
        """The day in Brussels."""
        return timezone.localtime(self.starts_at).date()

    @property
    def address(self) -> str:
        """In one line, in the reader's language: place, street, town; "" if not known."""
        town = f"{self.postcode} {text(self.municipality, 'name') if self.municipality else ''}".strip()
        return ", ".join(filter(None, [str(text(self, "place")), str(text(self, "street")), town]))


class MeetingStateChange(models.Model):
    """One step of a meeting: who, when, from, to. Written by ``rules.meetings`` alone."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="state_changes")
    from_state = models.CharField(_("from"), max_length=10, choices=MeetingState.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=MeetingState.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("by"), null=True, help_text=_("Nobody: the calendar did it.")
    )

    class Meta:
        verbose_name = _("step of a meeting")
        verbose_name_plural = _("steps of a meeting")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class AgendaItem(PublicModel):
    """One item of a meeting's agenda. ``carried_key`` names what brought it there by itself, once per meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="items")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices, default=ItemKind.OTHER)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, help_text=_("How long it takes; the hours follow from it.")
    )
    who = models.CharField(_("who"), max_length=160, blank=True)
    carried_key = models.CharField(_("came by itself from"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("items of the agenda")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "carried_key"],
                condition=~models.Q(carried_key=""),
                name="concertations_item_carried_once",
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))


def document_path(document: Document, filename: str) -> str:
    """By its identifier: what a file is called says nothing of where it lies."""
    return f"concertations/{document.uuid}/{filename}"


class Document(PublicModel):
    """A paper of a series, of one of its meetings, or of an agenda item; a file per language, or both in one."""

    series = models.ForeignKey(Series, models.CASCADE, verbose_name=_("series"), related_name="documents")
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="documents", null=True, blank=True
    )
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, verbose_name=_("item"), related_name="documents", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=160)
    file = models.FileField(_("file"), upload_to=document_path)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, blank=True, help_text=_("Empty: both languages in one.")
    )
    audience = models.CharField(
        _("for whom"), max_length=12, choices=DocumentAudience.choices, default=DocumentAudience.PUBLIC
    )
    added_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("added by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))
