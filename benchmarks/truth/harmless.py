"""Words of ads that look like personal data and are nobody's: money, dates, hours, references, offices."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Write = Callable[[random.Random], str]
_OFFICES = (
    "السيد المدير العام", "السيد رئيس المجلس", "الأستاذ الباحث", "السيدة المديرة الجهوية", "السيد الوزير المكلف بالتشغيل",
    "السيد والي الجهة", "الأستاذة المساعدة", "السيد عامل الإقليم", "إلى السيد العميد", "السيد الكاتب العام", "السادة المترشحون",
    "أستاذ التعليم العالي مساعد", "الأستاذ المحاضر المؤهل", "السيد مدير المستشفى", "السيدة رئيسة القسم", "السيد قائد القيادة",
    "Monsieur le Directeur Général", "Madame la Présidente", "MONSIEUR LE WALI", "Madame, Monsieur", "Mme ou M. recherché",
    "à Monsieur le Gouverneur", "Mr le Président du Conseil", "Dear Sir or Madam", "M. le Doyen", "Monsieur le Ministre de la Santé",
    "avenue Mohammed V", "boulevard Hassan II", "université Sidi Mohamed Ben Abdellah", "hôpital Moulay Youssef",
    "rue Abdelkarim Khattabi", "lycée Ibn Tofail", "حي محمدي", "شارع محمد الخامس", "جامعة عبد المالك السعدي", "حي مولاي رشيد",
    "Responsable : Direction Technique", "Contact : service des ressources humaines", "Recruteur : Groupe Industriel du Nord",
    "Poste : Assistante de Direction", "Directeur : Agence Centrale", "Nom du poste : Chef de Rang", "RH : Département Paie",
    "Contact : Cabinet Conseil", "contactez notre agence de Tanger", "appelez le standard", "demandez la brochure", "Contactez le service client",
    "travail à domicile", "soins à domicile pour personnes âgées", "candidat résidant à Salé", "habiter Rabat ou Témara", "يسكن بمدينة طنجة",
    "maîtrise d'Outlook, de Word et d'Excel", "gestion des pages Facebook, Instagram et LinkedIn", "community manager : Facebook, TikTok",
    "linkedin.com/company/exemple", "https://www.exemple.ma/carrieres/offre-204511", "CNSS et AMO dès le premier jour", "déclarations CNSS, IR et TVA",
    "CIN en cours de validité", "copie de la CIN légalisée", "نسخة من البطاقة الوطنية", "RIB à fournir", "passeport valide", "permis B exigé",
    "un ou deux ans, zéro défaut", "six jours sur sept, huit heures par jour", "صفر أخطاء، خمسة أيام في الأسبوع", "@ Casablanca", "R&D @ Exemple Labs (2026)",
    "look at the point of sale", "arobase et point sont des signes", "ISO 9001:2015", "ISO 45001 - 2018", "norme NM 00.5.801", "EN 13485:2016", "Windows 11, Office 2021",
)  # fmt: skip


def _amount(dice: random.Random) -> str:
    low = dice.randrange(3_000, 40_000, 500)
    high = low + dice.randrange(500, 9_000, 500)
    shapes = (
        f"DH {low}", f"{low} A {high} DH", f"{low} à {high} dhs", f"{low:,} DH".replace(",", " "), f"{low},00 MAD",
        f"MAD {low} - {high}", f"de {low} DH à {high} DH net", f"salaire : {low}-{high}", f"راتب {low} درهم", f"{low:,}.00 MAD",
        f"{low * 1000:,} DH de chiffre d'affaires".replace(",", " "), f"capital de {low * 1000} DH", f"budget 0{low % 10},5 MDH",
    )  # fmt: skip
    return dice.choice(shapes)


def _day(dice: random.Random) -> str:
    d, m, y = dice.randint(1, 28), dice.randint(1, 12), dice.randint(2019, 2027)
    hour, minute = dice.randint(6, 22), dice.choice((0, 15, 30, 45))
    shapes = (
        f"{d:02d}/{m:02d}/{y} {hour:02d}h{minute:02d}", f"{d:02d}-{m:02d}-{y} {hour:02d}:{minute:02d}", f"le {d:02d}.{m:02d}.{y}",
        f"du {d:02d}/{m:02d}/{y} au {d:02d}/{m:02d}/{y + 1}", f"{y}-{m:02d}-{d:02d} {hour:02d}:{minute:02d}:00", f"{d:02d} {m:02d} {y}",
        f"قبل {d:02d}/{m:02d}/{y} على الساعة {hour:02d}:{minute:02d}", f"{d:02d}/{m:02d}/{y}-{d:02d}/{m:02d}/{y}", f"{d:02d}/{m:02d}/{y}، {hour}h",
    )  # fmt: skip
    return dice.choice(shapes)


def _hours(dice: random.Random) -> str:
    start, end = dice.choice(("08", "07", "06", "09")), dice.choice(("16", "17", "18", "19"))
    shapes = (
        f"{start}h30-12h30 / 14h00-{end}h30", f"{start}.30-12.30 / 14.00-{end}.30", f"{start}:00 - {end}:00", f"de {start}h00 à {end}h00",
        f"ouvert {start}:30 12:30 14:00 {end}:30", "24h/24, 7j/7", "3x8, 2x12", f"من {start}:00 إلى {end}:30", "06h-14h, 14h-22h, 22h-06h",
    )  # fmt: skip
    return dice.choice(shapes)


def _reference(dice: random.Random) -> str:
    number = "".join(dice.choice("0123456789") for _ in range(8))
    shapes = (
        f"Réf. 06{number}", f"référence : RH-{number}", f"Code article 05{number}", f"offre n° {number[:4]}/2026", f"concours n° 0{number[:1]}/2026",
        f"ICE 00{number}00008{number[:2]}", f"RC {number[:6]}", f"IF {number}", f"BP 20{number[:3]}", f"B.P. {number[:4]} Rabat", f"CP 1{number[:4]}",
        f"décret n° 2.06.{number[:3]} du 10 février 2006", f"loi 65-99, article {number[:3]}", f"SKU 0661-{number[:3]}-{number[3:6]}", f"EAN 61{number}123",
        f"modèle 0712{number[:6]}", f"réf BK{number[:6]}", f"P/N 0678{number[:6]}", f"marché n° {number[:2]}/2026/DRH", f"ref. {number}/06", f"lot 06{number}",
        f"المرجع 06{number}", f"قرار رقم {number[:4]}.26", f"version 5.{number[:2]}.{number[2:5]}", f"ISBN 978{number}12", f"patente {number}",
    )  # fmt: skip
    return dice.choice(shapes)


def _figures(dice: random.Random) -> str:
    year = dice.randint(2012, 2019)
    shapes = (
        " ".join(str(year + i) for i in range(6)), ", ".join(str(year + i) for i in range(8)), "-".join(str(year + i) for i in range(6)),
        "promotions " + "/".join(str(year + i) for i in range(4)), f"{dice.randint(5, 50)} 000 000 de clients", f"{dice.randint(1, 9)} 500 000 m2",
        "05, 10, 15, 20, 25 et 30 ans", "tailles 36 38 40 42 44 46 48 50 52", f"effectif : {dice.randint(100, 9000)} salariés en {year}",
        "bac+2, bac+3, bac+5", "échelles 6, 8, 10 et 11", "latitude 33.589886", "0,75 à 1,25", "10 20 30 40 50 60 70 80 90 100 110 120",
    )  # fmt: skip
    return dice.choice(shapes)


WRITERS: tuple[Write, ...] = (
    _amount,
    _day,
    _hours,
    _reference,
    _figures,
    lambda dice: dice.choice(_OFFICES),
)
FRAMES = (
    "{}", "Société de la place recrute. {}. Merci.", "Conditions : {} ; CDI.", "Poste à Fès - {} - urgent", "تعلن الشركة عن مباراة، {} والسلام", "{}, {}",
)  # fmt: skip


def harmless(n: int = 3_000, seed: int = 5) -> Iterator[str]:
    """Texts without any personal datum, each of one or two pieces that look like one."""
    dice = random.Random(seed)
    for i in range(n):
        frame = FRAMES[i // len(WRITERS) % len(FRAMES)]
        pieces = [WRITERS[(i + k) % len(WRITERS)](dice) for k in range(frame.count("{}"))]
        yield frame.format(*pieces)
