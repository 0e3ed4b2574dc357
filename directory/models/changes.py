"""What happened to records: the history, and what the public can no longer see."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.models import PublicModel
from directory.enums import ChangeAction, GoneReason, Origin, RecordKind
from directory.models.sources import Source


class RecordChange(PublicModel):
    """One change of one record. ``before`` and ``after`` hold the keys of its document that changed.

    It outlives the record, so it names it by kind and identifier. Nothing of persons to turn to is
    kept here. Undoing a change is editing the record with ``before``.
    """

    record_kind = models.CharField(_("what"), max_length=20, choices=RecordKind.choices)
    record_uuid = models.UUIDField(_("identifier of the record"))
    label = models.CharField(_("name at that time"), max_length=200, blank=True)
    action = models.CharField(_("done"), max_length=10, choices=ChangeAction.choices)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin.choices, default=Origin.HERE)
    source = models.ForeignKey(
        Source, models.SET_NULL, verbose_name=_("source"), related_name="changes", null=True, blank=True
    )
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("by"), null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    undoes = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("undoes"), null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("change of a record")
        verbose_name_plural = _("changes of records")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["record_uuid", "-at"], name="directory_change_record"),
            models.Index(fields=["-at"], name="directory_change_at"),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.get_action_display()}"


class Tombstone(models.Model):
    """What partners that keep a copy must take out: removed, merged, or no longer public."""

    record_kind = models.CharField(_("what"), max_length=20, choices=RecordKind.choices)
    record_uuid = models.UUIDField(_("identifier of the record"), unique=True)
    reason = models.CharField(_("reason"), max_length=8, choices=GoneReason.choices)
    replaced_by = models.UUIDField(_("replaced by"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    changed_seq = models.BigIntegerField(_("number of the change"), unique=True)

    class Meta:
        verbose_name = _("removed record")
        verbose_name_plural = _("removed records")
        ordering = ["changed_seq"]

    def __str__(self) -> str:
        return f"{self.record_kind} {self.record_uuid}"
