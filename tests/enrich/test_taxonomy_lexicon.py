"""Labels of an imported taxonomy as further words that ads are searched for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from marsad.enrich import taxonomy_lexicon as lexicon


def _row(kind: str, name: str, label: str, *, group: str = "", preferred: bool = True) -> dict[str, Any]:  # fmt: skip
    return {
        "kind": kind, "uri": f"http://data.europa.eu/esco/{kind}/{name}", "group": group,
        "code": f"{group}.{name}" if group else "", "label": label, "preferred": preferred,
    }  # fmt: skip


ROWS = [
    _row("skill", "s1", "entretenir la lanterne"),
    _row("skill", "s2", "lanterne"),
    _row("skill", "s3", "entretenir la lanterne", preferred=False),
    _row("occupation", "1", "gardien de phare/gardienne de phare", group="2411"),
    _row("occupation", "2", "soudeur de quille", group="7212"),
    _row("occupation", "1", "chargé de lanterne", group="2411", preferred=False),
    _row("occupation", "2", "chargé de lanterne", group="7212", preferred=False),
    _row("occupation", "2", "souffleur de proue", group="7212", preferred=False),
]


def _labels(tmp_path: Path) -> lexicon.Labels:
    lexicon.write(tmp_path / "labels.tsv", ROWS)
    return lexicon.read(str(tmp_path / "labels.tsv"))


def test_skills_are_labels_of_several_words(tmp_path: Path) -> None:
    labels = _labels(tmp_path)
    text = "Vous savez entretenir la lanterne, et la lanterne."
    candidates = lexicon.skills(labels, "Gardien", text)
    assert [(c.code, c.evidence) for c in candidates] == [("s1", "entretenir la lanterne")]
    assert lexicon.skills(labels, "", text, known_codes=["s1"]) == []


def test_a_preferred_label_names_the_occupation(tmp_path: Path) -> None:
    named = lexicon.occupation(_labels(tmp_path), "Gardien(ne) de phare (H/F)", "")
    assert named is not None
    best, esco = named
    assert (best.code, esco, best.score) == ("2411", "2411.1", lexicon.TITLE_SCORE)


def test_a_label_of_two_unit_groups_names_none(tmp_path: Path) -> None:
    assert lexicon.occupation(_labels(tmp_path), "Chargé de lanterne", "2411") is None


def test_an_alternative_label_must_agree_with_the_coder(tmp_path: Path) -> None:
    labels = _labels(tmp_path)
    assert lexicon.occupation(labels, "Souffleur de proue", "") is None
    assert lexicon.occupation(labels, "Souffleur de proue", "2411") is None
    agreed = lexicon.occupation(labels, "Souffleur de proue", "7212")
    assert agreed is not None
    assert agreed[1] == "7212.2"


def test_what_our_own_lexicon_knows_stays(tmp_path: Path) -> None:
    ad = {
        "source_id": "a", "ad_key": "k", "title": "Gardien de phare", "text": "", "isco08": "5414",
        "isco08_score": 0.97, "isco08_evidence": "gardien", "esco": "5414.1",
    }  # fmt: skip
    labels = _labels(tmp_path)
    same, skill_rows = lexicon.with_labels(labels, ad, [])
    assert (same, skill_rows) == (ad, [])
    coded, _ = lexicon.with_labels(labels, {**ad, "isco08_score": 0.6}, [])
    assert (coded["isco08"], coded["esco"], coded["isco08_score"]) == ("2411", "2411.1", 0.95)
    _, more = lexicon.with_labels(labels, {**ad, "text": "entretenir la lanterne"}, [])
    assert more == [
        {"skill": "s1", "score": 0.85, "evidence": "entretenir la lanterne"}
    ]  # fmt: skip
