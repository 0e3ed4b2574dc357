"""What a partner's program hears of the tickets it made: see ``core.webhooks``."""

from django.utils.translation import gettext_lazy as _

from core.webhooks import event
from helpdesk.access import SCOPE_ASK
from helpdesk.rules.telling import ANSWERED, ASKED_BACK, CLOSED, HANDED_OVER

event(ANSWERED, scope=SCOPE_ASK, says=_("The helpdesk answered a ticket of the key."))
event(ASKED_BACK, scope=SCOPE_ASK, says=_("The helpdesk has a question: a ticket of the key waits for who asked."))
event(CLOSED, scope=SCOPE_ASK, says=_("A ticket of the key was closed; `outcome` says how it ended."))
event(HANDED_OVER, scope=SCOPE_ASK, says=_("Another basin goes on with a ticket of the key."))
