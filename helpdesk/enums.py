"""The words of the helpdesk: states of a ticket and which may follow which, what is asked, how it ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TicketState(models.TextChoices):
    """Where a ticket stands. ``waiting``: for the asker; the basin's clock does not run then."""

    NEW = "new", pgettext_lazy("ticket", "new")
    OPEN = "open", pgettext_lazy("ticket", "in progress")
    WAITING = "waiting", pgettext_lazy("ticket", "waiting for a reply")
    ANSWERED = "answered", pgettext_lazy("ticket", "answered")
    CLOSED = "closed", pgettext_lazy("ticket", "closed")


# A hand-over makes a ticket new for the other basin; a reply of the asker opens it again, also when it was closed.
TICKET_TRANSITIONS: dict[TicketState, frozenset[TicketState]] = {
    TicketState.NEW: frozenset({TicketState.OPEN, TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED}),
    TicketState.OPEN: frozenset({TicketState.NEW, TicketState.WAITING, TicketState.ANSWERED, TicketState.CLOSED}),
    TicketState.WAITING: frozenset({TicketState.NEW, TicketState.OPEN, TicketState.ANSWERED, TicketState.CLOSED}),
    TicketState.ANSWERED: frozenset({TicketState.NEW, TicketState.OPEN, TicketState.WAITING, TicketState.CLOSED}),
    TicketState.CLOSED: frozenset({TicketState.OPEN}),
}

# What the desk has to do something about; a ticket that waits for its asker is not one of them.
ON_THE_DESK = frozenset({TicketState.NEW, TicketState.OPEN})
UNCLOSED = frozenset(TicketState) - {TicketState.CLOSED}


class Channel(models.TextChoices):
    """How words came in or went out."""

    WEB = "web", _("by the form")
    MAIL = "mail", _("by mail")
    PHONE = "phone", _("by phone")
    PARTNER = "partner", _("through a partner")


class TicketKind(models.TextChoices):
    """What is asked of the helpdesk."""

    QUESTION = "question", _("Find the right service or the right help")
    COORDINATOR = "coordinator", _("Have somebody from outside coordinate")
    MEDIATION = "mediation", _("A mediation between professionals, or with the person")
    ETHICS = "ethics", _("Think together about an ethical question")
    BLOCKED = "blocked", _("A situation that is blocked")


class Profession(models.TextChoices):
    """What the asker does, for the figures."""

    GENERAL_PRACTITIONER = "gp", _("General practitioner")
    SPECIALIST = "specialist", _("Other physician")
    NURSE = "nurse", _("Nurse")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    PSYCHOLOGIST = "psychologist", _("Psychologist or psychotherapist")
    HOME_HELP = "home_help", _("Home help or family helper")
    PHARMACIST = "pharmacist", _("Pharmacist")
    PARAMEDICAL = "paramedical", _("Physiotherapist, occupational therapist, speech therapist…")
    COORDINATOR = "coordinator", _("Coordinator or case manager")
    EDUCATOR = "educator", _("Educator or street worker")
    RECEPTION = "reception", _("Reception or administration")
    OTHER = "other", _("Another profession")


class RoutingReason(models.TextChoices):
    """Why a ticket is with its basin."""

    ONLY = "only", _("the only basin of this postcode")
    MAIN = "main", _("the basin of most of this postcode")
    CHOSEN = "chosen", _("chosen by who asked")
    PAGE = "page", _("asked on the page of this basin, place not said")
    ADDRESS = "address", _("written to the address of this basin")
    CORRECTED = "corrected", _("put right by a helpdesk")
    HANDED_OVER = "handed_over", _("handed over by another basin")


class Outcome(models.TextChoices):
    """How a ticket ended."""

    SOLVED = "solved", _("Answered")
    REFERRED = "referred", _("Passed on to another helpline or service")
    NO_ANSWER = "no_answer", _("No answer exists")
    WITHDRAWN = "withdrawn", _("No longer needed")
    SILENT = "silent", _("No news from who asked")
    NOT_FOR_US = "not_for_us", _("Not a question for the helpdesk")
    MERGED = "merged", _("Merged with another ticket")


