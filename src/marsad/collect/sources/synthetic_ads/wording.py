"""The words of an invented ad: title, place, terms and text in one language, said from one truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from marsad.base.records import Row
from marsad.collect.seeds import AreaSeed
from marsad.collect.sources.synthetic_ads.world import Employer, Job, Terms, words

MIN_TEXT, MAX_TEXT = 150, 1200
PLANTED: Final = (("gender", 0.055), ("fee", 0.03), ("lowpay", 0.03))
"""Unlawful sentences and their share among ads of modest pay (about half of all ads)."""
_MODEST: Final = 3800
_SHARES: Final = {
    "experience": 0.6, "diploma": 0.35, "skills": 0.75, "soft": 0.4,
    "contract": 0.3, "pay": 0.15, "offer": 0.45, "hours": 0.4, "apply": 0.7,
}  # fmt: skip
"""How often each part of an ad's text is sentences."""
_VOWELS: Final = tuple("aeiou")
_SPELT_VOWELS: Final = tuple("AEFHILMNORSX")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as listed, as named in a sentence, with its article, and whether (H/F) may follow it."""

    listed: str
    named: str
    with_article: str
    open_to_both: bool


def phrases(lang: str) -> Row:
    """The sentences of an ad language; a mixed ad is French with inserts."""
    return dict(words("phrases")["fr" if lang == "mixed" else lang])


def title(rng: random.Random, job: Job, lang: str) -> Title:
    """One of the occupation's titles in the ad's language."""
    text = rng.choice(job.titles["fr" if lang == "mixed" else lang])
    if lang == "en":
        article = (
            "an"
            if (text.lower().startswith(_VOWELS) and not text[:2].isupper()) or _spelt(text)
            else "a"
        )
        return Title(text, text, f"{article} {text}", False)
    if lang not in ("fr", "mixed"):
        return Title(text, text, text, False)
    man, _, woman = text.partition("/")
    if man == "-":
        return Title(woman, woman, f"une {woman}", False)
    if woman == "-":
        return Title(man, man, f"un {man}", False)
    if not woman:
        return Title(man, man, f"un(e) {man}", True)
    both = f"un {man} ou une {woman}" if len(man) < 20 and rng.random() < 0.5 else f"un {man} (H/F)"
    listed = f"{man} / {woman}" if rng.random() < 0.2 else man
    return Title(listed, man, both, listed == man)


def _spelt(text: str) -> bool:
    """Whether an English title starts with letters that are spelt out, the first with a vowel."""
    first = text.split()[0]
    return first.isupper() and first.startswith(_SPELT_VOWELS)


def noisy_title(rng: random.Random, heading: Title, lang: str) -> str:
    """The title as typed: capitals, gender marks, urgency."""
    choice, text = rng.random(), heading.listed
    if choice < 0.15:
        return text.upper()
    text = text[:1].upper() + text[1:]
    if choice < 0.3 and heading.open_to_both:
        return f"{text} (H/F)"
    if choice < 0.36:
        return f"{text} - {'عاجل' if lang in ('ar', 'ary') else 'urgent'}"
    return text if choice < 0.9 else f'""{text}""'


def place(rng: random.Random, area: AreaSeed, lang: str) -> str | None:
    """The place as typed by the recruiter, or nothing."""
    choice = rng.random()
    if choice < 0.06:
        return None
    aliases = words("phrases")["aliases"]
    known = next((v for k, v in aliases.items() if k in area.name_fr), None)
    if choice < 0.3 and known:
        return str(rng.choice(known))
    if lang in ("ar", "ary") and choice < 0.75:
        return area.name_ar
    if choice < 0.4:
        return f"{area.name_fr.lower()} (maroc)"
    if choice < 0.48:
        return area.name_fr.upper()
    if choice < 0.53 and len(area.name_fr) > 5:
        at = rng.randrange(1, len(area.name_fr) - 1)
        return area.name_fr[:at] + area.name_fr[at + 1 :]
    return area.name_fr


def planted(rng: random.Random, job: Job) -> tuple[str, ...]:
    """The unlawful sentences an ad carries, by the names of phrases.yml; modest jobs alone have them."""
    return tuple(name for name, share in PLANTED if job.pay[0] < _MODEST and rng.random() < share)


def company(rng: random.Random, boss: Employer, lang: str) -> tuple[str | None, bool]:
    """The company field in the ad's script, and whether it names the employer."""
    arabic = lang in ("ar", "ary")
    hidden = words("employers")["hidden"]
    chance = rng.random()
    if chance < 0.1:
        return None, False
    if chance < 0.2:
        lists = hidden["home"] if boss.sector == "home" else hidden
        return str(rng.choice(lists["ar" if arabic else "fr"])), False
    return boss.arabic if arabic else boss.latin, True


