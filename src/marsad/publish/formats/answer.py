"""What every writer is given: the values of an answer as an Arrow table, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.codes import codelist
from marsad.base.labels import pick
from marsad.products.declare import Indicator
from marsad.publish.read.model import DataQuery
from marsad.publish.read.reader import Reader


def cells_of(column: pa.ChunkedArray) -> list[object]:
    """The cells of a column as Python values; each value of a dictionary, and each time, is made once."""
    if pa.types.is_timestamp(column.type):
        column = column.dictionary_encode()
    if not pa.types.is_dictionary(column.type):
        cells: list[object] = column.to_pylist()
        return cells
    cells = []
    for chunk in column.chunks:
        values = [*chunk.dictionary.to_pylist(), None]
        indices = pc.fill_null(chunk.indices.cast(pa.int64()), len(values) - 1)
        cells += [values[i] for i in indices.to_numpy().tolist()]
    return cells


@dataclass(frozen=True)
class Answer:
    """The values of one question: `table` has the columns `reader.COLUMNS`, codes as dictionaries;
    `total` counts all values of the question, of which `table` may be a page."""

    query: DataQuery
    table: pa.Table
    total: int
    reader: Reader
    language: str

    @classmethod
    def of(cls, reader: Reader, query: DataQuery, language: str) -> Answer:
        """The answer of a release to a question; errors as `Reader.data`."""
        table, total = reader.data_table(query)
        return cls(query, table, total, reader, language)

    @cached_property
    def indicator(self) -> Indicator:
        return self.reader.indicator(self.query.indicator)

    @cached_property
    def synthetic(self) -> bool:
        """Whether any of the values is synthetic."""
        return bool(pc.any(self.table["synthetic"]).as_py())

    @property
    def caveats(self) -> list[str]:
        """The usage warnings of the indicator in the reader's language, those of its values first."""
        first = ["synthetic"] if self.synthetic else []
        others = [c for c in self.indicator.caveats if c != "synthetic"]
        return [pick(codelist("caveat")[c], self.language) for c in (*first, *others)]

    def labels(self, column: str, codes: Sequence[str]) -> dict[str, str]:
        """The labels of codes of a column in the reader's language."""
        label, language, indicator = self.reader.label, self.language, self.query.indicator
        return {code: label(column, code, language, indicator) for code in codes}

    def cells(self, labelled: Sequence[str]) -> dict[str, list[object]]:
        """Column -> its cells as Python values; a column that `labelled` names is followed by
        `<column>_label`. Each code is looked up once."""
        columns: dict[str, list[object]] = {}
        for name in self.table.column_names:
            cells = cells_of(self.table[name])
            columns[name] = cells
            if name in labelled:
                codes = [str(code) for code in cells]
                labels = self.labels(name, list(dict.fromkeys(codes)))
                columns[f"{name}_label"] = [labels[code] for code in codes]
        return columns
