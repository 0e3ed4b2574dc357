"""Who sits with whom at a meeting: seatings, their subjects, seats, and what people would choose."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums_tables import SeatingKind, Side
from concertations.models.meetings import Meeting
from concertations.models.registrations import Participant
from core.bilingual import text
from core.models import PublicModel

TABLE_AT_LEAST, TABLE_AT_MOST = 2, 12
ROUNDS_AT_MOST = 12
SEED_AT_MOST = 2**31 - 1


class Seating(PublicModel):
    """One way to seat the people of a meeting, and once it is drawn, the seats.

    ``seed`` and the people decide the seats: drawn again with the same ones it is the same. ``account`` holds the
    figures by which the page explains them, as they were when it was drawn. Its row is the lock of all below it.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="seatings")
    kind = models.CharField(_("kind"), max_length=8, choices=SeatingKind.choices, default=SeatingKind.MIXED)
    title = models.CharField(_("subject"), max_length=200)
    table_size = models.PositiveSmallIntegerField(
        _("people at a table"),
        default=4,
        validators=[MinValueValidator(TABLE_AT_LEAST), MaxValueValidator(TABLE_AT_MOST)],
    )
    rounds = models.PositiveSmallIntegerField(
        _("rounds"), default=1, validators=[MinValueValidator(1), MaxValueValidator(ROUNDS_AT_MOST)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes of a round"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    choices_open = models.BooleanField(
        _("people may choose"), default=False, help_text=_("By the code on the screen, until the seats are drawn.")
    )
    seed = models.PositiveIntegerField(_("seed"), default=1, validators=[MaxValueValidator(SEED_AT_MOST)])
    account = models.JSONField(_("figures"), default=dict, blank=True, editable=False)
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True, editable=False)
    drawn_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("drawn by"), null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("seating")
        verbose_name_plural = _("seatings")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))

    @property
    def is_drawn(self) -> bool:
        return self.drawn_at is not None


class Subject(PublicModel):
    """What is talked about: of the two groups that swap, or in a workshop, which has seats."""

    seating = models.ForeignKey(Seating, models.CASCADE, verbose_name=_("seating"), related_name="subjects")
    position = models.PositiveSmallIntegerField(_("position"), validators=[MinValueValidator(1)])
    title = models.CharField(_("subject"), max_length=200)
    who = models.CharField(_("who leads it"), max_length=160, blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats in each round"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    class Meta:
        verbose_name = _("subject of a seating")
        verbose_name_plural = _("subjects of a seating")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["seating", "position"], name="concertations_subject_position_once")
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))


class Seat(models.Model):
    """Where a person is in a round. ``place``: the number of the table, the workshop, or the pair.

    Whose place in a circle is empty on the other side takes a break in that round.
    """

    seating = models.ForeignKey(Seating, models.CASCADE, verbose_name=_("seating"), related_name="seats")
    participant = models.ForeignKey(
        Participant, models.CASCADE, verbose_name=_("participant"), related_name="meeting_seats"
    )
    turn = models.PositiveSmallIntegerField(_("round"), default=1)
    place = models.PositiveSmallIntegerField(_("place"))
    side = models.CharField(_("group"), max_length=1, choices=Side.choices, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["turn", "place", "side", "participant__name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seating", "participant", "turn"],
                name="concertations_seated_once_a_round",
                violation_error_message=_("This person has a seat in this round already."),
            ),
            models.UniqueConstraint(
                fields=["seating", "turn", "place", "side"],
                condition=models.Q(side__in=["I", "O"]),
                name="concertations_one_person_per_place_of_a_circle",
            ),
            models.CheckConstraint(
                name="concertations_seat_counts_from_one", condition=models.Q(turn__gte=1, place__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.turn}.{self.place}{self.side}"


class WorkshopChoice(models.Model):
    """Which workshop a person would like, the dearest first."""

    seating = models.ForeignKey(Seating, models.CASCADE, verbose_name=_("seating"), related_name="wanted")
    participant = models.ForeignKey(
        Participant, models.CASCADE, verbose_name=_("participant"), related_name="workshop_choices"
    )
    subject = models.ForeignKey(Subject, models.CASCADE, verbose_name=_("workshop"), related_name="wanted")
    rank = models.PositiveSmallIntegerField(_("rank"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("choice of a workshop")
        verbose_name_plural = _("choices of workshops")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seating", "participant", "rank"], name="concertations_choice_rank_once_per_person"
            ),
            models.UniqueConstraint(
                fields=["participant", "subject"], name="concertations_workshop_chosen_once_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.subject}"
