"""Encodings: texts in ar, fr, en and mixed, each in every character set that can hold it, as four kinds of file.

Right is a file whose text is read letter for letter; where nothing declares a character set of one
byte, also that the reader is warned.
"""

from __future__ import annotations

import codecs
import json
import sys

from benchmarks.truth.line import Line

from marsad.base.encoding import decode

TEXTS = (
    "Boulanger-pâtissier : façonnage, cuisson et déco. Expérience exigée d’au moins deux années.",
    "Aide-comptable à Taroudannt ; maîtrise d'un tableur, sens de l'organisation, goût du détail.",
    "Chef d'équipe électricité : élaboration des schémas, contrôle, sécurité, à Guelmim.",
    "Où ? À Larache. Quand ? Dès août. Combien ? 5 400 dirhams, logement inclus, même débutant(e).",
    "خباز حلواني: العجن والطهي والتزيين، مع تجربة لا تقل عن سنتين",
    "مساعد محاسب بتارودانت، إتقان الجداول وحس التنظيم",
    "رئيس فريق في الكهرباء: إعداد التصاميم والمراقبة والسلامة بكلميم",
    "مطلوب سائق حافلة للعمل ليلا بمدينة العرائش",
    "Night baker in Larache: shaping, baking, two years of practice, five days a week.",
    "Comptable محاسب à Taroudannt, expérience تجربة exigée",
    "نقلبو على معلم سباك يخدم معانا فالحومة",
    "Soudeur TIG, référence n° 12, “confirmé”, prêt à se déplacer",
)
NARROW = ("cp1252", "cp1256", "mac_roman", "iso8859-6", "cp850")
WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le")
NAMES = {"cp1252": "windows-1252", "cp1256": "windows-1256", "mac_roman": "macintosh", "iso8859-6": "iso-8859-6", "cp850": "cp850"}  # fmt: skip


def _kinds(text: str) -> dict[str, str]:
    """The text as a table, as JSON, as a feed and as a page, without a declaration."""
    return {
        "table": f"titre;texte\n1;{text}\n2;{text}\n",
        "json": json.dumps({"titre": text}, ensure_ascii=False),
        "feed": f"<rss><channel><item><title>{text}</title></item></channel></rss>",
        "page": f"<html><body><h1>{text}</h1></body></html>",
    }


def _holds(text: str, charset: str) -> bool:
    try:
        return codecs.decode(text.encode(charset), charset) == text
    except UnicodeError:
        return False


def _declared(kind: str, content: str, charset: str) -> str:
    name = NAMES.get(charset, charset)
    head = {"feed": f'<?xml version="1.0" encoding="{name}"?>', "page": f'<meta charset="{name}">'}
    return head.get(kind, "") + content


def measure() -> list[Line]:
    """The share of files read letter for letter, with and without a declaration."""
    right, number = (
        {"declared": 0, "undeclared": 0, "wide": 0},
        dict.fromkeys(("declared", "undeclared", "wide"), 0),
    )
    for text in TEXTS:
        for kind, content in _kinds(text).items():
            for charset in WIDE:
                number["wide"] += 1
                decoded = decode(content.encode(charset))
                right["wide"] += decoded.text == content and not decoded.warning
            for charset in NARROW:
                if not _holds(content, charset) or content.isascii():
                    continue
                number["undeclared"] += 1
                decoded = decode(content.encode(charset))
                right["undeclared"] += decoded.text == content and bool(decoded.warning)
                if kind in ("feed", "page"):
                    number["declared"] += 1
                    said = _declared(kind, content, charset)
                    right["declared"] += decode(said.encode(charset)).text == said
    bars = {"declared": "100 %", "undeclared": ">= 95 %", "wide": "100 %"}
    names = {
        "declared": "declared, of one byte",
        "undeclared": "of one byte, undeclared",
        "wide": "UTF-8, -16 and -32",
    }
    return [
        Line(f"encodings read letter for letter, {names[part]}", bars[part], f"{right[part] / number[part]:.1%}", number[part])
        for part in right
    ]  # fmt: skip


if __name__ == "__main__":
    for line in measure():
        sys.stdout.write(f"{line.what}: {line.value} (bar {line.bar}, n = {line.n})\n")
