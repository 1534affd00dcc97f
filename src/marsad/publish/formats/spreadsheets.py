"""What spreadsheets would do with the texts of a table, and how they are kept from it."""

from __future__ import annotations

_STARTS = frozenset("=+-@\t\r\n＝＋－＠")
"""Letters with which a cell begins that is run (OWASP, CSV injection)."""


def disarmed(cell: object) -> object:
    """A cell whose text a spreadsheet would run as a formula, kept as text."""
    if isinstance(cell, str) and cell[:1] in _STARTS:
        return "'" + cell
    return cell
