"""Back office of the territory, news and needs."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from basins.backoffice import M, ReadOnlyInline, ScopedAdmin, ScopedForm, two_languages
from basins.enums import Language, NeedState
from basins.missions import missions
from basins.models import (
    Basin,
    Municipality,
    Need,
    NeedMention,
    NeedStep,
    Neighbourhood,
    NewsItem,
    PostcodeArea,
    SiteHost,
)
from basins.rights import Right
from basins.rules import needs, news, territory
from basins.web.reader import signed_in
from core.errors import RuleError

TEXTS = [f"{field}_{language}" for field in ("title", "summary", "body") for language in ("fr", "nl")]


# --- Territory -----------------------------------------------------------------------------------
class TerritoryAdmin(ScopedAdmin[M]):
    """The Region's own tables."""

    right = Right.EDIT_TERRITORY
    basin_path = ""

    def save_with_rule(self, request: HttpRequest, obj: Any, form: Any, *, change: bool) -> None:
        territory.save_part(part=obj, by=signed_in(request))

    def delete_with_rule(self, request: HttpRequest, obj: Any) -> None:
        territory.remove_part(part=obj, by=signed_in(request))


@admin.register(Basin)
class BasinAdmin(TerritoryAdmin[Basin]):
    may_add = may_delete = False
    list_display = ["code", "name_fr", "name_nl", "helpdesk_phone"]
    fields = ["code", *two_languages(Basin, "name", "intro", "helpdesk_phone", "helpdesk_email", "position")]
    readonly_fields = ["code"]


@admin.register(Municipality)
class MunicipalityAdmin(TerritoryAdmin[Municipality]):
    may_add = may_delete = False
    list_display = ["nis_code", "name_fr", "name_nl", "population", "population_year"]
    search_fields = ["nis_code", "name_fr", "name_nl"]
    fields = ["nis_code", *two_languages(Municipality, "name", "population", "population_year")]
    readonly_fields = ["nis_code"]


@admin.register(Neighbourhood)
class NeighbourhoodAdmin(TerritoryAdmin[Neighbourhood]):
    list_display = ["name_fr", "name_nl", "municipality", "basin", "postcode"]
    list_select_related = ["municipality", "basin"]
    list_filter = ["basin"]
    search_fields = ["name_fr", "name_nl", "postcode"]
    fields = ["basin", "municipality", *two_languages(Neighbourhood, "name", "postcode")]


@admin.register(PostcodeArea)
class PostcodeAreaAdmin(TerritoryAdmin[PostcodeArea]):
    list_display = ["postcode", "municipality", "basin", "is_main", "note"]
    list_select_related = ["municipality", "basin"]
    list_filter = ["basin", "is_main"]
    search_fields = ["postcode", "municipality__name_fr", "municipality__name_nl"]
    fields = ["postcode", "municipality", "basin", *two_languages(PostcodeArea, "is_main", "note")]


@admin.register(SiteHost)
class SiteHostAdmin(TerritoryAdmin[SiteHost]):
    list_display = ["host", "basin", "language"]
    list_select_related = ["basin"]
    fields = ["host", "basin", "language"]


# --- News ----------------------------------------------------------------------------------------
@admin.register(NewsItem)
class NewsItemAdmin(ScopedAdmin[NewsItem]):
    """News of the reader's basins. Without a day it is a draft; what was shown is withdrawn, not deleted."""

    right = Right.WRITE_NEWS
    settled = ("basin",)
    may_delete = False
    list_display = ["title_fr", "title_nl", "basin", "published_at"]
    list_display_links = ["title_fr", "title_nl"]
    list_filter = ["basin"]
    search_fields = ["title_fr", "title_nl"]
    date_hierarchy = "published_at"
    fields = two_languages(NewsItem, "basin", "title", "summary", "body", "published_at")

    def save_with_rule(self, request: HttpRequest, obj: NewsItem, form: Any, *, change: bool) -> None:
        texts = {name: form.cleaned_data.get(name) or "" for name in TEXTS}
        by = signed_in(request)
        wanted = form.cleaned_data.get("published_at")
        if change:
            written = news.edit_news(item=obj, by=by, **texts)
        else:
            written = news.write_news(basin=obj.basin, by=by, **texts)
        if wanted is None and written.published_at is not None:
            news.withdraw(item=written, by=by)
        elif wanted is not None and wanted != written.published_at:
            news.publish(item=written, by=by, at=wanted)
        obj.pk = written.pk


