"""Mail as an outbox: the row is written with the change, the worker sends it after the commit.

What others use::

    @letter("opendoors.booking_confirmed")            # in <app>/emails.py
    def booking_confirmed(params): return Letter(subject=…, template="opendoors/mail/confirmed", context={…})

    post("opendoors.booking_confirmed", to=…, language=…, params={…}, key=f"confirmed:{booking.uuid}", scope="sud-est")

The promise is *at least once*: a worker killed between the server's "250 accepted" and our commit sends
the same bytes under the same Message-ID again, and mail programs show them once. Nothing is lost
and nothing is written twice: the key is unique. See docs/decisions/mail-outbox.md.
"""

from core.mail.delivery import deliver, deliver_due
from core.mail.letters import Attachment, Letter, absolute_url, letter, title_of
from core.mail.outbox import came_back, drop, forget_before, post, send_again
from core.mail.reasons import in_words

__all__ = [
    "Attachment",
    "Letter",
    "absolute_url",
    "came_back",
    "deliver",
    "deliver_due",
    "drop",
    "forget_before",
    "in_words",
    "letter",
    "post",
    "send_again",
    "title_of",
]
