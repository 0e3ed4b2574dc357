"""Needs: what the field lacks, each with its mentions. The loop starts here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language, NeedState
from basins.models.territory import Basin
from core.bilingual import text
from core.models import PublicModel


class Need(PublicModel):
    """Something that is missing in a basin (or the Region), however often it was heard."""

    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="needs", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    theme = models.CharField(_("theme"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=NeedState.choices, default=NeedState.HEARD)
    outcome = models.TextField(_("what became of it"), blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-modified"]
        constraints = [
            models.CheckConstraint(
                name="need_not_merged_into_itself",
                condition=~models.Q(merged_into=models.F("pk")),
                violation_error_message=_("A need cannot be merged into itself."),
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))  # the other language rather than nothing: a link needs words


class NeedMention(PublicModel):
    """One time that a need was heard: where, when, in whose words.

    ``source`` is the mission's name, ``source_key`` what the mission calls the occasion: the same
    occasion mentions a need once.
    """

    need = models.ForeignKey(Need, models.CASCADE, verbose_name=_("need"), related_name="mentions")
    source = models.CharField(_("heard in"), max_length=40)
    source_key = models.CharField(_("occasion"), max_length=120)
    source_label = models.CharField(_("occasion in words"), max_length=200, blank=True)
    heard_on = models.DateField(_("heard on"))
    words = models.TextField(_("in whose words"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    audience = models.CharField(_("audience"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    raised_by_email = models.EmailField(
        _("raised by"), blank=True, help_text=_("To answer this person; shown to staff alone.")
    )

    class Meta:
        verbose_name = _("mention of a need")
        verbose_name_plural = _("mentions of needs")
        ordering = ["-heard_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "source", "source_key", "raised_by_email"],
                name="need_mention_once_per_occasion_and_person",
                violation_error_message=_("This occasion already counts for this need."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} · {self.source_label or self.source_key}"


class NeedStep(models.Model):
    """One move of a need from state to state: who, when, from where to where."""

    need = models.ForeignKey(Need, models.CASCADE, verbose_name=_("need"), related_name="steps")
    from_state = models.CharField(_("from"), max_length=12, choices=NeedState.choices)
    to_state = models.CharField(_("to"), max_length=12, choices=NeedState.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("step of a need")
        verbose_name_plural = _("steps of needs")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
