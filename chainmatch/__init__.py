"""Composition root: settings, URLs, Celery and the embedded services. Nothing imports it."""

from chainmatch.celery import app as celery_app

__all__ = ("celery_app",)
