"""A solved case that everybody may learn from: told anew, in both languages, without anybody in it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from core.models import PublicModel
from directory.models import TaxonomyTerm
from helpdesk.enums import ExampleState
from helpdesk.models.tickets import Ticket


class Example(PublicModel):
    """What was asked, and what helped. ``records`` are identifiers of the directory (``directory.standing``).

    It keeps nothing of the ticket but where it came from, and stays when the ticket's words are erased.
    """

    ticket = models.OneToOneField(
        Ticket, models.SET_NULL, verbose_name=_("ticket"), related_name="example", null=True, blank=True
    )
    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="helpdesk_examples")
    theme = models.ForeignKey(
        TaxonomyTerm, models.SET_NULL, verbose_name=_("theme"), related_name="+", null=True, blank=True
    )
    audience = models.ForeignKey(
        TaxonomyTerm, models.SET_NULL, verbose_name=_("audience"), related_name="+", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=120, blank=True)
    question = models.TextField(_("what was asked"), max_length=2000, blank=True)
    helped = models.TextField(_("what helped"), max_length=2000, blank=True)
    records = ArrayField(models.UUIDField(), verbose_name=_("records of the directory"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ExampleState.choices, default=ExampleState.DRAFT)
    written_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("written by"), null=True, blank=True, related_name="+"
    )
    published_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("published by"), null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    search_vector = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("example")
        verbose_name_plural = _("examples")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["basin", "state", "-published_at"], name="helpdesk_example_list"),
            GinIndex(fields=["search_vector"], name="helpdesk_example_search"),
        ]
        constraints = [
            models.CheckConstraint(
                name="helpdesk_example_published_has_a_moment",
                condition=models.Q(state="published", published_at__isnull=False)
                | (~models.Q(state="published") & models.Q(published_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.uuid)
