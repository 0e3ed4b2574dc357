"""Back office of what every floor stores: outgoing mail and long jobs, of the reader's own basins.

What a mail says is not shown: it may hold a code or a link that only its receiver should use.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from basins.backoffice import ScopedAdmin
from basins.rights import Right
from core.jobs import kind_of
from core.jobs import stop as stop_job
from core.mail import drop, in_words, send_again
from core.models import LongJob, OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ScopedAdmin[OutboxMessage]):
    """What goes out, what waits and why; parked mails can be sent again or given up."""

    right = Right.SEE_MAIL
    basin_path = "scope"
    may_add = may_change = may_delete = False
    list_display = ["created", "to", "subject", "state", "attempts", "next_try", "reason"]
    list_filter = ["state", "kind", "language"]
    search_fields = ["to", "subject"]
    search_help_text = _("Address or subject")
    date_hierarchy = "created"
    readonly_fields = [
        "created", "kind", "to", "language", "subject", "state", "attempts", "next_try", "reason", "sent_at",
        "message_id",
    ]  # fmt: skip
    fields = [*readonly_fields]
    actions = ["send_again", "drop"]

    @admin.display(description=_("next attempt"), ordering="next_attempt_at")
    def next_try(self, message: OutboxMessage) -> Any:
        return message.next_attempt_at if message.state == OutboxMessage.State.QUEUED else None

    @admin.display(description=_("why not yet"))
    def reason(self, message: OutboxMessage) -> str:
        return in_words(message.last_error)

    @admin.action(description=_("Send again now"), permissions=["view"])
    def send_again(self, request: HttpRequest, rows: QuerySet[OutboxMessage]) -> None:
        done = sum(send_again(message) for message in rows)
        said = ngettext("%(count)d mail goes out again.", "%(count)d mails go out again.", done)
        self._say(request, said % {"count": done}, done, rows)

    @admin.action(description=_("Give up: do not send"), permissions=["view"])
    def drop(self, request: HttpRequest, rows: QuerySet[OutboxMessage]) -> None:
        done = sum(drop(message) for message in rows)
        said = ngettext("%(count)d mail will not be sent.", "%(count)d mails will not be sent.", done)
        self._say(request, said % {"count": done}, done, rows)

    def _say(self, request: HttpRequest, said: str, done: int, rows: QuerySet[OutboxMessage]) -> None:
        self.message_user(request, said, messages.SUCCESS if done else messages.WARNING)
        if done < len(rows):
            self.message_user(request, _("What was sent or given up before stays as it is."), messages.INFO)


@admin.register(LongJob)
class LongJobAdmin(ScopedAdmin[LongJob]):
    """What the workers do and did, and what came of it."""

    right = Right.SEE_MAIL
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

    @admin.display(description=_("work"))
    def what(self, job: LongJob) -> str:
        kind = kind_of(job)
        return str(kind.title) if kind and kind.title else job.kind

    @admin.action(description=_("Stop"), permissions=["view"])
    def stop(self, request: HttpRequest, rows: QuerySet[LongJob]) -> None:
        done = sum(stop_job(job) for job in rows)
        self.message_user(request, ngettext("%(count)d job stops.", "%(count)d jobs stop.", done) % {"count": done})
