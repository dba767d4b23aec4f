"""Django, set up once for all tests: no database, no applications."""

from __future__ import annotations

import django
from django.conf import settings

__all__ = ["ready"]


def ready() -> None:
    """Set Django up, unless that was done."""
    if not settings.configured:
        settings.configure(
            ALLOWED_HOSTS=["*"],
            MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
            SECRET_KEY="for tests",
            USE_TZ=True,
        )
        django.setup()