def fields(rng: random.Random, truth: Terms, lang: str, pay: str) -> dict[str, object]:
    """Contract, experience, diploma and pay wording, each often missing. `pay`: stated, vague or none."""
    sentences, values = phrases(lang), _numbers(truth, lang)
    practice = list(sentences["experience"].get(truth.years, []))
    if truth.years:
        practice += sentences["experience"]["any"]
    options = (
        ("contract", 0.55, sentences["contract"][truth.contract]),
        ("experience", 0.5, practice),
        ("diploma", 0.45, sentences["diploma"][truth.diploma]),
    )
    texts: dict[str, object] = {
        name: rng.choice(forms).format(**values) if rng.random() < share else None
        for name, share, forms in options
    }
    forms = sentences["pay"] if pay == "stated" else sentences["pay_vague"]
    if pay == "stated" and truth.low <= 3600:
        forms = forms + sentences["pay_smig"]
    texts["salary"] = rng.choice(forms).format(**values) if pay != "none" else None
    return texts


def _numbers(truth: Terms, lang: str) -> dict[str, object]:
    years = phrases(lang)["years"]
    return {
        "low": truth.low,
        "high": truth.high,
        "years": years.get(truth.years, years["n"]).format(n=truth.years),
    }


def text(
    rng: random.Random,
    job: Job,
    truth: Terms,
    lang: str,
    about: dict[str, object],
    flags: Sequence[str],
    pay: str,
) -> str:
    """The text of an ad, 150 to 1,200 characters; `about` has title, a_title, company, city, named."""
    sentences = phrases(lang)
    values = {**_fillers(rng, job, lang), **_numbers(truth, lang), **about}
    values["diploma"] = rng.choice(sentences["diploma"][truth.diploma])
    slots = _slots(rng, job, truth, lang, "lowpay" in flags, pay)
    intros = sentences["intro"] + (
        sentences["growth"] if about["named"] and job.level != "home" else []
    )
    parts = [rng.choice(intros), rng.choice(sentences["tasks"])]
    chosen = [name for name in slots if rng.random() < _SHARES[name]]
    if not {"experience", "skills", "soft"} & set(chosen):
        chosen.append("skills")
    closing = ["apply"] if "apply" in chosen else []
    parts += [slots[name] for name in slots if name in chosen and name != "apply"]
    parts += [_unlawful(rng, sentences, flag, job.sex) for flag in flags]
    if lang == "mixed":
        inserts = words("phrases")["mixed_inserts"]
        casual = inserts["casual"] if job.level != "pro" else []
        for insert in rng.sample(inserts["formal"] + casual, 2):
            parts.insert(rng.randint(1, len(parts)), insert)
    spare = [slots[name] for name in slots if name not in chosen]
    joiner = rng.choice(
        ("\n", "\n\n") if any("\n" in part for part in parts) else (" ", "\n", "\n\n")
    )
    whole = [_filled(part, values) for part in [*parts, *(slots[name] for name in closing)]]
    while len(joiner.join(whole)) < MIN_TEXT and spare:
        whole.append(_filled(spare.pop(rng.randrange(len(spare))), values))
    return joiner.join(whole)[: MAX_TEXT - 100]


