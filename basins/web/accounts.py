"""Sign-in: an address, the code that was mailed to it, in. For staff a second factor on top.

django-allauth does the work; here is what differs. There is no password and no sign-up page: an
address that is not known gets an account without rights, so that the two answer alike. The code
travels through our own outbox.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.account.views import ConfirmLoginCodeView, LogoutView, RequestLoginCodeView
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from basins.models import User
from basins.rules import people
from core.bilingual import current_language

CODE_GONE = _("This code is no longer valid. Ask for a new one.")
TOO_MANY_TRIES = _("Too many tries. Wait a few minutes, then ask for a new code.")

# What allauth tells people by mail about their second factor, in our words.
_EVENTS = {
    "mfa/email/totp_activated": "set_up",
    "mfa/email/totp_deactivated": "removed",
    "mfa/email/recovery_codes_generated": "new_codes",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """allauth's questions to this site, answered."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account was closed."),
        "incorrect_code": _("That is not the code we sent. Look again, or ask for a new one."),
        "rate_limited": TOO_MANY_TRIES,
        "too_many_login_attempts": TOO_MANY_TRIES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The code goes out; whatever else allauth would write about (closed accounts) stays unsaid."""
        if template_prefix == "account/email/login_code":
            people.post_code(email=email, code=context["code"])

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if isinstance(user, User) and template_prefix in _EVENTS:
            people.tell_of_second_factor(person=user, event=_EVENTS[template_prefix])

    def add_message(  # noqa: PLR0917 - allauth's signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only sentences of ours; allauth's "you signed in" and the like say what the page shows."""
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser | None) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong or was used already. Wait for the next one."),
    }


# --- Forms ---------------------------------------------------------------------------------------
def code_field(label: Any, hint: Any = "") -> forms.CharField:
    """A field that phones fill in from the message, with digits on the keyboard."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"})
    required = _("Type the code.")
    return forms.CharField(
        label=label, help_text=hint, max_length=20, widget=widget, error_messages={"required": required}
    )


class RequestCodeForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth is not typed
    """Who are you? One address."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": _("Write your e-mail address, for example name@service.be."),
            "invalid": _("Write your e-mail address, for example name@service.be."),
        },
    )

    def open_account(self) -> None:
        """Give an unknown address its account; a closed one stays without and never gets a code."""
        if self._user is None:  # type: ignore[has-type]  # allauth's, not typed
            self._user = people.open_account(email=self.cleaned_data["email"], language=current_language())


class ConfirmCodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth is not typed
    code = code_field(_("Code from the mail"))


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    code = code_field(_("Code from your app"), _("Six digits, or one of your recovery codes."))


class SecondFactorAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth is not typed
    code = code_field(_("Code from your app"), _("Six digits, or one of your recovery codes."))


# --- Pages ---------------------------------------------------------------------------------------
class OurFrame:
    """allauth puts its own ``site`` into the page, over the one that our frame needs."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # a mixin
        context.pop("site", None)
        return context


class RequestCodePage(OurFrame, RequestLoginCodeView):  # type: ignore[misc]  # allauth is not typed
    template_name = "account/request_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """``?again`` leaves a sign-in that waits for its code, for whoever mistyped the address."""
        if request.method == "GET" and "again" in request.GET and not request.user.is_authenticated:
            request.session.pop("account_login", None)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: RequestCodeForm) -> HttpResponse:
        form.open_account()
        response: HttpResponse = super().form_valid(form)
        return response


class ConfirmCodePage(OurFrame, ConfirmLoginCodeView):  # type: ignore[misc]  # allauth is not typed
    template_name = "account/confirm_code.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """allauth sends a stale or used code back to the start without a word; we say why."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        sent_back = response.headers.get("Location") == reverse("account_request_login_code")
        if sent_back and request.method == "POST" and not messages.get_messages(request):
            messages.error(request, CODE_GONE)
        return response


class SignOutPage(OurFrame, LogoutView):  # type: ignore[misc]  # allauth is not typed
    """GET asks, POST signs out."""

    template_name = "account/sign_out.html"
    extra_context = {"confirm_label": _("Sign out")}


request_code = RequestCodePage.as_view()
confirm_code = sensitive_post_parameters("code")(ConfirmCodePage.as_view())
sign_out = SignOutPage.as_view()
