"""The settings, read strictly from the environment. `.env.example` explains every variable.

`STIGEN_ENV` says what this is: development (the default of script/server), test, or production.
Production has no default for any secret: it refuses to start without them.
"""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.environment import (
    read_choice,
    read_database,
    read_flag,
    read_list,
    read_number,
    read_text,
)
from config.logs import logging_settings

LOG_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR"}
ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"

ENVIRONMENT = read_choice("STIGEN_ENV", {"development", "test", "production"}, default="production")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = read_flag("STIGEN_DEBUG", default=False) and not PRODUCTION
DEMO = read_flag("STIGEN_DEMO", default=False)

DATA = Path(read_text("STIGEN_DATA", str(ROOT / "var"))).absolute()
SECRET_KEY = read_text("SECRET_KEY") if PRODUCTION else read_text("SECRET_KEY", "not-a-secret-outside-production")
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS", default=[])
SITE_URL = (
    read_text("SITE_URL")
    if PRODUCTION
    else read_text("SITE_URL", f"http://localhost:{read_number('PORT', default=8000)}")
).rstrip("/")
ALLOWED_HOSTS = read_list("ALLOWED_HOSTS", default=None if PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MUNICIPALITY = read_text("MUNICIPALITY", "Skärviks kommun")
# Where this version's source code can be read; linked in the footer, as the licence wants of those who change it.
SOURCE_URL = read_text("SOURCE_URL", "")
# The map that shows the way to a room: {address} stands for its street address.
MAP_URL = read_text("MAP_URL", "https://www.openstreetmap.org/search?query={address}")

# --- Rooms ---------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "workshops",
    "insight",
    "journeys",
    "courses",
    "guide",
    "letters",
    "people",
    "shared",
    "wagtail.contrib.redirects",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "config.apps.PeopleInWagtailConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "config.health.HealthMiddleware",
    "config.middleware.RequestIdMiddleware",
    "config.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "courses.kept_lists.ListKeyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shared.problems.ProblemMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.errors.WrongMethodMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "config.middleware.AwayMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["shared.templatetags.addresses"],
        },
    },
]

FORM_RENDERER = "config.forms.Renderer"

# --- Engines -------------------------------------------------------------------------------------
DATABASES = {"default": read_database()}
if DATABASE_POOL := read_number("DATABASE_POOL", default=0 if ENVIRONMENT == "test" else 20):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 5}
    # A connection that died while it lay waiting is never handed to a request: one round trip, and no error page for
    # each of them when the database has been restarted.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A question that is written beforehand (shared.ready) is planned once on each connection that is kept.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 2
DATABASES["default"]["TEST"] = {
    "NAME": read_text("TEST_DATABASE", "") or None,
    # script/test lays the tables once, and every test database begins as a copy of them.
    "TEMPLATE": read_text("TEST_TEMPLATE", "") or None,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = read_text("REDIS_URL")
CACHES = {
    "default": {
        # Hints only. A Redis that is away costs time, never a page.
        "BACKEND": "shared.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "stigen",
        "OPTIONS": {"socket_connect_timeout": 0.25, "socket_timeout": 0.5},
    },
}
# On a machine that is busy with tests an answer may come late, and is not lost for that.
if ENVIRONMENT == "test":
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 5, "socket_timeout": 10}
# Event streams that one process holds at most; the next one is told to poll.
EVENT_STREAMS = read_number("EVENT_STREAMS", default=500)
# How old a ready-made public page may be, at most; 0 makes every page anew.
PAGE_CACHE_SECONDS = 0 if DEBUG else read_number("PAGE_CACHE_SECONDS", default=60)
SESSION_ENGINE = "people.sessions"

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
# The address is unique whatever its case: a constraint on lower(email), which the check can't see.
# Wagtail shows its previews in a frame of the site's own; the policy says the same (frame-ancestors).
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W019"]
AUTHENTICATION_BACKENDS = ["people.backend.PersonBackend"]
# A slow hash is right for passwords and wrong for thousands of made-up people in tests.
if ENVIRONMENT == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_page"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from HR
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("TRUSTED_PROXIES", default=0)

