"""Lists the settings of a Tuntas installation. docs/settings.md explains those that come from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config.cookies import cookie_name
from config.env import Settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent

# ---------------------------------------------------------------------- settings from the environment

env = Settings()

DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "data")
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.former_secrets("SECRET_KEY_FALLBACKS", DATA_DIR / "secret_key")
DEBUG = env.flag("DEBUG", False)

HOST = env.text("HOST", "127.0.0.1") or "127.0.0.1"
PORT = env.text("PORT", "8000")
LOCAL = env.flag("LOCAL", False)
HTTPS = env.flag("HTTPS", not LOCAL)
PROXIES = env.number("PROXIES", 0)
THIS_MACHINE = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [*THIS_MACHINE, HOST] if LOCAL else THIS_MACHINE)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

database = env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'tuntas.sqlite3'}")
cache_url = env.text("CACHE_URL")

EMAIL_URL = env.text("EMAIL_URL")
# Pages promise a mail only where one can be sent. Developers read theirs on the console.
HAS_MAIL = bool(EMAIL_URL) or DEBUG
mail = env.mail("EMAIL_URL", is_debug=DEBUG)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Tuntas <tuntas@localhost>")

SITE_URL = env.address("SITE_URL")
CONTACT = env.contact("CONTACT")
XAPI_URL = env.address("XAPI_URL")
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", True)
STAFF_SECOND_FACTOR = env.flag("STAFF_SECOND_FACTOR", False)
# If it is empty, modules have owners, but not in an installation that had modules before there were owners.
MODULES = env.choice("MODULES", "", ("", "owners", "shared"))
LANGUAGE_CODE = env.choice("LANGUAGE", "id", ("id", "en"))
TIME_ZONE = env.zone("TIME_ZONE", "Asia/Jakarta")
LOG_LEVEL = env.choice("LOG_LEVEL", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_FORMAT = env.choice("LOG_FORMAT", "line", ("line", "json"))
SLOW_MS = env.number("SLOW_MS", 1000)
STATEMENT_TIMEOUT = env.number("STATEMENT_TIMEOUT", 25)

# ----------------------------------------------------------------------------- apps, middleware, templates

INSTALLED_APPS = [
    "accounts",
    "modules",
    "tasks",
    "backups",
    "doctor",
    "django_tasks",
    "server",
    "markdownx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "config.database_file.DatabaseFileMiddleware",
    "config.health.HealthMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.headers.PolicyMiddleware",
    "config.headers.RevalidationMiddleware",
    "config.requests.ReadableRequestMiddleware",
    "config.cookies.FormerCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "accounts.appearance.AppearanceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.OneTimePasswordMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.devices.LastUseMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

FIND_TEMPLATES = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": FIND_TEMPLATES if DEBUG else [("config.templates.Loader", FIND_TEMPLATES)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Forms use the templates of this project first, so that a field looks the same on every page.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# ------------------------------------------------------------------- database, cache, files, static files

if database["ENGINE"] == "django.db.backends.sqlite3":
    # With Django's defaults most concurrent writes fail with "database is locked". With IMMEDIATE, a transaction takes
    # its lock at once and waits for its turn. The write-ahead log does not block readers. FULL survives a power cut.
    database["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    }
    database["CONN_MAX_AGE"] = 60
    database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # If the database server is away, a request fails soon and the next request tries again. By default, each request
    # would keep its worker waiting for half a minute, and the pool would wait longer before every new try.
    pool = {"min_size": 1, "max_size": 4, "timeout": 5, "reconnect_timeout": 5}
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "pool": pool}
    database["CONN_MAX_AGE"] = 0

DATABASES: dict[str, dict[str, Any]] = {"default": database}

# The cache counts requests for limits, so all processes must use the same cache.
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": cache_url}
    if cache_url
    else {"BACKEND": "config.caches.AgedDatabaseCache", "LOCATION": "cache"}
}

# Images have no public folder. A view serves them with the headers that they need.
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# Backups, where `manage.py backup` and the worker write them; another disk is the better place.
BACKUP_DIR = env.folder("BACKUP_DIR", DATA_DIR / "backups")
# Backups know nothing of accounts. These functions keep the list of erased people, which no restore takes back.
KEEP_BESIDE_BACKUPS, GATHER_BEFORE_RESTORING = "accounts.erasures.copy_to", "accounts.erasures.gather"
BACKUP_KEEP = env.number("BACKUP_KEEP", 14)
BACKUP_NIGHTLY = env.flag("BACKUP_NIGHTLY", False)

# Collected files belong to an installation, because two installations may run from one checkout.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.JoinedStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Browsers take rules for pages that they fetch ahead only under this type.
WHITENOISE_MIMETYPES = {".speculationrules": "application/speculationrules+json"}

# A form with a pasted document has its text, and perhaps the text that was there before.
DATA_UPLOAD_MAX_MEMORY_SIZE = 7 * 1024 * 1024
# The plan of the largest document has a few fields for each of its sections and questions.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# ----------------------------------------------------------------------------------- accounts and sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name}
    for name in (
        "accounts.passwords.NotOwnName",
        "django.contrib.auth.password_validation.MinimumLengthValidator",
        "accounts.passwords.CommonPasswords",
        "django.contrib.auth.password_validation.NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
FIRST_PAGE = "learning"  # of somebody who got a one-time password, where they asked for no other page
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.quiet_forms.LoginForm",
    "signup": "accounts.quiet_forms.SignupForm",
    "add_email": "accounts.quiet_forms.AddEmailForm",
    "reset_password": "accounts.quiet_forms.ResetPasswordForm",
    "change_password": "accounts.password_forms.ChangePasswordForm",
    "set_password": "accounts.password_forms.SetPasswordForm",
    "reset_password_from_key": "accounts.password_forms.ResetPasswordKeyForm",
}
# With confirmed addresses, the sign-up page does not reveal who has an account. Without mail, nobody can confirm an
# address.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Without mail nobody can show that another address is theirs, so nobody adds one.
ACCOUNT_MAX_EMAIL_ADDRESSES = None if HAS_MAIL else 1
# Mails about a new password or address tell the owner if somebody else changed it.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Whoever proves by mail who they are goes on at once, and the browser is known from then on.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# A class signs in from one address in the same minute. accounts.limits counts wrong passwords; `login_failed` counts
# wrong codes of a second factor, which only those meet who know the password.
ACCOUNT_RATE_LIMITS = {
    "signup": "100/m/ip",
    "login": None,
    "login_failed": "5/300s/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
# Only in the browser that signed up. In another one, whoever has the link still needs the password.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
# An open session alone must not be enough to take an account over, for example on a shared computer of a school.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# Browsers know passkeys only under HTTPS, and under plain HTTP on their own machine.
HAS_PASSKEYS = HTTPS or HOST in ("127.0.0.1", "::1", "localhost")
MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", *(["webauthn"] if HAS_PASSKEYS else [])]
MFA_PASSKEY_LOGIN_ENABLED = HAS_PASSKEYS
# A passkey replaces the password, so it asks for a finger, a face or a PIN.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# Clocks of phones differ by half a minute.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "activate_totp": "accounts.code_forms.ActivateAppForm",
    "authenticate": "accounts.code_forms.AuthenticateForm",
    "reauthenticate": "accounts.code_forms.ReauthenticateForm",
    "authenticate_webauthn": "accounts.passkey_forms.AuthenticateForm",
    "login_webauthn": "accounts.passkey_forms.LoginForm",
    "reauthenticate_webauthn": "accounts.passkey_forms.ReauthenticateForm",
    "add_webauthn": "accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.passkey_forms.RenamePasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "200/m/ip"}
# Without mail nobody could ever confirm an address.
MFA_ALLOW_UNVERIFIED_EMAIL = not HAS_MAIL

# ---------------------------------------------------------------------------------------------- language

USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = cookie_name("language", https=HTTPS)
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
APPEARANCE_COOKIE_NAME = cookie_name("appearance", https=HTTPS)

# ---------------------------------------------------------------------------------------------- security

CSRF_FAILURE_VIEW = "modules.views.outdated.outdated"
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_NAME = cookie_name("sessionid", https=HTTPS)
CSRF_COOKIE_NAME = cookie_name("csrftoken", https=HTTPS)
BROWSER_COOKIE_NAME = cookie_name("browser", https=HTTPS)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
# Other sites under the same domain, for example of a school, may not use HTTPS.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = False
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --------------------------------------------------------------------------------- background work, mail, logs

# A worker (`manage.py work`) runs tasks. Web processes only write them down.
TASKS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "tasks.backend.RowBackend",
        "QUEUES": ["default", "mail", "statements"],
        "OPTIONS": {
            "recurring": {
                "modules.quizzes.attempts.close_late_attempts": timedelta(minutes=5),
                "modules.classes.reminding.send_reminders": timedelta(minutes=10),
                "modules.insights.table_files.remove_table_files": timedelta(hours=1),
                "modules.statements.sending.send_statements": timedelta(minutes=1),
                "tasks.housekeeping.clear_sessions": timedelta(hours=1),
                "tasks.housekeeping.prune_tasks": timedelta(days=1),
            }
        },
    }
}

if BACKUP_NIGHTLY:
    TASKS["default"]["OPTIONS"]["recurring"]["backups.nightly.back_up"] = timedelta(days=1)

# A mail becomes a task, so that a slow mail server holds no request. The worker sends it through the other backend.
EMAIL_BACKEND = "tasks.mail.QueuedBackend"
SENDING_BACKEND = mail.pop("EMAIL_BACKEND")
globals().update(mail)

# Django says each failure in its own words, with addresses and values in them. `config.request_log` says it in one
# line. A developer wants to see the trace.
silent = {"handlers": ["stderr" if DEBUG else "null"], "level": LOG_LEVEL, "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "config.request_log.JsonFormatter"},
    },
    "filters": {"few_names": {"()": "config.request_log.FewNames"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT},
        "null": {"class": "logging.NullHandler"},
        "names": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["few_names"]},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "django.request": silent,
        "django.security": silent,
        # Who sets a server up has to learn which name is missing, and a stranger must not fill the log.
        "django.security.DisallowedHost": {"handlers": ["names"], "level": "ERROR", "propagate": False},
        "django_tasks": silent,  # the worker says it in one line
        # Every failed try to connect would be two lines, for each process, every second.
        "psycopg.pool": silent,
        # One line for each wrong password is for programs that close the door, at every level.
        "tuntas.signin": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
