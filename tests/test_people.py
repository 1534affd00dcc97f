"""People on duty: who gets in, who does not, what they settle, and the trail of it."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, select, update

from marsad.backoffice import accounts
from marsad.backoffice.accounts import TRIES, TRIES_OF_ALL, People
from marsad.backoffice.ports import Person
from marsad.base.errors import InputError, NotFoundError, RefusedError
from marsad.cli.main import main
from marsad.flow.steps import Flow
from marsad.lake.control import Control
from marsad.lake.control.schema import audit, metadata

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
    assert person.may("review")
    assert people.who(token + "x") is None
    people.sign_out(token)
    assert people.who(token) is None


def test_who_tries_in_vain_waits_longer_each_time_and_keeps_nobody_else_out(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong passwords from one address do not lock the owner, who is at another."""
    waits = []
    for _ in range(TRIES + 4):
        with pytest.raises(RefusedError) as refused:
            people.sign_in("amal", "another password", "198.51.100.7")
        waits += re.findall(r"in (\d+) seconds", str(refused.value))
        _forward(monkeypatch, int(waits[-1]) - 1 if waits else 0)
    assert people.who(people.sign_in("amal", PASSWORD, "192.0.2.1"))
    with pytest.raises(RefusedError, match="come again in"):
        people.sign_in("amal", PASSWORD, "198.51.100.7")
    assert list(map(int, waits)) == sorted(map(int, waits))
    _forward(monkeypatch, 3_600)
    assert people.who(people.sign_in("amal", PASSWORD, "198.51.100.7"))


