"""Makes the clients and the user, then serves on a port that the system chooses and that is printed."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.backends.signals import connection_created
from gunicorn.app.base import BaseApplication

GRANTS = {
    "client_credentials": "client-credentials",
    "password": "password",
    "authorization_code": "authorization-code",
}


def hurry(connection, **_):
    """Waits for no disk: the database is gone with the test anyway."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = OFF")


def fill(chosen):
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model

    call_command("migrate", run_syncdb=True, verbosity=0)
    get_user_model().objects.create_user(chosen["user"], password=chosen["password"])
    for client in chosen["clients"]:
        get_application_model().objects.create(
            name=client["id"],
            client_id=client["id"],
            client_secret=client["secret"] or "",
            client_type="confidential" if client["secret"] else "public",
            authorization_grant_type=GRANTS[client["grant"]],
            redirect_uris=chosen["redirect_uri"],
            skip_authorization=not client["asks"],
            algorithm="RS256",
        )
    # A worker opens one of its own.
    connection.close()


class Server(BaseApplication):
    def load_config(self):
        for key, value in {
            "bind": "127.0.0.1:0",
            # One thread that answers: SQLite has no two writers, and whoever is second is told so instead of waiting.
            "worker_class": "gthread",
            "threads": 1,
            "worker_connections": 4_000,
            "keepalive": 60,
            "graceful_timeout": 1,
            "accesslog": str(settings.FOLDER / "access.log"),
            "access_log_format": "%(m)s %(U)s %(s)s",
            "when_ready": self.tell,
        }.items():
            self.cfg.set(key, value)

    def load(self):
        return get_wsgi_application()

    @staticmethod
    def tell(arbiter):
        print(arbiter.LISTENERS[0].sock.getsockname()[1], flush=True)


django.setup()
connection_created.connect(hurry)
fill(settings.CHOSEN)
Server().run()
