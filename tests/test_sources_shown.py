"""Whether a source is fetched is said at once, wherever people look: status, portal, admin, API."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from loopback import DAY, fetched
from marsad.backoffice.sinks import FileSink
from marsad.base.errors import DeclarationError, InputError
from marsad.base.records import Observation
from marsad.base.settings import Settings
from marsad.cli.assemble import desk_of
from marsad.cli.main import main
from marsad.cli.serve import Current
from marsad.collect import register
from marsad.collect.fetch.plan import Agreement, Fetch, check
from marsad.collect.register import source
from marsad.collect.register import sources as declared
from marsad.flow import rights
from marsad.flow.registers import shown_by
from marsad.flow.steps import Flow
from marsad.web.app import create_app

PASSWORD = "une phrase assez longue"
PLAN = Fetch(starts=("https://board.example/jobs.json",), every="1h")


@pytest.fixture
def flow(small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flow:
    """An installation with one source that is fetched, and one whose agreement ends soon."""
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    today = dt.date.today()
    agreement = Agreement(party="B", reference="A-7", since=today, until=today + dt.timedelta(9))
    specs = (fetched("job_feed", PLAN), fetched("rss_ads", PLAN, agreement=agreement))
    monkeypatch.setattr(rights, "sources", lambda: specs)
    monkeypatch.setattr(register, "sources", lambda: specs)
    monkeypatch.setenv("MARSAD_HOME", str(home))
    return Flow(Settings(home=home))


def test_a_suspended_source_is_shown_everywhere_and_resumed_by_a_person(flow: Flow) -> None:
    flow.control.suspend("job_feed", "host", "board.example answers 403 to /jobs.json")
    home = flow.settings.home
    desk = desk_of(flow.control, FileSink(home / "outbox"), lambda: flow.lake, home)
    desk.people.add("amal", "administrator", PASSWORD, "test")
    with TestClient(create_app(Current(flow.releases), desk=desk)) as client:
        answer = client.get("/api/v1/register/states")
        states = {row["id"]: row for row in answer.json()["states"]}
        assert answer.headers["cache-control"] == "no-store"
        assert states["job_feed"]["state"] == "suspended"
        assert states["job_feed"]["state_name"]["fr"] == "Suspendue"
        assert states["job_feed"]["reason_name"]["en"] == "the site refuses our requests"
        assert "403" in states["job_feed"]["note"]
        assert states["rss_ads"]["state"] == "ends_soon"
        for language, words in (("ar", "متوقفة"), ("fr", "Suspendue"), ("en", "Suspended")):
            assert words in client.get(f"/{language}/sources").text
        client.cookies.set("marsad_session", desk.people.sign_in("amal", PASSWORD))
        assert "board.example answers 403" in client.get("/en/admin").text
        client.cookies.clear()
        done = CliRunner().invoke(main, ["sources", "status"])
        assert "Suspended" in done.output
        done = CliRunner().invoke(
            main, ["sources", "resume", "job_feed", "--reason", "settled by letter", "--by", "amal"]
        )
        assert "is fetched again" in done.output
        assert "متوقفة" not in client.get("/ar/sources").text
    assert any("settled by letter" in str(row["subject"]) for row in desk.people.trail())


def test_what_is_declared_is_not_resumed_at_the_command_line(flow: Flow) -> None:
    done = CliRunner().invoke(main, ["sources", "resume", "job_feed", "--reason", "x"])
    assert "is not suspended" in done.output
    assert (
        CliRunner().invoke(main, ["sources", "resume", "nothing", "--reason", "x"]).exit_code == 4
    )
    refusal = {"ar": "رفض", "fr": "refus", "en": "refused by letter"}
    spec = fetched("job_feed", PLAN)
    right = msgspec.structs.replace(spec.right, last_refusal=refusal)
    state = rights.standing(msgspec.structs.replace(spec, right=right), None, DAY)
    assert (state.state, state.reason, state.note) == ("suspended", "declared", "refused by letter")


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"starts": ()}, "starts is empty"),
        ({"starts": ("ftp://x.example/",)}, "no http address"),
        ({"starts": ("https://x.example/",), "loopback": True}, "not on this machine"),
        ({"delay": 0.5}, "delay must be 1 s or more"),
        ({"every": "30s"}, "every 60s or more"),
        ({"every": "soon"}, "is no period"),
        ({"links": "("}, "no regular expression"),
        ({"discover": "api"}, "needs a parameter or a cursor"),
        ({"concurrency": 99}, "concurrency"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: dict[str, object], words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        check(fetched("job_feed", msgspec.structs.replace(PLAN, **plan)))


def test_without_the_right_nothing_is_fetched() -> None:
    spec = msgspec.structs.replace(register.source("job_feed"), fetch=PLAN)
    with pytest.raises(DeclarationError, match="lacks declaration"):
        check(spec)
    right = msgspec.structs.replace(spec.right, checked_on=DAY)
    with pytest.raises(DeclarationError, match=r"lacks contact.*declaration"):
        check(msgspec.structs.replace(spec, right=right))


@pytest.fixture
def unchecked(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> Flow:
    """The installation with one source more: its plan comes with the package, nobody here has read its terms."""
    plans = [spec for spec in declared() if spec.fetch and not spec.right.checked_on]
    assert [spec.id for spec in plans] == ["hcp_table", "worldbank_indicators"]
    plans = plans[1:]
    monkeypatch.setattr(rights, "sources", lambda: tuple(plans))
    monkeypatch.setattr(register, "sources", lambda: tuple(plans))
    return flow


def command(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, " ".join(f"{done.output} {done.exception or ''}".split())


def test_a_plan_of_the_package_waits_until_a_person_here_has_read_robots_and_terms(
    unchecked: Flow,
) -> None:
    home, name = unchecked.settings.home, "worldbank_indicators"
    desk = desk_of(unchecked.control, FileSink(home / "outbox"), lambda: unchecked.lake, home)
    desk.people.add("amal", "administrator", PASSWORD, "test")
    with TestClient(create_app(Current(unchecked.releases), desk=desk)) as client:

        def state() -> dict[str, Any]:
            return next(iter(client.get("/api/v1/register/states").json()["states"]))  # type: ignore[no-any-return]

        assert (state()["state"], state()["checked_on"]) == ("unchecked", None)
        assert state()["state_name"]["fr"] == "Pas encore collectée"
        for language, words in (("ar", "لا تُجمع بعد"), ("fr", "Pas encore"), ("en", "nobody here")):
            assert words in client.get(f"/{language}/sources").text
        assert "Not fetched yet" in command("sources", "status")[1]
        assert f"marsad sources checked {name}" in command("sources", "status")[1]
        assert f"marsad sources checked {name}" in command("watch", "--once")[1], "nothing to ask"
        assert f"sources checked {name}" in command("sources", "resume", name, "--reason", "x")[1]
        checking = ("sources", "checked", name, "--by", "amal")
        assert "--contact" in command(*checking)[1], "its host must be able to reach somebody"
        assert command(*checking, "--contact", "x y@z")[0]
        assert "to come" in command(*checking, "--contact", "a@b.ma", "--on", "2999-01-01")[1]
        assert "no day" in command(*checking, "--contact", "a@b.ma", "--on", "soon")[1]
        assert state()["state"] == "unchecked"
        assert command(*checking, "--contact", "a@b.ma", "--on", "2026-11-29") == (
            0, f"{name}: Fetched (checked 2026-11-29)"
        )  # fmt: skip
        assert (state()["state"], state()["checked_on"]) == ("active", "2026-11-29")
        assert command(*checking)[0] == 0, "read again later: the same address"
        assert unchecked.control.collection()[name]["contact"] == "a@b.ma"
        client.cookies.set("marsad_session", desk.people.sign_in("amal", PASSWORD))
        assert "robots file and terms read on" in client.get("/en/admin").text
    trail = [row for row in desk.people.trail() if row["action"] == "checked source"]
    assert [row["who"] for row in trail] == ["amal", "amal"]
    assert any(f"{name}: 2026-11-29 a@b.ma" in str(row["subject"]) for row in trail)


def test_what_is_not_fetched_cannot_be_checked(unchecked: Flow) -> None:
    assert command("sources", "checked", "nothing")[0] == 4
    unchecked.control.suspend("worldbank_indicators", "host", "answers 403")
    done = command("sources", "checked", "worldbank_indicators", "--contact", "a@b.ma")
    assert "Suspended: the site refuses our requests" in done[1], "a refusal stands all the same"


@pytest.mark.parametrize("name", ["every", "refresh"])
def test_a_period_that_is_none_is_named_when_the_source_is_declared(name: str) -> None:
    plan = msgspec.structs.replace(Fetch(starts=("http://127.0.0.1/x",), delay=0.0, loopback=True), **{name: "hourly"})  # fmt: skip
    spec = msgspec.structs.replace(source("job_feed"), fetch=plan)
    with pytest.raises(DeclarationError, match=f"fetch.{name}: 'hourly' is no period"):
        check(spec)


def test_a_survey_that_nothing_declares_is_refused_before_it_breaks_a_release() -> None:
    spec = source("intermediation_register")
    own = msgspec.structs.replace(spec, options={**spec.options, "survey": "RESEAU"})
    with pytest.raises(DeclarationError, match=r"base/codelists/survey\.yml"):
        register._check(own, own.folder)
    table = msgspec.structs.replace(source("jsonstat_tables"), columns={"INDIC": "indicator"})
    with pytest.raises(DeclarationError, match=r"options\.concepts"):
        register._check(table, table.folder)
    cell = Observation(
        indicator="placements", freq="A", period="2025", area="MA", survey="ENE",
        source_id=spec.id, value=9, unit="NB",
    )  # fmt: skip
    with pytest.raises(InputError, match=r"none that placements shows.*indicator\.yml"):
        shown_by([cell], "t.csv")
