"""Official tables in every layout, language and period, with marks, notes and gaps; and what is refused."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import msgspec
import openpyxl
import pytest

from marsad.base.errors import InputError
from marsad.base.records import Observation
from marsad.base.settings import Settings
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector, source
from marsad.flow.steps import Flow

Said = list[tuple[str, ...]]


def _read(text: str | bytes, name: str = "table.csv") -> tuple[list[Observation], Context]:
    data = text if isinstance(text, bytes) else text.encode()
    spec = detect("observations", Path(name), data)
    context = Context(spec, (Payload(name, data),), options={"survey": "ENE"})
    return [r for r in collector(spec)(context) if isinstance(r, Observation)], context


def _said(records: list[Observation]) -> Said:
    return [
        (r.indicator, r.period, r.area, r.sex, r.urbanisation, r.age, str(r.value), r.obs_status)
        for r in records
    ]


def _cell(period: str, value: str, *, area: str = "MA", sex: str = "_T", place: str = "_T",
          age: str = "Y_GE15", status: str = "A", indicator: str = "unemployment_rate") -> tuple[str, ...]:  # fmt: skip
    return (indicator, period, area, sex, place, age, value, status)


LAYOUTS = {
    "years in columns, semicolons, a note below": (
        "Taux de chômage selon le sexe;;\nSexe;2018;2019\nHommes;8,4;7,8\nFemmes;14;13,5\nSource : HCP;;\n",
        [_cell("2018", "8.4", sex="M"), _cell("2019", "7.8", sex="M"), _cell("2018", "14.0", sex="F"), _cell("2019", "13.5", sex="F")],
    ),
    "marks at numbers and years, words for nothing": (
        "Taux d'activité;;;;\nMilieu;2018;2019p;2020*;2021 (r)\nUrbain;41,9 (e);42,3;…;n.d.\nRural;51,6*;50,9 %;-;49 (1)\n",
        [_cell("2018", "41.9", place="U", status="E", indicator="activity_rate"), _cell("2019", "42.3", place="U", status="P", indicator="activity_rate"),
         _cell("2020", "None", place="U", status="M", indicator="activity_rate"), _cell("2021", "None", place="U", status="M", indicator="activity_rate"),
         _cell("2018", "51.6", place="R", indicator="activity_rate"), _cell("2019", "50.9", place="R", status="P", indicator="activity_rate"),
         _cell("2020", "None", place="R", status="M", indicator="activity_rate"), _cell("2021", "49.0", place="R", indicator="activity_rate")],
    ),
    "quarters and a month": (
        "Unemployment rate\nSex,Q3 2024,2024-Q4,2025M01\nWomen,20.8,19.9,20.1\n",
        [_cell("2024-Q3", "20.8", sex="F"), _cell("2024-Q4", "19.9", sex="F"), _cell("2025-01", "20.1", sex="F")],
    ),
    "Arabic words, digits and quarters": (
        "معدل الشغل حسب وسط الإقامة\nوسط الإقامة;الفصل الأول ٢٠٢٥;الفصل الثاني ٢٠٢٥\nحضري;٣٥٫٢;٣٥٫٩\nالمجموع;٣٧٫٨;٣٨٫١\n",
        [_cell("2025-Q1", "35.2", place="U", indicator="employment_rate"), _cell("2025-Q2", "35.9", place="U", indicator="employment_rate"),
         _cell("2025-Q1", "37.8", indicator="employment_rate"), _cell("2025-Q2", "38.1", indicator="employment_rate")],
    ),
    "one year that the title names, members in columns": (
        "Taux de chômage par région et milieu, 2023\nRégion;Urbain;Rural;Ensemble\nSouss-Massa;14,2;6,1;12,3\nMaroc;16,8;6,3;13\n",
        [_cell("2023", "14.2", area="MA-09", place="U"), _cell("2023", "6.1", area="MA-09", place="R"), _cell("2023", "12.3", area="MA-09"),
         _cell("2023", "16.8", place="U"), _cell("2023", "6.3", place="R"), _cell("2023", "13.0")],
    ),
    "one value column and a quarter in the title": (
        "Taux de chômage des jeunes de 15-24 ans en milieu urbain (T2 2025)\nRégion,Taux\nOriental,\"39,5\"\n",
        [_cell("2025-Q2", "39.5", area="MA-02", place="U", age="Y15T24")],
    ),
    "years over members in two heading lines": (
        "Taux de chômage;;;;\nRégion;2022;;2023;\n;Hommes;Femmes;Hommes;Femmes\nOriental;15,1;33,2;16,4;34\n",
        [_cell("2022", "15.1", area="MA-02", sex="M"), _cell("2022", "33.2", area="MA-02", sex="F"),
         _cell("2023", "16.4", area="MA-02", sex="M"), _cell("2023", "34.0", area="MA-02", sex="F")],
    ),
    "a row for each period": (
        "Employment rate\nYear\tSex\tValue\n2017\tMen\t64.5\n2018\tMen\t63.9\n",
        [_cell("2017", "64.5", sex="M", indicator="employment_rate"), _cell("2018", "63.9", sex="M", indicator="employment_rate")],
    ),
    "a first column without a heading": (
        "Taux de chômage\n;2019;2020\nUrbain;12,9;15,8\nRural;3,7;5,9\n",
        [_cell("2019", "12.9", place="U"), _cell("2020", "15.8", place="U"), _cell("2019", "3.7", place="R"), _cell("2020", "5.9", place="R")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16"])
def test_a_layout(layout: str, charset: str) -> None:
    text, expected = LAYOUTS[layout]
    records, context = _read(text.encode(charset))
    assert _said(records) == expected
    assert context.issues == []


def test_marks_that_are_no_status_are_notes() -> None:
    records, _ = _read("Taux de chômage\nSexe;2018*;2019\nHommes;8,4 (1);7,8†\n")
    assert [r.note for r in records] == ["row 3 (1) *", "row 3 †"]


def _book(*lines: list[object], merge: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Notes de lecture"])
    sheet = book.create_sheet("Tableau")
    for line in lines:
        sheet.append(line)
    if merge:
        sheet.merge_cells(merge)
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_the_table_on_its_second_sheet_and_merged_cells() -> None:
    lines: list[list[object]] = [
        ["Taux de chômage"],
        [],
        ["Sexe", "Milieu", 2018, 2019],
        ["Femmes", "Urbain", 24.2, "n.d."],
        [None, "Rural", 3, 2.7],
    ]
    records, context = _read(_book(*lines, merge="A4:A5"), "t.xlsx")
    assert _said(records) == [
        _cell("2018", "24.2", sex="F", place="U"), _cell("2019", "None", sex="F", place="U", status="M"),
        _cell("2018", "3.0", sex="F", place="R"), _cell("2019", "2.7", sex="F", place="R"),
    ]  # fmt: skip
    assert context.issues == []


def test_cells_formatted_as_percent_hold_shares() -> None:
    records, context = _read(
        _book(["Taux de chômage"], ["Sexe", 2018, 2019], ["Hommes", 0.084, 0.078]), "t.xlsx"
    )
    assert [r.value for r in records] == [8.4, 7.8]
    assert "read as shares" in context.issues[0].rule


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("Grand Casablanca;9;9", "a region of before 2015"),
        ("Sous la mer;9;9", "unknown region"),
        ("Oriental;9;beaucoup", "is not a number"),
        ("Oriental;9", "3 cells expected"),
        ("Souss-Massa;8;8", "a second value for 2018"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_alone(row: str, rule: str) -> None:
    text = f"Taux de chômage\nRégion;2018;2019\nSouss-Massa;12,1;11,9\n{row}\nMaroc;9,5;9,2\n"
    records, context = _read(text)
    assert [r.value for r in records] == [12.1, 11.9, 9.5, 9.2]
    assert {issue.row for issue in context.issues} == {4}
    assert all(rule in issue.rule or "second value" in issue.rule for issue in context.issues)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Taux de chômage\nRégion;Humeur;2019\nMaroc;bonne;9\n", "unknown heading Humeur"),
        ("Effectifs\nSexe;2018;2019\nHommes;1;2\n", "names no indicator"),
        (
            "Taux de chômage et taux d'emploi\nSexe;2018;2019\nHommes;1;2\n",
            "names several indicators",
        ),
        ("Taux de chômage\nSexe;Taux\nHommes;1\n", "no heading line with years"),
        ("Taux de chômage\n", "no heading line with years"),
    ],
)
def test_a_table_that_does_not_say_what_it_is_is_refused(text: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        _read(text)


def test_values_out_of_range_are_refused_with_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("Taux de chômage\nRégion;2022;2023\nMaroc;11,8;113\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"2023: 113.0 % is above 100"):
        Flow(Settings(home=tmp_path / "home")).ingest(source("hcp_table"), [path])


def test_sdmx_of_others_is_read_by_agreed_codes() -> None:
    text = (
        "DATAFLOW,LAST UPDATE,freq,sex,age,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:UNE_RT_A(1.0),x,A,F,Y15-24,PC,MA,2020,41.9,p\n"
        "ESTAT:UNE_RT_A(1.0),x,A,F,Y15-24,PC,ES,2020,39.7,\n"
        "ESTAT:UNE_RT_A(1.0),x,A,T,TOTAL,PC,MA,2020,:,\n"
    )
    records, context = _read(text)
    assert context.spec.id == "sdmx_data"
    assert _said(records) == [
        _cell("2020", "41.9", sex="F", age="Y15T24", status="P"),
        _cell("2020", "None", age="_T", status="M"),
    ]
    assert [(i.row, i.rule) for i in context.issues] == [
        (3, "unknown area 'ES': say in lookups.area which it is")
    ]


@pytest.mark.parametrize("text", ['{"data": {"dataSets": [5]}}', '{"dataSets": [{}], "structure": []}', '{"data": {"structure": {"dimensions": {}}, "dataSets": [{"series": {"0:9": {"observations": {"0": [1]}}}}]}}'])  # fmt: skip
def test_a_message_that_is_none_is_refused_or_empty(text: str) -> None:
    records: list[Observation] = []
    with contextlib.suppress(InputError):
        records, _ = _read(text, "m.json")
    assert records == []


def test_ilostats_table_is_read_by_its_own_headings() -> None:
    text = "ref_area,source,indicator,sex,classif1,time,obs_value,obs_status\nMAR,BA:1,EAP_DWAP_SEX_AGE_RT,SEX_M,AGE_10YRBANDS_Y25-34,2018,93.1,U\n"
    records, context = _read(text)
    assert _said(records) == [
        _cell("2018", "93.1", sex="M", age="Y25T34", status="U", indicator="activity_rate")
    ]
    assert context.issues == []


def test_eurostats_lines_of_series_are_read() -> None:
    data = b"freq,unit,sex,age,geo\\TIME_PERIOD\t2018 \t2019 \t2020 \nA,PC,F,Y25-34,MA\t24.1 p\t: \t26\nA,PC,F,Y25-34,FR\t9\t9\t9\n"
    spec = source("sdmx_data")
    assert detect("observations", Path("t.tsv"), data).id == spec.id
    context = Context(
        spec, (Payload("t.tsv", data),), options={"indicator": "unemployment_rate", "survey": "ENE"}
    )
    records = [r for r in collector(spec)(context) if isinstance(r, Observation)]
    assert _said(records) == [
        _cell("2018", "24.1", sex="F", age="Y25T34", status="P"),
        _cell("2019", "None", sex="F", age="Y25T34", status="M"),
        _cell("2020", "26.0", sex="F", age="Y25T34"),
    ]
    assert context.rejected == 3


@pytest.mark.parametrize(
    ("flags", "status"), [("bu", "B"), ("be", "B"), ("pe", "P"), ("zu", "U"), ("b,u", "B")]
)
def test_flags_that_stand_together_are_the_first_known_status_and_all_in_the_note(
    flags: str, status: str
) -> None:
    data = f"freq,unit,sex,age,geo\\TIME_PERIOD\t2018 \nA,PC,F,Y25-34,MA\t24.1 {flags}\n".encode()
    context = Context(
        source("sdmx_data"),
        (Payload("t.tsv", data),),
        options={"indicator": "unemployment_rate", "survey": "ENE"},
    )
    (record,) = [r for r in collector(context.spec)(context) if isinstance(r, Observation)]
    assert (record.obs_status, record.note) == (status, f"flags {flags}")


@pytest.mark.parametrize("names", [("UNIT_MEASURE", "UNIT_MEASURE_TYPE"), ("UNIT_MEASURE_TYPE", "UNIT_MEASURE")])  # fmt: skip
def test_a_unit_counts_before_its_type(names: tuple[str, str]) -> None:
    cells = {"UNIT_MEASURE": "THS_PER", "UNIT_MEASURE_TYPE": "RATIO"}
    text = f"DATAFLOW,REF_AREA,FREQ,TIME_PERIOD,OBS_VALUE,{','.join(names)}\nILO:DF_UNE_DEAP_SEX_AGE_RT(1.0),MAR,A,2018,93.1,{cells[names[0]]},{cells[names[1]]}\n"
    text = text.replace("DATAFLOW,", "INDICATOR,").replace(
        "ILO:DF_UNE_DEAP_SEX_AGE_RT(1.0)", "unemployed_persons"
    )
    (record,), _ = _read(text)
    assert record.unit == "PS"


@pytest.mark.parametrize(
    ("note", "status"),
    [("(1) Donnée révisée", "A"), ("(1) : chiffres provisoires", "P"), ("(1) معطيات مؤقتة", "P"),
     ("(1) Valeur estimée", "E"), ("(1) Hors armée", "A"), ("(2) Valeur estimée", "A")],
)  # fmt: skip
def test_the_note_of_a_mark_says_its_status(note: str, status: str) -> None:
    text = f"Taux de chômage;;\nSexe;2018;2019\nHommes;11,8(1);12,4\nFemmes;13,1;9\n{note};;\n"
    records, _ = _read(text)
    assert [r.obs_status for r in records] == [status, "A", "A", "A"]
    assert "(1)" in records[0].note


def test_the_note_of_a_mark_over_a_column_is_of_its_cells() -> None:
    text = "Taux de chômage;;\nSexe;2018;2019*\nHommes;11,8;12,4\n* Données provisoires;;\n"
    records, _ = _read(text)
    assert [r.obs_status for r in records] == ["A", "P"]


def _plain(text: str, **options: object) -> tuple[list[Observation], Context]:
    """A table under our own names, of the labour-force survey."""
    payloads = (Payload("t.csv", text.encode()),)
    context = Context(source("sdmx_data"), payloads, options={"survey": "ENE", **options})
    return list(collector(context.spec)(context)), context  # type: ignore[arg-type]


OWN = {"TX": "activity_rate", "TXC": "unemployment_rate"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("indicator,period,value\nTXCHO,2024,66.6\n", "unknown indicator 'TXCHO'"),
        ("indicator,period,value\nunemployment_rate,2079,12\n", "has not begun"),
        ("indicator,period,unit,value\nunemployed_persons,2024,PT,12\n", "is in PS"),
        ("indicator,period,UNIT_MULT,value\nunemployed_persons,2024,x,12\n", "no power of ten"),
        ("indicator,period,sex\nunemployment_rate,2024,M\n", "there is no OBS_VALUE"),
        ("indicator,period,sex,value\nunemployment_rate,2024,S7,12\n", "ours are _T, M, F"),
    ],
)
def test_a_row_that_says_another_thing_is_set_aside(text: str, rule: str) -> None:
    records, context = _plain(text)
    assert (records, context.rejected) == ([], 1)
    assert rule in context.issues[0].rule


def test_a_code_is_meant_whole_and_a_unit_is_that_of_its_indicator() -> None:
    spec = source("sdmx_data")
    spec = msgspec.structs.replace(spec, lookups={"indicator": OWN})
    text = "indicator,period,value\nTX,2024,45\nTXC,2024,13\nTX_Q,2023,44\n"
    context = Context(spec, (Payload("t.csv", text.encode()),), options={"survey": "ENE"})
    read = [(r.indicator, r.value, r.unit) for r in collector(spec)(context)]  # type: ignore[union-attr]
    assert read == [
        ("activity_rate", 45, "PT"), ("unemployment_rate", 13, "PT"), ("activity_rate", 44, "PT"),
    ]  # fmt: skip
    (count,), _ = _plain("indicator,period,unit,value\nunemployed_persons,2024,thousands,85\n")
    assert (count.value, count.unit) == (85_000, "PS")


def test_what_a_person_says_of_a_table_is_checked_too() -> None:
    text = "period,value\n2024,7.7\n"
    records, context = _plain(text, indicator="unemployement_rate")
    assert records == []
    assert "unknown indicator 'unemployement_rate': active_persons" in context.issues[0].rule
    text = "indicator,period,unit,UNIT_MULT,value\nunemployed_persons,2024,thousands,{},85\n"
    assert [r.value for r in _plain(text.format(0))[0]] == [85_000], "both say thousands"
    assert "10 to the power" in _plain(text.format(6))[1].issues[0].rule


def test_a_field_that_nobody_declares_stops_a_table_of_statistics() -> None:
    text = "indicator,BRANCHE,period,value\nunemployment_rate,{},2024,7.7\n"
    with pytest.raises(InputError, match="fields 'BRANCHE' are not read"):
        _plain(text.format("AGRIC"))
    assert len(_plain(text.format("_T"))[0]) == 1, "a total divides nothing"


def test_a_table_that_names_no_survey_is_of_the_national_one_with_a_warning() -> None:
    records, context = _plain("indicator,period,value\nunemployment_rate,2024,7.7\n", survey="")
    assert [record.survey for record in records] == ["ENE"]
    assert "--set survey=" in context.issues[0].rule


def test_the_units_of_json_stat_are_read() -> None:
    document = {
        "version": "2.0", "class": "dataset", "id": ["indicator", "time"], "size": [1, 1], "value": [85],
        "dimension": {
            "indicator": {"category": {"index": ["unemployed_persons"],
                          "unit": {"unemployed_persons": {"label": "milliers", "multiplier": 3}}}},
            "time": {"category": {"index": ["2023"]}},
        },
    }  # fmt: skip
    (record,), _ = _read(json.dumps(document), "t.json")
    assert (record.value, record.unit) == (85_000, "PS")
