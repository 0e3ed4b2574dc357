"""Mail that comes in: raw bytes to plain facts, fetched by IMAP or handed in by a signed call.

What others use::

    mail = parse(raw)                        # never raises; what was wrong stands in ``mail.problems``
    mail.text, mail.quoted, mail.signature   # what the person wrote, and what is folded away
    mail.kind                                # a message, an automatic reply, a bounce, or our own mail again

    @receiver                                # one function of the site takes what comes in
    def receive(mail, mailbox): …            # in the transaction that notes the mail as taken

Raw bytes are read and let go: nothing here stores them. See docs/decisions/inbound-mail.md.
"""

from core.mail.inbound.parsed import AttachedFile, FailedAddress, InboundMail, Kind, Person, Problem
from core.mail.inbound.reading import LIMIT, parse

__all__ = ["LIMIT", "AttachedFile", "FailedAddress", "InboundMail", "Kind", "Person", "Problem", "parse"]
