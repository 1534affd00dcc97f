"""The door for benchmarks: JSON lines in, ranked codes out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from marsad.enrich.fields.isco08.classify import FLOOR, occupation_of
from marsad.enrich.language import of_segment


def _code(scheme: str, *lines: dict[str, Any] | str) -> tuple[int, list[dict[str, Any]], str]:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    done = subprocess.run(
        [Path(sys.executable).with_name("marsad"), "code", "--scheme", scheme],
        input=text, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_occupations_are_ranked_with_evidence_or_abstained_from() -> None:
    rc, out, _ = _code(
        "isco08",
        {"id": "a", "text": "Comptable (H/F)"},
        {"id": 2, "text": "محاسب", "language": "ar"},
        {"id": 3, "text": "xyz"},
    )
    assert rc == 0
    assert [row["id"] for row in out] == ["a", 2, 3]
    assert out[0]["codes"][0]["code"] == out[1]["codes"][0]["code"] == "2411"
    assert out[0]["codes"][0]["evidence"] == "comptable"
    scores = [c["score"] for c in out[0]["codes"]]
    assert scores == sorted(scores, reverse=True)
    assert out[2]["codes"] == []


def test_the_door_abstains_where_the_flow_does() -> None:
    titles = (
        "بغينا سودور مجرب",
        "li kay3ref ysaweb tlaja",
        "khassna chi wa7d",
        "شي حد يقابل الواليدة",
        "Chargé de mission",
    )
    lines = [
        {"id": n, "text": title, "language": of_segment(title).code}
        for n, title in enumerate(titles)
    ]
    for line, row in zip(lines, _code("isco08", *lines)[1], strict=True):
        given, _ = occupation_of(str(line["text"]), "", str(line["language"]))
        answered = [c["code"] for c in row["codes"][:1] if c["score"] >= FLOOR]
        assert answered == [c.code for c in given[:1]], line


def test_esco_skills_and_language() -> None:
    _, esco, _ = _code("esco", {"id": 1, "text": "Comptable"})
    assert esco[0]["codes"][0]["code"].startswith("2411")
    _, errors, _ = _code("skills", {"id": 1, "text": "Maîtrise d'Excel et permis B exigés"})
    assert len(errors[0]["codes"]) >= 2
    _, spoken, _ = _code(
        "language",
        {"id": 1, "text": "كنقلبو على واحد الدري يخدم معانا ديال المعقول"},
        {"id": 2, "text": "Nous recherchons un vendeur"},
    )
    assert [row["codes"][0]["code"] for row in spoken] == ["ary", "fr"]


def test_duplicates_share_a_cluster_and_say_why() -> None:
    text = (
        "Vous assurez la tenue de la comptabilité générale et les déclarations fiscales du groupe."
    )
    ad = {"text": "Comptable", "description": text, "company": "Atlas", "place": "Fès"}
    _, out, _ = _code(
        "dedup",
        {"id": 1, "board": "x", **ad},
        {"id": 2, "board": "y", **ad},
        {"id": 3, "board": "y", **ad, "place": "Agadir"},
    )
    assert [row["cluster"] for row in out] == ["1", "1", "3"]
    assert "same place" in out[0]["links"][0]["reason"]


def test_a_bad_line_is_named() -> None:
    rc, out, errors = _code("isco08", {"id": 1, "text": "Comptable"}, '{"id": 2}')
    assert rc == 2
    assert len(out) == 1
    assert "row 2" in errors
    assert "Traceback" not in errors


def _code_bytes(data: bytes) -> tuple[int, list[dict[str, Any]], str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("marsad"), "code", "--scheme", "isco08"],
        input=data, capture_output=True, timeout=600,
    )  # fmt: skip
    out = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, out, done.stderr.decode()


def test_bad_lines_are_named_and_the_others_answered() -> None:
    lines = (
        b'\xef\xbb\xbf{"id": 1, "text": "Soudeur"}',
        b'{"id": 2, "text": "Ma\xe7on"}',
        b"[" * 100_000,
        b'{"id": 4, "text": "\\ud800"}',
        b'{"id": 5, "text": "Couturi\xc3\xa8re"}',
    )
    rc, out, errors = _code_bytes(b"\n".join(lines))
    assert rc == 2
    assert [row["id"] for row in out] == [1, 5]
    assert all(f"row {n}:" in errors for n in (2, 3, 4))
    assert "could not be read: 3" in errors
    assert "Traceback" not in errors


def test_lines_of_wider_letters_are_read() -> None:
    rc, out, _ = _code_bytes('{"id": 1, "text": "Maçon"}\n'.encode("utf-16"))
    assert rc == 0
    assert out[0]["codes"]
