"""Titles of public notices: the share coded and right on titles made here, and on the notices in
`../shared/data`, where each answer was read (`notices_read.csv`: identifiers and verdicts, no text)."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

from marsad.base.records import JobAd
from marsad.base.text import clean
from marsad.collect.context import Context, Payload
from marsad.collect.register import collector, source
from marsad.enrich.fields.isco08.classify import occupation_of

from .line import Line

FILES = {
    "emploi_public_fr": "morocco_public_sector_fr_2026-08.jsonl",
    "emploi_public_ar": "morocco_public_sector_ar_2026-08.jsonl",
}
SHARED = Path(__file__).parents[3] / "shared" / "data" / "ads"
_FRENCH = (
    "Avis de concours de recrutement de {}", "Concours de recrutement de 5 {} - échelle 10", "Avis de concours pour le recrutement de {} de 2ème grade",
    "Recrutement par concours de {} au Ministère de la Santé", "Avis d'ouverture de concours : {} (session du 12 mai)",
)  # fmt: skip
_ARABIC = (
    "مباراة لتوظيف {}",
    "إعلان عن مباراة توظيف {} من الدرجة الثانية",
    "مباراة لتوظيف {} - سلم 10",
    "تنظيم مباراة لتوظيف {} بوزارة التجهيز",
)
_CORPS = (
    ("Médecins", "أطباء", "2211"), ("médecins spécialistes", "أطباء اختصاصيين", "2212"), ("infirmiers polyvalents", "ممرضين", "2221"),
    ("sages-femmes", "قابلات", "2222"), ("administrateurs", "متصرفين", "2422"), ("ingénieurs d'Etat", "مهندسي دولة", "2149"), ("architectes", "مهندسين معماريين", "2161"),
    ("techniciens", "تقنيين", "3119"), ("adjoints administratifs", "مساعدين إداريين", "4110"), ("professeurs assistants", "أساتذة مساعدين", "2310"),
    ("professeurs de l'enseignement primaire", "أساتذة التعليم الابتدائي", "2341"), ("greffiers", "كتاب الضبط", "3411"), ("inspecteurs du travail", "مفتشي الشغل", "3359"),
    ("pharmaciens", "صيادلة", "2262"), ("vétérinaires", "أطباء بياطرة", "2250"), ("assistants sociaux", "مساعدين اجتماعيين", "2635"), ("statisticiens", "إحصائي", "2120"),
    ("gardiens de la paix", "حراس الأمن", "5412"), ("inspecteurs des impôts", "مفتشي الضرائب", "3352"), ("agents de service", "أعوان المصلحة", "9112"),
)  # fmt: skip


def made() -> list[tuple[str, str]]:
    """(title, unit group) of notices made from frames and corps."""
    french = [(frame.format(fr), isco) for frame, (fr, _, isco) in product(_FRENCH, _CORPS)]
    return french + [(frame.format(ar), isco) for frame, (_, ar, isco) in product(_ARABIC, _CORPS)]


def _coded(title: str, text: str = "") -> str:
    groups, _ = occupation_of(title, text)
    return groups[0].code if groups else ""


def _real(source_id: str) -> list[JobAd]:
    spec, path = source(source_id), SHARED / FILES[source_id]
    context = Context(spec, (Payload(path.name, path.read_bytes()),))
    return list({ad.ad_id: ad for ad in collector(spec)(context) if isinstance(ad, JobAd)}.values())


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"


def measure() -> list[Line]:
    """Coded and right, made and real; a real answer that was not read counts as wrong."""
    answers = [(_coded(title), isco) for title, isco in made()]
    lines = [
        Line(
            "notices made here: coded",
            ">= 85 %",
            _percent(sum(bool(c) for c, _ in answers), len(answers)),
            len(answers),
        ),
        Line(
            "notices made here: right",
            ">= 90 %",
            _percent(sum(c == i for c, i in answers), len(answers)),
            len(answers),
        ),
    ]
    if not SHARED.is_dir():
        return lines
    with Path(__file__).with_name("notices_read.csv").open(encoding="utf-8", newline="") as file:
        right = {
            (r["source_id"], r["ad_id"], r["isco08"])
            for r in csv.DictReader(file)
            if r["right"] == "1"
        }
    for source_id in FILES:
        ads = _real(source_id)
        coded = [(ad.ad_id, _coded(clean(ad.raw_title), clean(ad.raw_text))) for ad in ads]
        given = [(source_id, key, code) for key, code in coded if code]
        lines += [
            Line(
                f"notices of {source_id}: coded",
                ">= 85 %",
                _percent(len(given), len(ads)),
                len(ads),
            ),
            Line(
                f"notices of {source_id}: right, read one by one",
                ">= 90 %",
                _percent(len(right & set(given)), len(given)),
                len(given),
            ),
        ]
    return lines
