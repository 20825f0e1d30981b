"""URLs of accounts. Pages of allauth have the names by which allauth reverses them."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import path, re_path

from accounts.views import (
    devices,
    lockouts,
    passkeys,
    profile,
    provider,
    sign_in,
    sign_up,
    workspace,
)
from accounts.views.passwords import with_passwords

urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/login/passkey/", passkeys.sign_in, name="mfa_login_webauthn"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/signup/", sign_up.sign_up, name="account_signup"),
    path("accounts/reauthenticate/", with_passwords(account.reauthenticate), name="account_reauthenticate"),
    path("accounts/reauthenticate/provider/", provider.sign_in_again, name="sign-in-again"),
    path("accounts/email/", account.email, name="account_email"),
    path("accounts/email/sent/", account.email_verification_sent, name="account_email_verification_sent"),
    path("accounts/email/<str:key>/", account.confirm_email, name="account_confirm_email"),
    path("accounts/password/change/", with_passwords(account.password_change), name="account_change_password"),
    path("accounts/password/set/", with_passwords(account.password_set), name="account_set_password"),
    path("accounts/password/reset/", with_passwords(account.password_reset), name="account_reset_password"),
    path("accounts/password/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "accounts/password/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^accounts/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        with_passwords(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/2fa/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("accounts/2fa/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("accounts/2fa/codes/file/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("accounts/2fa/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("accounts/2fa/passkeys/add/", passkeys.add, name="mfa_add_webauthn"),
    path("accounts/2fa/passkeys/reauthenticate/", passkeys.reauthenticate, name="mfa_reauthenticate_webauthn"),
    path("accounts/2fa/passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("accounts/2fa/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/devices/", devices.devices, name="usersessions_list"),
    path("accounts/devices/<int:pk>/end/", devices.end, name="end-device"),
    path("accounts/provider/", socialaccount.connections, name="socialaccount_connections"),
    path("accounts/provider/error/", socialaccount.login_error, name="socialaccount_login_error"),
    path("accounts/provider/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("accounts/provider/signup/", provider.needs_address, name="socialaccount_signup"),
    path("accounts/<slug:provider_id>/login/", provider.leave_for, name="openid_connect_login"),
    path("accounts/<slug:provider_id>/login/callback/", openid_connect.callback, name="openid_connect_callback"),
    path("settings/profile/", profile.profile, name="profile"),
    path("settings/theme/", profile.theme, name="theme"),
    path("settings/picture/", profile.picture, name="picture"),
    path("settings/workspace/", workspace.workspace, name="workspace"),
    path("settings/limits/", lockouts.lockouts, name="lockouts"),
    path("settings/limits/lift/", lockouts.lift, name="lift-limit"),
    path("settings/audit/", workspace.audit, name="audit"),
]
