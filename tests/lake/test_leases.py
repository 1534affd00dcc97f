"""Leases among real processes, on both databases: one holder at a time, and none for ever."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from marsad.base.errors import PlaceError
from marsad.lake.control import Control, leases, runs
from marsad.lake.control.processes import is_gone, is_here, this_process

_OPEN = """
import sys, time
from pathlib import Path
from marsad.lake.control import Control
place = sys.argv[1]
control = Control(place if place.startswith("postgresql") else Path(place))
"""
_HOLD = f"""{_OPEN}
with control.{{}}:
    print("held", flush=True)
    time.sleep(600)
"""
_COUNT = f"""{_OPEN}
counter = Path(sys.argv[2])
for _ in range(10):
    with control.lease("counter", 5, wait_seconds=300):
        number = int(counter.read_text())
        time.sleep(0.002)
        counter.write_text(str(number + 1))
"""
Holder = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
def holder(control: Control, control_place: Path | str) -> Holder:
    """Starts a process that holds what it is told to, and waits until it does."""
    with ExitStack() as ended:

        def start(what: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-c", _HOLD.format(what), str(control_place)],
                stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            ended.enter_context(process)
            ended.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            return process

        yield start


def test_a_lease_is_held_once_and_given_back(control: Control, control_place: Path | str) -> None:
    other = Control(control_place)
    with control.lease("crawl", task="reading boards"):
        assert [row["task"] for row in other.leases()] == ["reading boards"]
        with pytest.raises(PlaceError, match=r"crawl is held by `reading boards` \(process"):
            other.lease("crawl").__enter__()
        with other.lease("another"):
            pass
    with other.lease("crawl"):
        pass
    assert other.leases() == []
    other.close()


def test_the_lease_of_a_killed_holder_is_taken_over_after_its_end_and_not_before(
    control: Control, holder: Holder
) -> None:
    process = holder("lease('crawl', 3)")
    process.kill()
    process.wait()
    (row,) = control.leases()
    with pytest.raises(PlaceError):
        control.lease("crawl").__enter__()
    with control.lease("crawl", wait_seconds=60):
        assert control.now() >= row["until"]


def test_a_holder_that_lives_keeps_its_lease_beyond_its_first_end(
    control: Control, holder: Holder
) -> None:
    holder("lease('crawl', 2)")
    first = control.leases()[0]["until"]
    with pytest.raises(PlaceError, match="crawl is held by"):
        control.lease("crawl", wait_seconds=5).__enter__()
    assert control.leases()[0]["until"] > first


def test_a_holder_that_slept_too_long_is_told(
    control: Control, control_place: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a machine slept: the end is past, and another has taken over."""
    other = Control(control_place)
    monkeypatch.setattr(control, "_renew", lambda *_: None)
    with control.lease("crawl", 0.2) as held:
        with other.lease("crawl", wait_seconds=60):
            pass
        with pytest.raises(PlaceError, match="another may have taken it over"):
            held.check()
        held.end += 3600
    other.close()


def test_many_processes_never_hold_one_lease_together(
    control: Control, control_place: Path | str, tmp_path: Path
) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", _COUNT, str(control_place), str(counter)]
    together = [subprocess.Popen(command) for _ in range(4)]
    assert [process.wait() for process in together] == [0, 0, 0, 0]
    assert counter.read_text() == "40"
    assert control.leases() == []


def test_who_writes_is_named_and_a_killed_writer_is_not_waited_for(
    control: Control, holder: Holder
) -> None:
    process = holder("writing(task='marsad flow')")
    words: list[str] = []
    with pytest.raises(PlaceError) as refused:
        control.writing(0.5, waiting=words.append).__enter__()
    sentence = str(refused.value)
    assert f"The lake is being written by `marsad flow` (process {process.pid} on " in sentence
    assert f"since {dt.datetime.now(dt.UTC):%Y-%m-%d}" in sentence
    assert "`--wait SECONDS`" in sentence
    assert len(words) == 1
    process.kill()
    process.wait()
    with control.writing():
        assert control.writes()
    assert not control.writes()


def test_the_runs_of_killed_processes_are_settled_by_the_next_writer(
    control: Control, holder: Holder
) -> None:
    killed = holder("run('enrich', 'ads')")
    alive = holder("run('research', 'university')")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    with control.writing():
        rows = {row["step"]: row for row in control.runs()}
    assert (rows["enrich"]["status"], rows["enrich"]["message"]) == ("failed", runs.ENDED)
    assert rows["enrich"]["ended_at"]
    assert rows["research"]["status"] == "running"
    alive.kill()
    alive.wait()
    assert control.settle_runs() == 1
    assert {row["status"] for row in control.runs()} == {"failed"}


def test_a_run_of_another_machine_goes_on_while_its_process_holds_a_lease(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "srv2 0000:1 4711 88123"
    monkeypatch.setattr(leases, "this_process", lambda: elsewhere)
    monkeypatch.setattr(runs, "this_process", lambda: elsewhere)
    with control.lease("task"), control.run("enrich", "ads"):
        assert control.settle_runs() == 0
    run = control.run("enrich", "ads")
    run.__enter__()
    assert control.settle_runs() == 1


def test_nothing_is_released_by_one_who_lost_the_lease(
    control: Control, control_place: Path | str
) -> None:
    other = Control(control_place)
    with ExitStack() as ended:
        ended.enter_context(control.writing())
        other._execute(leases.delete(leases.leases))  # as if it had ended
        with other.writing(), pytest.raises(PlaceError, match="could not renew"):
            control.publish("r1", dt.date(2026, 5, 1), {})
        with pytest.raises(PlaceError, match="could not renew"):
            ended.close()
    assert control.releases() == []
    other.close()


def test_a_process_is_known_by_more_than_its_number() -> None:
    me = this_process()
    host, machine, number, start = me.split(" ")
    assert is_here(me)
    assert not is_gone(me)
    assert is_gone(f"{host} {machine} {number} {int(start) + 1}"), "its number is used again"
    assert not is_gone(f"{host} 0:1 {number} 1"), "of another machine nothing is known"
    assert not is_here(f"{host} 0:1 {number} {start}")
    with subprocess.Popen(["sleep", "60"]) as child:
        fields = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        name = f"{host} {machine} {child.pid} {fields[19]}"
        assert is_here(name)
        os.kill(child.pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while not is_gone(name):  # before anyone has asked for its end
            assert time.monotonic() < until
