"""Whether a source is fetched is said at once, wherever people look: status, portal, admin, API."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from loopback import DAY, fetched
from marsad.backoffice.sinks import FileSink
from marsad.base.errors import DeclarationError
from marsad.base.settings import Settings
from marsad.cli.assemble import desk_of
from marsad.cli.main import main
from marsad.cli.serve import Current
from marsad.collect import register
from marsad.collect.fetch.plan import Agreement, Fetch, check
from marsad.flow import rights
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
    with pytest.raises(DeclarationError, match=r"lacks checked_on.*contact.*declaration"):
        check(spec)
