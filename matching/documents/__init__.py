"""Official papers as .docx and .pdf, in the form of GB/T 9704-2012; no Django.

A paper is plain data (``paper``); two writers lay the same paper out (``word``, ``pdf``). The same paper
gives the same bytes. Letters come from a template that an office edits in its word processor (``letters``).
"""