def _forward(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let the clock of accounts go on."""

    class Later(dt.datetime):
        offset = getattr(accounts.dt.datetime, "offset", 0) + seconds

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return REAL.now(tz) + dt.timedelta(seconds=cls.offset)

    clock = SimpleNamespace(datetime=Later, UTC=dt.UTC, timedelta=dt.timedelta)
    monkeypatch.setattr(accounts, "dt", clock)


REAL = dt.datetime


def test_one_address_cannot_try_all_names(people: People) -> None:
    for number in range(TRIES_OF_ALL):
        with pytest.raises(RefusedError, match="wrong"):
            people.sign_in(f"name{number}", "another password", "198.51.100.7")
    with pytest.raises(RefusedError, match="come again in"):
        people.sign_in("another", "another password", "198.51.100.7")
    with pytest.raises(RefusedError, match="come again in"):
        people.sign_in("amal", PASSWORD, "198.51.100.7")


def test_a_password_typed_as_a_name_is_kept_nowhere(people: People, control: Control) -> None:
    with pytest.raises(RefusedError):
        people.sign_in("my secret password", "amal", "192.0.2.1")
    with pytest.raises(RefusedError):
        people.sign_in("amal", "my secret password", "192.0.2.1")
    every = [dict(row) for table in metadata.sorted_tables for row in control._rows(select(table))]
    assert "my secret" not in str(every)
    assert "192.0.2.1" not in str(every)
    assert [row["subject"] for row in control.audit() if row["action"] == "refused"] == ["amal", ""]


def test_an_old_hash_is_renewed_at_the_next_sign_in(people: People, control: Control) -> None:
    old = hashlib.scrypt(PASSWORD.encode(), salt=b"salt", n=2**14, r=8, p=1)
    control.keep_user("badr", "analyst", b"salt", old)
    with pytest.raises(RefusedError):
        people.sign_in("badr", "another password")
    assert control.users("badr")[0]["hash"] == old
    for _ in range(2):
        assert people.who(people.sign_in("badr", PASSWORD))
        assert control.users("badr")[0]["hash"].startswith(b"$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_second_factor_is_asked_and_each_code_is_taken_once(people: People) -> None:
    address = people.second_factor("amal", "test")
    secret = base64.b32decode(re.findall(r"secret=(\w+)", address)[0])
    totp = TOTP(secret, 6, SHA1(), 30)
    code = totp.generate(int(time.time())).decode()
    for wrong in ("", "000000" if code != "000000" else "000001", code + "0"):
        with pytest.raises(RefusedError, match="wrong"):
            people.sign_in("amal", PASSWORD, code=wrong)
    assert people.who(people.sign_in("amal", PASSWORD, code=f"{code[:3]} {code[3:]}"))
    with pytest.raises(RefusedError):
        people.sign_in("amal", PASSWORD, code=code)
    people.second_factor("amal", "test", off=True)
    assert people.who(people.sign_in("amal", PASSWORD))


def test_the_audit_trail_shows_what_was_changed_put_in_or_taken_out(
    people: People, control: Control
) -> None:
    for number in range(6):
        people.note("amal", "did", str(number))
    assert control.broken_audit() is None
    numbers = sorted(row["id"] for row in control.audit())
    for harm, first in (
        (update(audit).where(audit.c.id == numbers[3]).values(who="badr"), numbers[3]),
        (delete(audit).where(audit.c.id == numbers[2]), numbers[3]),
    ):
        control._execute(harm)
        assert control.broken_audit() == first


def test_entries_of_many_writers_are_one_chain(people: People, control: Control) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: people.note("amal", "did", str(n)), range(40)))
    assert control.broken_audit() is None


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("reader", {"see"}), ("counsellor", {"see"}), ("analyst", {"see", "review"}),
        ("source_keeper", {"see", "sources"}), ("publisher", {"see", "release"}),
        ("administrator", {"see", "review", "sources", "release", "accounts"}),
    ],
)  # fmt: skip
def test_each_role_may_do_its_own(role: str, rights: set[str]) -> None:
    every = ("see", "review", "sources", "release", "accounts")
    assert {right for right in every if Person("x", role).may(right)} == rights


def test_a_release_is_served_once_two_publishers_approve(people: People, control: Control) -> None:
    for name, role in (("pub", "publisher"), ("pub2", "publisher"), ("ana", "analyst")):
        people.add(name, role, PASSWORD, "amal")
    control.publish("r1", dt.date(2026, 5, 1), {}, approvals=2)
    served = lambda: [row["id"] for row in control.served_releases()]  # noqa: E731
    with pytest.raises(RefusedError, match="does not approve"):
        people.approve("release", "r1", "ana", PASSWORD)
    with pytest.raises(RefusedError, match="wrong"):
        people.approve("release", "r1", "pub", "another password")
    assert people.approve("release", "r1", "pub", PASSWORD) == 1
    assert people.approve("release", "r1", "pub", PASSWORD) == 1, "one person counts once"
    assert served() == []
    assert people.approve("release", "r1", "pub2", PASSWORD) == 2
    assert served() == ["r1"]


def test_an_embargo_ends_to_the_second(control: Control) -> None:
    control.publish("r1", dt.date(2026, 5, 1), {}, embargo_until="2026-12-05T09:00:00.000000+00:00")
    at = "2026-12-05T{}+00:00"
    assert control.served_releases(at.format("08:59:59.999999")) == []
    assert len(control.served_releases(at.format("09:00:00.000000"))) == 1


def test_the_last_administrator_stays_and_wrong_entries_are_refused(people: People) -> None:
    for name, role, password in (
        ("amal", "analyst", PASSWORD), ("x y", "analyst", PASSWORD), ("badr", "king", PASSWORD),
        ("badr", "analyst", "short"),
    ):  # fmt: skip
        with pytest.raises(InputError):
            people.add(name, role, password, "amal")
    people.add("badr", "analyst", PASSWORD, "amal")
    token = people.sign_in("badr", PASSWORD)
    with pytest.raises(InputError, match="badr"):
        people.add("badr", "analyst", PASSWORD, "amal")
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
    people.add("rev", "analyst", PASSWORD, "test")
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
    people.add("badr", "analyst", PASSWORD, "amal")
    with pytest.raises(InputError, match="last administrator"):
        people.change("amal", "analyst", "amal")
    with pytest.raises(InputError, match="king"):
        people.change("badr", "king", "amal")
    with pytest.raises(NotFoundError):
        people.change("chama", "administrator", "amal")
    people.change("badr", "administrator", "amal")
    people.change("amal", "analyst", "badr")
    assert {one.name: one.role for one in people.everyone()} == {
        "amal": "analyst", "badr": "administrator",
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
