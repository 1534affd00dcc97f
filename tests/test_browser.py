"""Pages whose ads appear only when their scripts run, in a real browser that never touches the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from loopback import Site, fetched, last, page, poll, serving
from marsad.base.settings import Settings
from marsad.collect.fetch import browser
from marsad.collect.fetch.plan import Bounds, Fetch
from marsad.collect.register import Source
from marsad.flow.steps import Flow

pytestmark = pytest.mark.skipif(
    not shutil.which("chromium"), reason="there is no program `chromium` on this machine"
)
SHELL = "<!doctype html><html><head><title>Offre</title></head><body><main></main><script>{}</script></body></html>"
BUILD = """
const add = (block) => { const s = document.createElement('script'); s.type = 'application/ld+json';
  s.textContent = JSON.stringify(block); document.body.append(s); };
fetch('/data/1.json').then((r) => r.json()).then(add);
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as running:
        yield running


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    return Flow(Settings(home=tmp_path / "home", sample=False))


def _block(number: int) -> str:
    return page(number).partition('ld+json">')[2].partition("</script>")[0]


def _board(site: Site, script: str, **more: object) -> Source:
    site.put("/sitemap.xml", f"<urlset><url><loc>{site.address}/jobs/1</loc></url></urlset>")
    site.put("/jobs/1", SHELL.format(script), content_type="text/html; charset=utf-8")
    site.put("/data/1.json", _block(1), content_type="application/json")
    plan = Fetch(
        starts=(f"{site.address}/sitemap.xml",), discover="pages", links=r"/jobs/\d+$", every="60s",
        delay=0.0, loopback=True, render=True, **more,
    )  # type: ignore[arg-type]  # fmt: skip
    return fetched("jobposting_pages", plan)


def _titles(flow: Flow) -> list[str]:
    return [row["raw_title"] for row in flow.lake.read("raw_contents").to_pylist()]


def test_an_ad_that_a_script_writes_is_read(site: Site, flow: Flow) -> None:
    spec = _board(site, BUILD)
    poll(flow, spec)
    ended = last(flow, spec)
    assert (ended["how"], ended["records"], ended["added"]) == ("complete", 1, 1), ended["note"]
    assert _titles(flow) == ["Comptable 1"]
    assert site.paths() == ["/sitemap.xml", "/jobs/1", "/data/1.json"]
    agents = {asked.headers.get("User-Agent", "") for asked in site.log}
    assert len(agents) == 1
    assert "Marsad/" in agents.pop(), "the browser bears our name"
    plain = msgspec.structs.replace(spec.fetch, render=False)
    poll(flow, unread := fetched("jobposting_pages", plain, name="plain"))
    assert last(flow, unread)["added"] == 0, "its page says nothing before its script ran"


def test_a_page_reaches_nothing_but_the_hosts_of_its_source(site: Site, flow: Flow) -> None:
    with serving(Site()) as other:
        other.put("/x.json", "{}")
        site.put("/robots.txt", "User-agent: *\nDisallow: /secret")
        script = f"""{BUILD}
          const not = (a) => fetch(a).catch(() => 0);
          not('{other.address}/x.json'); not('http://169.254.169.254/latest'); not('/secret/1.json');
          not('file:///etc/passwd'); fetch('/data/1.json', {{method: 'POST', body: 'x'}}).catch(() => 0);
          navigator.sendBeacon('/beacon', 'x'); new Image().src = '/pixel.gif';
          try {{ new WebSocket('{other.address.replace("http", "ws")}/socket'); }} catch (e) {{}}
          window.open('{other.address}/popup'); location.hash = 'x';
          const frame = document.createElement('iframe'); frame.src = '{other.address}/frame'; document.body.append(frame);
        """
        spec = _board(site, script)
        poll(flow, spec)
        assert _titles(flow) == ["Comptable 1"]
        assert other.log == []
        assert set(site.paths()) == {"/sitemap.xml", "/jobs/1", "/data/1.json"}


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ("while (true) {}", "did not answer within"),
        ("document.body.textContent = 'x'.repeat(3000000)", "is larger than"),
    ],
)
def test_a_page_without_end_is_given_up(site: Site, flow: Flow, script: str, note: str) -> None:
    bounds = Bounds(requests=50, answer_bytes=2_000_000, answer_seconds=4.0)
    spec = _board(site, script, bounds=bounds)
    poll(flow, spec)
    assert _titles(flow) == []
    notes = [row["note"] for row in flow.control.pages(spec.id, int(str(last(flow, spec)["id"])))]
    assert any(note in words for words in notes), notes


def test_a_page_that_asks_again_and_again_is_taken_as_it_is(
    site: Site, flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_STILL_SECONDS", 1.0)
    spec = _board(site, f"{BUILD} setInterval(() => fetch('/tick').catch(() => 0), 50);")
    poll(flow, spec)
    assert _titles(flow) == ["Comptable 1"]
    assert site.paths().count("/tick") <= 40


def test_where_a_page_leads_and_what_it_refuses_are_known(site: Site, flow: Flow) -> None:
    spec = _board(site, BUILD)
    site.put("/there", SHELL.format(BUILD), content_type="text/html; charset=utf-8")
    site.put("/jobs/1", "", status=302, location=f"{site.address}/there")
    poll(flow, spec)
    assert _titles(flow) == ["Comptable 1"]
    assert site.paths().count("/there") == 1
    site.put("/jobs/1", "no", status=403)
    spec2 = fetched("jobposting_pages", spec.fetch, name="second")  # type: ignore[arg-type]
    poll(flow, spec2)
    assert last(flow, spec2)["how"] == "refused"
