"""Damaged files: ten thousand mutations of feeds, pages and tables, none of which may end in a traceback.

The seeds are the samples of the sources and, where they are, the files of ../shared. Each mutation cuts,
flips, doubles, swaps or nests something; a mutation is right when its file is read, with whatever is set
aside, or refused in one sentence (an error of Marsad's own).
"""

from __future__ import annotations

import io
import json
import random
import re
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
from benchmarks.truth.line import Line

from marsad.base.errors import MarsadError
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector, sources

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
MUTATIONS = 10_000
_MOST_BYTES = 60_000  # of a seed: larger ones are cut, so that the whole takes minutes
Seed = tuple[str, str, bytes]
"""Kind of records, name of the file, its bytes."""
_LONG = "a number of 5,000 digits"
_ODD: tuple[object, ...] = (
    None, True, [], {}, [[[]]], {"a": {"b": []}}, 10**30, -(10**30), 1e308, "", "\x00", "\ud800",
    "\u202e", "9" * 5000, "<" * 500, "&" * 500, "0000-00-00", ["x"] * 300, float("nan"), _LONG,
)  # fmt: skip
_CHARSETS = ("utf-7", "x-unknown", "utf-16", "windows-1256", "ebcdic-cp-us", "utf-8", "punycode", "base64", "hex")  # fmt: skip


def seeds() -> list[Seed]:
    """The files to damage."""
    listed = [
        (spec.kind, path)
        for spec in sources()
        for path in sorted((spec.folder / "sample").glob("*"))
        if path.is_file()
    ]
    listed += [("ads", path) for path in sorted((SHARED / "data" / "feeds").glob("*"))]
    listed += [("ads", path) for path in sorted((SHARED / "data" / "html").glob("*.html"))]
    listed += [("observations", p) for p in sorted((SHARED / "data" / "official").glob("n*.csv"))]
    suffixes = {".xml", ".rss", ".json", ".jsonl", ".csv", ".html", ".xlsx", ".xls", ".txt"}
    for path in sorted((SHARED / "cases").glob("[0-5]*")):
        if path.suffix in suffixes and not path.name.startswith(("20", "21", "22", "23", "4")):
            listed.append(("observations" if path.name[:2] in ("30", "31") else "ads", path))
    return [(kind, path.name, path.read_bytes()[:_MOST_BYTES]) for kind, path in listed]


def _cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _flip(data: bytes, dice: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(dice.choice((1, 3, 20))):
        if flipped:
            flipped[dice.randrange(len(flipped))] = dice.randrange(256)
    return bytes(flipped)


def _lose(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + dice.randrange(200) :]


def _double(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data) + 1)
    part = data[start : start + dice.randrange(400)]
    return data[:start] + part * dice.choice((2, 50)) + data[start:]


def _insert(data: bytes, dice: random.Random) -> bytes:
    odd = dice.choice(
        (b"\x00", b"\x0b", b"\xff\xfe", b"\xed\xa0\x80", b'"', b"<", b"&", b"&#0;", b"&#xD800;", b"]]>",
         b"<![CDATA[", b"{", b"[", b"}", b";", b"\t", b"\r", b"<!DOCTYPE x [", b"\\ud800", b"-->", b"'")
    )  # fmt: skip
    place = dice.randrange(len(data) + 1)
    return data[:place] + odd * dice.choice((1, 1, 1000)) + data[place:]


def _charset(data: bytes, dice: random.Random) -> bytes:
    name = dice.choice(_CHARSETS)
    if dice.random() < 0.5:
        head = f'<?xml version="1.0" encoding="{name}"?><meta charset="{name}">'.encode()
        return head + data.partition(b"?>")[2] if data.startswith(b"<?xml") else head + data
    text = data.decode("utf-8", "replace")
    charset = dice.choice(
        ("utf-16", "utf-16-be", "utf-32", "cp1256", "mac_roman", "cp1252", "utf-8-sig")
    )
    return text.encode(charset, "replace")


