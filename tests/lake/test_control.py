"""The ledger: what ran and failed, what was set aside, what was received and released."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import msgspec
import pytest

from marsad.base.errors import InputError, PlaceError
from marsad.base.records import Document
from marsad.lake.control import Control


def test_a_run_is_recorded_with_its_numbers(control: Control) -> None:
    with control.run("collect", "essai") as run:
        run.rows_in, run.rows_out, run.rejected, run.message = 10, 8, 2, "ok so far"
    last = control.last_run("collect", "essai")
    assert last is not None
    assert (last["status"], last["rows_in"], last["rows_out"], last["rejected"]) == ("ok", 10, 8, 2)
    assert last["started_at"] <= last["ended_at"]
    assert last["message"] == "ok so far"


def test_a_failure_is_recorded_and_raised_again(control: Control) -> None:
    with control.run("collect", "essai") as run:
        run.rows_out = 5
    with (
        pytest.raises(InputError, match="unknown fields x"),
        control.run("collect", "essai"),
    ):
        raise InputError("unknown fields x", file="ads.csv")
    last = control.last_run("collect", "essai")
    assert last is not None
    assert last["status"] == "failed"
    assert last["message"] == "ads.csv: unknown fields x"
    assert last["rows_out"] == 0, "a failed run never shows the numbers of an older one"
    assert [run["status"] for run in control.runs()] == ["failed", "ok"]


def test_even_an_interrupt_is_recorded(control: Control) -> None:
    with pytest.raises(KeyboardInterrupt), control.run("enrich", "ads"):
        raise KeyboardInterrupt
    assert control.runs("enrich")[0]["message"] == "KeyboardInterrupt"


def test_a_run_that_goes_on_is_not_the_last(control: Control) -> None:
    with control.run("collect", "essai"):
        assert control.last_run("collect", "essai") is None
        assert control.runs()[0]["status"] == "running"


def test_runs_are_listed_by_step_newest_first(control: Control) -> None:
    for step, subject in (("collect", "a"), ("enrich", "ads"), ("collect", "b")):
        with control.run(step, subject):
            pass
    assert [run["subject"] for run in control.runs("collect")] == ["b", "a"]
    assert len(control.runs(limit=2)) == 2


def test_rejected_rows_are_kept_whole_under_their_run(control: Control) -> None:
    with control.run("collect", "essai") as run:
        control.keep_issue(run, "rejected", "an ad needs a title", "ads.csv", 4, '{"t": "été"}')
        control.keep_issue(run, "warning", "field 'x' is not read", "ads.csv", None, "")
    with control.run("collect", "other") as other:
        pass
    assert control.issues(run.id) == [
        {
            "run_id": run.id,
            "level": "rejected",
            "rule": "an ad needs a title",
            "file": "ads.csv",
            "row": 4,
            "content": '{"t": "été"}',
        },
        {
            "run_id": run.id,
            "level": "warning",
            "rule": "field 'x' is not read",
            "file": "ads.csv",
            "row": None,
            "content": "",
        },
    ]
    assert control.issues(other.id) == []


def _document(sha256: str, expires_on: str | None) -> Document:
    return Document(
        source_id="essai",
        sha256=sha256,
        name=f"{sha256}.csv",
        size_bytes=3,
        received_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
        licence="CC0",
        expires_on=dt.date.fromisoformat(expires_on) if expires_on else None,
    )


def test_documents_are_entered_once_and_found_when_expired(control: Control) -> None:
    for sha256, day in (("a", "2026-05-01"), ("b", "2026-06-01"), ("c", None)):
        control.keep_documents([_document(sha256, day)])
    control.keep_documents([_document("a", "2099-01-01")])
    assert [d["sha256"] for d in control.documents()] == ["a", "b", "c"]
    assert [d["sha256"] for d in control.documents(expired_on=dt.date(2026, 5, 2))] == ["a"]
    assert control.documents(expired_on=dt.date(2026, 5, 1)) == [], "its last day is still kept"
    control.forget_document("a", "essai")
    assert [d["sha256"] for d in control.documents()] == ["b", "c"]


def test_the_last_judgement_of_a_subject_is_in_force(control: Control) -> None:
    def judged(subject: str, value: str, judge: str) -> int:
        return control.keep_judgement(
            "isco08", subject, value, previous="2411", score=0.6, judge=judge, note="n"
        )

    assert (judged("a", "2412", "K"), judged("b", "7212", "K"), judged("a", "2413", "L")) == (
        1,
        2,
        3,
    )
    assert [(j["subject"], j["value"], j["judge"]) for j in control.judgements("isco08")] == [
        ("b", "7212", "K"),
        ("a", "2413", "L"),
    ]
    (one,) = control.judgements("isco08", "a")
    assert (one["previous"], one["score"], one["note"]) == ("2411", 0.6, "n")
    assert one["judged_at"].startswith("20")
    assert control.judgements("dedup") == []


def test_releases_name_the_versions_of_their_tables(control: Control) -> None:
    control.publish("r1", dt.date(2026, 5, 1), {"out_values": 3})
    control.publish("r2", dt.date(2026, 6, 1), {"out_values": 4, "core_ads": 7})
    found = control.releases()
    assert [release["id"] for release in found] == ["r2", "r1"]
    assert found[0]["tables"] == {"out_values": 4, "core_ads": 7}
    assert found[1]["reference_on"] == "2026-05-01"


def test_the_ledger_outlives_the_process_and_is_shared(control_place: Path | str) -> None:
    one, two = Control(control_place), Control(control_place)

    def write(ledger: Control, name: str) -> None:
        for i in range(20):
            with ledger.run("collect", f"{name}{i}"):
                pass

    threads = [threading.Thread(target=write, args=(c, n)) for c, n in ((one, "a"), (two, "b"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    one.close()
    two.close()
    again = Control(control_place)
    runs = again.runs(limit=1000)
    again.close()
    assert len(runs) == 40
    assert len({run["id"] for run in runs}) == 40
    assert {run["status"] for run in runs} == {"ok"}


@pytest.mark.parametrize("place", ["file/control.db", "control.db"])
def test_a_place_that_cannot_be_used_is_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "control.db").write_text("no database, but some words " * 50)
    with pytest.raises(PlaceError, match="cannot be opened"):
        Control(tmp_path / place)


def test_words_sort_and_compare_as_bytes_whatever_the_language_of_the_database(
    control: Control,
) -> None:
    for name in ("Zineb", "amal", "éric", "Amal"):
        control.keep_user(name, "analyst", b"", b"")
    assert [user["name"] for user in control.users()] == ["Amal", "Zineb", "amal", "éric"]


def test_what_no_database_holds_is_replaced(control: Control) -> None:
    with control.run("collect", "essai") as run:
        control.keep_issue(run, "rejected", "rule", "a\0b.csv", 1, "half \ud800 a pair")
        run.message = "NUL \0 in a message"
    assert control.issues(run.id)[0]["file"] == "a\ufffdb.csv"
    assert control.issues(run.id)[0]["content"] == "half ? a pair"
    assert control.runs()[0]["message"] == "NUL \ufffd in a message"


def test_a_payload_may_be_larger_than_two_gigabytes(control: Control) -> None:
    control.keep_documents([msgspec.structs.replace(_document("a", None), size_bytes=5 * 10**9)])
    assert control.documents()[0]["size_bytes"] == 5 * 10**9


def test_an_address_that_cannot_be_used_is_one_sentence_without_the_password(
    postgres_server: str,
) -> None:
    for address in (
        postgres_server.replace("geheim", "falsch") + "/postgres",
        f"{postgres_server}/nowhere",
        "postgresql://marsad:geheim-3141@127.0.0.1:9/marsad",
        "postgresql://[",
    ):
        with pytest.raises(PlaceError, match="cannot be opened") as refused:
            Control(address)
        assert "\n" not in str(refused.value)
        assert "3141" not in str(refused.value)
