"""The errors of Marsad, one small tree drawn by what the caller can do about them.

MarsadError                 anything Marsad itself refuses or cannot do
├── InputError              the data given is wrong: correct the file and call again
│   ├── CoherenceError      a table contradicts itself: ask its producer
│   └── TooLargeError       the answer would be too large: ask for less
├── DeclarationError        a yml of ours is wrong: correct it in the project
├── NotFoundError           what was asked for does not exist
├── RefusedError            the rules forbid it: no right to collect, or disclosure
└── PlaceError              this machine lacks something: disk, port, package; may be retried
"""

from __future__ import annotations

from pathlib import Path


class MarsadError(Exception):
    """Anything Marsad refuses or cannot do; its text is one sentence for a person."""

    exit_code = 1


class InputError(MarsadError):
    """Data that breaks a rule, with the file, the row and the rule by name."""

    exit_code = 2

    def __init__(self, rule: str, *, file: str = "", row: int | None = None) -> None:
        self.rule, self.file, self.row = rule, file, row
        where = f"{file}: " if file else ""
        where += f"row {row}: " if row is not None else ""
        super().__init__(where + rule)


class CoherenceError(InputError):
    """A statistical table that contradicts itself or what is already known."""

    def __init__(self, rule: str, *, file: str = "", findings: tuple[str, ...] = ()) -> None:
        super().__init__(rule, file=file)
        self.findings = findings


class TooLargeError(InputError):
    """A question whose answer would be larger than is given at once."""


class DeclarationError(MarsadError):
    """A source, table or indicator declaration that does not say what it must."""

    exit_code = 3


class NotFoundError(MarsadError):
    """An indicator, source, area, ad or release that does not exist."""

    exit_code = 4


class RefusedError(MarsadError):
    """Something the rules forbid: collecting without a right, or disclosing a person."""

    exit_code = 5


class PlaceError(MarsadError):
    """Something this machine lacks; doing the same later, or elsewhere, may work. `place` is the file or
    folder that it lacks, where it is one."""

    exit_code = 6

    def __init__(self, words: str, *, place: Path | None = None) -> None:
        self.place = place
        super().__init__(words)
