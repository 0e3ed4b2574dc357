"""Addresses of sign-in and of the second factor: those we use and no others.

``allauth.account.urls`` is not included: it would bring passwords, sign-up and address management.
The names are allauth's, its code leads to them.
"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from basins.web import accounts, second_factor

urlpatterns = [
    path(_("sign-in/"), accounts.request_code, name="account_login"),
    path(_("sign-in/"), accounts.request_code, name="account_request_login_code"),
    path(_("sign-in/code/"), accounts.confirm_code, name="account_confirm_login_code"),
    path(_("sign-out/"), accounts.sign_out, name="account_logout"),
    path(_("second-factor/"), second_factor.index, name="mfa_index"),
    path(_("second-factor/set-up/"), second_factor.set_up, name="mfa_activate_totp"),
    path(_("second-factor/code/"), second_factor.authenticate, name="mfa_authenticate"),
    path(_("second-factor/confirm/"), second_factor.again, name="mfa_reauthenticate"),
    path(_("second-factor/recovery-codes/"), second_factor.new_codes, name="mfa_generate_recovery_codes"),
    path(_("second-factor/remove/"), second_factor.remove, name="mfa_deactivate_totp"),
]
