"""What search reads: a row per record, the words there are, and what was looked for in vain."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, Need, User
from core.models import PublicModel
from directory.enums import MissedVerdict, Visibility
from directory.models.services import Service


class SearchEntry(models.Model):
    """One row per record with everything that search reads, so that a search joins nothing.

    Written by `rules.indexing` alone; can always be made anew from the records. ``words`` holds all
    words of both languages, folded and stemmed, and ``#<tag>`` for each tag; it is what is looked up,
    by its index alone. The rest is small and decides the order and the counts: ``names`` (weight A the
    record's own, B its organisation's), ``titles`` (the names, folded, between ``|``), ``tags`` (each
    facet's value as one number, `directory.tags`), ``open_week`` (a bit per half hour of the seven days
    since it was written, in Brussels, four times over: `search.openings`), ``has_places_until`` (the day on
    which what was said of places fades).
    ``indexed_seq`` is the record's ``changed_seq`` that it was made of: what is above the highest waits.
    ``revision`` counts each writing of an entry, so that processes take up what is new (`search.board`).
    """

    service = models.OneToOneField(
        Service, models.CASCADE, verbose_name=_("record"), related_name="search_entry", primary_key=True
    )
    visibility = models.CharField(_("visible to"), max_length=14, choices=Visibility.choices)
    words = SearchVectorField(_("words"), null=True)
    names = SearchVectorField(_("words of names"), null=True)
    titles = models.TextField(_("names, folded"), blank=True)
    tags = ArrayField(models.IntegerField(), verbose_name=_("facets"), default=list)
    open_week = models.BinaryField(_("open half hours"), null=True)
    latitude = models.FloatField(_("latitude"), null=True)
    longitude = models.FloatField(_("longitude"), null=True)
    quality = models.PositiveSmallIntegerField(_("quality"), default=0)
    fresh_on = models.DateField(_("last checked on"), null=True)
    has_places_until = models.DateField(_("has places until"), null=True)
    indexed_seq = models.BigIntegerField(_("number of the change"), default=0, db_index=True)
    revision = models.BigIntegerField(_("number of the writing"), default=0, db_index=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [
            GinIndex(fields=["words"], name="directory_search_words"),
            GinIndex(fields=["tags"], name="directory_search_tags"),
        ]

    def __str__(self) -> str:
        return self.titles


class SearchWord(models.Model):
    """A word that stands in some record or term, as it is written there: what "did you mean" proposes."""

    word = models.CharField(_("word, folded"), max_length=60, primary_key=True)
    spelling = models.CharField(_("as it is written"), max_length=60)

    class Meta:
        verbose_name = _("word of the directory")
        verbose_name_plural = _("words of the directory")

    def __str__(self) -> str:
        return self.spelling


class MissedSearch(PublicModel):
    """Something that was looked for and not found: words, place, filters, how often. Nothing of who asked.

    The same search again is the same row. ``filters`` are the facets as in the address
    (``"theme=nursing"``), in order. What a colleague found out stands in ``verdict``.
    """

    words = models.CharField(_("words"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=4, blank=True)
    filters = ArrayField(models.CharField(max_length=80), verbose_name=_("filters"), default=list, blank=True)
    basin = models.ForeignKey(
        Basin, models.CASCADE, verbose_name=_("basin"), related_name="missed_searches", null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_on = models.DateField(_("first on"))
    last_on = models.DateField(_("last on"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=MissedVerdict.choices, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    need = models.ForeignKey(
        Need, models.SET_NULL, verbose_name=_("need"), related_name="missed_searches", null=True, blank=True
    )
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("looked at by"), null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        ordering = ["-times", "-last_on", "pk"]
        indexes = [models.Index(fields=["verdict", "-times", "-last_on"], name="directory_missed_often")]
        constraints = [
            models.UniqueConstraint(
                fields=["words", "postcode", "filters", "basin"], name="directory_missed_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="directory_missed_settled",
                condition=models.Q(verdict="", settled_at__isnull=True)
                | (~models.Q(verdict="") & models.Q(settled_at__isnull=False)),
                violation_error_message=_("A verdict has a date."),
            ),
        ]

    def __str__(self) -> str:
        return self.words or " ".join(self.filters)
