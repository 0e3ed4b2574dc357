"""News of a basin or of the Region."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models.territory import Basin
from core.bilingual import text
from core.models import PublicModel


class NewsItem(PublicModel):
    """A short item; without a basin it is the Region's and stands on every site."""

    basin = models.ForeignKey(
        Basin, models.CASCADE, verbose_name=_("basin"), related_name="news", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=140)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True)
    published_at = models.DateTimeField(
        _("published"), null=True, blank=True, help_text=_("Empty: a draft. In the future: not shown before.")
    )

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-published_at", "-created"]
        indexes = [models.Index(fields=["basin", "-published_at"], name="news_basin_published")]

    def __str__(self) -> str:
        return str(text(self, "title"))  # the other language rather than nothing: a link needs words
