"""Walls of post-its: one question each, marked with points of which only the order counts.

The row of the wall is the lock: of how many post-its and points a phone has, of the order of the clusters.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Need, User
from concertations.enums_tables import PointKind, PostItKind, WallState
from concertations.models.meetings import Meeting
from core.bilingual import text
from core.codes import spoken_code
from core.models import PublicModel

POST_IT_LENGTH = 160  # what a hand writes on one
POINTS_EACH = 3  # P points, and as many S points (method of the consultation of 2019)
POST_ITS_EACH_AT_MOST = 5


def wall_code() -> str:
    """Short, for it is typed from the screen."""
    return spoken_code(6)


class Wall(PublicModel):
    """One question that people answer on post-its. Who has the code of an open wall sees it and writes on it.

    ``version`` goes up with everything that the screen shows; ``stage`` with what phones show, so that nothing is
    taken from under the fingers of who writes.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="walls")
    question = models.CharField(_("question"), max_length=200)
    code = models.CharField(_("code"), max_length=12, unique=True, default=wall_code, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=WallState.choices, default=WallState.DRAFT)
    post_its_each = models.PositiveSmallIntegerField(
        _("post-its per person"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(POST_ITS_EACH_AT_MOST)],
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    stage = models.PositiveIntegerField(_("version of the phones"), default=1, editable=False)
    changed_at = models.DateTimeField(_("state since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("wall of post-its")
        verbose_name_plural = _("walls of post-its")
        ordering = ["created", "pk"]

    def __str__(self) -> str:
        return str(text(self, "question"))


class WallStep(models.Model):
    """One step of a wall: who, when, from, to. Written by ``rules.walls`` alone."""

    wall = models.ForeignKey(Wall, models.CASCADE, verbose_name=_("wall"), related_name="steps")
    from_state = models.CharField(_("from"), max_length=8, choices=WallState.choices)
    to_state = models.CharField(_("to"), max_length=8, choices=WallState.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("step of a wall")
        verbose_name_plural = _("steps of a wall")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Phone(models.Model):
    """A browser that wrote on a wall or marked it; nothing says whose. ``digest``: of what its cookie holds."""

    wall = models.ForeignKey(Wall, models.CASCADE, verbose_name=_("wall"), related_name="phones")
    digest = models.CharField(_("digest"), max_length=64)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("phone at a wall")
        verbose_name_plural = _("phones at a wall")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["wall", "digest"], name="concertations_phone_once_per_wall")]

    def __str__(self) -> str:
        return f"{self.wall_id}/{self.pk}"


class Cluster(PublicModel):
    """Post-its that say the same, under a name the team gives them."""

    wall = models.ForeignKey(Wall, models.CASCADE, verbose_name=_("wall"), related_name="clusters")
    title = models.CharField(_("name"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("group of post-its")
        verbose_name_plural = _("groups of post-its")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))


class PostIt(PublicModel):
    """A few words on the wall, by a phone (its first, its second …) or typed by the team for somebody."""

    wall = models.ForeignKey(Wall, models.CASCADE, verbose_name=_("wall"), related_name="post_its")
    cluster = models.ForeignKey(
        Cluster, models.SET_NULL, verbose_name=_("group"), related_name="post_its", null=True, blank=True
    )
    text = models.CharField(_("text"), max_length=POST_IT_LENGTH)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    kind = models.CharField(_("kind"), max_length=8, choices=PostItKind.choices, default=PostItKind.NEED)
    phone = models.ForeignKey(
        Phone, models.SET_NULL, verbose_name=_("phone"), related_name="post_its", null=True, blank=True
    )
    number = models.PositiveSmallIntegerField(_("which of its phone"), null=True, blank=True)
    typed_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("typed by"), null=True, blank=True, related_name="+"
    )
    hidden_at = models.DateTimeField(_("taken off the wall"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("taken off by"), null=True, blank=True, related_name="+"
    )
    need = models.ForeignKey(
        Need, models.SET_NULL, verbose_name=_("in the list of needs"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("post-it")
        verbose_name_plural = _("post-its")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["phone", "number"],
                condition=models.Q(phone__isnull=False),
                name="concertations_post_it_number_once_per_phone",
            ),
            models.CheckConstraint(
                name="concertations_post_it_number_is_small",
                condition=models.Q(number__isnull=True) | models.Q(number__range=(1, POST_ITS_EACH_AT_MOST)),
            ),
            models.CheckConstraint(
                name="concertations_post_it_of_a_phone_has_a_number",
                condition=models.Q(phone__isnull=True) | models.Q(number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Point(models.Model):
    """One of the three P or the three S points of a phone, on one cluster. Counted for the order alone."""

    phone = models.ForeignKey(Phone, models.CASCADE, verbose_name=_("phone"), related_name="points")
    kind = models.CharField(_("kind"), max_length=1, choices=PointKind.choices)
    number = models.PositiveSmallIntegerField(_("which of the three"))
    cluster = models.ForeignKey(Cluster, models.CASCADE, verbose_name=_("group"), related_name="points")

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["phone", "kind", "number"], name="concertations_point_given_once"),
            models.UniqueConstraint(fields=["phone", "kind", "cluster"], name="concertations_point_once_per_cluster"),
            models.CheckConstraint(
                name="concertations_three_points_each", condition=models.Q(number__range=(1, POINTS_EACH))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}{self.number}"
