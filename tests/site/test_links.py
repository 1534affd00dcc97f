"""Every link of the portal leads somewhere: pages, files and the machine interface alike."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

import httpx2

STARTS = (
    "/fr/", "/fr/indicators", "/fr/indicators/unemployment_rate?by=sex&survey=ENE",
    "/ar/indicators/unemployment_rate?by=area", "/fr/indicators/new_ads", "/ar/ads",
    "/ar/ads?language=ar&q=a", "/fr/method", "/fr/data", "/fr/sources", "/fr/about", "/en/nowhere",
)  # fmt: skip
MOST = 4  # links of one kind that are followed from one page


def links(html: str) -> list[str]:
    addresses = [unescape(link) for link in re.findall(r'(?:href|src)="([^"#]+)', html)]
    return [link for link in dict.fromkeys(addresses) if link.startswith("/")]


def kind(link: str) -> str:
    path, _, query = link.partition("?")
    return re.sub(r"/(?:ar|fr|en)/", "/", re.sub(r"[\w-]+$", "", path)) + query[:12]


def test_every_link_leads_somewhere(real_site: str) -> None:
    wrong, seen = [], set()
    with httpx2.Client(follow_redirects=True) as client:
        for start in STARTS:
            counts: dict[str, int] = {}
            for link in links(client.get(real_site + start).text):
                counts[kind(link)] = counts.get(kind(link), 0) + 1
                if link in seen or counts[kind(link)] > MOST:
                    continue
                seen.add(link)
                status = client.get(urljoin(real_site, link)).status_code
                if status != 200:
                    wrong.append((start, link, status))
    assert len(seen) > 60
    assert wrong == []
