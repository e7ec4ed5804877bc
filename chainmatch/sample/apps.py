"""Application declaration: carries the sample's management commands."""

from django.apps import AppConfig


class SampleConfig(AppConfig):
    """Sample data of the demo."""

    name = "chainmatch.sample"
    label = "sample"
