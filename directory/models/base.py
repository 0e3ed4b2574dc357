"""What all records have: a number in the feed of changes, a state per text, an origin per field."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import LANGUAGE_CODES
from core.models import PublicModel
from directory.enums import TextState


class Record(PublicModel):
    """Something that partners copy: each write gives it the next number of the one sequence of changes."""

    changed_seq = models.BigIntegerField(_("number of the last change"), default=0, editable=False, db_index=True)

    class Meta:
        abstract = True


class TextRecord(Record):
    """A record with texts in two languages and values of several origins.

    ``outdated`` names columns (``"description_nl"``) whose other language was changed alone since.
    ``origins`` says per key of the record's document who said it: ``"here"``, ``"organisation"`` or
    ``"source:<uuid>"``; what a program wrote has none.
    """

    outdated = ArrayField(
        models.CharField(max_length=60), verbose_name=_("texts out of date"), default=list, blank=True, editable=False
    )
    origins = models.JSONField(_("origin of each field"), default=dict, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo data"), default=False, editable=False)

    class Meta:
        abstract = True

    def text_state(self, field: str, language: str) -> TextState:
        """Where one language of a text stands beside the other."""
        column = f"{field}_{language}"
        if not getattr(self, column):
            return TextState.MISSING
        return TextState.OUTDATED if column in self.outdated else TextState.PRESENT

    def text_states(self, field: str) -> dict[str, TextState]:
        """Both states by language code."""
        return {language: self.text_state(field, language) for language in LANGUAGE_CODES}


def just_one(*names: str) -> models.Q:
    """The condition that exactly one of these columns is filled in."""
    condition = models.Q()
    for name in names:
        condition |= models.Q(**{f"{other}__isnull": other != name for other in names})
    return condition
