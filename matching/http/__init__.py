"""What every API room shares.

Settings name ``parsing`` and ``pages`` while the REST framework is still loading, so nothing is gathered
here and those two import only leaves of it.
"""
