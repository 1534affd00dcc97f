"""People on duty: who gets in, who does not, what they settle, and the trail of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner

from marsad.backoffice.accounts import TRIES, People
from marsad.base.errors import InputError, NotFoundError, RefusedError
from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.lake.control import Control

PASSWORD = "a long password"


@pytest.fixture
def people(control: Control) -> People:
    made = People(control)
    made.add("amal", "administrator", PASSWORD, "test")
    return made


def test_a_session_is_given_for_the_right_password_only(people: People) -> None:
    token = people.sign_in("amal", PASSWORD)
    person = people.who(token)
    assert person is not None
    assert person.may("reviewer")
    assert people.who(token + "x") is None
    people.sign_out(token)
    assert people.who(token) is None
    for _ in range(TRIES):
        with pytest.raises(RefusedError, match="wrong"):
            people.sign_in("amal", "another password")
    with pytest.raises(RefusedError, match="Too many"):
        people.sign_in("amal", PASSWORD)


def test_the_last_administrator_stays_and_wrong_entries_are_refused(people: People) -> None:
    for name, role, password in (
        ("amal", "reviewer", PASSWORD), ("x y", "reviewer", PASSWORD), ("badr", "king", PASSWORD),
        ("badr", "reviewer", "short"),
    ):  # fmt: skip
        with pytest.raises(InputError):
            people.add(name, role, password, "amal")
    people.add("badr", "reviewer", PASSWORD, "amal")
    token = people.sign_in("badr", PASSWORD)
    with pytest.raises(InputError, match="badr"):
        people.add("badr", "reviewer", PASSWORD, "amal")
    with pytest.raises(InputError, match="last administrator"):
        people.remove("amal", "amal")
    people.remove("badr", "amal")
    assert people.who(token) is None
    trail = [(row["who"], row["action"], row["subject"]) for row in people.trail()]
    assert ("amal", "removed", "badr") in trail
    assert PASSWORD not in str(people.trail())


def test_a_reviewer_settles_reports_and_does_not_say_who_is_on_duty(
    embedded: Flow, live_site: str
) -> None:
    people = People(embedded.control)
    people.add("rev", "reviewer", PASSWORD, "test")
    key = httpx2.get(f"{live_site}/api/v1/ads?size=1").json()["ads"][0]["key"]
    httpx2.post(f"{live_site}/fr/ads/{key}/report", data={"field": "occupation", "code": "7213"})
    with httpx2.Client(base_url=live_site, follow_redirects=True) as client:
        assert "/admin/login" in str(client.get("/fr/admin/reports").url)
        wrong = client.post("/fr/admin/login", data={"name": "rev", "password": "no"})
        assert "incorrect" in wrong.text
        page = client.post(
            "/fr/admin/login?next=/admin/reports", data={"name": "rev", "password": PASSWORD}
        )
        assert str(page.url).endswith("/fr/admin/reports")
        assert client.cookies["marsad_session"]
        number = embedded.control.reports()[-1]["id"]
        client.post("/fr/admin/reports", data={"number": str(number), "do": "accept"})
        assert number not in [row["id"] for row in embedded.control.reports()]
        assert embedded.control.judgements("isco08", key)[-1]["value"] == "7213"
        assert embedded.control.audit()[0]["action"] == "accepted report"
        assert client.get("/fr/admin/users").status_code == 403
        assert "rev" in client.get("/fr/admin").text
        client.post("/fr/admin", data={"do": "leave"})
        assert "/admin/login" in str(client.get("/fr/admin").url)


def test_the_first_administrator_comes_from_the_command_line(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path))
    monkeypatch.setenv("MARSAD_DATABASE", database)
    command = ["users", "add", "amal", "--role", "administrator", "--password", PASSWORD]
    assert CliRunner().invoke(main, command).output == "amal is on duty as administrator.\n"
    assert CliRunner().invoke(main, ["users", "list"]).output == "amal\tadministrator\n"
    CliRunner().invoke(main, ["users", "add", "badr", "--password", PASSWORD])
    for words, message in (
        (["role", "badr", "administrator"], "badr is on duty as administrator.\n"),
        (["password", "badr", "--password", "a newer password"], "badr has a new password.\n"),
        (["remove", "amal"], "amal is off duty.\n"),
    ):
        assert CliRunner().invoke(main, ["users", *words]).output == message
    last = CliRunner().invoke(main, ["users", "remove", "badr"])
    assert last.exit_code != 0


def test_roles_and_passwords_change_and_the_last_administrator_stays_one(people: People) -> None:
    people.add("badr", "reviewer", PASSWORD, "amal")
    with pytest.raises(InputError, match="last administrator"):
        people.change("amal", "reviewer", "amal")
    with pytest.raises(InputError, match="king"):
        people.change("badr", "king", "amal")
    with pytest.raises(NotFoundError):
        people.change("chama", "administrator", "amal")
    people.change("badr", "administrator", "amal")
    people.change("amal", "reviewer", "badr")
    assert {one.name: one.role for one in people.everyone()} == {
        "amal": "reviewer", "badr": "administrator",
    }  # fmt: skip
    token = people.sign_in("amal", PASSWORD)
    with pytest.raises(InputError, match="12"):
        people.renew("amal", "short", "badr")
    people.renew("amal", "another long one", "badr")
    assert people.who(token) is None
    with pytest.raises(RefusedError):
        people.sign_in("amal", PASSWORD)
    assert people.who(people.sign_in("amal", "another long one"))
    trail = [(row["who"], row["action"], row["subject"]) for row in people.trail()]
    assert ("amal", "made administrator", "badr") in trail
    assert ("badr", "gave a new password", "amal") in trail


def test_two_administrators_who_remove_each_other_at_once_leave_one(people: People) -> None:
    people.add("badr", "administrator", PASSWORD, "amal")
    with ThreadPoolExecutor(2) as pool:
        outcomes = [
            pool.submit(people.remove, name, by)
            for name, by in (("badr", "amal"), ("amal", "badr"))
        ]
    failed = [outcome.exception() for outcome in outcomes if outcome.exception()]
    assert len(failed) == 1
    assert isinstance(failed[0], InputError)
    assert len(people.everyone()) == 1
