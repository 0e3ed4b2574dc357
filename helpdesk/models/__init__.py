"""A ticket, who asks, what was said, what happened to it, and what the desk works with."""

from helpdesk.models.desk import HeldMail, ServiceTarget, Snippet
from helpdesk.models.documents import AskedDocument
from helpdesk.models.examples import Example
from helpdesk.models.experts import Expert, ExpertCall
from helpdesk.models.history import TicketEvent, TicketRead, WaitingPause
from helpdesk.models.messages import AnswerRecord, Message, SentLetter
from helpdesk.models.reports import MonthReport
from helpdesk.models.tickets import Asker, Ticket

__all__ = [
    "AnswerRecord",
    "AskedDocument",
    "Asker",
    "Example",
    "Expert",
    "ExpertCall",
    "HeldMail",
    "Message",
    "MonthReport",
    "SentLetter",
    "ServiceTarget",
    "Snippet",
    "Ticket",
    "TicketEvent",
    "TicketRead",
    "WaitingPause",
]
