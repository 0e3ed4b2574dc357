"""The demo's own pages: who one can be, and the mails that went out.

They stand outside ``/fr/`` and ``/nl/``: the language is the browser's, or ``?language=``. Each view
checks once more that this is the demo, should its address ever be included elsewhere.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from basins.missions import missions
from basins.models import User
from basins.web.context import LanguageLink, Site
from config.demo import mails as post_office
from config.demo.personas import BY_EMAIL, PERSONAS, Persona
from config.demo.seed import notes_file
from core.bilingual import LANGUAGE_CODES, current_language
from core.mail import title_of
from core.models import OutboxMessage

View = Callable[..., HttpResponse]
PER_PAGE = 50
STEP = 30  # seconds that a code of an app is valid
# The mail is somebody else's page inside ours: its own styles, pictures in it, and nothing that acts.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:", "'self'"],
    "frame-ancestors": ["'self'"],
    "form-action": ["'none'"],
    "base-uri": ["'none'"],
    "script-src": None,
    "object-src": None,
}


class DemoSite(Site):
    """The frame of a page whose address is the same in both languages."""

    @property
    def languages(self) -> list[LanguageLink]:
        path = self._request.path
        return [
            LanguageLink(
                code=code,
                label=code.upper(),
                name=str(get_language_info(code)["name_local"]).capitalize(),
                url=f"{path}?language={code}",
                absolute_url=self._request.build_absolute_uri(f"{path}?language={code}"),
                is_current=code == current_language(),
            )
            for code in LANGUAGE_CODES
        ]


def demo_page(view: View) -> View:
    """Exists in the demo only; speaks the language asked for and remembers it."""

    @wraps(view)
    @never_cache
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.IS_DEMO:
            raise Http404
        language = request.GET.get("language", "")
        if language not in LANGUAGE_CODES:
            return view(request, *args, **kwargs)
        with override(language):
            response = view(request, *args, **kwargs)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
        return response

    return shown


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {**context, "site": DemoSite(request)})


def app_code(persona: Persona) -> str:
    """What the persona's authenticator app shows now; nothing for people without one."""
    if not persona.totp_secret:
        return ""
    return str(format_hotp_value(hotp_value(persona.totp_secret, int(time.time()) // STEP)))


@require_safe
@demo_page
def index(request: HttpRequest) -> HttpResponse:
    """What this is, who one can be, the key."""
    try:
        api_key = json.loads(notes_file().read_text(encoding="utf-8")).get("api_key", "")
    except (OSError, ValueError):
        api_key = ""
    people = [{"persona": each, "code": app_code(each)} for each in PERSONAS]
    return _page(request, "demo/index.html", {"people": people, "api_key": api_key})


@require_POST
@demo_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """Be one of the personas. For staff the second factor counts as used."""
    persona = BY_EMAIL.get(request.POST.get("email", ""))
    if persona is None:
        raise Http404
    user = get_object_or_404(User, email=persona.email, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="code", email=user.email)
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if factor is not None:
        record_authentication(request, user, method="mfa", id=factor.pk, type=factor.type)
    return HttpResponseRedirect(reverse("my_space"))


@require_safe
@demo_page
def mails(request: HttpRequest) -> HttpResponse:
    """All mails that went out or wait, the newest first; ``?to=`` those of one address."""
    rows = OutboxMessage.objects.defer("rendered", "params").order_by("-created", "-pk")
    to = request.GET.get("to", "")
    if to:
        rows = rows.filter(to=to)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    # The subject comes with the writing; until then a mail goes by the title of its letter.
    lines = [(row, row.subject or title_of(row.kind) or row.kind) for row in page.object_list]
    return _page(request, "demo/mails.html", {"page": page, "lines": lines, "to": to})


@require_POST
@demo_page
def remind(request: HttpRequest) -> HttpResponse:
    """Let the eve of somebody's next date come: the worker sends what it would send then."""
    to = request.POST.get("to", "")
    written = sum(mission.remind_ahead(to) for mission in missions())
    if written:
        messages.success(request, _("The reminder is written; the worker sends it within seconds."))
    else:
        messages.info(request, _("There is nothing to remind of, or it was done before."))
    return HttpResponseRedirect(f"{reverse('demo:mails')}?{urlencode({'to': to})}")


@require_safe
@demo_page
def mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    row = get_object_or_404(OutboxMessage, uuid=uuid)
    title = row.subject or title_of(row.kind) or row.kind
    return _page(request, "demo/mail.html", {"row": row, "title": title, "mail": post_office.read(row)})


def _read(uuid: UUID) -> post_office.ReadMail:
    found = post_office.read(get_object_or_404(OutboxMessage, uuid=uuid))
    if found is None:
        raise Http404
    return found


@require_safe
@csp_replace(MAIL_POLICY)
@xframe_options_sameorigin
@demo_page
def mail_html(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The HTML alone, for the frame in the page; its links open beside it."""
    html = _read(uuid).html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(html)


@require_safe
@demo_page
def mail_attachment(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    for file in _read(uuid).files:
        if file.number == number:
            response = HttpResponse(file.content, content_type=file.mimetype)
            disposition = content_disposition_header(as_attachment=True, filename=file.filename)
            response["Content-Disposition"] = disposition or "attachment"
            return response
    raise Http404
