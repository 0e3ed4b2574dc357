"""Back office of what every floor stores: outgoing mail and long jobs, of the reader's own basins.

What a mail says is not shown: it may hold a code or a link that only its receiver should use.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins import access
from basins.backoffice import ScopedAdmin
from basins.rights import Right
from core.jobs import kind_of
from core.jobs import stop as stop_job
from core.mail import drop, in_words, send_again, title_of
from core.models import LongJob, OutboxMessage


class KindFilter(admin.SimpleListFilter):
    """The kinds of mail among the rows that the reader may see, by what staff call them."""

    title = _("kind of mail")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        kinds = model_admin.get_queryset(request).order_by().values_list("kind", flat=True).distinct()
        return sorted(((kind, title_of(kind) or kind) for kind in kinds), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> QuerySet[OutboxMessage]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ScopedAdmin[OutboxMessage]):
    """What goes out, what waits and why; who manages mail sends what is parked again, or gives it up."""

    right = Right.MANAGE_MAIL
    see_right = Right.SEE_MAIL
    basin_path = "scope"
    may_add = may_change = may_delete = False
    list_display = ["created", "to", "subject", "state", "attempts", "next_try", "reason"]
    list_filter = ["state", KindFilter, "language"]
    search_fields = ["to", "subject"]
    search_help_text = _("Address or subject")
    date_hierarchy = "created"
    readonly_fields = [
        "created", "what", "to", "language", "subject", "state", "attempts", "next_try", "reason", "sent_at",
        "message_id",
    ]  # fmt: skip
    fields = [*readonly_fields]
    actions = ["send_again", "drop"]

    def may(self, request: HttpRequest, right: Right, obj: OutboxMessage | None) -> bool:
        if obj is None:
            return super().may(request, right, None)
        ask = access.may_manage_mail if right == self.right else access.may_see_mail
        return ask(request.user, obj.scope)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)

    @admin.display(description=_("kind of mail"), ordering="kind")
    def what(self, message: OutboxMessage) -> str:
        return title_of(message.kind) or format_html("<small>{}</small>", message.kind)

    @admin.display(description=_("next attempt"), ordering="next_attempt_at")
    def next_try(self, message: OutboxMessage) -> str:
        if message.state != OutboxMessage.State.QUEUED:
            return str(self.get_empty_value_display())
        return date_format(timezone.localtime(message.next_attempt_at), "DATETIME_FORMAT")

    @admin.display(description=_("why not yet"))
    def reason(self, message: OutboxMessage) -> str:
        return in_words(message.last_error)

    @admin.action(description=_("Send again now"), permissions=["manage"])
    def send_again(self, request: HttpRequest, rows: QuerySet[OutboxMessage]) -> None:
        done = sum(send_again(message) for message in rows if self.may(request, self.right, message))
        said = ngettext("%(count)d mail goes out again.", "%(count)d mails go out again.", done)
        self._say(request, said % {"count": done}, done, rows)

    @admin.action(description=_("Give up: do not send"), permissions=["manage"])
    def drop(self, request: HttpRequest, rows: QuerySet[OutboxMessage]) -> None:
        done = sum(drop(message) for message in rows if self.may(request, self.right, message))
        said = ngettext("%(count)d mail will not be sent.", "%(count)d mails will not be sent.", done)
        self._say(request, said % {"count": done}, done, rows)

    def _say(self, request: HttpRequest, said: str, done: int, rows: QuerySet[OutboxMessage]) -> None:
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
        if done < len(rows):
            self.message_user(
                request,
                _("The others stay as they are: sent or given up before, or not yours to change."),
                messages.INFO,
            )


@admin.register(LongJob)
class LongJobAdmin(ScopedAdmin[LongJob]):
    """What the workers do and did, and what came of it; who manages jobs stops them."""

    right = Right.MANAGE_JOBS
    see_right = Right.SEE_MAIL
    basin_path = "scope"
    may_add = may_change = may_delete = False
    list_display = ["created", "what", "started_by", "state", "steps_done", "steps_total", "note"]
    list_select_related = ["started_by"]
    list_filter = ["state"]
    readonly_fields = [
        "created", "what", "started_by", "state", "steps_done", "steps_total", "note", "attempts", "heartbeat_at",
        "ended_at",
    ]  # fmt: skip
    fields = [*readonly_fields]
    actions = ["stop"]

    def may(self, request: HttpRequest, right: Right, obj: LongJob | None) -> bool:
        if obj is None:
            return super().may(request, right, None)
        ask = access.may_stop_job if right == self.right else access.may_see_job
        return ask(request.user, obj.scope)

    def has_manage_permission(self, request: HttpRequest) -> bool:
        return self.may(request, self.right, None)

    @admin.display(description=_("work"))
    def what(self, job: LongJob) -> str:
        kind = kind_of(job)
        return str(kind.title) if kind and kind.title else job.kind

    @admin.action(description=_("Stop"), permissions=["manage"])
    def stop(self, request: HttpRequest, rows: QuerySet[LongJob]) -> None:
        done = sum(stop_job(job) for job in rows if self.may(request, self.right, job))
        self.message_user(request, ngettext("%(count)d job stops.", "%(count)d jobs stop.", done) % {"count": done})
