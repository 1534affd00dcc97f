"""What every writer is given: the values of an answer, who reads them, and in which language."""

from __future__ import annotations

from dataclasses import dataclass, fields

from marsad.base.codes import codelist
from marsad.base.labels import pick
from marsad.publish.read.reader import DataResult, Reader, Value

COLUMNS = [f.name for f in fields(Value)]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a writer is given: the values, who reads them, and in which language."""

    result: DataResult
    reader: Reader
    language: str


def caveats(answer: Answer) -> list[str]:
    """The usage warnings of the indicator in the reader's language, those of its values first."""
    said = [] if not any(v.synthetic for v in answer.result.rows) else ["synthetic"]
    listed = answer.reader.indicator(answer.result.query.indicator).caveats
    return [
        pick(codelist("caveat")[c], answer.language)
        for c in [*said, *listed]
        if c != "synthetic" or said
    ]