# --- Language and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
LOCALE_PATHS = [SITE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

# --- Security ------------------------------------------------------------------------------------
BEHIND_TLS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = PRODUCTION and BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    },
}

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [SITE / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(read_text("MEDIA_ROOT", str(ROOT / "media" if PRODUCTION else DATA / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static_files.StaticFiles"
        if ENVIRONMENT != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# In tests no file is gathered: each is looked for when it is asked for, not all of them by every new client.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = ENVIRONMENT == "test"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# --- Letters -------------------------------------------------------------------------------------
# With no mail server, letters are delivered into a folder and can be read by an administrator.
EMAIL_BACKEND = "config.mail.LetterBackend"  # nothing leaves but as a letter
EMAIL_HOST = read_text("EMAIL_HOST", "")
EMAIL_PORT = read_number("EMAIL_PORT", default=25)
EMAIL_HOST_USER = read_text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = read_text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = read_flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 20
MAILBOX = DATA / "mailbox"
DEFAULT_FROM_EMAIL = read_text("MAIL_FROM", "stigen@skarvik.example")

# /health/ready says no when a letter has been due for so many seconds: then no worker takes any.
LETTERS_LATE_AFTER = read_number("LETTERS_LATE_AFTER", default=600, at_least=60)

# --- Work that must not wait in a request --------------------------------------------------------
# For a Unix socket Celery has words of its own.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
if CELERY_BROKER_URL.startswith("redis+socket://"):
    CELERY_BROKER_URL = CELERY_BROKER_URL.replace("?db=", "?virtual_host=")
# Every application on one Redis must agree on the timeout: the shortest wins.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "health_check_interval": 25}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a Redis that is away for a night is waited for
# A task that runs when Redis goes away finishes; killing it would leave a letter uncertain for nothing.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "stigen"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600  # seconds; no task needs a tenth of it
CELERY_TIMEZONE = "UTC"

# --- The guide -----------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Stigen"
# What readers write about a page may name someone: after so many months the words go, the counts stay.
OPINION_MONTHS = read_number("OPINION_MONTHS", default=12, at_least=1)
# After so many days what people handed in for a task is erased; that they handed it in is kept.
HAND_INS_KEPT_DAYS = read_number("HAND_INS_KEPT_DAYS", default=180, at_least=30)
# Links out of the site are looked at on the open net only. Tests look at servers of their own.
LINK_CHECK_MAY_LOOK_INSIDE = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "guide.services.review.publish_reviewed"
WAGTAILIMAGES_IMAGE_FORM_BASE = "guide.editing.forms.ImageForm"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILADMIN_PERMITTED_LANGUAGES = [("sv", "Svenska"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "swedish"}}
WAGTAIL_FRONTEND_LOGIN_URL = "/konto/login/"
# Uploads are never run: no SVG (it can hold a script), documents are handed over as files to save.
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
# Each format where it looks like the others; guide/templates/guide/blocks/image.html says in which sizes.
WAGTAILIMAGES_AVIF_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_JPEG_QUALITY = 60, 78, 82
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odp", "ods", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# --- The API -------------------------------------------------------------------------------------
# No throttling: whoever calls is logged in and known by name, every list is paged, and the proxy in front can limit
# addresses. Should it be needed, REST framework's counts in the cache, which all processes share.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["shared.parsing.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "shared.paging.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "shared.problems.answer_with_problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Stigen",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "DESCRIPTION": (
        "What the pages of Stigen show and do, for other systems. Log in with a personal key as a bearer token, or "
        "with the session of the browser. Lists are paged: count, next, previous, results. Refusals are "
        "application/problem+json with a stable code."
    ),
    # Several answers tell a booking's state; a name of its own keeps it apart from other states.
    "ENUM_NAME_OVERRIDES": {
        "BookingState": "courses.models.Booking.State",
        "OccasionState": "courses.models.Occasion.State",
        "AttendanceState": "courses.models.Attendance.State",
    },
    "LICENSE": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    "PREPROCESSING_HOOKS": ["config.openapi.keep_our_own"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "journeys.event_schema.describe_events",
        "config.openapi.say_how_it_refuses",
    ],
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = logging_settings(as_json=PRODUCTION, level=read_choice("LOG_LEVEL", LOG_LEVELS, default="INFO"))
