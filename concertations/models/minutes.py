"""Minutes of a meeting, in the order of its agenda: what to remember, decisions, actions, needs, news.

What is approved stands: the database itself refuses to change it (a trigger of the migration
``minutes_and_consultations``). What a person has a right to may still go: names and addresses can be erased, never
replaced. How an action goes on, and which need or news item came of the minutes, is no part of what was approved.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from basins.enums import Language
from basins.models import Need, NewsItem, User
from concertations.enums_minutes import ActionState, MinutesState, PointKind
from concertations.models.meetings import AgendaItem, Meeting
from core.bilingual import text
from core.models import PublicModel


class Minutes(PublicModel):
    """The minutes of one meeting. ``figures`` counts who was there when they were sent: registrations are erased
    after their time, the count stays."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, verbose_name=_("meeting"), related_name="minutes")
    state = models.CharField(_("state"), max_length=10, choices=MinutesState.choices, default=MinutesState.DRAFT)
    figures = models.JSONField(_("who was there, counted"), default=dict, blank=True, editable=False)
    times_sent = models.PositiveSmallIntegerField(_("times sent"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    approved_in = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name=_("approved in"), null=True, blank=True, related_name="minutes_approved"
    )

    class Meta:
        verbose_name = pgettext_lazy("record", "minutes")
        verbose_name_plural = pgettext_lazy("record", "minutes")
        ordering = ["meeting__starts_at"]
        constraints = [
            models.CheckConstraint(
                name="concertations_minutes_approved_says_when_and_where",
                condition=models.Q(state="approved", approved_at__isnull=False, approved_in__isnull=False)
                | (~models.Q(state="approved") & models.Q(approved_at__isnull=True, approved_in__isnull=True)),
            ),
            models.CheckConstraint(
                name="concertations_minutes_sent_has_a_moment",
                condition=models.Q(state="draft") | models.Q(sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting)


class MinutesStep(models.Model):
    """One step of the minutes: who, when, from, to. Written by ``rules.minutes`` alone."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, verbose_name=pgettext_lazy("record", "minutes"), related_name="steps"
    )
    from_state = models.CharField(_("from"), max_length=10, choices=MinutesState.choices)
    to_state = models.CharField(_("to"), max_length=10, choices=MinutesState.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+")

    class Meta:
        verbose_name = _("step of minutes")
        verbose_name_plural = _("steps of minutes")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class MinutesSection(PublicModel):
    """What was said under one item of the agenda. The heading is a copy: the agenda may change, minutes may not."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, verbose_name=pgettext_lazy("record", "minutes"), related_name="sections"
    )
    item = models.ForeignKey(
        AgendaItem, models.SET_NULL, verbose_name=_("item"), null=True, blank=True, related_name="minuted"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("section of minutes")
        verbose_name_plural = _("sections of minutes")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "item"],
                condition=models.Q(item__isnull=False),
                name="concertations_section_once_per_item",
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))


class MinutesPoint(PublicModel):
    """Something to remember, or a decision."""

    section = models.ForeignKey(MinutesSection, models.CASCADE, verbose_name=_("section"), related_name="points")
    kind = models.CharField(_("kind"), max_length=10, choices=PointKind.choices, default=PointKind.REMEMBER)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("point of minutes")
        verbose_name_plural = _("points of minutes")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(text(self, "text"))


class Action(PublicModel):
    """What somebody will do until a day. Open ones come onto the next agenda by themselves, see ``rules.carrying``.

    The owner's address is for the reminder alone and is shown to the team alone.
    """

    section = models.ForeignKey(MinutesSection, models.PROTECT, verbose_name=_("section"), related_name="actions")
    text = models.CharField(_("what will be done"), max_length=300)
    owner = models.CharField(
        _("by whom"), max_length=160, blank=True, help_text=_("A function or a service rather than a name.")
    )
    owner_email = models.EmailField(
        _("owner's e-mail"), blank=True, help_text=_("For the reminder; only the team sees it.")
    )
    owner_language = models.CharField(_("owner's language"), max_length=2, choices=Language.choices, default="fr")
    due_on = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ActionState.choices, default=ActionState.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    outcome = models.TextField(_("what became of it"), blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], name="concertations_action_due", condition=models.Q(state="open"))]
        constraints = [
            models.CheckConstraint(
                name="concertations_action_closed_has_a_moment",
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="concertations_action_given_up_says_why",
                condition=~models.Q(state="dropped")
                | models.Q(outcome_fr__isnull=False, outcome_fr__gt="")
                | models.Q(outcome_nl__isnull=False, outcome_nl__gt=""),
                violation_error_message=_("Say why it is given up."),
            ),
        ]

    def __str__(self) -> str:
        return str(text(self, "text"))


class ActionStep(models.Model):
    """One step of an action. ``by`` is empty where the owner said it by the link in the reminder."""

    action = models.ForeignKey(Action, models.CASCADE, verbose_name=_("action"), related_name="steps")
    from_state = models.CharField(_("from"), max_length=8, choices=ActionState.choices)
    to_state = models.CharField(_("to"), max_length=8, choices=ActionState.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), null=True, related_name="+")

    class Meta:
        verbose_name = _("step of an action")
        verbose_name_plural = _("steps of actions")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class RaisedNeed(PublicModel):
    """A need that was heard at the meeting, in whose words. ``need`` is the one of the basin's list it became."""

    section = models.ForeignKey(MinutesSection, models.CASCADE, verbose_name=_("section"), related_name="needs")
    title = models.CharField(_("what is missing"), max_length=200)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    words = models.TextField(_("in their words"), blank=True)
    said_by = models.CharField(
        _("who said it"), max_length=120, blank=True, help_text=_("A function or a service rather than a name.")
    )
    said_by_email = models.EmailField(
        _("their e-mail"), blank=True, help_text=_("To answer this person; only the team sees it.")
    )
    about = models.CharField(_("who lacks it"), max_length=120, blank=True)
    need = models.ForeignKey(
        Need,
        models.SET_NULL,
        verbose_name=_("in the list of needs"),
        null=True,
        blank=True,
        related_name="concertations_raised",
    )

    class Meta:
        verbose_name = _("need raised at a meeting")
        verbose_name_plural = _("needs raised at meetings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class SharedNews(PublicModel):
    """News that somebody shared at the meeting. ``news`` is the item of the basin's news it became."""

    section = models.ForeignKey(MinutesSection, models.CASCADE, verbose_name=_("section"), related_name="news")
    title = models.CharField(_("title"), max_length=140)
    body = models.TextField(_("text"), blank=True)
    said_by = models.CharField(
        _("who said it"), max_length=120, blank=True, help_text=_("A function or a service rather than a name.")
    )
    news = models.ForeignKey(
        NewsItem,
        models.SET_NULL,
        verbose_name=_("in the news"),
        null=True,
        blank=True,
        related_name="concertations_shared",
    )

    class Meta:
        verbose_name = _("news shared at a meeting")
        verbose_name_plural = _("news shared at meetings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))
