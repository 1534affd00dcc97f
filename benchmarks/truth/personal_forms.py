"""Planted personal data, development half: forms and carrier sentences on which the rules were written.

A form is a function of dice that gives what is planted and the secrets that must not be left; all
persons are invented. Carriers hold one slot; languages are fr, ar, ary (Darija) and mixed.
"""

from __future__ import annotations

import random
from collections.abc import Callable

Planted = tuple[str, tuple[str, ...]]
Form = Callable[[random.Random], Planted]
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
GIVEN = (
    "Karim",
    "Salma",
    "Youssef",
    "Hajar",
    "Mohamed",
    "Fatima Zahra",
    "Othmane",
    "Khadija",
    "Rachid",
    "Imane",
)
FAMILY = (
    "Benkirane",
    "El Amrani",
    "Tazi",
    "Ouahbi",
    "Chraibi",
    "Ait Lahcen",
    "Bouzidi",
    "Mansouri",
    "Lahlou",
    "Zerouali",
)
GIVEN_AR = ("كريم", "سلمى", "يوسف", "هاجر", "محمد", "فاطمة", "عثمان", "خديجة", "رشيد", "إيمان")
FAMILY_AR = (
    "بنكيران",
    "العمراني",
    "التازي",
    "الوهبي",
    "الشرايبي",
    "ايت لحسن",
    "بوزيدي",
    "المنصوري",
    "لحلو",
    "الزروالي",
)
DOMAINS = (
    "gmail.com",
    "exemple.ma",
    "hotmail.fr",
    "rh-exemple.com",
    "yahoo.fr",
    "groupe.exemple.ma",
)
ONES = ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf")


def _digits(dice: random.Random, n: int) -> str:
    return "".join(dice.choice("0123456789") for _ in range(n))


def _mobile(dice: random.Random) -> str:
    return "0" + dice.choice("567") + _digits(dice, 8)


def _pairs(number: str, gap: str) -> str:
    return gap.join(number[i : i + 2] for i in range(0, len(number), 2))


def _name(dice: random.Random) -> tuple[str, str]:
    return dice.choice(GIVEN), dice.choice(FAMILY)


def _name_ar(dice: random.Random) -> tuple[str, str]:
    return dice.choice(GIVEN_AR), dice.choice(FAMILY_AR)


def _local(dice: random.Random) -> str:
    given, family = _name(dice)
    return f"{given.split()[0]}.{family.split()[-1]}{dice.randint(1, 99)}".lower()


