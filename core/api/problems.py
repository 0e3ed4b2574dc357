"""Errors as problem details (RFC 9457), in the reader's language.

``type`` is ``/api/problems/<code>/``: a relative reference, so that a client may compare it whatever
host it called, and an address that answers with the meaning of the code. What is not valid is 422,
what cannot be read at all is 400.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.settings import api_settings

from core.errors import RuleError

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"

Words = str | Promise

# Status → the code and the title of a problem nobody named more closely.
KINDS: dict[int, tuple[str, Words]] = {
    400: ("bad-request", _("This request cannot be read")),
    401: ("not-authenticated", _("A key is needed")),
    403: ("permission-denied", _("This is not allowed")),
    404: ("not-found", _("Not found")),
    405: ("method-not-allowed", _("This method does not exist here")),
    406: ("not-acceptable", _("This format is not available")),
    409: ("conflict", _("This is not possible now")),
    412: ("precondition-failed", _("It was changed in the meantime")),
    413: ("too-large", _("This request is too large")),
    415: ("unsupported-media-type", _("This format cannot be read")),
    422: ("invalid", _("This request is not valid")),
    429: ("throttled", _("Too many requests")),
    500: ("error", _("Something went wrong on our side")),
    503: ("unavailable", _("The service is not available now")),
}

_NOT_FOUND = _("There is nothing at this address, or nothing you may see.")
_DENIED = _("Your key does not allow this.")
_NO_METHOD = _("This address does not take this method; the header “Allow” names those it takes.")
_INVALID = _("Look at “errors”: each names a field and says what is wrong with it.")
_WRONG = _("The request was not carried out. Try again later; the request's number helps us to find the cause.")


class TooLarge(exceptions.APIException):
    """A body beyond what any call of the API needs."""

    status_code = 413
    default_code = "too_large"
    default_detail = _("The body may hold at most 1 MB.")


class Unreadable(exceptions.APIException):
    """A header or a parameter that is not what it claims to be; a client made a mistake, not a person."""

    status_code = 400
    default_code = "bad_request"


def meanings() -> dict[str, dict[str, Any]]:
    """Every problem there is, by code, as ``/api/problems/<code>/`` tells it."""
    found = {code: {"code": code, "status": status, "title": str(title)} for status, (code, title) in KINDS.items()}
    for kind in _kinds(RuleError):
        title = str(kind.title or KINDS[kind.status][1])
        meaning = " ".join((kind.__doc__ or "").split())
        found.setdefault(kind.code, {"code": kind.code, "status": kind.status, "title": title, "meaning": meaning})
    return found


def _kinds(base: type[RuleError]) -> Iterator[type[RuleError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def problem(
    status: int,
    *,
    detail: Words,
    code: str = "",
    title: Words = "",
    instance: str = "",
    errors: list[dict[str, str]] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The members of a problem in the active language; ``extra`` cannot overwrite the standard ones."""
    known_code, known_title = KINDS.get(status, KINDS[500 if status >= 500 else 400])
    code = (code or known_code).replace("_", "-")
    members: dict[str, Any] = {
        **(extra or {}),
        "type": f"{API_PREFIX}problems/{code}/",
        "title": str(title or known_title),
        "status": status,
        "detail": str(detail),
        "instance": instance,
        "code": code,
    }
    if errors is not None:
        members["errors"] = errors
    return members


def problem_response(request: HttpRequest, status: int, *, detail: Words = "", code: str = "") -> HttpResponse:
    """A problem for what never reaches a view of the API: unknown addresses, refused hosts, crashes.

    The error pages call it where ``request.path`` starts with ``/api/``. The language comes from the
    request itself, because the middleware that reads it may not have run yet.
    """
    said: dict[int, Words] = {403: _DENIED, 404: _NOT_FOUND, 500: _WRONG}
    with override(get_language_from_request(request)):
        members = problem(
            status,
            detail=detail or said.get(status) or KINDS.get(status, KINDS[500])[1],
            code=code,
            instance=request.path,
        )
        return HttpResponse(
            JSONRenderer().render(members),
            status=status,
            content_type=MEDIA_TYPE,
            headers={"Content-Language": get_language() or "", "Vary": "Accept-Language", "Cache-Control": "no-store"},
        )


def handle(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """REST framework's exception handler. ``None`` leaves a crash to Django, which logs it."""
    members = _members(exc, context["request"].path)
    if members is None:
        return None
    headers = {"Content-Language": get_language() or "", "Cache-Control": "no-store"}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(exc, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return Response(members, status=members["status"], headers=headers, content_type=MEDIA_TYPE)


def _members(exc: Exception, path: str) -> dict[str, Any] | None:
    match exc:
        case RuleError():
            errors = [{"field": exc.field, "code": exc.code, "detail": str(exc.message)}] if exc.field else None
            said: dict[str, Any] = {"detail": exc.message, "code": exc.code, "title": exc.title}
            return problem(exc.status, **said, instance=path, errors=errors, extra=exc.extra)
        case Http404() | exceptions.NotFound():
            return problem(404, detail=_NOT_FOUND, instance=path)
        case PermissionDenied():
            return problem(403, detail=_DENIED, instance=path)
        case DjangoValidationError() | exceptions.ValidationError():
            detail = exc.detail if isinstance(exc, exceptions.ValidationError) else get_error_detail(exc)
            return problem(422, detail=_INVALID, instance=path, errors=list(_flat(detail)))
        case exceptions.APIException():
            code = "" if exc.status_code in {401, 403} else str(getattr(exc.detail, "code", ""))
            words = _NO_METHOD if isinstance(exc, exceptions.MethodNotAllowed) else str(exc.detail)
            return problem(exc.status_code, detail=words, code=code, instance=path)
    return None


def _flat(detail: Any, field: str = "") -> Iterator[dict[str, str]]:
    """Nested errors as a list; ``visits.0`` is the first entry of ``visits``, ``""`` the whole request."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name in {api_settings.NON_FIELD_ERRORS_KEY, "__all__"}
            yield from _flat(inner, field if whole else f"{field}.{name}".lstrip("."))
    elif isinstance(detail, list | tuple):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, f"{field}.{position}".lstrip(".") if nested else field)
    else:
        code = str(getattr(detail, "code", "invalid")).replace("_", "-")
        yield {"field": field, "code": code, "detail": str(detail)}
