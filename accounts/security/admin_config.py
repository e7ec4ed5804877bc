"""Django's admin with our door (``administration.Site``), as an app that loads before any model."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class Config(AdminConfig):
    """What ``INSTALLED_APPS`` names in place of ``django.contrib.admin``."""

    default_site = "accounts.security.administration.Site"
