"""The second factor: setting it up, using it, and the gate in front of every staff page.

A session carries the factor it used (allauth's authentication records). The gate asks for a record
whose factor still exists and is the reader's own, so that taking a lost factor away shuts its
sessions out at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, overload
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import flows
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from basins import access
from basins.rights import Right
from basins.web.accounts import OurFrame, code_field

View = Callable[..., HttpResponseBase]


# --- The gate ------------------------------------------------------------------------------------
def used_second_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed since, with a factor that the reader still has."""
    records = get_authentication_records(request, request.user)
    used = [each.get("id") for each in records if each.get("method") == "mfa"]
    return bool(used) and Authenticator.objects.filter(user_id=request.user.pk, pk__in=used).exists()


def staff_gate(request: HttpRequest, here: str = "") -> HttpResponse | None:
    """Nothing for staff who used their second factor; otherwise where to go first, and back from.

    ``here`` is where they want to go, the page asked for when it is left out. Raises ``Http404`` for
    people who are no staff: a page that one may not see does not exist.
    """
    if not here and request.method in {"GET", "HEAD"}:
        here = request.get_full_path()
    if not request.user.is_authenticated:
        return redirect_to_login(here or "/", str(reverse("account_login")))
    if not access.may_enter_back_office(request.user):
        raise Http404
    if used_second_factor(request):
        return None
    has_factor = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists()
    door = reverse("mfa_reauthenticate" if has_factor else "mfa_activate_totp")
    return HttpResponseRedirect(f"{door}?{urlencode({'next': here})}" if here else door)


@overload
def staff_required(view: View, /) -> View: ...
@overload
def staff_required(right: Right | None = None, /) -> Callable[[View], View]: ...
def staff_required(view_or_right: View | Right | None = None, /) -> View | Callable[[View], View]:
    """For staff pages of missions: ``@staff_required``, or ``@staff_required(Right.MANAGE_OPEN_DOORS)``.

    With a right the reader must hold it in the basin of the address (``<basin:basin>``; for the
    Region without one). What somebody may not see is 404.
    """
    right = view_or_right if isinstance(view_or_right, Right) else None

    def decorate(view: View) -> View:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            elsewhere = staff_gate(request)
            if elsewhere is not None:
                return elsewhere
            if right is not None and not access.holds(request.user, right, kwargs.get("basin")):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    if view_or_right is None or right is not None:
        return decorate
    return decorate(view_or_right)  # type: ignore[arg-type]  # neither None nor a right: the view


# --- Pages ---------------------------------------------------------------------------------------
class SetUpForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth is not typed
    code = code_field(_("Code from your app"), _("Six digits."))


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is on our own hosts; else their own space."""
    return get_next_redirect_url(request) or reverse("my_space")


@method_decorator(never_cache, name="dispatch")
class SetUpPage(LoginRequiredMixin, OurFrame, ActivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    template_name = "mfa/set_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            return HttpResponseRedirect(reverse("mfa_index"))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        """The code that proves the app also counts as this session's use of it."""
        factor, codes = flows.activate_totp(self.request, form)
        post_authentication(self.request, factor)
        self.request.session.cycle_key()
        return show_codes(self, codes)


@method_decorator(never_cache, name="dispatch")
class NewCodesPage(LoginRequiredMixin, OurFrame, GenerateRecoveryCodesView):  # type: ignore[misc]  # not typed
    template_name = "mfa/new_codes.html"
    extra_context = {"confirm_label": _("Make new codes")}

    def form_valid(self, form: Any) -> HttpResponse:
        from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes  # noqa: PLC0415 - named alike

        return show_codes(self, generate_recovery_codes(self.request))


def show_codes(page: Any, codes: Authenticator | None) -> HttpResponse:
    """Recovery codes are in the answer to the POST that made them and are never shown again."""
    unused = RecoveryCodes(codes).get_unused_codes() if codes else []
    context = {"codes": [f"{code[:4]} {code[4:]}" for code in unused], "next_url": _next(page.request)}
    response: HttpResponse = page.response_class(page.request, ["mfa/codes.html"], context, using=page.template_engine)
    return response


class FactorsPage(LoginRequiredMixin, OurFrame, IndexView):  # type: ignore[misc]  # allauth is not typed
    template_name = "mfa/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = {each.type: each for each in Authenticator.objects.filter(user_id=self.request.user.pk)}
        codes = found.get(Authenticator.Type.RECOVERY_CODES)
        return {
            "app": found.get(Authenticator.Type.TOTP),
            "codes_left": len(RecoveryCodes(codes).get_unused_codes()) if codes else 0,
            "is_needed": access.may_enter_back_office(self.request.user),
        }


class RemovePage(LoginRequiredMixin, OurFrame, DeactivateTOTPView):  # type: ignore[misc]  # allauth is not typed
    template_name = "mfa/remove.html"
    extra_context = {"confirm_label": _("Remove"), "danger": True}


class AuthenticatePage(OurFrame, AuthenticateView):  # type: ignore[misc]  # allauth is not typed
    template_name = "mfa/authenticate.html"


class AgainPage(LoginRequiredMixin, OurFrame, ReauthenticateView):  # type: ignore[misc]  # allauth is not typed
    template_name = "mfa/again.html"


index = FactorsPage.as_view()
set_up = SetUpPage.as_view()
authenticate = AuthenticatePage.as_view()
again = AgainPage.as_view()
new_codes = NewCodesPage.as_view()
remove = RemovePage.as_view()
