"""The append-only record of every write: who, what, before and after, in a chain of hashes.

Triggers write it, so nothing that writes can forget it; the application's database role can neither
change it nor switch the triggers off.
"""
