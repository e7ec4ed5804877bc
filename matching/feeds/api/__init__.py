"""API of the changes feed and of webhooks."""

from matching.feeds.api.changes import ChangeView
from matching.feeds.api.webhooks import DeliveryView, WebhookView

routes = [
    ("changes", ChangeView, "change"),
    ("webhooks/(?P<webhook>[^/]+)/deliveries", DeliveryView, "webhook_delivery"),
    ("webhooks", WebhookView, "webhook"),
]
