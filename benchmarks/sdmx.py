"""Data out in every format of SDMX, Marsad's writers beside pysdmx's, in one run.

    python benchmarks/sdmx.py            (about three minutes)

1,010,880 observations: 14,040 quarterly series of 72 quarters, 6 dimensions and time, 2 attributes
(one of them Arabic text with signs that every format must escape), 2 % of values missing. Each
writer runs in a process of its own, so that its peak of memory is its own. pysdmx writes SDMX-ML
one object at a time: it is given an eighth of the series, and its time and file are for that
eighth; it writes no SDMX-JSON data and no generic data of this size in reasonable time.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from marsad.publish.sdmx.data.columns import Column, Options, Shape
from marsad.publish.sdmx.data.csv import write_csv_1, write_csv_2
from marsad.publish.sdmx.data.json import write_json_1, write_json_2
from marsad.publish.sdmx.data.ml import write_generic_21, write_specific_21, write_specific_30
from marsad.publish.sdmx.structure.artefacts import Component, Ref

SERIES, QUARTERS, EIGHTH = 14_040, 72, 8
DIMENSIONS = {
    "FREQ": ["Q"],
    "REF_AREA": [f"MA-{i:02d}" for i in range(13)],
    "OCCUPATION": [f"OC{i}" for i in range(12)],
    "SEX": ["_T", "M", "F"],
    "AGE": ["Y_GE15", "Y15T24", "Y25T34", "Y35T44", "Y_GE45", "Y_GE25"],
    "EDUCATION_LEV": ["_T", "none", "medium", "higher", "other"],
}
NOTES = ['قيمة مؤقتة & "مراجعة"', "<b>, break", "a,b\nc", None]
BARS = {"csv": 0.6, "json": 1.5, "ml": 1.5}
"""CPU seconds that a million observations may take."""


def cube(series: int = SERIES) -> pa.Table:
    """The table: texts, doubles with nulls, sorted by series and period."""
    dice, rows = np.random.default_rng(1), series * QUARTERS
    places = np.indices([len(codes) for codes in DIMENSIONS.values()]).reshape(6, -1)[:, :series]
    columns = {
        name: pa.array(codes).take(pa.array(np.repeat(place, QUARTERS)))
        for (name, codes), place in zip(DIMENSIONS.items(), places)
    }
    periods = pa.array([f"{y}-Q{q}" for y in range(2007, 2025) for q in range(1, 5)])
    columns["TIME_PERIOD"] = periods.take(pa.array(np.tile(np.arange(QUARTERS), series)))
    columns["OBS_VALUE"] = pa.array(
        np.round(dice.random(rows) * 100, 1), mask=dice.random(rows) < 0.02
    )
    columns["OBS_STATUS"] = pa.array(["A", "E", "P"]).take(pa.array(dice.integers(0, 3, rows)))
    notes = dice.choice(4, rows, p=[0.02, 0.02, 0.02, 0.94])
    columns["COMMENT_OBS"] = pa.array(NOTES).take(pa.array(notes))
    return pa.table(columns)


def shape() -> Shape:
    """What the table holds."""

    def column(name: str, role: str, codelist: str = "", text: str = "String") -> Column:
        return Column(name, Component(name, role, codelist, text))

    return Shape(
        Ref("dataflow", "DF_LFS"), Ref("datastructure", "DSD_LFS"),
        tuple(column(name, "dimension", f"CL_{name}") for name in DIMENSIONS),
        column("TIME_PERIOD", "time"), column("OBS_VALUE", "measure", text="Double"),
        (column("OBS_STATUS", "attribute", "CL_STATUS"), column("COMMENT_OBS", "attribute")),
    )  # fmt: skip


class Plain:
    """Names that are the ids."""

    def flow(self, identifier: str, language: str) -> str:
        return identifier

    def component(self, identifier: str, language: str) -> str:
        return identifier

    def code(self, component: str, code: str, language: str) -> str:
        return code


def _texts(component: str, code: str) -> dict[str, str]:
    return dict.fromkeys(("ar", "fr", "en"), code or component)


Ours = Callable[[pa.Table, Options], Iterator[bytes]]
OURS: dict[str, tuple[str, Ours]] = {
    "SDMX-CSV 1.0.0": ("csv", lambda t, o: write_csv_1([(shape(), t)], o, Plain())),
    "SDMX-CSV 2.0.0": ("csv", lambda t, o: write_csv_2([(shape(), t)], o, Plain())),
    "SDMX-JSON 1.0.0": ("json", lambda t, o: write_json_1([(shape(), t)], o, _texts)),
    "SDMX-JSON 2.0.0": ("json", lambda t, o: write_json_2([(shape(), t)], o, _texts)),
    "SDMX-ML 2.1 generic": ("ml", lambda t, o: write_generic_21([(shape(), t)], o)),
    "SDMX-ML 2.1 structure-specific": ("ml", lambda t, o: write_specific_21([(shape(), t)], o)),
    "SDMX-ML 3.0 structure-specific": ("ml", lambda t, o: write_specific_30([(shape(), t)], o)),
}
THEIRS = {
    "SDMX-CSV 1.0.0": ("pysdmx.io.csv.sdmx10.writer", 1),
    "SDMX-CSV 2.0.0": ("pysdmx.io.csv.sdmx20.writer", 1),
    "SDMX-ML 2.1 structure-specific": ("pysdmx.io.xml.sdmx21.writer.structure_specific", EIGHTH),
    "SDMX-ML 3.0 structure-specific": ("pysdmx.io.xml.sdmx30.writer.structure_specific", EIGHTH),
}
"""Format -> pysdmx's writer, and the part of the series it is given (1 is all)."""


