"""The portal in use: without a script, by keyboard, with hostile ads, within its budgets."""

from __future__ import annotations

import re

import brotli
import httpx2
import pytest
from fake import HOSTILE
from playwright.sync_api import Page, expect

HTML, SCRIPT, FONTS, PAGE = 30_000, 30_000, 65_000, 150_000  # bytes as sent


def test_choosing_figures_works_without_a_script(site: str, wordless: Page) -> None:
    wordless.goto(f"{site}/fr/indicators/unemployment_rate")
    wordless.select_option("#f-survey", "RGPH2024")
    wordless.select_option("#f-sex", "F")
    wordless.click(".filters button")
    assert "survey=RGPH2024" in wordless.url
    sentence = wordless.locator(".sentence").inner_text()
    assert "25,9" in sentence
    assert "2024" in sentence
    assert "Femmes" in sentence


def test_searching_ads_works_without_a_script(site: str, wordless: Page) -> None:
    wordless.goto(f"{site}/ar/ads")
    wordless.fill("#q", "لحام")
    wordless.click(".filters button")
    assert wordless.locator("li.ad").count() == 20
    wordless.click("a[rel=next]")
    assert "page=2" in wordless.url
    assert "q=" in wordless.url


def test_with_a_script_only_the_results_change(site: str, quiet: Page) -> None:
    quiet.goto(f"{site}/en/indicators/unemployment_rate")
    quiet.evaluate("document.querySelector('.filters').dataset.kept = 'yes'")
    quiet.select_option("#f-by", "sex")
    expect(quiet.locator("#results .legend").first).to_contain_text("Women")
    assert quiet.locator(".filters").get_attribute("data-kept") == "yes"
    assert "by=sex" in quiet.url
    expect(quiet.locator("#live")).to_contain_text("Unemployment rate")


def test_two_surveys_never_share_a_line(site: str, page: Page) -> None:
    page.goto(f"{site}/en/indicators/unemployment_rate?by=survey")
    lines = page.locator("svg.wide g[class^=s]")
    assert lines.count() == 4
    page.goto(f"{site}/en/indicators/unemployment_rate")
    path = page.locator("svg.wide .line").get_attribute("d") or ""
    assert path.count("M") == 2  # cut at the break of 2017
    assert page.locator("svg.wide .break").count() == 1


def test_an_empty_choice_offers_the_nearest_figure(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/indicators/unemployment_rate?survey=RGPH2024&freq=Q")
    page.click(".sentence a")
    assert "21,3" in page.locator(".sentence").inner_text()


def test_a_hostile_ad_is_shown_harmless(site: str, page: Page) -> None:
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    for path in ("/ar/ads", "/ar/ads/ad-0", "/fr/ads?q=%3Cscript%3Ealert(5)%3C/script%3E"):
        page.goto(site + path)
        main = page.locator("main")
        assert main.locator("script, img, [onmouseover], [onerror]").count() == 0
        assert main.locator("a[href^=javascript]").count() == 0
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.content())
    page.goto(f"{site}/ar/ads/ad-0")
    assert HOSTILE.split("\u202e", 1)[0] in page.locator("h1").inner_text()
    assert alarms == []


