"""Gathers the rooms' admin for Django, nothing else."""

from matching.chains import admin as chains
from matching.feeds import admin as feeds
from matching.invitations import admin as invitations
from matching.lists import admin as lists
from matching.meetings import admin as meetings
from matching.memory import admin as memory
from matching.notices import admin as notices
from matching.review import admin as review
from matching.runs import admin as runs

__all__ = ("chains", "feeds", "invitations", "lists", "meetings", "memory", "notices", "review", "runs")