def ours(name: str) -> tuple[float, float, int]:
    """Wall and CPU seconds of one of our writers, and the bytes it makes."""
    table, options = cube(), Options(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    wall, cpu = time.perf_counter(), time.process_time()
    size = sum(len(part) for part in OURS[name][1](table, options))
    return time.perf_counter() - wall, time.process_time() - cpu, size


def _structure() -> Any:
    """The data structure in pysdmx's model: it puts attributes where they belong by it."""
    from pysdmx.model import Component as Part
    from pysdmx.model import Components, Concept, DataType, Role, Schema

    def part(
        name: str, role: Role, kind: DataType = DataType.STRING, level: str | None = None
    ) -> Part:
        return Part(name, True, role, Concept(name), kind, attachment_level=level)

    parts = [part(name, Role.DIMENSION) for name in (*DIMENSIONS, "TIME_PERIOD")]
    parts.append(part("OBS_VALUE", Role.MEASURE, DataType.DOUBLE))
    parts += [part(name, Role.ATTRIBUTE, level="O") for name in ("OBS_STATUS", "COMMENT_OBS")]
    return Schema("dataflow", "MARSAD", "DF_LFS", Components(parts), "1.0")


def theirs(name: str) -> tuple[float, float, int]:
    """The same of pysdmx's writer."""
    from importlib import import_module

    from pysdmx.io.pd import PandasDataset

    module, part = THEIRS[name]
    write = import_module(module).write
    data = cube(SERIES // part).to_pandas()
    dataset = PandasDataset(structure=_structure(), data=data)
    more = (
        {"dimension_at_observation": {dataset.short_urn: "TIME_PERIOD"}}
        if ".xml." in module
        else {}
    )
    wall, cpu = time.perf_counter(), time.process_time()
    size = len(write([dataset], **more).encode())
    return time.perf_counter() - wall, time.process_time() - cpu, size


def _alone(who: str, name: str, answers: Any) -> None:
    measurement = (ours if who == "ours" else theirs)(name)
    answers.put((*measurement, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def measured(who: str, name: str) -> tuple[float, float, int, int]:
    """Wall and CPU seconds, bytes and peak memory in MB, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    process = context.Process(target=_alone, args=(who, name, answers))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{who} {name} failed")
    measurement: tuple[float, float, int, int] = answers.get()
    return measurement


def main() -> None:
    """Print the table, and whether the bars are held."""
    print(f"{'format':32}{'writer':>9}{'wall s':>9}{'CPU s':>8}{'MB':>7}{'peak MB':>9}   series")
    held = True
    for name, (kind, _) in OURS.items():
        wall, cpu, size, peak = measured("ours", name)
        held &= cpu <= BARS[kind] and peak <= 700
        print(f"{name:32}{'Marsad':>9}{wall:9.2f}{cpu:8.2f}{size / 1e6:7.0f}{peak:9}   all")
        if name in THEIRS:
            wall, cpu, size, peak = measured("theirs", name)
            part = "all" if THEIRS[name][1] == 1 else f"one in {THEIRS[name][1]}"
            print(f"{name:32}{'pysdmx':>9}{wall:9.2f}{cpu:8.2f}{size / 1e6:7.0f}{peak:9}   {part}")
    print("bars (CPU: CSV 0.6 s, JSON and ML 1.5 s; 700 MB):", "held" if held else "NOT held")


if __name__ == "__main__":
    main()
