#!/usr/bin/env python3
"""Django's command line for this project."""

import os
import sys

from django.core.management import execute_from_command_line

from accounts.audit.context import acting

OWNERS_COMMANDS = ("migrate", "cut_audit")

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chainmatch.settings")
    if sys.argv[1:2] and sys.argv[1] in OWNERS_COMMANDS:
        os.environ["DATABASE_AS_OWNER"] = "1"
    with acting(via="command"):
        execute_from_command_line(sys.argv)