def _phone(write: Callable[[str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        number = _mobile(dice)
        return write(number), (number[-6:],)

    return form


def _email(write: Callable[[str, str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        local, domain = _local(dice), dice.choice(DOMAINS)
        return write(local, domain), (local,)

    return form


def _named(write: Callable[[str, str], str], *, arabic: bool = False) -> Form:
    def form(dice: random.Random) -> Planted:
        given, family = _name_ar(dice) if arabic else _name(dice)
        return write(given, family), (given, family)

    return form


def _paper(write: Callable[[str, str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        letters, digits = dice.choice(("BK", "EE", "J", "AB", "W", "CD")), _digits(dice, 6)
        return write(letters, digits), (digits,)

    return form


def _numbered(n: int, write: Callable[[str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        digits = str(dice.randint(1, 9)) + _digits(dice, n - 1)
        return write(digits), (digits[-6:],)

    return form


def _in_words(dice: random.Random) -> Planted:
    number = _mobile(dice)
    words = " ".join(ONES[int(d)] for d in number)
    return words, (" ".join(words.split()[-5:]),)


def _half_in_words(dice: random.Random) -> Planted:
    number = _mobile(dice)
    words = " ".join(ONES[int(d)] for d in number[6:])
    return f"{_pairs(number[:6], ' ')} {words}", (words,)


def _home(write: Callable[[int, str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        street = dice.choice(("des Jujubiers", "Oued Noun", "Ibn Battouta", "du Safran"))
        return write(dice.randint(1, 220), street), (street,)

    return form


FORMS: dict[str, tuple[str, Form]] = {
    "email plain": ("email", _email(lambda a, d: f"{a}@{d}")),
    "email upper": ("email", _email(lambda a, d: f"{a}@{d}".upper())),
    "email spaced sign": ("email", _email(lambda a, d: f"{a} @ {d}")),
    "email spaced all": ("email", _email(lambda a, d: f"{a} @ {d.replace('.', ' . ')}")),
    "email (at)": ("email", _email(lambda a, d: f"{a} (at) {d}")),
    "email [at] [dot]": ("email", _email(lambda a, d: f"{a}[at]{d.replace('.', '[dot]')}")),
    "email words": ("email", _email(lambda a, d: f"{a} arobase {d.replace('.', ' point ')}")),
    "email entities": ("email", _email(lambda a, d: f"{a}&#64;{d.replace('.', '&#46;')}")),
    "email double entities": ("email", _email(lambda a, d: f"{a}&amp;#64;{d}")),
    "email tags": ("email", _email(lambda a, d: f"<span>{a}</span>@<b>{d}</b>")),
    "email zero width": ("email", _email(lambda a, d: f"{a[:3]}\u200b{a[3:]}@\u200d{d}")),
    "email full width": ("email", _email(lambda a, d: f"{a}＠{d}")),
    "email letters": ("email", _email(lambda a, d: " ".join(f"{a}@{d}"))),
    "phone pairs": ("phone", _phone(lambda n: _pairs(n, " "))),
    "phone joined": ("phone", _phone(str)),
    "phone dots": ("phone", _phone(lambda n: _pairs(n, "."))),
    "phone dashes": ("phone", _phone(lambda n: _pairs(n, "-"))),
    "phone spaced digits": ("phone", _phone(lambda n: " ".join(n))),
    "phone +212": ("phone", _phone(lambda n: f"+212 {n[1]} {_pairs(n[2:], ' ')}")),
    "phone +212 (0)": ("phone", _phone(lambda n: f"+212 (0) {n[1:4]}-{_pairs(n[4:], '-')}")),
    "phone 00212": ("phone", _phone(lambda n: f"00212{n[1:]}")),
    "phone arabic digits": ("phone", _phone(lambda n: n.translate(EASTERN))),
    "phone arabic pairs": ("phone", _phone(lambda n: _pairs(n, " ").translate(EASTERN))),
    "phone letter O": ("phone", _phone(lambda n: "O" + n[1:])),
    "phone in words": ("phone", _in_words),
    "phone half in words": ("phone", _half_in_words),
    "phone tags": ("phone", _phone(lambda n: f"{n[:2]}<b>{n[2:4]}</b>{n[4:6]}<i>{n[6:]}</i>")),
    "phone nbsp": ("phone", _phone(lambda n: _pairs(n, "&nbsp;"))),
    "phone entity digit": ("phone", _phone(lambda n: f"&#48;{n[1:]}")),
    "phone zero width": ("phone", _phone(lambda n: "\u200b".join(n))),
    "whatsapp address": ("phone", _phone(lambda n: f"https://wa.me/212{n[1:]}")),
    "foreign phone": ("phone", _numbered(8, lambda d: f"+216 {d[:2]} {d[2:5]} {d[5:]}")),
    "profile linkedin": ("handle", _email(lambda a, d: f"https://www.linkedin.com/in/{a}-4b1")),
    "profile facebook": ("handle", _email(lambda a, d: f"facebook.com/{a}")),
    "profile telegram": ("handle", _email(lambda a, d: f"t.me/{a.replace('.', '_')}")),
    "handle": ("handle", _email(lambda a, d: f"Instagram : @{a.replace('.', '_')}")),
    "cin": ("id", _paper(lambda a, d: f"CIN : {a}{d}")),
    "cnie no": ("id", _paper(lambda a, d: f"CNIE n° {a} {d}")),
    "cin lower": ("id", _paper(lambda a, d: f"cin {a.lower()}{d}")),
    "cin arabic": ("id", _paper(lambda a, d: f"البطاقة الوطنية رقم {a}{d}")),
    "passport": ("id", _numbered(7, lambda d: f"passeport n° XY{d}")),
    "passport arabic": ("id", _numbered(7, lambda d: f"جواز السفر رقم AB{d}")),
    "cnss": ("id", _numbered(9, lambda d: f"N° CNSS : {d}")),
    "cnss arabic": ("id", _numbered(9, lambda d: f"رقم الضمان الاجتماعي {d}")),
    "rib grouped": ("account", _numbered(24, lambda d: f"RIB {d[:3]} {d[3:6]} {d[6:22]} {d[22:]}")),
    "rib joined": ("account", _numbered(24, lambda d: d)),
    "iban": (
        "account",
        _numbered(24, lambda d: "IBAN MA64 " + " ".join(d[i : i + 4] for i in range(0, 24, 4))),
    ),
    "name title": ("name", _named(lambda g, f: f"Mme {g} {f}")),
    "name monsieur upper": ("name", _named(lambda g, f: f"MONSIEUR {f.upper()} {g.upper()}")),
    "name lower": ("name", _named(lambda g, f: f"contactez mr {g.lower()} {f.lower()}")),
    "name label": ("name", _named(lambda g, f: f"Recruteur : {g} {f}")),
    "name arabic title": ("name", _named(lambda g, f: f"السيدة {g} {f}", arabic=True)),
    "name arabic prefix": ("name", _named(lambda g, f: f"الاتصال بالسيد {g} {f}", arabic=True)),
    "name darija": ("name", _named(lambda g, f: f"عيطو لسي {g} {f}", arabic=True)),
    "name darija latin": ("name", _named(lambda g, f: f"3ayto l {g.lower()}")),
    "home": ("address", _home(lambda n, s: f"adresse personnelle : {n}, rue {s}, appt 4")),
    "home lived": ("address", _home(lambda n, s: f"demeurant au {n} avenue {s}")),
    "home arabic": ("address", _home(lambda n, s: f"عنوان السكن: {n} زنقة {s}")),
}
CARRIERS: dict[str, tuple[str, ...]] = {
    "fr": (
        "Société recrute un soudeur. Pour postuler : {}. Merci de préciser le poste.",
        "Merci d'envoyer vos questions à {} avant vendredi.",
        "Poste à Kénitra, salaire 5000 DH. {}",
        "Profil : bac+2, trois ans d'expérience ; {} ; horaires 8h-17h.",
        "<p>Dossier complet</p><ul><li>{}</li><li>CV récent</li></ul>",
    ),
    "ar": (
        "مطلوب نجار بمدينة سلا. {} قبل يوم الجمعة.",
        "للمزيد من المعلومات: {}. المرجو إرسال السيرة الذاتية.",
        "شركة تبحث عن سائق، الراتب 4000 درهم. {}",
        "<div>شروط الترشيح</div><p>{}</p>",
    ),
    "ary": (
        "خاصنا طباخ ف فاس، {} مرحبا بيكم.",
        "Khassna chi serveur f casa, {} o merhba.",
        "bghina khayyata, lkhlas mezyan. {}",
        "بغينا بنات يخدمو ف المعمل، {} الله يجازيكم بخير",
    ),
    "mixed": (
        "Poste commercial مطلوب: {} / CV obligatoire السيرة الذاتية",
        "Recrutement عاجل. {}. Salaire motivant + prime",
        "Aide-soignante مساعدة صحية, Rabat. {}",
    ),
}
