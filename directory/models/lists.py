"""What readers keep without an account: lists of records for a leaflet, and searches they follow."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin
from core.bilingual import text
from core.models import PublicModel


class Kept(PublicModel):
    """Something that belongs to a mail address. Nothing goes to it before its holder said yes by the link.

    ``basin`` is the site on which it was made, ``None`` the Region's: mails lead back there.
    """

    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    basin = models.ForeignKey(Basin, models.SET_NULL, verbose_name=_("basin"), null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    used_on = models.DateField(_("last used"), help_text=_("It is erased some time after its holder last used it."))
    told_on = models.DateField(_("last told"), null=True, blank=True)

    class Meta:
        abstract = True


class SavedList(Kept):
    """Records in an order of one's own, with a title and a line; made to be printed as a leaflet.

    Records are named by their identifiers, so that one that is removed or merged can still be spoken of.
    ``seen_change`` is the highest ``RecordChange`` its holder was told of.
    """

    title = models.CharField(_("title"), max_length=80, blank=True)
    line = models.CharField(_("line below the title"), max_length=160, blank=True)
    records = ArrayField(models.UUIDField(), verbose_name=_("records"))
    seen_change = models.BigIntegerField(_("last change that was told"), default=0)

    class Meta:
        verbose_name = _("list of records")
        verbose_name_plural = _("lists of records")
        ordering = ["created", "pk"]
        indexes = [models.Index(fields=["email"], name="directory_list_email")]
        constraints = [
            models.CheckConstraint(
                name="directory_list_not_empty",
                condition=models.Q(records__len__gt=0),
                violation_error_message=_("A list has at least one record."),
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title")) or str(self.uuid)


class SavedSearch(Kept):
    """A search whose new results are told by mail. ``query`` is as in the address; ``known`` what it gave last."""

    query = models.CharField(_("search"), max_length=1000)
    known = ArrayField(models.UUIDField(), verbose_name=_("records already known"), default=list, blank=True)

    class Meta:
        verbose_name = _("followed search")
        verbose_name_plural = _("followed searches")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "query", "basin"],
                name="directory_search_followed_once",
                nulls_distinct=False,
                violation_error_message=_("You follow this search already."),
            )
        ]

    def __str__(self) -> str:
        return self.query
