"""Everything that can be set. Values from the environment are read here, at the top, with unit and default."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from oneshop import postgres

HOUSE = Path(__file__).resolve().parent.parent

# --- from the environment ---
DEBUG = os.environ.get("ONESHOP_DEBUG") == "1"  # default off: errors are pages, never stack traces
SECRET_KEY = os.environ.get("SECRET_KEY", "")  # no default: `demo`, `up` and `test` make or keep one
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("SECRET_KEY_FALLBACKS", "").split(",") if key]
ALLOWED_HOSTS = os.environ.get("ONESHOP_HOSTS", "127.0.0.1,localhost").split(",")  # names the portal answers to
PUBLIC_HOSTS = [
    host for host in os.environ.get("ONESHOP_PUBLIC_HOSTS", "").lower().split(",") if host
]  # names that answer public addresses only (S-34); none: one host for everything
STAFF_NETWORKS = [
    network for network in os.environ.get("ONESHOP_STAFF_NETWORKS", "").split(",") if network
]  # such as 10.20.0.0/16: from elsewhere staff pages do not exist; none: from anywhere
PUBLIC_ADDRESS = os.environ.get(
    "ONESHOP_PUBLIC_ADDRESS", "http://127.0.0.1:8000"
)  # printed in QR codes, no slash at the end
BEHIND_TLS = os.environ.get("ONESHOP_BEHIND_TLS", "1") == "1"  # off only for the demo on this machine
IS_TEST = os.environ.get("ONESHOP_IS_TEST") == "1"  # marks every screen and paper as a trial
STATUS_LINK_LASTS = timedelta(days=int(os.environ.get("ONESHOP_STATUS_DAYS", "90")))  # after the case has ended (S-32)
MONITOR_NAME = os.environ.get("ONESHOP_MONITOR_NAME", "Cơ quan theo dõi")  # in the bar and on its reports
MONITOR_PLACE = os.environ.get("ONESHOP_MONITOR_PLACE", "Hà Nội")
KNOCKS_OF_ONE, KNOCKS_OF_ALL = (
    int(number) for number in os.environ.get("ONESHOP_KNOCKS", "120,6000").split(",")
)  # look-ups a minute at public pages: from one address, from all together (S-33)
TRUSTS_PROXY = os.environ.get("ONESHOP_TRUSTS_PROXY") == "1"  # a proxy of ours sets X-Forwarded-Proto
# How citizens are told (messengers.py): what has no address is not used
EMAIL_HOST = os.environ.get("ONESHOP_EMAIL_HOST", "")  # SMTP server
EMAIL_PORT = int(os.environ.get("ONESHOP_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("ONESHOP_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ONESHOP_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("ONESHOP_EMAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("ONESHOP_EMAIL_FROM", "mot-cua@localhost")
# Digital signatures (signing_keys.py, signatures.py); without a time stamp service they carry the server's time
TSA_ADDRESS = os.environ.get("ONESHOP_TSA_ADDRESS", "")
CSC_ADDRESS = os.environ.get("ONESHOP_CSC_ADDRESS", "")  # signing service of the Cloud Signature Consortium
PKCS11_MODULE = os.environ.get("ONESHOP_PKCS11_MODULE", "")  # the library of a token's or security module's maker
CSC_SECRET = os.environ.get("ONESHOP_CSC_SECRET", "")
SMS_ADDRESS = os.environ.get("ONESHOP_SMS_ADDRESS", "")  # takes a JSON POST
SMS_SECRET = os.environ.get("ONESHOP_SMS_SECRET", "")
SMS_FIELDS = dict(  # how the gateway calls them: `to=phone,text=content`
    pair.split("=", 1) for pair in os.environ.get("ONESHOP_SMS_FIELDS", "").split(",") if "=" in pair
)
ZALO_ADDRESS = os.environ.get("ONESHOP_ZALO_ADDRESS", "")
ZALO_SECRET = os.environ.get("ONESHOP_ZALO_SECRET", "")
ZALO_TEMPLATE = os.environ.get("ONESHOP_ZALO_TEMPLATE", "")  # id of the template that Zalo has approved

ALLOWED_HOSTS += PUBLIC_HOSTS

# --- Django ---
INSTALLED_APPS = [
    "oneshop",
    "citizens",
    "procedures",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a desk page of 340 kB weighs 70 (U-18); masks its length against BREACH
    "oneshop.weather.Weather",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "oneshop.hosts.Hosts",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oneshop.keys.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "oneshop.urls"
WSGI_APPLICATION = "oneshop.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HOUSE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "oneshop.bar.bar",
            ],
        },
    },
]
FORM_RENDERER = "oneshop.fields.CounterFormRenderer"

# `default` is the working role, `owner` owns the tables and migrates; the walls bind both (walls.py)
DATABASES = postgres.settings_for(os.environ.get("ONESHOP_DATABASE", "oneshop"))

# --- people ---
AUTH_USER_MODEL = "oneshop.Officer"
AUTHENTICATION_BACKENDS = ["oneshop.keys.OfficerBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "oneshop.passwords.NothingOfTheHouse"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
]

# --- language and time ---
LANGUAGE_CODE = "vi"
USE_I18N = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

# --- static files ---
STATIC_URL = "static/"
STATICFILES_DIRS = [HOUSE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300  # seconds; then the browser asks again and mostly hears "unchanged"

# --- sessions and cookies ---
SESSION_COOKIE_AGE = 8 * 60 * 60  # seconds: an office day (S-12)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "oneshop.weather.csrf_failed"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- headers ---
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTS_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],  # a paper is printed from a hidden frame
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
# a PDF dropped on the check page is looked at in memory and never touches the disk; what is larger is not read at all
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 5_300_000  # bytes of the whole request: 5 MB and its frame

# --- logs: to standard error, without persons (S-37) ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"brief": {"()": "oneshop.weather.Brief"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "oneshop": {"handlers": ["console"], "level": "INFO"},
        "weasyprint": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "fontTools": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}
