"""Review: the queue, judgements and what they change, from the command line to portal and API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from esco_files import write
from marsad.base.errors import InputError, NotFoundError
from marsad.base.settings import Settings
from marsad.cli.main import main
from marsad.collect.register import source
from marsad.flow import review, taxonomies
from marsad.flow.steps import Flow
from marsad.lake.control.schema import judgements
from served import serve

TEXT = "Nous recherchons une personne sérieuse pour notre équipe de Fès, expérience souhaitée. "
ADS = (
    ("Gardien de phare", "Atlas", "Il faut entretenir la lanterne chaque nuit et veiller. " + TEXT, "a1"),
    ("Comptable (H/F)", "Atlas", TEXT + "Tenue de la comptabilité et des déclarations.", "a2"),
    ("Comptable H/F", "Atlas", TEXT + "Tenue de la comptabilité et des déclarations!", "a3"),
    ("Zzyzx qwrtp", "Boreal", "Zzyzx qwrtp brmgl.", "a4"),
    ("Soudeur TIG", "Cimes", TEXT + "Soudure TIG sur inox.", "a5"),
)  # fmt: skip


@pytest.fixture(scope="module")
def flow(tmp_path_factory: pytest.TempPathFactory, module_database: str) -> Flow:
    home = tmp_path_factory.mktemp("review")
    file = home / "ads.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        names = "title_clean company_clean location_clean description_clean source link"
        writer.writerow(names.split())
        writer.writerows((t, c, "Fès", text, "Rekrute", link) for t, c, text, link in ADS)
    opened = Flow(Settings(home=home, workers=1, database=module_database))
    opened.ingest(source("morocco_boards"), [file])
    opened.enrich()
    return opened


@pytest.fixture
def judging(flow: Flow) -> Iterator[Flow]:
    """The installation, without what a test judged in it."""
    yield flow
    flow.control._execute(judgements.delete())


def _key(flow: Flow, title: str) -> str:
    rows = flow.lake.read("core_ads").to_pylist()
    return next(str(row["ad_key"]) for row in rows if row["title"] == title)


def _ad(flow: Flow, title: str) -> dict[str, object]:
    rows = flow.lake.read("core_ads").to_pylist()
    return next(row for row in rows if row["title"] == title)


def _run(flow: Flow, *words: str, **env: str) -> Result:
    place = {"MARSAD_HOME": str(flow.settings.home), "MARSAD_DATABASE": flow.settings.database}
    return CliRunner().invoke(main, list(words), env={**place, **env})


def test_the_queue_puts_abstentions_and_what_many_ads_hang_on_first(flow: Flow) -> None:
    cases = review.queue(flow.lake, flow.control)
    codes = cases["isco08"]
    assert [case["rank"] for case in codes] == list(range(1, len(codes) + 1))
    assert [c["priority"] for c in codes] == sorted((c["priority"] for c in codes), reverse=True)
    by_title = {case["title"]: case for case in codes}
    assert by_title["Zzyzx qwrtp"]["reason"] == "abstained"
    both = by_title.get("Comptable (H/F)") or by_title["Comptable H/F"]
    assert both["ads"] == 2, "the answer for one bears on its copy"
    assert both["value"] == "2411"
    (pair,) = (case for case in cases["dedup"] if "Comptable" in case["title"])
    assert pair["title_b"].startswith("Comptable")
    assert "text" not in pair


def test_list_and_show_from_the_command_line(flow: Flow) -> None:
    listed = _run(flow, "review", "list", "--scheme", "isco08")
    assert listed.exit_code == 0
    assert "Zzyzx qwrtp" in listed.output
    assert "abstained" in listed.output
    first = _run(flow, "review", "list", "--scheme", "isco08", "-n", "1").output
    assert len(first.strip().splitlines()) == 2
    key = _key(flow, "Comptable (H/F)")
    shown = _run(flow, "review", "show", key)
    assert shown.exit_code == 0, shown.output
    assert "isco08: 2411" in shown.output
    assert "rome: M1202, M1206" in shown.output
    assert "Tenue de la comptabilité" in shown.output
    assert _run(flow, "review", "show", "nothing").exit_code == 4
    assert "no code given" in _run(flow, "review", "show", _key(flow, "Zzyzx qwrtp")).output


def test_an_empty_installation_has_nothing_to_review(tmp_path: Path) -> None:
    env = {"MARSAD_HOME": str(tmp_path)}
    done = CliRunner().invoke(main, ["review", "list"], env=env)
    assert done.exit_code == 0
    assert "Nothing waits" in done.output


def test_a_judged_code_wins_and_leaves_the_queue(judging: Flow) -> None:
    key = _key(judging, "Zzyzx qwrtp")
    done = _run(judging, "review", "judge", "isco08", key, "7212", "--judge", "K", "--note", "seen")
    assert done.exit_code == 0, done.output
    assert "marsad flow enrich" in done.output
    titles = {case["title"] for case in review.queue(judging.lake, judging.control)["isco08"]}
    assert "Zzyzx qwrtp" not in titles
    (kept,) = judging.control.judgements("isco08")
    assert (kept["value"], kept["previous"], kept["score"], kept["note"]) == (
        "7212",
        "",
        None,
        "seen",
    )
    run = judging.enrich()
    assert run.message == "1 codes judged by people"
    ad = _ad(judging, "Zzyzx qwrtp")
    assert (ad["isco08"], ad["isco08_score"], ad["isco08_evidence"]) == (
        "7212",
        1.0,
        "judged by a person",
    )


def test_no_occupation_is_a_judgement_too(judging: Flow) -> None:
    key = _key(judging, "Comptable (H/F)")
    review.judge_code(judging.lake, judging.control, "isco08", key, "X", judge="K")
    judging.enrich()
    ad = _ad(judging, "Comptable (H/F)")
    assert (ad["isco08"], ad["isco08_score"], ad["esco"]) == ("", None, "")


def test_a_judged_language_wins(judging: Flow) -> None:
    key = _key(judging, "Zzyzx qwrtp")
    review.judge_code(judging.lake, judging.control, "language", key, "und", judge="K")
    judging.enrich()
    assert _ad(judging, "Zzyzx qwrtp")["language"] == "und"
    with pytest.raises(InputError, match="not a code of the list 'language'"):
        review.judge_code(judging.lake, judging.control, "language", key, "klingon", judge="K")


def test_pairs_judged_different_come_apart_and_judged_same_together(judging: Flow) -> None:
    one, two = _key(judging, "Comptable (H/F)"), _key(judging, "Comptable H/F")
    judging.enrich()
    assert _ad(judging, "Comptable H/F")["cluster"] == _ad(judging, "Comptable (H/F)")["cluster"]
    done = _run(judging, "review", "judge", "dedup", two, one, "different", "--judge", "K")
    assert done.exit_code == 0, done.output
    other = _key(judging, "Soudeur TIG")
    review.judge_pair(judging.lake, judging.control, one, other, "same", judge="K")
    judging.enrich()
    assert _ad(judging, "Comptable H/F")["cluster"] != _ad(judging, "Comptable (H/F)")["cluster"]
    assert _ad(judging, "Soudeur TIG")["cluster"] == _ad(judging, "Comptable (H/F)")["cluster"]
    (row, _) = judging.control.judgements("dedup")
    assert row["previous"] == "same"
    assert row["score"] > 0.7


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("isco08", "{a}", "241"), 2, "'241' is not an ISCO-08 unit group of four digits"),
        (("isco08", "{a}", "9999"), 2, "'9999' is not an ISCO-08 unit group"),
        (("isco08", "nothing", "2411"), 4, "There is no ad 'nothing'"),
        (("dedup", "{a}", "{a}", "same"), 2, "cannot be judged against itself"),
        (("dedup", "{a}", "nothing", "same"), 4, "There is no ad 'nothing'"),
        (("dedup", "{a}", "{b}", "perhaps"), 2, "'perhaps' is not one of"),
    ],
)
def test_a_wrong_judgement_is_refused_in_words(
    judging: Flow, words: tuple[str, ...], code: int, message: str
) -> None:
    keys = {"a": _key(judging, "Comptable (H/F)"), "b": _key(judging, "Soudeur TIG")}
    named = [word.format(**keys) for word in words]
    done = _run(judging, "review", "judge", *named, "--judge", "K")
    assert done.exit_code == code
    assert message in done.output
    assert not judging.control.judgements("isco08")


def test_the_same_pair_twice_is_refused_in_any_order(judging: Flow) -> None:
    one, two = _key(judging, "Comptable (H/F)"), _key(judging, "Soudeur TIG")
    review.judge_pair(judging.lake, judging.control, one, two, "different", judge="K")
    with pytest.raises(InputError, match="is judged already: different, by K on"):
        review.judge_pair(judging.lake, judging.control, two, one, "same", judge="L")
    review.judge_pair(judging.lake, judging.control, two, one, "same", judge="L", again=True)
    assert review.judged_pairs(judging.control) == [(*sorted((one, two)), True)]
    with pytest.raises(InputError, match="needs the name"):
        review.judge_pair(judging.lake, judging.control, one, _key(judging, "Zzyzx qwrtp"), "same", judge=" ")  # fmt: skip


def test_gold_holds_identifiers_and_codes_never_texts(judging: Flow, tmp_path: Path) -> None:
    one, two = _key(judging, "Comptable (H/F)"), _key(judging, "Soudeur TIG")
    review.judge_code(judging.lake, judging.control, "isco08", one, "2411", judge="K", note="sûr")
    review.judge_pair(judging.lake, judging.control, one, two, "different", judge="K")
    done = _run(judging, "review", "gold")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert list(row) == ["source_id", "board", "ad_id", "value", "judge"]
    assert (row["source_id"], row["value"], row["judge"]) == ("morocco_boards", "2411", "K")
    assert "omptable" not in done.output
    assert "sûr" not in done.output
    file = tmp_path / "gold.csv"
    done = _run(judging, "review", "gold", "--scheme", "dedup", "--out", str(file))
    assert "1 judgements in" in done.output
    assert file.read_text(encoding="utf-8").startswith("source_id_a,board_a,ad_id_a,source_id_b")
    judging.control.keep_judgement("isco08", "gone", "2411", previous="", score=None, judge="K")
    assert "1 judgements left out" in _run(judging, "review", "gold").stderr


def test_an_imported_taxonomy_codes_names_and_adds_skills(judging: Flow, tmp_path: Path) -> None:
    before = _ad(judging, "Gardien de phare")
    taxonomies.import_files(judging.lake, [write(tmp_path / "esco_1.2")])
    judging.enrich()
    ad = _ad(judging, "Gardien de phare")
    assert (ad["isco08"], ad["esco"]) == ("2411", "2411.90") or before["isco08_score"] >= 0.95  # type: ignore[operator]
    skills = judging.lake.read("core_ad_skills").to_pylist()
    assert [s["evidence"] for s in skills if s["skill"] == "s1"] == ["entretenir la lanterne"]
    judging.release()
    from marsad.cli.serve import Current

    reader = Current(judging.releases)()
    assert reader.label("skill", "s1", "en") == "tend the lantern"
    assert reader.label("skill", "s1", "fr") == "entretenir la lanterne"
    assert reader.label("esco", "2411.90", "ar") == "حارس المنارة البحرية"


def test_portal_and_api_show_the_queue_to_administrators_only(
    flow: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.cli.serve import Current
    from marsad.web.app import create_app

    flow.enrich()
    flow.release()
    addresses = ("/ar/admin/review", "/fr/admin/review", "/en/admin/review", "/api/v1/review")
    site = serve(create_app(Current(flow.releases)))
    base = next(site)
    monkeypatch.delenv("MARSAD_ADMIN", raising=False)
    assert {httpx2.get(base + address).status_code for address in addresses} == {404}
    monkeypatch.setenv("MARSAD_ADMIN", "1")
    pages = {address: httpx2.get(base + address) for address in addresses}
    assert {answer.status_code for answer in pages.values()} == {200}
    cases = pages["/api/v1/review"].json()["review"]
    assert {case["scheme"] for case in cases} >= {"isco08", "dedup"}
    only = httpx2.get(f"{base}/api/v1/review?scheme=isco08&limit=1").json()["review"]
    assert [case["rank"] for case in only] == [1]
    for answer in pages.values():
        assert "Zzyzx qwrtp" in answer.text
        assert "brmgl" not in answer.text, "no text of an ad"
    assert "Aucun code donné" in pages["/fr/admin/review"].text
    assert "noindex" in pages["/ar/admin/review"].text
    assert next(site, None) is None


def test_unknown_ads_are_not_found(flow: Flow) -> None:
    with pytest.raises(NotFoundError):
        review.show(flow.lake, flow.control, "nothing")
