"""A month of a helpdesk as it was made public: counted once, never again."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from core.models import PublicModel


class MonthReport(PublicModel):
    """The figures of a month without its small counts, and their PDF in both languages.

    Frozen: counted anew, the same month would say something else, and the difference could be somebody.
    """

    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="helpdesk_months")
    month = models.DateField(_("month"), help_text=_("Its first day."))
    figures = models.JSONField(_("figures"))
    pdf = models.BinaryField(_("PDF"), editable=False)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("made by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("month in figures")
        verbose_name_plural = _("months in figures")
        ordering = ["-month", "basin"]
        constraints = [
            models.UniqueConstraint(fields=["basin", "month"], name="helpdesk_month_once_per_basin"),
            models.CheckConstraint(name="helpdesk_month_is_its_first_day", condition=models.Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.basin} · {self.month:%Y-%m}"
