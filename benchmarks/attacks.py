"""Attacks: what strangers send to a portal that runs, and what comes of it, in tables.

    .venv/bin/python benchmarks/attacks.py [HOME] [--requests 20000] [--files 10000]

HOME is a released installation (one is made where none is given; nothing of it is changed: a copy is
served). Bombs are sent while others are served; hostile questions are made from the portal's own OpenAPI and
SDMX addresses, and answers of 200 are held against its schema. Ends with 1 where a figure that should be 0 is not.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx2
import jsonschema
from benchmarks import fuzz
from benchmarks.bombs import bombs

from marsad.backoffice import api_keys
from marsad.backoffice.accounts import People
from marsad.lake.control import Control

PASSWORD = "a long password"
HOSTILE = (
    "", " ", "\x00", "%00", "'", "' or 1=1 --", "\"; drop table x; --", "../../etc/passwd", "..%2f..%2fsecret",
    "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "\u202egnp", "\ud800".encode("utf-8", "replace").decode(),
    "9" * 400, "-1", "0", "1e309", "NaN", "null", "true", "[]", "{}", "*", "%", "_", "a" * 5_000, "é" * 500,
    "السلام", "ⵎⴰⵔⵙⴰⴷ", "9999-12-31", "2026-13-45", "0001-01-01/9999-12-31", "MA", "MA-06", "_T", "unemployment_rate",
    "A.MA.*", "+", "++", ".", "..", ",,,", "all", "latest", "csv", "xlsx", "json", "=cmd|x", "\r\nSet-Cookie: x=1",
)  # fmt: skip
SDMX = (
    "/sdmx/3.0/data/dataflow/{a}/{b}/{c}/{d}", "/sdmx/3.0/structure/{a}/{b}/{c}/{d}", "/sdmx/3.0/availability/dataflow/{a}/{b}/{c}/{d}",
    "/sdmx/2.1/data/{a}/{b}/{c}", "/sdmx/2.1/{a}/{b}/{c}/{d}", "/sdmx/3.0/schema/dataflow/{a}/{b}/{c}",
    "/sdmx/3.0/data/dataflow/MARSAD/DF_LABOUR/1.0/*?c[{a}]={b}&limit={c}&updatedAfter={d}",
)  # fmt: skip


@contextmanager
def portal(home: Path) -> Iterator[tuple[str, int]]:
    """A portal over a home; its address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "MARSAD_HOME": str(home), "MARSAD_PORT": str(port)}
    command = [sys.executable, "-m", "marsad.cli.main", "up"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(600):
                try:
                    httpx2.get(f"{address}/healthz", timeout=5)
                    break
                except httpx2.HTTPError:
                    time.sleep(0.2)
            yield address, server.pid
        finally:
            server.terminate()


def _memory(pid: int) -> int:
    """Megabytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) // 1_000


def _words(html: str) -> str:
    notices = re.findall(r'class="notice[^"]*warning[^"]*"[^>]*>(.*?)</div>', html, re.S)
    words = [" ".join(re.sub(r"<[^>]+>", " ", notice).split()) for notice in notices]
    return next((one for one in words if re.search("fichier|ملف|file|essais", one)), "-")


def bombed(address: str, pid: int) -> int:
    """Send each bomb, in three languages, while others ask; prints a row each, gives how many were taken."""
    httpx2.post(
        f"{address}/fr/match", data={"text": "comptable"}, timeout=120
    )  # what is read once is read
    before, wrong = _memory(pid), 0
    print(f"{'bomb':40} {'bytes':>8} {'s':>5} {'others ms':>9}  refused with")
    for name, data in bombs().items():
        waits: list[float] = []
        stop = threading.Event()
        asking = threading.Thread(target=_ask_on, args=(address, stop, waits))
        asking.start()
        began = time.perf_counter()
        words = []
        for language in ("fr", "ar", "en"):
            answer = httpx2.post(
                f"{address}/{language}/match", files={"cv": ("cv", data)}, timeout=120
            )
            words.append(_words(answer.text))
            wrong += answer.status_code != 200 or words[-1] == "-"
        seconds = (time.perf_counter() - began) / 3
        stop.set()
        asking.join()
        worst = f"{1_000 * max(waits, default=0):.0f}"
        print(f"{name:40} {len(data):8,} {seconds:5.1f} {worst:>9}  {words[0]} | {words[1]}")
        time.sleep(8)  # within what one address may send
    print(f"memory of the portal: {before} MB before, {_memory(pid)} MB after")
    return wrong


def _ask_on(address: str, stop: threading.Event, waits: list[float]) -> None:
    with httpx2.Client(base_url=address, timeout=60) as client:
        while not stop.is_set():
            began = time.perf_counter()
            client.get("/healthz")
            waits.append(time.perf_counter() - began)
            stop.wait(0.05)


Try = tuple[str, list[httpx2.Response], int, Callable[[httpx2.Response], bool]]
"""What is tried, the answers, how many may be let through, and which answers are refusals."""


def bounds(address: str, home: Path) -> int:
    """Go over each bound; prints what it refuses and in what words, gives how many let through too much."""
    control = Control(home / "control.db")
    People(control).add("owner", "administrator", PASSWORD, "attacks")
    wrong = 0
    print(f"\n{'bound':44} {'tried':>6} {'let through':>11}  refused with")
    with httpx2.Client(base_url=address, timeout=120) as client:
        tries = chain(_keys(client, control), _people(client), _forms(client), _floods(client))
        for name, answers, most, refused in tries:
            through = sum(not refused(a) for a in answers)
            last = next((a for a in reversed(answers) if refused(a)), None)
            wrong += through > most
            words = "-" if last is None else _detail(last)
            print(f"{name:44} {len(answers):6} {through:11}  {words}")
    token = People(control).sign_in("owner", PASSWORD, "192.0.2.1")
    print(f"{'   the owner, from another address':44} {1:6} {1 if token else 0:11}")
    control.close()
    return wrong + (not token)


def _late(answer: httpx2.Response) -> bool:
    return answer.status_code == 429


def _keys(client: httpx2.Client, control: Control) -> Iterator[Try]:
    slow, only_sdmx = api_keys.make(control, "slow", 5), api_keys.make(control, "x", 60, ("sdmx",))
    key = {"X-API-Key": slow, "Accept-Language": "fr"}
    answers = [client.get("/api/v1/limits", headers=key) for _ in range(200)]
    yield "a key of 5 a minute", answers, 6, _late
    answers = [client.get("/api/v1/limits", headers={"X-API-Key": only_sdmx}) for _ in range(3)]
    yield "a key for SDMX, asking the API", answers, 0, lambda a: a.status_code == 403


def _people(client: httpx2.Client) -> Iterator[Try]:
    login = {"name": "owner", "password": "wrong password"}
    answers = [client.post("/fr/admin/login", data=login) for _ in range(12)]
    yield "wrong passwords for one name", answers, 5, lambda a: "Trop d’essais" in a.text


def _forms(client: httpx2.Client) -> Iterator[Try]:
    form = {"kind": "search", "q": "comptable", "channel": "email", "address": "victim@exemple.ma"}
    answers = [client.post("/fr/alerts", data=form) for _ in range(15)]
    yield "alerts for a stranger's address", answers, 10, _late
    report = {"field": "pay", "note": "x"}
    ad = client.get("/api/v1/ads?size=1").json()["ads"][0]["key"]
    answers = [client.post(f"/fr/ads/{ad}/report", data=report) for _ in range(40)]
    yield "reports from one address", answers, 21, _late
    big = client.post("/fr/match", files={"cv": ("cv", b"x" * 6_000_000)})
    yield "a form of 6 MB", [big], 0, lambda a: a.status_code == 413
    foreign = client.post("/fr/match", data={}, headers={"Origin": "https://evil.example"})
    yield "a form of another site", [foreign], 0, lambda a: a.status_code == 403


def _floods(client: httpx2.Client) -> Iterator[Try]:
    began = time.perf_counter()
    answers = [
        client.get("/api/v1/limits", headers={"X-Forwarded-For": f"203.0.113.{n % 250}"})
        for n in range(2_600)
    ]
    most = 2_001 + 20 * (time.perf_counter() - began)  # at once, and what comes back meanwhile
    yield "2,600 questions, a made-up address each", answers, int(most), _late


def _detail(answer: httpx2.Response) -> str:
    if "json" in answer.headers.get("content-type", ""):
        return str(answer.json()["detail"])
    if "html" in answer.headers.get("content-type", ""):
        return _words(answer.text) if "notice" in answer.text else f"{answer.status_code}"
    return answer.text.strip()[:110]


def hostile(address: str, key: str, count: int) -> int:
    """Ask so many hostile questions of the API and of SDMX; prints counts by status, gives how many were 5xx,
    or 200 and outside the schema."""
    described = httpx2.get(f"{address}/api/openapi.json", timeout=60).json()
    chance, statuses, outside = random.Random(21), Counter[int](), 0
    paths = [
        (p, ops["get"])
        for p, ops in described["paths"].items()
        if "get" in ops and "stream" not in p
    ]
    questions = [_question(chance, paths) for _ in range(count)]
    lock = threading.Lock()
    times: list[float] = []

    def ask(question: tuple[str, dict[str, object]]) -> None:
        nonlocal outside
        with httpx2.Client(base_url=address, timeout=120, headers={"X-API-Key": key}) as client:
            began = time.perf_counter()
            try:
                answer = client.get(question[0])
            except httpx2.InvalidURL:
                return
            seconds = time.perf_counter() - began
        bad = answer.status_code == 200 and not _fits(answer, question[1], described)
        with lock:
            statuses[answer.status_code] += 1
            times.append(seconds)
            outside += bad
            if answer.status_code >= 500 or bad:
                print(f"  {answer.status_code} {question[0][:200]}", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, questions))
    fives = sum(n for status, n in statuses.items() if status >= 500)
    told = ", ".join(f"{n:,} of {status}" for status, n in sorted(statuses.items()))
    print(f"\n{sum(statuses.values()):,} hostile questions: {told}; {fives} of 5xx, {outside} outside the schema;"
          f" median {1_000 * statistics.median(times):.0f} ms, longest {max(times):.1f} s")  # fmt: skip
    return fives + outside


def _question(
    chance: random.Random, paths: list[tuple[str, dict[str, object]]]
) -> tuple[str, dict[str, object]]:
    value = lambda: quote(chance.choice(HOSTILE), safe="").replace(".", "%2E")  # noqa: E731 - no step up
    if chance.random() < 0.3:
        return chance.choice(SDMX).format(
            a=value() or "x", b=value() or "x", c=value() or "x", d=value() or "x"
        ), {}
    path, operation = chance.choice(paths)
    usual = {"indicator": "unemployment_rate", "key": "MA", "code": "2411"}
    path = re.sub(
        r"{(\w+)}",
        lambda m: usual.get(m[1], "MA") if chance.random() < 0.5 else value() or "x",
        path,
    )
    parameters = [p for p in operation.get("parameters", []) if p["in"] == "query"]  # type: ignore[attr-defined]
    chosen = chance.sample(parameters, min(len(parameters), chance.randint(0, 3)))
    query = "&".join(f"{p['name']}={value()}" for p in chosen)
    return f"{path}?{query}", operation


def _fits(
    answer: httpx2.Response, operation: dict[str, object], described: dict[str, object]
) -> bool:
    """Whether an answer of 200 is what the description says, where it is JSON and described."""
    kind = answer.headers.get("content-type", "").split(";")[0]
    responses = operation.get("responses", {})
    content = responses.get("200", {}).get("content", {}) if isinstance(responses, dict) else {}
    schema = content.get(kind, {}).get("schema")
    if kind != "application/json" or not schema:
        return True
    whole = {**schema, "components": described["components"]}
    return not any(jsonschema.Draft202012Validator(whole).iter_errors(json.loads(answer.content)))


def main() -> int:
    """The tables."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("home", nargs="?", type=Path)
    arguments.add_argument("--requests", type=int, default=20_000)
    arguments.add_argument("--files", type=int, default=10_000)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        home = Path(folder) / "home"
        if given.home:
            shutil.copytree(given.home, home)
        else:
            subprocess.run(
                [sys.executable, "-m", "marsad.cli.main", "flow"],
                env={**os.environ, "MARSAD_HOME": str(home)}, check=True,
            )  # fmt: skip
        control = Control(home / "control.db")
        key = api_keys.make(control, "attacks", 1_000_000)
        control.close()
        wrong = 0
        with portal(home) as (address, pid):
            wrong += bombed(address, pid)
            if given.requests:
                wrong += hostile(address, key, given.requests)
            wrong += bounds(address, home)
    if given.files:
        print("\ndamaged files:")
        wrong += fuzz.main(max(1, given.files // len(fuzz.dialects())), [])
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
