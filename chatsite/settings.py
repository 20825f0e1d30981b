"""Django's settings. What differs between installations comes from environment variables: see environment.py."""

from typing import Any
from urllib.parse import urlsplit

from chatsite import environment
from chatsite.policies import CROSS_ORIGIN_RESOURCE_POLICY, PERMISSIONS_POLICY, SECURE_CSP  # noqa: F401
from chatsite.postgres import database
from chatsite.secret_key import key_of_this_machine

BASE_DIR = PROJECT = environment.PROJECT
DEBUG, SITE_URL, VAR = environment.DEBUG, environment.SITE_URL, environment.VAR
LIMITS, PASSWORDS, PROXIES = environment.LIMITS, environment.PASSWORDS, environment.PROXIES
TRUSTED_NETWORKS = environment.TRUSTED_NETWORKS
HOOKS_MAY_CALL, PUSH_SERVICES = environment.HOOKS_MAY_CALL, environment.PUSH_SERVICES
MAIL, OIDC, FILES = environment.MAIL, environment.OIDC, environment.FILES
SITE_ADDRESS = environment.site_address()
SECRET_KEY = environment.SECRET_KEY or key_of_this_machine(VAR / "secret_key")
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname] if SITE_URL else ["localhost", "127.0.0.1", "[::1]"]
TLS = SITE_URL.startswith("https://")

INSTALLED_APPS = [
    "accounts",  # before django.contrib.auth, whose command changepassword it replaces
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "conversations",
    "conversations.notifications",
    "chatsite",
    "chatsite.jobs",
    "chatsite.deliveries",
    "chatsite.trials",
]

MIDDLEWARE = [
    "chatsite.middleware.ProxyMiddleware",
    "chatsite.middleware.HeadersMiddleware",
    "chatsite.middleware.HostMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "chatsite.middleware.PathMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "chatsite.middleware.CompressionMiddleware",
    "chatsite.health.HealthMiddleware",
    "chatsite.middleware.RefusalMiddleware",
    "accounts.middleware.LimitedSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "accounts.middleware.VisitMiddleware",
    "accounts.middleware.LocaleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.LimitMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "chatsite.recent_authentication.RecentAuthenticationMiddleware",
]

ROOT_URLCONF = "chatsite.urls"
WSGI_APPLICATION = "chatsite.wsgi.application"

DATABASES = {"default": database.settings()}
DIRECT_DATABASE = database.direct_settings()
DATABASE_SESSION = database.SESSION
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PROJECT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "chatsite.templatetags.icons"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.surroundings",
                "conversations.notifications.context_processors.push_key",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Static files have their hash in their name, so browsers may cache them permanently.
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STATICFILES_DIRS = [PROJECT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "chatsite.static.BundledStaticFilesStorage"
    },
    # Attachments: a view serves them and checks who may see them; their address alone is not enough.
    "files": {"BACKEND": "chatsite.files.remote.RemoteStorage", "OPTIONS": FILES}
    if FILES
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
}

# People
AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "inbox"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
AUTHENTICATION_BACKENDS = ["accounts.backend.AccountBackend"]
ACCOUNT_ADAPTER = "conversations.adapter.WelcomingAdapter"
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.address.NewAddressForm",
    "reset_password": "accounts.forms.address.ResetForm",
    "reset_password_from_key": "accounts.forms.password.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "optional" if MAIL else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the adapter also ends other sessions with them
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "accounts.models.user.user.ResetTokenGenerator"  # noqa: S105 – a class
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if TLS else "http"
ACCOUNT_RATE_LIMITS = {"login_failed": ""} if LIMITS else False  # counted by accounts.adapters.failures
MFA_ADAPTER = "accounts.adapters.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factor.CodeForm",
    "reauthenticate": "accounts.forms.second_factor.ProofForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not TLS  # as on http://localhost, which browsers consider secure
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a site without mail cannot verify addresses
MFA_TOTP_TOLERANCE = 1  # clocks differ
MFA_RATE_LIMITS: dict[str, str] | bool = {} if LIMITS else False
SOCIALACCOUNT_ADAPTER = "accounts.adapters.provider.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC] if OIDC else []}}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
USERSESSIONS_TRACK_ACTIVITY = False  # VisitMiddleware does so, without a write for each page
# How accounts refers to pages of other apps, which it does not import.
ACCOUNTS_PERSON_URL = "person"  # takes a user name
ACCOUNTS_INVITATION_REQUEST_URL = "request-invitation"
ACCOUNTS_PATHS_WITHOUT_SECOND_FACTOR = (
    *("/accounts/", "/static/"),
    *("/manifest.webmanifest", "/service-worker.js", "/offline/"),  # the same for everybody
)
ACCOUNTS_STREAM_PATHS = ("/events/",)  # refused rather than redirected, as they show no page
# allauth's limits must hold across all processes.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": MAIL}
    if MAIL
    else {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
}
TASKS = {"default": {"BACKEND": "chatsite.jobs.backend.JobBackend", "QUEUES": ["default", "heavy"]}}
JOBS = environment.JOBS  # whether processes that answer requests also run jobs and send deliveries
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.MAIL_FROM

# Languages and times: shown in each reader's language and time zone; times are stored in UTC.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [PROJECT / "locale"]
FORMAT_MODULE_PATH = "chatsite.formats"
USE_TZ = True
TIME_ZONE = "UTC"

# Security headers
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SECURE_SSL_REDIRECT = False  # the proxy that ends TLS redirects
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False  # other hosts of the domain are not ours to decide on
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS without subdomains, see above
    "security.W008",  # the proxy redirects to TLS
    "security.W021",  # no HSTS preload
    *([] if MAIL else ["mail.E001"]),  # a site may run without mail
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# For these addresses: how many bytes a request of a signed-in person may have, files included, and the function that
# raises what the view would raise, before most of the request has arrived.
UPLOADS: dict[str, tuple[int, str | None]] = {
    r"/settings/(?:profile|picture)/": (11_000_000, None),
    r"/c/(?P<pk>[0-9]{1,18})/messages/": (101_000_000, "conversations.views.message.messages.allow_posting"),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"console": {"()": "logging.Formatter" if DEBUG else "chatsite.server.logs.Formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "console"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # These log every attempt to reconnect; we log one line for each outage.
        "procrastinate.worker.chatsite": {"level": "CRITICAL"},
        "psycopg.pool": {"level": "ERROR"},
        "urllib3": {"level": "ERROR"},  # its warnings contain addresses, which may be secrets
    },
}

if DEBUG:
    INSTALLED_APPS.append("debug_toolbar")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("accounts.middleware.LimitedSessionMiddleware"),
        "debug_toolbar.middleware.DebugToolbarMiddleware",
    )
    INTERNAL_IPS = ["127.0.0.1", "::1"]
    # Read templates again for each request, which is faster than a restart.
    TEMPLATES[0]["APP_DIRS"] = False
    TEMPLATES[0]["OPTIONS"]["loaders"] = [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
