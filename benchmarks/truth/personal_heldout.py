"""Planted personal data, held-out half: other forms, carriers, names and domains than those on which
the rules were written (`personal_forms.py`). Rules are not mended form by form on this half.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from .personal_forms import EASTERN, Form, Planted

FIRST = (
    "Adil",
    "Nisrine",
    "Mehdi",
    "Oumaima",
    "Abdelilah",
    "Ghita",
    "Soufiane",
    "Meryem",
    "Zakaria",
    "Loubna",
    "Tarik",
    "Asmae",
)
LAST = (
    "Berrada",
    "Sqalli",
    "El Fassi",
    "Naciri",
    "Bennis",
    "Kettani",
    "Oulhaj",
    "Daoudi",
    "Filali",
    "Hammouchi",
    "Jabri",
    "Rhazi",
)
FIRST_AR = (
    "عادل",
    "نسرين",
    "المهدي",
    "أميمة",
    "عبد الإله",
    "غيثة",
    "سفيان",
    "مريم",
    "زكرياء",
    "لبنى",
)
LAST_AR = (
    "برادة",
    "الصقلي",
    "الفاسي",
    "الناصري",
    "بنيس",
    "الكتاني",
    "أولحاج",
    "الداودي",
    "الفيلالي",
    "الحموشي",
)
HOSTS = (
    "outlook.com",
    "menara.ma",
    "atelier-exemple.ma",
    "cabinet-exemple.fr",
    "gmail.com",
    "live.fr",
    "exemple-industries.co",
)


def _number(dice: random.Random, n: int) -> str:
    return str(dice.randint(1, 9)) + "".join(dice.choice("0123456789") for _ in range(n - 1))


def _gsm(write: Callable[[str], str]) -> Form:
    """`write` takes the nine digits after the zero."""

    def form(dice: random.Random) -> Planted:
        digits = dice.choice("567") + _number(dice, 8)
        return write(digits), (digits[-6:],)

    return form


def _mail(write: Callable[[str, str], str]) -> Form:
    def form(dice: random.Random) -> Planted:
        user = (
            dice.choice(FIRST).lower() + dice.choice("._-") + dice.choice(LAST).split()[-1].lower()
        )
        user += str(dice.randint(1970, 2004)) if dice.random() < 0.4 else ""
        return write(user, dice.choice(HOSTS)), (user,)

    return form


def _person(write: Callable[[str, str], str], *, arabic: bool = False, secrets: int = 2) -> Form:
    def form(dice: random.Random) -> Planted:
        first = dice.choice(FIRST_AR if arabic else FIRST)
        last = dice.choice(LAST_AR if arabic else LAST)
        return write(first, last), (first, last)[:secrets]

    return form


def _id(write: Callable[[str], str], n: int) -> Form:
    def form(dice: random.Random) -> Planted:
        digits = _number(dice, n)
        return write(digits), (digits[-5:],)

    return form


def _lives(write: Callable[[int], str], secret: str) -> Form:
    return lambda dice: (write(dice.randint(3, 180)), (secret,))


def _twos(digits: str, gap: str = " ") -> str:
    return gap.join(digits[i : i + 2] for i in range(0, len(digits), 2))


FRENCH = {"0": "zéro", "1": "un", "2": "deux", "3": "trois", "4": "quatre", "5": "cinq", "6": "six", "7": "sept", "8": "huit", "9": "neuf"}  # fmt: skip
TENS = {"2": "vingt", "3": "trente", "4": "quarante", "5": "cinquante", "6": "soixante"}
ARABIC = {"0": "صفر", "1": "واحد", "2": "اثنان", "3": "ثلاثة", "4": "أربعة", "5": "خمسة", "6": "ستة", "7": "سبعة", "8": "ثمانية", "9": "تسعة"}  # fmt: skip


def _tens(dice: random.Random) -> Planted:
    pairs = [dice.choice("23456") + dice.choice("23456789") for _ in range(4)]
    words = " ".join(f"{TENS[p[0]]} {FRENCH[p[1]]}" for p in pairs)
    return f"zéro six {words}", (" ".join(words.split()[-4:]),)


def _arabic_words(dice: random.Random) -> Planted:
    digits = "06" + _number(dice, 8)
    words = [ARABIC[d] for d in digits]
    return " ".join(words), (" ".join(words[-4:]),)


HELD_OUT: dict[str, tuple[str, Form]] = {
    "gsm brackets": ("phone", _gsm(lambda d: f"(0{d[:3]}) {_twos(d[3:])}")),
    "gsm mixed gaps": ("phone", _gsm(lambda d: f"0{d[:3]}.{d[3:5]}-{d[5:7]} {d[7:]}")),
    "gsm 4-3-3": ("phone", _gsm(lambda d: f"0{d[:3]} {d[3:6]} {d[6:]}")),
    "gsm no zero": ("phone", _gsm(lambda d: f"WhatsApp : {d}")),
    "gsm plus glued": ("phone", _gsm(lambda d: f"+212{d}")),
    "gsm plus brackets": ("phone", _gsm(lambda d: f"(+212) {d[0]} {_twos(d[1:], '.')}")),
    "gsm 212 dashes": ("phone", _gsm(lambda d: f"212-{d[:3]}-{d[3:]}")),
    "gsm eastern plus": ("phone", _gsm(lambda d: f"+{('212' + d).translate(EASTERN)}")),
    "gsm slashes": ("phone", _gsm(lambda d: _twos("0" + d, "/"))),
    "gsm underscores": ("phone", _gsm(lambda d: _twos("0" + d, "_"))),
    "gsm O twice": ("phone", _gsm(lambda d: f"O{d[:3]} {d[3:].replace('0', 'O')}")),
    "gsm label glued": ("phone", _gsm(lambda d: f"Tél:0{d}")),
    "gsm keycap": ("phone", _gsm(lambda d: "".join(f"{c}\ufe0f\u20e3" for c in "0" + d))),
    "gsm em tags": ("phone", _gsm(lambda d: f"<em>0{d[:3]}</em><strong>{d[3:]}</strong>")),
    "gsm decimal entities": ("phone", _gsm(lambda d: "".join(f"&#{ord(c)};" for c in "0" + d))),
    "gsm hex entities": ("phone", _gsm(lambda d: "".join(f"&#x{ord(c):x};" for c in "0" + d))),
    "gsm thin spaces": ("phone", _gsm(lambda d: _twos("0" + d, "\u2009"))),
    "gsm soft hyphens": ("phone", _gsm(lambda d: _twos("0" + d, "\u00ad"))),
    "gsm mathematical": ("phone", _gsm(lambda d: "".join(chr(0x1D7CE + int(c)) for c in "0" + d))),
    "gsm tens in words": ("phone", _tens),
    "gsm arabic words": ("phone", _arabic_words),
    "gsm link": ("phone", _gsm(lambda d: f"<a href='tel:+212{d}'>0{d}</a>")),
    "gsm api link": (
        "phone",
        _gsm(lambda d: f"https://api.whatsapp.com/send?phone=212{d}&text=salam"),
    ),
    "gsm france": ("phone", _id(lambda d: f"+33 {d[0]} {_twos(d[1:])}", 9)),
    "mail chez": ("email", _mail(lambda u, h: f"{u} chez {h}")),
    "mail AT DOT": ("email", _mail(lambda u, h: f"{u} AT {h.replace('.', ' DOT ')}")),
    "mail braces": ("email", _mail(lambda u, h: f"{u}{{arobase}}{h.replace('.', '{point}')}")),
    "mail sign point": ("email", _mail(lambda u, h: f"{u}@{h.replace('.', ' point ')}")),
    "mail named": ("email", _mail(lambda u, h: f'<a href="mailto:{u}@{h}?subject=cv">{u}@{h}</a>')),
    "mail commat": ("email", _mail(lambda u, h: f"{u}&commat;{h.replace('.', '&period;')}")),
    "mail glued cv": ("email", _mail(lambda u, h: f"cv:{u}@{h}")),
    "mail line": ("email", _mail(lambda u, h: f"Mail:\n{u}@{h}\n")),
    "mail word joiner": ("email", _mail(lambda u, h: "\u2060".join(f"{u}@{h}"))),
    "mail arabic": ("email", _mail(lambda u, h: f"البريد الإلكتروني:{u}@{h}")),
    "mail stars": ("email", _mail(lambda u, h: f"{u} *at* {h}")),
    "page m.me": ("handle", _mail(lambda u, h: f"m.me/{u}")),
    "page ma.linkedin": ("handle", _mail(lambda u, h: f"http://ma.linkedin.com/in/{u}")),
    "page fb": ("handle", _mail(lambda u, h: f"https://web.facebook.com/{u}?mibextid=x1")),
    "page instagram": ("handle", _mail(lambda u, h: f"www.instagram.com/{u}/")),
    "page telegram": (
        "handle",
        _mail(lambda u, h: f"Telegram: @{u.replace('-', '_').replace('.', '_')}"),
    ),
    "page tiktok": ("handle", _mail(lambda u, h: f"tiktok.com/@{u}")),
    "cni spelled": ("id", _id(lambda d: f"carte nationale d'identité n° BE{d}", 6)),
    "cni gaps": ("id", _id(lambda d: f"C.N.I.E : B E {' '.join(d)}", 6)),
    "cni dash": ("id", _id(lambda d: f"CIN N° BH-{d}", 6)),
    "cni bracket": ("id", _id(lambda d: f"titulaire de la CIN (G{d})", 6)),
    "cni arabic": ("id", _id(lambda d: f"بطاقة التعريف الوطنية: D{d}", 6)),
    "cni darija": ("id", _id(lambda d: f"lacarte dyali JB{d}", 6)),
    "passport en": ("id", _id(lambda d: f"Passport No. AB{d}", 7)),
    "passport gaps": ("id", _id(lambda d: f"PASSEPORT : CD {d[:3]} {d[3:]}", 7)),
    "cnss matricule": ("id", _id(lambda d: f"matricule CNSS {d[:3]} {d[3:6]} {d[6:]}", 9)),
    "cnss registered": ("id", _id(lambda d: f"immatriculé à la CNSS sous le n° {d}", 9)),
    "cnss sunduq": ("id", _id(lambda d: f"رقم الانخراط في صندوق الضمان الاجتماعي: {d}", 9)),
    "rib 3-2-16": ("account", _id(lambda d: f"RIB : {d[:3]} {d[3:5]} {d[5:21]} {d[21:]}", 24)),
    "rib dashes": ("account", _id(lambda d: f"{d[:3]}-{d[3:6]}-{d[6:22]}-{d[22:]}", 24)),
    "rib fours": (
        "account",
        _id(lambda d: "compte bancaire : " + " ".join(d[i : i + 4] for i in range(0, 24, 4)), 24),
    ),
    "rib eastern": ("account", _id(lambda d: f"رقم الحساب البنكي {d.translate(EASTERN)}", 24)),
    "iban glued": ("account", _id(lambda d: f"MA64{d}", 24)),
    "iban france": (
        "account",
        _id(lambda d: f"FR76 {d[:4]} {d[4:8]} {d[8:12]} {d[12:16]} {d[16:20]} {d[20:]}", 23),
    ),
    "person M.": ("name", _person(lambda f, n: f"M. {f} {n}")),
    "person Mlle upper": ("name", _person(lambda f, n: f"MLLE {n.upper()} {f.upper()}")),
    "person madame family": ("name", _person(lambda f, n: f"demander Madame {n}")),
    "person role after": ("name", _person(lambda f, n: f"{f} {n}, chargé de recrutement")),
    "person contact en": ("name", _person(lambda f, n: f"Contact person: {f} {n}")),
    "person hr": ("name", _person(lambda f, n: f"HR Manager: {f} {n}")),
    "person interlocutor": ("name", _person(lambda f, n: f"Votre interlocuteur : {f} {n}")),
    "person mme lower": ("name", _person(lambda f, n: f"voir avec mme {f.lower()} {n.lower()}")),
    "person posted": ("name", _person(lambda f, n: f"Publié par : {f} {n}")),
    "person attention": ("name", _person(lambda f, n: f"à l'attention de Mr {n} {f}")),
    "person before phone": ("name", _person(lambda f, n: f"{f} {n} : 0612345678")),
    "person teacher": ("name", _person(lambda f, n: f"للتواصل مع الأستاذ {f} {n}", arabic=True)),
    "person lady": ("name", _person(lambda f, n: f"الآنسة {f} {n}", arabic=True)),
    "person label ar": ("name", _person(lambda f, n: f"المكلف بالتوظيف: {f} {n}", arabic=True)),
    "person to mister": ("name", _person(lambda f, n: f"توجه الطلبات للسيد {f} {n}", arabic=True)),
    "person darija ask": ("name", _person(lambda f, n: f"سولو على {f} {n}", arabic=True)),
    "person darija with": (
        "name",
        _person(lambda f, n: f"هضرو مع لالة {f}", arabic=True, secrets=1),
    ),
    "person darija latin": ("name", _person(lambda f, n: f"sowlo 3la si {f.lower()} {n.lower()}")),
    "lives fr": (
        "address",
        _lives(lambda n: f"candidat habitant au {n} rue des Amandiers, Témara", "Amandiers"),
    ),
    "lives perso": (
        "address",
        _lives(lambda n: f"mon adresse : {n} bd Oued Sebou imm. C appt 7", "Sebou"),
    ),
    "lives en": ("address", _lives(lambda n: f"home address: {n} Almond street, Rabat", "Almond")),
    "lives ar": ("address", _lives(lambda n: f"الساكن بحي الياسمين زنقة {n} رقم 4", "الياسمين")),
    "lives ary": ("address", _lives(lambda n: f"sakn f hay Nassim zan9a {n} ra9m 3", "Nassim")),
}
HELD_CARRIERS: dict[str, tuple[str, ...]] = {
    "fr": (
        "Nous cherchons un cuisinier expérimenté ({}), travail de nuit.",
        "Candidatures : {} | Référence ATL-204",
        "CDD de 6 mois. Renseignements — {} — réponse sous 48 h.",
        "<table><tr><td>Contact RH</td><td>{}</td></tr></table>",
        "Lieu : Oujda\n{}\nDate limite : 30/11/2026",
    ),
    "ar": (
        "تعلن مؤسسة عن حاجتها إلى ممرضين. {}، والمرجو احترام الآجال.",
        "الوظيفة: محاسب - المدينة: وجدة - {}",
        "من أراد الاستفسار فليتفضل: {} (من الاثنين إلى الجمعة)",
    ),
    "ary": (
        "لي بغا يخدم معانا {} را الخدمة دابا",
        "li bgha ykhdem m3ana f tanja, {} - merci khouti",
        "محتاجين جوج حلاقات ف مراكش. {} وشكرا",
    ),
    "mixed": (
        "Centre d'appel مركز نداء recrute téléconseillers – {} – démarrage immédiat",
        "URGENT!! chauffeur permis C مطلوب سائق >> {} <<",
        "Job offer: storekeeper, Tanger. {} Shokran.",
    ),
}
