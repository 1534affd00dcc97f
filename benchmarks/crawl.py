"""A board of many pages on loopback, crawled by the fetcher and by bare Scrapy in the same run, then once more
with kills.

    .venv/bin/python benchmarks/crawl.py [PAGES] [KILLS] [--scrapy PYTHON] [--turns N]

PYTHON is an interpreter that has Scrapy (not a package of Marsad). The board is one process that keeps a log:
an index of sitemaps, and a page of 20 kB with a schema.org block for each ad. Scrapy reads the sitemaps and
writes one row a page; the fetcher reads them through its frontier, seals each page and enters it. Both with 16
requests under way and no delay. Then the whole of `marsad watch --once` is killed at moments drawn by chance
and started again, and what the lake holds is compared with the board. At last, politeness at 20 requests a
second by the board's own log. Prints one row a figure; ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from itertools import pairwise
from multiprocessing import Process
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from marsad.base.settings import Settings
from marsad.collect.fetch.plan import Bounds, Fetch
from marsad.collect.register import Source, source
from marsad.flow.fetching import Fetcher
from marsad.flow.steps import Flow
from marsad.flow.watch import Watch
from marsad.lake.control import open_control
from marsad.lake.vault import Vault

AT_ONCE, OF_SITEMAP, SEED = 16, 5_000, 11
TRADES = "Comptable Chauffeur Infirmier Soudeur Vendeur Cuisinier Développeur Secrétaire".split()
TOWNS = "Rabat Casablanca Fès Tanger Agadir Oujda Meknès".split()
_FILL = "<div class='x'>" + "menu et pied de page du site, partout les mêmes. " * 380 + "</div>"
_SPIDER = """
import json, scrapy
from scrapy.spiders import SitemapSpider
class Board(SitemapSpider):
    name = "board"
    sitemap_urls = ["{base}/sitemap.xml"]
    custom_settings = {{"CONCURRENT_REQUESTS": {n}, "CONCURRENT_REQUESTS_PER_DOMAIN": {n}, "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True, "LOG_LEVEL": "ERROR", "FEEDS": {{"{out}": {{"format": "jsonlines"}}}}}}
    def parse(self, response):
        text = response.css('script[type="application/ld+json"]::text').get()
        yield json.loads(text)
"""


def page(number: int) -> bytes:
    """The page of an ad."""
    chance = random.Random(number)
    trade, town = chance.choice(TRADES), chance.choice(TOWNS)
    block = {
        "@context": "https://schema.org", "@type": "JobPosting", "identifier": f"p{number}",
        "title": f"{trade} H/F", "datePosted": "2026-11-20", "validThrough": "2027-01-31",
        "description": f"Nous recrutons pour notre site de {town} un poste de {trade}, réf {number}."
        " Expérience de deux ans souhaitée, contrat CDI, bonne maîtrise du français.",
        "hiringOrganization": {"@type": "Organization", "name": f"Société {number % 997}"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": town, "addressCountry": "MA"}},
    }  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(block)}</script>'
    return f"<html><head>{head}</head><body>{_FILL}</body></html>".encode()


def board(port: int, pages: int, log: Path) -> None:
    """Serve the board until killed, every request in the log: when, and what."""
    base = f"http://127.0.0.1:{port}"
    maps = range(0, pages, OF_SITEMAP)
    fixed = {
        "/robots.txt": b"User-agent: *\nAllow: /\n",
        "/sitemap.xml": _xml("sitemapindex", "sitemap", [f"{base}/map-{n}.xml" for n in maps]),
    }
    for n in maps:
        some = range(n, min(n + OF_SITEMAP, pages))
        fixed[f"/map-{n}.xml"] = _xml("urlset", "url", [f"{base}/jobs/{i}" for i in some])
    asked = log.open("a", buffering=1)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                asked.write(f"{time.monotonic():.4f} {path}\n")
                body = fixed.get(path) or page(int(path.rsplit("/", 1)[1]))
                kind = b"text/html" if path.startswith("/jobs/") else b"text/xml"
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: %s; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                    % (kind, len(body))
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def serve() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", port)
        await server.serve_forever()

    asyncio.run(serve())


def _xml(root: str, name: str, places: list[str]) -> bytes:
    rows = "".join(
        f"<{name}><loc>{place}</loc><lastmod>2026-11-20</lastmod></{name}>" for place in places
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0"?><{root} xmlns="{space}">{rows}</{root}>'.encode()


def spec_of(
    base: str, *, delay: float = 0.0, at_once: int = AT_ONCE, links: str = r"/jobs/\d+$"
) -> Source:
    """The board as a source that is fetched."""
    plan = Fetch(
        starts=(f"{base}/sitemap.xml",), discover="pages", links=links, delay=delay,
        concurrency=at_once, loopback=True, bounds=Bounds(requests=10_000_000, bytes=10**12),
    )  # fmt: skip
    return msgspec.structs.replace(source("jobposting_pages"), fetch=plan)


def fetch(home: Path, spec: Source) -> None:
    """One poll by the fetcher alone; its memory goes to a file."""
    control = open_control(Settings(home=home))
    Fetcher(control, Vault(home / "vault"), [spec], threading.Event()).run(once=True)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    (home / "usage.json").write_text(
        json.dumps([usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime])
    )


def watch(home: Path, spec: Source) -> None:
    """One poll, taken in."""
    Watch(Flow(Settings(home=home, sample=False)), [spec]).run(once=True)


def timed(work: object, *arguments: object) -> float:
    """Seconds of a process of its own that does the work."""
    begun = time.monotonic()
    process = Process(target=work, args=arguments)
    process.start()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - begun


def bare(python: str, base: str, folder: Path) -> tuple[float, int, float, float]:
    """Scrapy on the board: seconds, rows, MB, CPU seconds."""
    out, spider = folder / "scrapy.jsonl", folder / "spider.py"
    spider.write_text(_SPIDER.format(base=base, out=out, n=AT_ONCE))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    code = (
        "import resource, runpy, sys; sys.argv = ['scrapy', 'runspider', sys.argv[1]]\n"
        "try: runpy.run_module('scrapy', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [python, "-c", code, str(spider)], capture_output=True, text=True, check=True
    )
    seconds = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, len(out.read_text().splitlines()), float(done.stdout.split()[-1]), cpu


def requests(log: Path, since: int = 0) -> list[tuple[float, str]]:
    """What the board was asked for: when, which path."""
    lines = log.read_text().splitlines()[since:]
    return [(float(at), path) for at, path in (line.split() for line in lines)]


def killed(home: Path, spec: Source, kills: int, whole: float) -> int:
    """Crawl and take in with kills; how many of them fell while work was under way."""
    chance, fell = random.Random(SEED), 0
    for _ in range(kills):
        process = Process(target=watch, args=(home, spec))
        process.start()
        process.join(3.0 + chance.random() * whole / kills)
        if process.is_alive() and process.pid:
            fell += 1
            for pid in (process.pid, *_children(process.pid)):
                os.kill(pid, signal.SIGKILL)
        process.join()
    process = Process(target=watch, args=(home, spec))
    process.start()
    process.join()
    return fell


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(n) for n in path.read_text().split()] if path.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="?", type=int, default=50_000)
    parser.add_argument("kills", nargs="?", type=int, default=10)
    parser.add_argument("--scrapy", default="")
    parser.add_argument("--turns", type=int, default=1)
    options = parser.parse_args()
    folder = Path(mkdtemp(prefix="marsad-crawl-"))
    log, port = folder / "log.txt", 20_000 + os.getpid() % 20_000
    log.touch()
    server = Process(target=board, args=(port, options.pages, log), daemon=True)
    server.start()
    time.sleep(1.0)
    base = f"http://127.0.0.1:{port}"
    missed = []
    try:
        rates = {}
        for turn in range(1, options.turns + 1):
            home = folder / f"home-{turn}"
            home.mkdir()
            seconds = timed(fetch, home, spec_of(base))
            memory, cpu = json.loads((home / "usage.json").read_text())
            rate = (
                rates.setdefault("ours", []).append(options.pages / seconds)
                or options.pages / seconds
            )
            print(
                f"fetcher, {turn}: {rate:.0f} pages/s, {cpu:.0f} CPU s, {memory:.0f} MB", flush=True
            )
            if options.scrapy:
                seconds, rows, memory, cpu = bare(options.scrapy, base, folder)
                rates.setdefault("scrapy", []).append(rows / seconds)
                print(
                    f"bare Scrapy, {turn}: {rows / seconds:.0f} pages/s, {cpu:.0f} CPU s, {memory:.0f} MB, {rows} rows",
                    flush=True,
                )
                (folder / "scrapy.jsonl").unlink()
            shutil.rmtree(home)
        if options.scrapy:
            ratio = sum(rates["ours"]) / sum(rates["scrapy"])
            print(f"ratio to bare Scrapy: {ratio:.2f} (bar 0.70)")
            missed += ["ratio"] if ratio < 0.7 else []
        missed += with_kills(folder, base, log, options.pages, options.kills)
        missed += polite(folder, base, log)
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


def with_kills(folder: Path, base: str, log: Path, pages: int, kills: int) -> list[str]:
    """Kills over the whole of a poll; the bars that are missed."""
    home, since = folder / "home-kills", len(log.read_text().splitlines())
    begun = time.monotonic()
    fell = killed(home, spec_of(base), kills, pages / 150)
    asked = Counter(path for _, path in requests(log, since) if path.startswith("/jobs/"))
    held = Counter(Flow(Settings(home=home)).lake.read("raw_sightings")["ad_id"].to_pylist())
    poll = open_control(Settings(home=home)).polls("jobposting_pages", 1)
    lost, doubled = pages - len(held), sum(n - 1 for n in held.values())
    print(
        f"{fell} kills, {time.monotonic() - begun:.0f} s: {len(held):,} ads in the lake, {lost} lost, {doubled}"
        f" doubled; {len(asked):,} pages asked for, {asked.total() - len(asked)} of them again; poll"
        f" {poll[0]['how'] if poll else 'open'}"
    )
    return ["lost or doubled"] * bool(lost or doubled or not poll or poll[0]["how"] != "complete")


def polite(folder: Path, base: str, log: Path) -> list[str]:
    """Two hundred pages at a distance of 50 ms, by the board's own log."""
    since, home = len(log.read_text().splitlines()), folder / "home-polite"
    home.mkdir()
    timed(fetch, home, spec_of(base, delay=0.05, at_once=1, links=r"/jobs/\d{1,2}$|/jobs/1\d\d$"))
    times = [at for at, _ in requests(log, since)]
    least = min(b - a for a, b in pairwise(times))
    print(f"distance of 50 ms: least {1000 * least:.1f} ms over {len(times)} requests")
    return ["distance"] if least < 0.05 else []


if __name__ == "__main__":
    sys.exit(main())
