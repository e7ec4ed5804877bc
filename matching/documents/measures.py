"""Measures of GB/T 9704-2012 (party and government papers), in millimetres and points."""

from __future__ import annotations

PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, LEFT = 37, 28
TYPE_WIDTH, TYPE_HEIGHT = 156, 225
RIGHT = PAGE_WIDTH - LEFT - TYPE_WIDTH
BOTTOM = PAGE_HEIGHT - TOP - TYPE_HEIGHT
LINES, CHARACTERS = 22, 28
"""Lines a page, characters a line."""
NUMBER_BELOW = 7
"""From the type area's lower edge to the top of the dash beside the page number."""

POINTS_A_MM = 72 / 25.4
SIZE_1, SIZE_2, SIZE_3, SIZE_4, TABLE_SIZE = 26.0, 22.0, 16.0, 14.0, 12.0
"""Chinese sizes 一号, 二号, 三号, 四号 and, in tables, 小四 in points."""
LINE_PITCH = TYPE_HEIGHT / LINES * POINTS_A_MM
CHARACTER_PITCH = TYPE_WIDTH / CHARACTERS * POINTS_A_MM
RED = "FF0000"
"""Of the issuer's mark and of the line below it."""
THICK, THIN = 0.35, 0.25
"""Rules of the imprint, in millimetres."""
