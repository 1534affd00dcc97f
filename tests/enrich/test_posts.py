"""Posts: what they are, which jobs they offer, and that nobody is left in what is kept."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.base.records import JobAd
from marsad.base.settings import Settings
from marsad.collect.context import Context, Payload
from marsad.collect.detect import detect
from marsad.collect.register import collector, source
from marsad.enrich.posts import KINDS, chances, jobs_of, kind_of, offered
from marsad.enrich.posts.persons import without_persons
from marsad.flow.steps import Flow


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Société à Fès recrute deux couturières, salaire 3500 dh + CNSS, tél 0612345678",
            "offers",
        ),
        ("مطلوب عاملات خياطة بمدينة طنجة، الراتب مهم، للاتصال 0612345678", "offers"),
        ("bghina serveur f 9ahwa f agadir, li mohtam ysift cv", "offers"),
        ("Bonjour je cherche un travail à Salé, j'ai le bac et le permis B", "seeks"),
        ("السلام عليكم كنقلب على شي خدمة فكازا عندي تجربة فالبيع", "seeks"),
        ("salam kan9leb 3la khdma f rabat 3ndi bac+2", "seeks"),
        ("A vendre Dacia Logan 2015 première main", "neither"),
        ("Joyeuse fête à tous les membres du groupe", "neither"),
        ("", "neither"),
    ],
)
def test_a_post_offers_work_looks_for_it_or_does_neither(text: str, kind: str) -> None:
    assert kind_of(text) == kind


@given(st.text(max_size=400))
def test_any_text_has_a_kind(text: str) -> None:
    likely = chances(text)
    assert abs(float(likely.sum()) - 1) < 1e-4
    assert kind_of(text) in KINDS
    assert jobs_of(text)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("On recrute 2 serveurs et un cuisinier à Agadir, débutants acceptés", ["serveurs", "cuisinier"]),
        ("Société recrute:\n- 3 soudeurs\n- 2 chauffeurs poids lourd à Kénitra\n- Un comptable\nCV par mail", ["soudeurs", "chauffeurs poids lourd", "comptable"]),
        ("Looking for a nurse and a driver in Rabat", ["nurse", "driver"]),
        ("Nous cherchons une infirmière à Oujda", ["infirmière"]),
    ],
)  # fmt: skip
def test_each_job_of_a_post_is_an_ad(text: str, titles: list[str]) -> None:
    jobs = jobs_of(text)
    assert [job.title for job in jobs] == titles
    assert all(job.title in job.text for job in jobs)


@pytest.mark.parametrize(
    "person",
    ["Contact @omar_jobs", "demandez Fatima au comptoir", "appelez lalla Zahra", "ana Abdelmoughit", "سولو على مي الباتول",
     "topo.tiz (at) maktab (dot) ma", "06 12 34 56 78", "Haj Mfedal", "le gérant Samir El Kabbaj"],
)  # fmt: skip
def test_persons_go(person: str) -> None:
    left = without_persons(f"Atelier à Fès cherche un soudeur, {person}")
    assert "soudeur" in left
    for word in (
        "omar",
        "Fatima",
        "Zahra",
        "Abdelmoughit",
        "الباتول",
        "maktab",
        "34 56",
        "Mfedal",
        "Samir",
        "Kabbaj",
    ):
        assert word not in left


@pytest.mark.parametrize(
    "place", ["Hay Mohammadi", "Moulay Rachid", "Sidi Othmane", "rue Hassan II", "حي محمد"]
)
def test_places_that_bear_names_stay(place: str) -> None:
    assert place.split()[-1] in without_persons(f"Café {place} cherche un serveur")


def test_only_posts_that_offer_work_are_kept_and_their_file_is_not(tmp_path: Path) -> None:
    flow = Flow(Settings(home=tmp_path / "home", sample=False))
    spec = source("social_posts")
    run = flow.ingest(spec, [spec.folder / "sample" / "telegram.json"])
    flow.enrich()
    ads = flow.lake.read("core_ads").to_pylist()
    assert sorted(ad["title"] for ad in ads) == ["couturières", "repasseuse"]
    assert not any("12 34" in ad["text"] for ad in ads)
    assert "1 look for it and are not kept" in run.message
    assert flow.vault.names() == set()
    (document,) = flow.control.documents()
    assert document["name"] == "telegram.json"
    raw = json.dumps(flow.lake.read("raw_contents").to_pylist(), default=str, ensure_ascii=False)
    assert "kan9leb" not in raw


def test_the_jobs_of_a_post_have_identifiers_of_their_own() -> None:
    post = JobAd(
        source_id="social_posts", board="b", ad_id="7", raw_title="x", posted_on=dt.date(2026, 5, 1),
        raw_text="Hôtel recrute: 2 serveurs, 1 cuisinier et un réceptionniste à Agadir",
    )  # fmt: skip
    kinds: Counter[str] = Counter()
    ads = list(offered([post], kinds))
    assert [ad.ad_id for ad in ads] == ["7-1", "7-2", "7-3"]
    assert kinds == {"offers": 1}


@pytest.mark.parametrize(
    "line",
    ["12/05/2026, 10:16 - Ali: ", "[12/05/2026 10:16:22] Ali: ", "\u200f12\u200f/05\u200f/2026، 10:16 م - علي: ", "12/05/2026 à 10:16 - Ali: ",
     "12.05.26, 10:16 - Ali: ", "12/05/2026، 10:16 مساءً - علي: ", "\u200e[12/05/2026, 10:16:00\u202fPM] ~\u202fAli: "],
)  # fmt: skip
def test_chats_of_any_phone_are_read_and_what_the_group_tells_is_no_message(line: str) -> None:
    day = line.split(":")[0]
    joined = (
        f"{line[: line.rindex(':') - 3].rstrip()} Sara a rejoint le groupe" if " - " in line else ""
    )
    text = f"{line}On cherche un serveur à Agadir\n{joined}\n{line}autre message\n"
    context = Context(source("social_posts"), (Payload("chat.txt", text.encode()),))
    posts = list(collector(source("social_posts"))(context))
    assert len(posts) == 2, day
    assert posts[0].raw_text == "On cherche un serveur à Agadir"  # type: ignore[union-attr]
    assert detect("ads", Path("chat.txt"), text.encode()).id == "social_posts"


@pytest.mark.parametrize(
    "sample", sorted((source("social_posts").folder / "sample").iterdir()), ids=lambda p: p.name
)
def test_every_export_is_known_by_its_look(sample: Path) -> None:
    assert detect("ads", sample, sample.read_bytes()).id == "social_posts"


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Atelier à Meknès recrute un soudeur", "MA"),
        ("مطلوب سائق بوجدة", "MA"),
        ("Restaurant à Dubaï recrute un serveur de Casablanca", "AE"),
        ("On recrute un soudeur, bon salaire", ""),
    ],
)
def test_a_post_is_of_the_country_that_it_names(text: str, country: str) -> None:
    post = JobAd(source_id="social_posts", board="b", ad_id="7", raw_title="x", raw_text=text)
    (ad, *_) = offered([post], Counter())
    assert ad.country in (country, "") if country == "AE" else ad.country == country