def test_an_ad_says_its_terms_in_words(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/ads/ad-1")
    rows = page.locator("table.codes tbody tr").all_inner_texts()
    text_by_term = {row.split("\t")[0]: " ".join(row.split()) for row in rows}
    assert "Activités de fabrication ISIC C 75 % Atelier" in text_by_term["Secteur d’activité"]
    assert "Travail en équipes ou de nuit 80 %" in text_by_term["Temps de travail"]
    assert "ISCED 3" in text_by_term["Niveau d’études"]
    assert "Salarié" in text_by_term["Nature du travail"]
    assert "de 90 à 110,50 DH, par jour, net" in text_by_term["Salaire"]
    assert "soit, par mois à temps plein, de 2 340 à 2 873 DH environ" in text_by_term["Salaire"]
    assert text_by_term["Nombre de postes"].endswith("4")
    page.goto(f"{site}/fr/ads/ad-2")
    titles = page.locator("table.codes tbody th").all_inner_texts()
    assert set(titles).isdisjoint({"Salaire", "Temps de travail", "Nombre de postes"})


def test_an_ad_says_what_to_check_in_its_own_words(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/ads/ad-1")
    panel = page.locator("section[aria-labelledby=h-flags]")
    assert [" ".join(line.split()) for line in panel.locator("li").all_inner_texts()] == [
        "Demande un homme, ou une femme : «Homme uniquement»",
        "Pose une condition d’âge : «moins de 30 ans»",
        "Salaire inférieur au minimum légal : «110,50 dh», environ 2 873 dirhams par mois à temps"
        " plein ; le minimum légal est d’environ 3 183",
        "Pourrait ne pas être une vraie offre : «Frais de dossier», aucun employeur n’est nommé",
        "Semble périmée : date limite le 1er octobre 2026, encore en ligne le 22 novembre 2026",
        "not_yet_known : «mot»",
    ]
    assert "un programme peut se tromper" in panel.inner_text()
    page.goto(f"{site}/ar/ads/ad-2")
    assert page.locator("section[aria-labelledby=h-flags]").count() == 0


def test_usual_skills_are_kept_apart_from_those_said(site: str, page: Page) -> None:
    page.goto(f"{site}/ar/ads/ad-1")
    usual = page.locator("section[aria-labelledby=h-usual]")
    assert usual.locator("li").all_inner_texts() == ["تلحيم بالقوس", "قراءة التصاميم"]
    page.goto(f"{site}/ar/ads/ad-2")
    assert usual.count() == 0


def test_measured_accuracy_shows_its_interval_and_its_gap(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/method")
    first, second = page.locator("table.measured tbody tr").all_inner_texts()
    assert "77,0 % à 89,2 %" in " ".join(first.split())
    assert "3,4" in first
    assert second.count("–") == 2  # not measured


def test_every_synthetic_ad_says_so(site: str, page: Page) -> None:
    page.goto(f"{site}/ar/ads")
    assert page.locator("li.is-synthetic").count() > 0
    assert page.locator("li.is-synthetic").count() == page.locator("li .badge.synthetic").count()
    assert page.locator(".notice.synthetic").count() == 1
    page.goto(f"{site}/ar/indicators/new_ads")
    assert page.locator(".notice.synthetic").count() == 1


def test_withheld_and_doubtful_values_are_told_in_words(site: str, page: Page) -> None:
    page.goto(f"{site}/fr/indicators/new_ads?by=occupation")
    assert page.locator(".flag").first.inner_text() == "Masquée (secret statistique)"
    page.goto(f"{site}/fr/indicators/unemployment_rate")
    assert page.locator(".flag").first.inner_text() == "Valeur contredite par une autre source"


def test_the_keyboard_reaches_the_content_and_shows_where_it_is(site: str, page: Page) -> None:
    page.goto(f"{site}/ar/indicators/unemployment_rate")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    seen = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert seen == "solid"


@pytest.mark.parametrize(
    "path",
    ["/", "/indicators/unemployment_rate", "/indicators/new_ads?by=occupation", "/ads", "/data"],
)
def test_a_page_keeps_its_budget(site: str, page: Page, path: str) -> None:
    sizes: dict[str, int] = {}
    urls: set[str] = set()
    page.on("request", lambda request: urls.add(request.url))
    page.goto(f"{site}/ar{path}", wait_until="networkidle")
    for url in urls:
        with httpx2.stream("GET", url, headers={"Accept-Encoding": "br"}) as answer:
            kind = answer.headers["content-type"].split(";")[0]
            sizes[kind] = sizes.get(kind, 0) + len(b"".join(answer.iter_raw()))
    assert sizes["text/html"] <= HTML
    assert sizes["text/javascript"] <= SCRIPT
    assert sizes["font/woff2"] <= FONTS
    assert sum(sizes.values()) <= PAGE


def test_answers_are_guarded_compressed_and_not_sent_twice(site: str) -> None:
    url = f"{site}/ar/indicators/unemployment_rate"
    first = httpx2.get(url, headers={"Accept-Encoding": "br"})
    policy = first.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors" in policy
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["content-encoding"] == "br"
    again = httpx2.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    other = httpx2.get(url + "?sex=F", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    style = re.search(r"/static/marsad\.[0-9a-f]{10}\.css", first.text)
    assert style is not None
    kept = httpx2.get(site + style.group(), headers={"Accept-Encoding": "identity"})
    assert "immutable" in kept.headers["cache-control"]
    assert len(brotli.compress(kept.content)) < 8_000
    assert httpx2.get(f"{site}/static/../app.py").status_code == 404
    assert httpx2.get(f"{site}/healthz").text == "ok\n"


def test_the_grouped_south_is_listed_and_painted_on_no_region(live_site: str) -> None:
    page = httpx2.get(f"{live_site}/fr/indicators/unemployment_rate").text
    assert "Régions du Sud (groupées)" in page
    assert "22,8" in page  # its value of 2025
    assert "Laâyoune-Sakia El Hamra: 22,8" not in page


def test_coming_back_from_an_ad_shows_the_answer_again(real_site: str, page: Page) -> None:
    page.goto(f"{real_site}/fr/match")
    page.fill("[name=text]", "soudure, lecture de plans")
    page.fill("[name=job]", "soudeur")
    page.get_by_role("button", name="Trouver").first.click()
    link = page.locator("main a[href*='/ads/']").first
    link.wait_for()
    link.click()
    page.wait_for_url("**/fr/ads/**")
    page.go_back()
    assert page.url.endswith("/fr/match")
    assert page.locator("main a[href*='/ads/']").count() > 0


def test_a_day_before_versions_were_kept_says_so(real_site: str, wordless: Page) -> None:
    wordless.goto(f"{real_site}/fr/indicators/unemployment_rate?as_of=2024-06-01")
    assert "garde les versions depuis" in wordless.locator("main").inner_text()
    wordless.goto(f"{real_site}/fr/indicators/unemployment_rate")
    assert "garde les versions depuis" not in wordless.locator("main").inner_text()


def test_machines_read_the_whole_figure(real_site: str) -> None:
    html = httpx2.get(f"{real_site}/fr/indicators/establishments").text
    assert 'value="1304564"' in html
    assert "e+0" not in html


def test_an_empty_report_is_asked_for_its_words(real_site: str, wordless: Page) -> None:
    key = httpx2.get(f"{real_site}/api/v1/ads?size=1").json()["ads"][0]["key"]
    wordless.goto(f"{real_site}/fr/ads/{key}/report?field=pay")
    wordless.get_by_role("button", name="Envoyer").click()
    assert "ajoutez une note" in wordless.locator("main").inner_text()


def test_scales_of_small_charts_are_the_same_and_say_so(real_site: str) -> None:
    html = httpx2.get(f"{real_site}/fr/indicators/unemployment_rate?by=age&view=small").text
    ends = re.findall(r'class="multiple".*?</svg>', html, re.S)
    scales = {tuple(re.findall(r"<text[^>]*>([^<]+)</text>", svg)) for svg in ends}
    assert len(ends) > 2
    assert len(scales) == 1


def test_a_message_never_bears_an_address_that_a_visitor_made_up(live_site: str) -> None:
    form = {
        "kind": "indicator",
        "about": "unemployment_rate",
        "channel": "email",
        "address": "a@example.org",
    }
    answer = httpx2.post(f"{live_site}/fr/alerts", data=form, headers={"Host": "evil.example"})
    assert answer.status_code == 200
    assert "evil.example" not in answer.text