# --- Needs ---------------------------------------------------------------------------------------
class MentionInline(ReadOnlyInline):
    model = NeedMention
    readonly_fields = ["occasion"]
    fields = ["heard_on", "source", "occasion", "words", "language", "audience", "weight",
                                   "raised_by_email"]  # fmt: skip

    @admin.display(description=_("occasion in words"))
    def occasion(self, mention: NeedMention) -> str:
        """What was said there is read on the page of its mission, where there is one."""
        label = mention.source_label or mention.source_key
        mission = next((each for each in missions() if each.name == mention.source), None)
        url = mission.occasion_url(mention.source_key) if mission else ""
        return format_html('<a href="{}">{}</a>', url, label) if url else label


class StepInline(ReadOnlyInline):
    model = NeedStep
    fields = ["at", "from_state", "to_state", "by"]


class NeedForm(ScopedForm):
    """A need that somebody told us; later on, its next state and what became of it."""

    title = forms.CharField(label=_("title"), max_length=200)
    language = forms.ChoiceField(label=_("language"), choices=Language.choices)
    words = forms.CharField(label=_("in whose words"), widget=forms.Textarea, required=False)
    heard_on = forms.DateField(label=_("heard on"), initial=timezone.localdate)
    audience = forms.CharField(label=_("audience"), max_length=120, required=False)
    weight = forms.IntegerField(label=_("weight"), min_value=1, max_value=999, initial=1)

    class Meta:
        model = Need
        fields: ClassVar[list[str]] = ["basin", "theme", "state", "outcome_fr", "outcome_nl"]


class NeedStateForm(ScopedForm):
    class Meta:
        model = Need
        fields: ClassVar[list[str]] = ["state", "outcome_fr", "outcome_nl"]


@admin.register(Need)
class NeedAdmin(ScopedAdmin[Need]):
    """Needs of the reader's basins, how often they were heard, and what becomes of them."""

    right = Right.MANAGE_NEEDS
    settled = ("basin", "theme", "title_fr", "title_nl", "description_fr", "description_nl", "merged_into")
    may_delete = False
    list_display = ["title_fr", "title_nl", "basin", "state", "times_heard", "modified"]
    list_display_links = ["title_fr", "title_nl"]
    list_filter = ["state", "basin"]
    search_fields = ["title_fr", "title_nl", "theme"]
    actions = ["merge"]
    told = ["basin", "theme", "title", "language", "words", "heard_on", "audience", "weight"]
    known = ["basin", "theme", *two_languages(Need, "title", "description"), "merged_into", "state",
             ("outcome_fr", "outcome_nl")]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Need]:
        return super().get_queryset(request).annotate(heard=Count("mentions"))

    def get_fields(self, request: HttpRequest, obj: Need | None = None) -> list[Any]:
        return self.known if obj else self.told

    def get_form(self, request: HttpRequest, obj: Need | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, form=NeedStateForm if obj else NeedForm, **kwargs)

    def get_inlines(self, request: HttpRequest, obj: Need | None) -> list[Any]:
        return [MentionInline, StepInline] if obj else []

    @admin.display(description=_("times heard"), ordering="heard")
    def times_heard(self, need: Need) -> int:
        return int(getattr(need, "heard", 0))

    def save_with_rule(self, request: HttpRequest, obj: Need, form: Any, *, change: bool) -> None:
        by = signed_in(request)
        if not change:
            said = form.cleaned_data
            raised = needs.raise_need(
                source="basins",
                source_key=f"backoffice:{uuid4()}",
                basin=obj.basin,
                theme=obj.theme,
                by=by,
                **{name: said[name] for name in ("title", "language", "words", "heard_on", "audience", "weight")},
            )
            obj.pk = raised.pk
        elif "state" in form.changed_data:
            outcomes = {name: form.cleaned_data[name] or "" for name in ("outcome_fr", "outcome_nl")}
            needs.move_need(need=obj, to=NeedState(obj.state), by=by, **outcomes)
        elif form.changed_data:
            raise RuleError(_("Choose the next state, too: the outcome is said with a step."), field="state")

    @admin.action(description=_("Merge into the oldest of them"), permissions=["change"])
    def merge(self, request: HttpRequest, queryset: QuerySet[Need]) -> None:
        oldest, *others = queryset.order_by("created", "pk")
        if not others:
            self.message_user(request, _("Choose two needs or more."), messages.WARNING)
            return
        kept = needs.merge_needs(needs=others, into=oldest, by=signed_in(request))
        self.log_change(request, kept, "merged")
        self.message_user(request, _("They are one need now: %(need)s") % {"need": kept}, messages.SUCCESS)
