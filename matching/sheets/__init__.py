"""Spreadsheets of lists: one column specification drives template, reader, writer and marked copies.

No Django in here: vocabularies (chains, regions, units) come in as plain values.
"""
