"""Plain admin of webhooks and their deliveries, read-only; secrets are not shown."""

from __future__ import annotations

from django.contrib import admin

from matching.feeds.models import WebhookDelivery, WebhookEndpoint
from matching.record_admin import ReadOnlyAdmin


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin[WebhookEndpoint]):
    """Webhooks of organisations."""

    list_display = ("organisation", "description", "state", "failing_since")
    list_filter = ("state",)
    list_select_related = ("organisation",)
    exclude = ("url", "secret", "old_secret", "position")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin[WebhookDelivery]):
    """Messages and how they went."""

    list_display = ("event", "endpoint", "state", "attempts", "due_at")
    list_filter = ("state", "event")
    list_select_related = ("endpoint",)
