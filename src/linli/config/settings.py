"""Settings of one installation. What differs between installations comes from its folder and from
five variables: LINLI_HOME, LINLI_DATABASE_URL, LINLI_HOSTS, LINLI_HTTPS and LINLI_NOW.
"""

from __future__ import annotations

import os
from importlib.util import find_spec

from linli.config.database import database, url_of
from linli.config.home import home_folder, secret

LINLI_HOME = home_folder()
SECRET_KEY = secret(LINLI_HOME)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

_OURS = [
    "linli.core.audit",
    "linli.core.areas",
    "linli.core.access",
    "linli.core.jobs",
    "linli.core.people",
    "linli.core.registers",
    "linli.core.periods",
    "linli.core.evidence",
    "linli.core.records",
    "linli.core.obligations",
    "linli.core.flows",
    "linli.work.intake",
    "linli.insight",
    "linli.reports",
    "linli.web",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *(name for name in _OURS if find_spec(f"{name}.apps")),
]
AUTH_USER_MODEL = "access.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

DATABASES = {"default": database(LINLI_HOME, url_of(LINLI_HOME))}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"
MIDDLEWARE = [
    "linli.web.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "linli.web.middleware.print_size",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = None  # nothing is collected: WhiteNoise serves what lies in the packages
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = True  # an installation has no collectstatic step

LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 60 * 60 * 12  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# A server behind TLS says so; the embedded installation answers on http://localhost.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("LINLI_HTTPS") == "1"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a preview has four fields for each column of each table
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
