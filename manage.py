#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from accounts.audit.context import acting

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chainmatch.settings")
    with acting(via="command"):
        execute_from_command_line(sys.argv)
