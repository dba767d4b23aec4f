"""What ``celery -A`` finds in a worker that a test starts."""

from __future__ import annotations

from tests.webhooks.hosts.celery_app import app_of, host_of
from tests.webhooks.hosts.engines import Given

__all__ = ["app"]

_given, _key = Given.read()
app = app_of(_given)
host_of(app, _given, _key)
