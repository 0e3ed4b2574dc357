"""What may go wrong at the helpdesk. Rules raise these; web and API word them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.errors import RuleError


class TicketInvalid(RuleError):
    """Something that was written is not valid, or is missing."""

    code = "ticket-invalid"
    status = 422
    title = _("This request is not valid")


class PlaceMissing(TicketInvalid):
    """Neither the place nor the basin is known: the request would go to nobody."""

    code = "place-missing"

    def __init__(self) -> None:
        super().__init__(
            _("Say where the person lives, by the postcode, or choose a basin: the request goes to its helpdesk."),
            field="postcode",
        )


class PlaceUnknown(TicketInvalid):
    """The postcode is none of the Region's; the message says what to write instead."""

    code = "place-unknown"


class PersonNamed(TicketInvalid):
    """Words that may tell who the person is; ``findings`` (`rules.identity`) say which. Send again to confirm."""

    code = "person-named"

    def __init__(self, findings: Sequence[Any], *, field: str = "body") -> None:
        super().__init__(
            _("This text may tell who the person is. Take it out, or confirm that it does not."),
            field=field,
            findings=[str(finding.kind) for finding in findings],
        )
        self.findings = list(findings)


class StepRefused(RuleError):
    """A step that does not follow from where the ticket stands."""

    code = "ticket-step-refused"
    title = _("This step is not possible now")


class TicketClosed(StepRefused):
    code = "ticket-closed"

    def __init__(self) -> None:
        super().__init__(_("This ticket is closed. A reply of who asked opens it again."))


class AnsweredMeanwhile(StepRefused):
    """A colleague's answer went out while this one was being written. Read it, then send again if need be."""

    code = "answered-meanwhile"

    def __init__(self, by: User | None) -> None:
        super().__init__(
            _("%(name)s answered while you were writing. Read that answer first, then send yours if it adds to it.")
            % {"name": by or "—"}
        )
        self.by = by


class TakenMeanwhile(StepRefused):
    """Somebody else took the ticket first."""

    code = "taken-meanwhile"

    def __init__(self, by: User) -> None:
        super().__init__(_("%(name)s has taken this ticket.") % {"name": by})
        self.by = by


class RecordGone(TicketInvalid):
    """A record that is no longer in the directory, or that the answer may not name."""

    code = "record-gone"

    def __init__(self) -> None:
        super().__init__(
            _("One of the records is no longer in the directory. Take it out and choose another one."),
            field="records",
        )


class TooManyAsked(RuleError):
    """More requests from one network in an hour than people write."""

    code = "too-many-asked"
    status = 429
    title = _("Nothing was sent")

    def __init__(self) -> None:
        super().__init__(
            _("Many requests came from your network in the last hour. Try again in an hour, or call the helpdesk.")
        )


class DocumentRefused(TicketInvalid):
    """A file that is not taken; the message says what to choose instead."""

    code = "document-refused"

    def __init__(self, message: Any) -> None:
        super().__init__(message, field="file")


class DocumentNotAsked(StepRefused):
    """There is no open request: it was taken back, or the file came already."""

    code = "document-not-asked"

    def __init__(self) -> None:
        super().__init__(_("No document is asked for at the moment. Nothing was kept; write us what you want to send."))


class DocumentAskedAlready(StepRefused):
    """One request at a time, so that who asked knows which file is meant."""

    code = "document-asked-already"

    def __init__(self) -> None:
        super().__init__(_("A document is asked for already. Take that request back first, or wait for the file."))


class ExpertNotFree(StepRefused):
    """An expert is asked no more than they agreed to, and not while they are away."""

    code = "expert-not-free"
    title = _("This expert cannot be asked now")


class ExpertKnown(TicketInvalid):
    """One address, one place in the pool."""

    code = "expert-known"

    def __init__(self) -> None:
        super().__init__(_("Somebody with this address is in the pool already."), field="email")


class ExampleTellsWho(TicketInvalid):
    """An example that may tell who somebody is; nobody can confirm that away."""

    code = "example-tells-who"

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__(
            _("This may tell who somebody is: %(words)s. Numbers and addresses of services stand in their records.")
            % {"words": ", ".join(dict.fromkeys(finding.found for finding in findings))},
            findings=[str(finding.kind) for finding in findings],
        )
        self.findings = list(findings)
