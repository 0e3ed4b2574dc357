"""Lists that are imported, and which of their records is which of ours."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.bilingual import text
from core.models import PublicModel
from directory.enums import DoubleVerdict, LikenessReason
from directory.models.base import just_one
from directory.models.organizations import Organization
from directory.models.services import Service


class Source(PublicModel):
    """A list of somebody else's, e.g. social.brussels. ``mapping`` says which column is which key of a document."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=120, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    last_import_at = models.DateTimeField(_("last imported"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["code"]

    def __str__(self) -> str:
        return str(text(self, "name"))

    @property
    def mark(self) -> str:
        """How a record's ``origins`` name this source."""
        return f"source:{self.uuid}"


class SourceRecord(models.Model):
    """The source's own identifier for one of our records. What is gone there is marked here, never deleted."""

    source = models.ForeignKey(Source, models.CASCADE, verbose_name=_("source"), related_name="records")
    identifier = models.CharField(_("identifier there"), max_length=200)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        verbose_name=_("organisation"),
        related_name="source_records",
        null=True,
        blank=True,
    )
    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="source_records", null=True, blank=True
    )
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, blank=True, help_text=_("Of the row as it came last: the same row is skipped.")
    )
    said_by = models.CharField(
        _("row that speaks for it"),
        max_length=200,
        blank=True,
        help_text=_("Of an organisation that several rows name: the one whose words count."),
    )
    url = models.URLField(_("web address there"), max_length=500, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    last_seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    gone_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("record at a source")
        verbose_name_plural = _("records at sources")
        ordering = ["pk"]
        indexes = [models.Index(fields=["source", "last_seen_at"], name="directory_source_seen")]
        constraints = [
            # An organisation and its service may share an identifier there: one row of a file makes both.
            models.UniqueConstraint(
                fields=["source", "identifier"],
                condition=models.Q(service__isnull=False),
                name="directory_source_service_once",
                violation_error_message=_("The source already calls another record so."),
            ),
            models.UniqueConstraint(
                fields=["source", "identifier"],
                condition=models.Q(organization__isnull=False),
                name="directory_source_org_once",
                violation_error_message=_("The source already calls another record so."),
            ),
            models.CheckConstraint(
                name="directory_source_of_one",
                condition=models.Q(organization__isnull=True, service__isnull=False)
                | models.Q(organization__isnull=False, service__isnull=True),
                violation_error_message=_("A record at a source is one record here."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source.code} {self.identifier}"

    @property
    def is_gone(self) -> bool:
        return self.gone_at is not None


class LikelyDouble(PublicModel):
    """A row of a list that may be a record we have. It waits until somebody says whether it is."""

    source = models.ForeignKey(Source, models.CASCADE, verbose_name=_("source"), related_name="doubles")
    identifier = models.CharField(_("identifier there"), max_length=200)
    label = models.CharField(_("name there"), max_length=300)
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="doubles", null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="doubles", null=True, blank=True
    )
    likeness = models.PositiveSmallIntegerField(_("likeness in percent"))
    reasons = ArrayField(
        models.CharField(max_length=10, choices=LikenessReason.choices), verbose_name=_("in common"), default=list
    )
    verdict = models.CharField(_("decided"), max_length=9, choices=DoubleVerdict.choices, default=DoubleVerdict.OPEN)
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("likely double")
        verbose_name_plural = _("likely doubles")
        ordering = ["-likeness", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier", "organization", "service"],
                name="directory_double_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="directory_double_of_one", condition=just_one("organization", "service")),
        ]

    def __str__(self) -> str:
        return f"{self.label} = {self.organization or self.service}"
