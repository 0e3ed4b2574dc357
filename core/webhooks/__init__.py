"""Webhooks after the Standard Webhooks specification: who wants to know is told by a signed call, at least once.

What others use::

    event("ticket.answered", scope="helpdesk:ask", says=_("…"))          # in <app>/hooks.py
    post("ticket.answered", owner=f"key:{key.uuid}", data={…})           # in a rule, in the transaction of the change

A row is written with the change and sent after its commit. A worker killed between the receiver's answer and our
commit sends the same bytes under the same ``webhook-id`` again. See docs/decisions/webhooks.md.
"""

from core.webhooks.delivery import deliver, deliver_due, in_words
from core.webhooks.endpoints import add, disable, disable_all_of, enable, remove, rotate_secret
from core.webhooks.kinds import event, types_for
from core.webhooks.outbox import forget_before, post, send_again, send_test

__all__ = [
    "add",
    "deliver",
    "deliver_due",
    "disable",
    "disable_all_of",
    "enable",
    "event",
    "forget_before",
    "in_words",
    "post",
    "remove",
    "rotate_secret",
    "send_again",
    "send_test",
    "types_for",
]