def _nest(data: bytes, dice: random.Random) -> bytes:
    depth = dice.choice((60, 300, 5_000, 100_000))
    place = dice.randrange(len(data) + 1)
    opened, closed = dice.choice(
        ((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>"), (b"<div>", b""))
    )
    return data[:place] + opened * depth + closed * dice.choice((0, depth)) + data[place:]


def _swapped(value: object, dice: random.Random) -> object:
    """A JSON value with one part of another type."""
    if isinstance(value, dict) and value and dice.random() < 0.8:
        key = dice.choice(list(value))
        return {**value, key: _swapped(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.8:
        place = dice.randrange(len(value))
        return [*value[:place], _swapped(value[place], dice), *value[place + 1 :]]
    return dice.choice(_ODD)


def _types(data: bytes, dice: random.Random) -> bytes:
    """JSON with other types in places; of what is none, another mutation."""
    text = data.decode("utf-8", "replace")
    start = max(text.find("{"), 0)
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
        for _ in range(dice.choice((1, 1, 4))):
            value = _swapped(value, dice)
        dumped = json.dumps(value, ensure_ascii=False).replace(f'"{_LONG}"', "9" * 5000)
    except (ValueError, RecursionError):
        return _flip(data, dice)
    return f"{text[:start]}{dumped}{text[end:]}".encode("utf-8", "surrogatepass")


def _zipped(data: bytes, dice: random.Random) -> bytes:
    """A workbook with one of its parts damaged; of what is none, another mutation."""
    if not data.startswith(b"PK"):
        return _lose(_flip(data, dice), dice)
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            names = old.namelist()
            chosen = dice.choice(names)
            for name in names:
                part = old.read(name)
                new.writestr(name, dice.choice(_PLAIN)(part, dice) if name == chosen else part)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, NotImplementedError, OSError):
        return _flip(data, dice)
    return out.getvalue()


def _entity(data: bytes, dice: random.Random) -> bytes:
    """Entities that unfold, are unknown, or name what may not stand."""
    odd = dice.choice(
        (b"&lol9;", b"&#x110000;", b"&#0;", b"&#xFFFE;", b"&nbsp;", b"&amp;amp;amp;lt;script&amp;gt;", b"&" + b"a" * 5000 + b";")
    )  # fmt: skip
    place = dice.randrange(len(data) + 1)
    head = b""
    if dice.random() < 0.3:
        bombs = b"".join(
            b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10)
        )
        head = b'<!DOCTYPE x [<!ENTITY lol0 "lol">' + bombs + b"]>"
    return head + data[:place] + odd * dice.choice((1, 1, 300)) + data[place:]


def _number(data: bytes, dice: random.Random) -> bytes:
    """A number of the file as one that is huge, odd or none."""
    places = [match.span() for match in re.finditer(rb"\d+", data)]
    if not places:
        return _insert(data, dice)
    start, end = dice.choice(places)
    odd = dice.choice(
        (b"9" * 400, b"1e999", b"-1", b"0x1f", b"NaN", b"1" + b"0" * 5000, "٤٢".encode(), b"")
    )
    return data[:start] + odd + data[end:]


_PLAIN: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut,
    _flip,
    _lose,
    _double,
    _insert,
    _entity,
    _number,
)
_ALL = (*_PLAIN, _charset, _nest, _types, _types, _zipped)


def mutations(number: int, seed: int = 13) -> Iterator[Seed]:
    """Damaged files, by chance but always the same."""
    dice, files = random.Random(seed), seeds()
    for place in range(number):
        kind, name, data = files[place % len(files)]
        yield kind, name, damage(data, dice)


def damage(data: bytes, dice: random.Random) -> bytes:
    """A file damaged once or twice."""
    for _ in range(dice.choice((1, 1, 2))):
        data = dice.choice(_ALL)(data, dice)
    return data


def outcome(kind: str, name: str, data: bytes) -> str:
    """`read`, `refused`, or the name of the error that nobody caught, and where."""
    try:
        spec = detect(kind, Path(name), data)
        msgspec.json.encode(list(collector(spec)(Context(spec, (Payload(name, data),)))))
    except MarsadError:
        return "refused"
    except Exception as error:  # noqa: BLE001 - what is measured
        return uncaught(error)
    return "read"


def uncaught(error: Exception) -> str:
    """The name of an error that nobody caught, and where it arose."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__} {place}"


def measure(number: int = MUTATIONS) -> list[Line]:
    """The share of damaged files that are read, or refused in a sentence."""
    counts: Counter[str] = Counter()
    slowest = (0.0, "")
    for place, (kind, name, data) in enumerate(mutations(number)):
        started = time.process_time()
        result = outcome(kind, name, data)
        slowest = max(slowest, (time.process_time() - started, f"{place} {name}"))
        counts[result] += 1
        if result not in ("read", "refused"):
            print(f"  {place} {kind} {name}: {result}", file=sys.stderr)
    right = counts["read"] + counts["refused"]
    print(
        f"  {dict(counts.most_common(8))}, slowest {slowest[0]:.2f} s: {slowest[1]}",
        file=sys.stderr,
    )
    share = f"{right / number:.2%}"
    return [Line("damaged files read or refused in a sentence", "100 %", share, number)]


if __name__ == "__main__":
    for line in measure(int(sys.argv[1]) if len(sys.argv) > 1 else MUTATIONS):
        print(line)
