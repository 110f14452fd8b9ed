"""A Django project with a login form, OAuth2 and OpenID Connect. What a test chooses is in `chosen.json` of the folder that it names."""

import json
import os
import sys
from pathlib import Path

from jwcrypto.jwk import JWK

FOLDER = Path(sys.argv[1])
CHOSEN = json.loads((FOLDER / "chosen.json").read_text())

SECRET_KEY = os.urandom(32).hex()
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "oauth2_provider",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "database",
        # A connection is kept from request to request.
        "CONN_MAX_AGE": None,
    }
}
# The tables as they are now, without all the steps to there: a start takes half the time.
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in INSTALLED_APPS}
# Quick instead of safe, as Django advises for tests: what is tested is not how long a password takes.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGIN_URL = "/login/"
OAUTH2_PROVIDER = {
    "OAUTH2_VALIDATOR_CLASS": "validator.Validator",
    "SCOPES": {"openid": "Know who you are", "read": "Read", "write": "Write"},
    "DEFAULT_SCOPES": ["read"],
    "PKCE_REQUIRED": True,
    "ACCESS_TOKEN_EXPIRE_SECONDS": CHOSEN["access_seconds"],
    "REFRESH_TOKEN_EXPIRE_SECONDS": CHOSEN["refresh_seconds"],
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": JWK.generate(kty="RSA", size=2048).export_to_pem(True, None).decode(),
}