def _filled(part: str, values: dict[str, object]) -> str:
    line = part.format(**values)
    return line[:1].upper() + line[1:]


def _unlawful(rng: random.Random, sentences: Row, flag: str, sex: str) -> str:
    lists = sentences[flag][sex or rng.choice("fm")] if flag == "gender" else sentences[flag]
    return str(rng.choice(lists))


def _slots(
    rng: random.Random, job: Job, truth: Terms, lang: str, lowpay: bool, pay: str
) -> dict[str, str]:
    """One sentence for each part that may be said of this opening; no part contradicts another."""
    sentences = phrases(lang)
    whole_day = truth.contract not in ("partiel", "freelance") and not lowpay
    forms: dict[str, list[str]] = {
        "experience": sentences["years_text"] if truth.years else sentences["beginner_text"],
        "diploma": sentences["diploma_text"] if truth.diploma != "none" else [],
        "skills": sentences["skills"],
        "soft": sentences["soft"],
        "contract": sentences["contract_text"][truth.contract],
        "pay": sentences["pay_text"] if truth.low and pay != "vague" and not lowpay else [],
        "offer": sentences["offers"][job.level]
        if truth.contract not in ("stage", "freelance")
        else [],
        "hours": sentences["hours"][job.hours] if whole_day else [],
        "apply": _ways_to_apply(sentences["apply"], job.level),
    }
    return {name: rng.choice(lines) for name, lines in forms.items() if lines}


def _ways_to_apply(lines: list[str], level: str) -> list[str]:
    """A household is called or written to: it has no reception desk that takes files."""
    return [line for line in lines if level != "home" or "{phone}" in line or "{email}" in line]


def _fillers(rng: random.Random, job: Job, lang: str) -> dict[str, object]:
    """Tasks, skills and contact details for the gaps; the details are placeholders only."""
    spoken = {"mixed": "fr", "ary-Latn": "fr"}.get(lang, lang)
    tasks = rng.sample(job.tasks[spoken], 3)
    skills = rng.sample(job.skills[spoken], len(job.skills[spoken]))
    digits = f"060000{rng.randint(0, 9999):04d}"
    spaced = " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    mailbox = rng.choice(("recrutement", "rh", "emploi", "contact", "cv"))
    return {
        **{f"task{i}": task for i, task in enumerate(tasks, 1)},
        **{f"skill{i}": skill for i, skill in enumerate(skills, 1)},
        "email": f"{mailbox}{rng.randint(1, 99)}@exemple.ma",
        "phone": digits if rng.random() < 0.6 else spaced,
        "cin": f"AB{rng.randint(100000, 999999)}",
    }


def noisy_text(rng: random.Random, body: str) -> str:
    """Residue of copy and paste: tags, entities, doubled quotes, a broken encoding."""
    choice = rng.random()
    if choice < 0.06:
        body = "<p>" + body.replace("\n", "<br/>") + "</p>"
    elif choice < 0.1:
        body = body.replace(" et ", " &amp; ", 1).replace(" ", "&nbsp;", 2)
    elif choice < 0.13:
        body = f'""{body}""'
    elif choice < 0.15:
        for good, bad in (("é", "Ã©"), ("è", "Ã¨"), ("ê", "Ãª"), ("à", "Ã\u00a0"), ("ç", "Ã§")):
            body = body.replace(good, bad)
    return body[:MAX_TEXT]


def edited(rng: random.Random, body: str) -> str:
    """A lightly edited copy of an ad text, never shorter than the minimum."""
    choice = rng.random()
    if choice < 0.35:
        return body
    if choice < 0.6:
        return body[: max(MIN_TEXT, int(len(body) * rng.uniform(0.6, 0.95)))]
    if choice < 0.75:
        return " ".join(body.split()) if len(" ".join(body.split())) >= MIN_TEXT else body
    if choice < 0.85:
        return body.upper()[:MAX_TEXT]
    mark = rng.choice(("URGENT", f"Réf. 2{rng.randint(100, 999)}", "***"))
    return f"{mark} {body}"[:MAX_TEXT]