# What a person chooses when closing; merging is an act of its own.
CLOSING_OUTCOMES = [outcome for outcome in Outcome if outcome != Outcome.MERGED]


class Helped(models.TextChoices):
    """The asker's word on the answer."""

    YES = "yes", _("Yes, this helped")
    PARTLY = "partly", _("In part")
    NO = "no", _("No, it did not help")


class MessageKind(models.TextChoices):
    """Who speaks to whom. A note stays among staff."""

    FROM_ASKER = "from_asker", _("from who asked")
    ANSWER = "answer", _("answer")
    QUESTION_BACK = "question_back", _("question of the helpdesk")
    FROM_EXPERT = "from_expert", _("from an expert")
    NOTE = "note", _("note among colleagues")


# What the asker reads on the page of the link.
SHOWN_TO_ASKER = frozenset({MessageKind.FROM_ASKER, MessageKind.ANSWER, MessageKind.QUESTION_BACK})
FROM_THE_DESK = frozenset({MessageKind.ANSWER, MessageKind.QUESTION_BACK})


class EventKind(models.TextChoices):
    """What happened to a ticket."""

    ASKED = "asked", _("asked")
    STATE = "state", _("state")
    ROUTED = "routed", _("basin put right")
    HANDED_OVER = "handed_over", _("handed over")
    ASSIGNED = "assigned", _("assigned")
    TAKEN_BACK = "taken_back", _("taken back")
    COMPLETED = "completed", _("completed")
    MERGED = "merged", _("merged")
    MASKED = "masked", _("masked")
    HELPED = "helped", _("said whether it helped")
    EXPERT = "expert", _("question to an expert")
    DOCUMENT = "document", _("document")
    REFERRED = "referred", _("passed on to another helpline")
    NEED = "need", _("became a need")
    BOUNCED = "bounced", _("a mail came back")
    FORGOTTEN = "forgotten", _("made anonymous")


class DocumentKind(models.TextChoices):
    """What a file that was asked for may be; the value ends its name."""

    PDF = "pdf", "PDF"
    JPEG = "jpg", "JPEG"
    PNG = "png", "PNG"
    DOCX = "docx", "DOCX"


class DocumentStep(models.TextChoices):
    """What happened to a request for a document, as the history says it."""

    ASKED = "asked", pgettext_lazy("document", "asked for")
    RECEIVED = "received", pgettext_lazy("document", "received")
    TAKEN_BACK = "taken_back", pgettext_lazy("document", "no longer asked for")


class RecordKind(models.TextChoices):
    """What of the directory an answer names."""

    SERVICE = "service", _("record")
    ORGANIZATION = "organization", _("organisation")


class HeldReason(models.TextChoices):
    """Why a mail waits for somebody to look at it."""

    UNKNOWN_SENDER = "unknown_sender", _("names a ticket, but comes from somebody who has no part in it")
    NOT_PROVEN = "not_proven", _("the sender may be somebody else than it says")
    UNKNOWN_TICKET = "unknown_ticket", _("names a ticket that does not exist")
    NO_BASIN = "no_basin", _("no basin to which it could go")
    FORWARDED = "forwarded", _("was forwarded")
    NATIONAL_NUMBER = "national_number", _("held a national register number, which was taken out")
    UNREADABLE = "unreadable", _("could not be read whole")
    TOO_LARGE = "too_large", _("too large")
    TOO_MANY = "too_many", _("too many mails from one address")
    AUTOMATIC = "automatic", _("written by a machine")


class HeldState(models.TextChoices):
    """What became of such a mail."""

    WAITING = "waiting", pgettext_lazy("mail", "waiting")
    TAKEN = "taken", pgettext_lazy("mail", "taken into a ticket")
    DISCARDED = "discarded", pgettext_lazy("mail", "thrown away")


class ExampleState(models.TextChoices):
    """Where an example stands; what was public and is written anew is a draft again."""

    DRAFT = "draft", pgettext_lazy("example", "to be looked at")
    PUBLISHED = "published", pgettext_lazy("example", "public")
    TAKEN_BACK = "taken_back", pgettext_lazy("example", "taken back")
