"""Tables of registers: checked by who sends them, signed, received, protected, published."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from marsad.base.errors import InputError, NotFoundError, PlaceError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.collect.adapters.aggregates import collect
from marsad.collect.context import Context, Payload
from marsad.collect.register import source
from marsad.flow.exchange import receive
from marsad.flow.steps import Flow
from marsad.flow.withdrawal import payloads, withdraw
from marsad.lake.inbox import NAMESPACE, Inbox
from marsad.publish.read.reader import Reader
from marsad.web.deliveries import route
from marsad.web.selection import select

HEAD = "MEASURE,TIME_PERIOD,REF_AREA,SEX,OBS_VALUE,CONF_STATUS\n"
GOOD = (
    HEAD
    + "placements,2026-03,MA,_T,40,F\nplacements,2026-03,MA,M,23,F\nplacements,2026-03,MA,F,17,F\n"
)
SENDER = "intermediation_register"


def read(text: str) -> tuple[Context, list[object]]:
    context = Context(source(SENDER), (Payload("t.csv", text.encode()),))
    return context, list(collect(context))


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        ("placements,2026-03,MA,_T,3,F", "3 is below 5"),
        ("placements,2026-03,MA,_T,40,F\nplacements,2026-03,MA,M,30,F\nplacements,2026-03,MA,F,,C", "is told by its total along sex"),
        ("placements,2026-03,MA,_T,40,F\nplacements,2026-03,MA,M,37,F", "the part of placements 2026-03 MA that is not given is told"),
        ("placements,2026-03,MA,_T,53,C".replace("53", "") + "\nplacements,2026-03,MA,M,30,F\nplacements,2026-03,MA,F,20,F", "is told by its parts along sex"),
        ("placements,2026-03,MA,_T,100,F\nplacements,2026-03,MA,M,90,F\nplacements,2026-03,MA,F,60,F", "its parts along sex are 150"),
        ("placements,2026-Q3,MA,_T,63,F\nplacements,2026-07,MA,_T,30,F\nplacements,2026-08,MA,_T,30,F\nplacements,2026-09,MA,_T,,C", "told by its total along period"),
        ("placements,2026-Q3,MA,_T,63,F\nplacements,2026-07,MA,_T,30,F\nplacements,2026-08,MA,_T,30,F", "told by its total along period"),
    ],
)  # fmt: skip
def test_a_table_that_discloses_is_refused_whole(rows: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        read(f"{HEAD}{rows}\n")


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("wages,2026-03,MA,_T,40,F", "unknown measure"),
        ("placements,2026-13,MA,_T,40,F", "2026-13"),
        ("placements,2026-03,FR,_T,40,F", "unknown area"),
        ("placements,2026-03,MA,X,40,F", "unknown sex"),
        ("placements,2026-03,MA,_T,4.5,F", "is no count"),
        ("placements,2026-03,MA,_T,-9,F", "is no count"),
        ("placements,2026-03,MA,_T,,F", "CONF_STATUS C"),
        ("placements,2099-03,MA,_T,40,F", "has not ended"),
        ("placements,2026-03,MA,_T,99999999999,F", "is no count"),
        ("placements,2026-03,MA,_T,40,C", "bears no value"),
    ],
)
def test_a_bad_row_is_set_aside_alone(row: str, rule: str) -> None:
    context, cells = read(f"{GOOD.replace('2026-03', '2026-02')}{row}\n")
    assert len(cells) == 3
    (issue,) = context.issues
    assert rule in issue.rule
    assert issue.row == 5


REGIONS = [f"MA-{n:02}" for n in range(1, 13)]


@given(st.lists(st.integers(5, 500), min_size=12, max_size=12), st.data())
def test_two_cells_of_a_line_hide_each_other_and_one_does_not(
    parts: list[int], data: st.DataObject
) -> None:
    hidden = data.draw(st.sets(st.sampled_from(REGIONS), max_size=2))
    left_out = data.draw(st.booleans())
    lines = [f"placements,2026-03,MA,_T,{sum(parts)},F"]
    for area, n in zip(REGIONS, parts):
        if area not in hidden:
            lines.append(f"placements,2026-03,{area},_T,{n},F")
        elif not left_out:
            lines.append(f"placements,2026-03,{area},_T,,C")
    text = HEAD + "\n".join(lines)
    if len(hidden) == 1:
        with pytest.raises(InputError):
            read(text)
    else:
        assert read(text)[1]


def test_a_later_table_must_not_tell_what_an_earlier_one_hides(flow: Flow, tmp_path: Path) -> None:
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(
        HEAD
        + "placements,2026-03,MA,_T,40,F\nplacements,2026-03,MA,M,,C\nplacements,2026-03,MA,F,,C\n",
        "utf-8",
    )
    second.write_text(HEAD + "placements,2026-03,MA,M,38,F\n", "utf-8")
    flow.ingest(source(SENDER), [first])
    with pytest.raises(InputError, match="told by its total"):
        flow.ingest(source(SENDER), [second])
    second.write_text(
        HEAD + "placements,2026-03,MA,M,23,F\nplacements,2026-03,MA,F,17,F\n", "utf-8"
    )
    flow.ingest(source(SENDER), [second])
    assert flow.lake.read("core_observations").num_rows == 3


def test_a_table_is_taken_back(flow: Flow, tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(GOOD, "utf-8")
    flow.ingest(source(SENDER), [path])
    (entry,) = payloads(flow)
    assert withdraw(flow, entry["sha256"][:12], "of another year") == 3
    assert flow.lake.read("core_observations").num_rows == 0
    assert flow.vault.names() == set()


def test_the_sender_checks_a_table_without_an_installation(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD, "utf-8")
    bad.write_text(GOOD.replace("17,F", "1,F"), "utf-8")
    runner = CliRunner()
    assert runner.invoke(main, ["exchange", "check", SENDER, str(good)]).exit_code == 0
    assert runner.invoke(main, ["exchange", "check", SENDER, str(bad)]).exit_code != 0
    shown = runner.invoke(main, ["exchange", "schema", SENDER])
    assert '"minimum_cell": 5' in shown.output


Sign = Callable[[Path], None]


@pytest.fixture
def sign(tmp_path: Path, flow: Flow) -> Sign:
    """Signs as the sender whose key the installation knows."""
    program = shutil.which("ssh-keygen")
    if program is None:
        pytest.skip("ssh-keygen is not installed (openssh-client)")
    key = tmp_path / "key"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    senders = flow.settings.home / "senders"
    senders.mkdir(parents=True)
    public = key.with_suffix(".pub").read_text("utf-8")
    (senders / SENDER).write_text(f'{SENDER} namespaces="{NAMESPACE}" {public}', "utf-8")

    def signed(path: Path) -> None:
        command = [program, "-q", "-Y", "sign", "-f", str(key), "-n", NAMESPACE, str(path)]
        subprocess.run(command, check=True, capture_output=True)

    return signed


def drop(flow: Flow, name: str, text: str) -> Path:
    folder = flow.settings.home / "inbox" / SENDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_signed_table_is_taken_in_and_another_waits_or_is_refused(flow: Flow, sign: Sign) -> None:
    sign(drop(flow, "march.csv", GOOD))
    drop(flow, "unsigned.csv", GOOD)
    sign(forged := drop(flow, "forged.csv", GOOD))
    forged.write_text(GOOD.replace("40", "90"), "utf-8")
    sign(drop(flow, "telling.csv", GOOD.replace("17,F", ",C")))
    came = {each.file: each for each in receive(flow)}
    assert (came["march.csv"].stored, came["march.csv"].refused) == (3, "")
    assert "signature" in came["forged.csv"].refused
    assert "told by its total" in came["telling.csv"].refused
    assert "unsigned.csv" not in came
    folder = flow.settings.home / "inbox" / SENDER
    assert {p.name for p in folder.glob("*.csv*")} == {"unsigned.csv"}
    assert (folder / "refused" / "forged.csv.txt").exists()
    assert flow.lake.read("core_observations").num_rows == 3
    assert list(receive(flow)) == []


def test_no_key_of_the_sender_stops_without_losing_the_file(flow: Flow, sign: Sign) -> None:
    sign(path := drop(flow, "march.csv", GOOD))
    (flow.settings.home / "senders" / SENDER).unlink()
    with pytest.raises(PlaceError, match="allowed_signers"):
        list(receive(flow))
    assert path.exists()


def test_what_a_register_hands_over_is_published_behind_the_gate(flow: Flow) -> None:
    """Small cells that a keeper ingests by hand are suppressed here, and what would tell them."""
    text = GOOD + "placements,2026-03,MA-06,_T,12,F\nplacements,2026-03,MA-01,_T,28,F\n"
    text += "placements,2025,MA-06,_T,30,F\n"
    path = flow.settings.home / "t.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    flow.ingest(source(SENDER), [path])
    flow.release()
    rows = flow.lake.read("out_values", partition="placements").to_pylist()
    assert {(r["area"], r["sex"]): r["value"] for r in rows if r["freq"] == "M"} == {
        ("MA", "_T"): 40, ("MA", "M"): 23, ("MA", "F"): 17, ("MA-06", "_T"): 12, ("MA-01", "_T"): 28,
    }  # fmt: skip
    folder = flow.current()
    assert folder
    with closing(Reader(folder)) as reader:
        shown = select(reader, reader.indicator("placements"), {})
    assert (shown.area, shown.codes["freq"]) == ("MA", "M"), (
        "the page opens where there are figures"
    )


def test_a_signed_address_takes_files_until_its_last_day(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path)
    until = dt.date.today()
    client = TestClient(Starlette(routes=[route(inbox)]))
    path = inbox.address(SENDER, until)
    assert client.put(f"{path}/march.csv", content=GOOD).status_code == 201
    assert (tmp_path / "inbox" / SENDER / "march.csv").read_text("utf-8") == GOOD
    assert client.put(f"{path}/../../x.csv", content=GOOD).status_code in (404, 405)
    assert client.put(f"{path}/.march.csv", content=GOOD).status_code == 400
    assert client.put(f"{path}/march.exe", content=GOOD).status_code == 400
    other = path.replace(str(until), str(until + dt.timedelta(1)))
    assert client.put(f"{other}/march.csv", content=GOOD).status_code == 404
    assert client.get(f"{path}/march.csv").status_code == 405
    with pytest.raises(NotFoundError):
        inbox.check(SENDER, str(until), path.rsplit("/", 1)[1], until + dt.timedelta(1))
