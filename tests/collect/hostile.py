"""Thirty invented pages and files that mean harm, or that break in the ways pages break."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

PERSONAL = ("yasmine.essai@exemple.ma", "0661234567", "+212 6 61 23 45 67", "BK482913")
"""An address, two ways to write one number, and a national identity number: invented."""
_MAIL, _PHONE, _INTERNATIONAL, _ID = PERSONAL
_HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body>'


def _ld(**more: object) -> str:
    item = {"@context": "https://schema.org", "@type": "JobPosting", "title": "Potier", **more}
    text = json.dumps(item, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _page(body: str) -> bytes:
    return f"{_HEAD}{body}</body></html>".encode()


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


_LABELS = "<h1>Potier</h1><p>Ville : Safi</p><p>Contrat : CDI</p><p>Entreprise : Essai</p>"
_CARD = "<div><h2>{0}</h2><p>Ville : {1}</p><p>Contrat : CDI</p></div>"


def pages() -> dict[str, tuple[str, bytes, int | None]]:
    """name -> (file name, bytes, records that it holds; None where any number of them is right)."""
    deep = "<div>" * 50_000
    bomb = _zip(
        {
            "xl/workbook.xml": b"<a/>",
            "xl/worksheets/sheet1.xml": b"0" * 60_000_000,
            "[Content_Types].xml": b"<Types/>",
        }
    )
    lol = (
        '<!DOCTYPE l [<!ENTITY a "lol">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]><jobs><job><title>&j;</title></job></jobs>"
    )
    return {
        "script in the title": ("a.html", _page(_ld(title="<script>alert(1)</script>Potier")), 1),
        "script in every field": ("b.html", _page(_LABELS.replace("Safi", "<script>alert('x')</script>Safi")), 1),
        "event handlers": ("c.html", _page(f'<img src=x onerror="alert(1)">{_LABELS}<a href="javascript:alert(1)">x</a>'), 1),
        "address of a program": ("d.html", _page(_ld(url="javascript:fetch('//x')")), 1),
        "nothing is closed": ("e.html", f"{_HEAD}<main><h1>Potier<p>Ville : Safi<p>Contrat : CDI<p>Entreprise : Essai<ul><li>Salaire : 5000 DH".encode(), None),
        "closed twice and crosswise": ("f.html", _page(f"</div></p><b><i>{_LABELS}</b></i></table></td>"), 1),
        "ten million letters of one tag": ("g.html", _page("<br>" * 2_500_000), 0),
        "fifty thousand deep": ("h.html", _page(deep), None),
        "fifty thousand deep, inline": ("i.html", _page("<b>" * 50_000 + "x"), None),
        "a table in a table in a table": ("j.html", _page("<table><tr><td>" * 2_000), None),
        "a cell over a million columns": ("k.html", _page('<table><tr><th colspan="999999" rowspan="999999">Intitulé</th><th>Ville</th></tr><tr><td>Potier</td><td>Safi</td></tr></table>'), None),
        "letters that turn the direction": ("l.html", _page(_ld(title="\u202ereitoP\u202c \u2066Safi\u2069", description="\u202e0661234567")), 1),
        "invisible letters in a number": ("m.html", _page(_ld(description="Appelez 06\u200b61\u206023\u200d45\ufeff67 ou yasmine.essai\u200b@exemple.ma")), 1),
        "entities in a number": ("n.html", _page(_LABELS + "<p>Tél &#48;&#54;61234567, yasmine.essai&#64;exemple.ma</p>"), 1),
        "tags in a number": ("o.html", _page(_LABELS + "<p>Tél 06<b>61</b>23<i>45</i>67</p>"), 1),
        "personal data in attributes": ("p.html", _page(f'<div data-mail="{_MAIL}" title="{_PHONE}">{_LABELS}<a href="mailto:{_MAIL}">Postuler</a><a href="tel:{_PHONE}">Appeler</a></div>'), 1),
        "personal data in comments": ("q.html", _page(f"<!-- {_MAIL} {_PHONE} -->{_LABELS}<!-- CIN {_ID} -->"), 1),
        "personal data in JSON-LD": ("r.html", _page(_ld(description=f"Écrire à {_MAIL} ou {_INTERNATIONAL}", applicationContact={"@type": "ContactPoint", "email": _MAIL, "telephone": _PHONE}, hiringOrganization={"name": f"Essai {_PHONE}", "email": _MAIL})), 1),
        "personal data in hidden text": ("s.html", _page(f'{_LABELS}<p style="display:none">CIN {_ID} {_PHONE}</p><span hidden>{_MAIL}</span>'), 1),
        "personal data in labels": ("t.html", _page(f"{_LABELS}<p>Contact : {_MAIL}</p><p>Téléphone : {_PHONE}</p><p>Recruteur : Yasmine Essai</p>"), 1),
        "personal data in a feed": ("u.xml", f"<jobs><job><title>Potier</title><city>Safi</city><recruiter><name>Y</name><email>{_MAIL}</email></recruiter><contact>{_PHONE}</contact><description>Appelez le {_PHONE}</description></job></jobs>".encode(), 1),
        "personal data in JSON": ("v.json", json.dumps({"jobs": [{"title": "Potier", "city": "Safi", "company": f"Essai {_MAIL}", "contact": {"email": _MAIL}, "apply_url": f"https://exemple.ma/?mail={_MAIL}", "description": f"CIN {_ID}"}]}).encode(), 1),
        "entities that unfold": ("w.xml", lol.encode(), None),
        "an external entity": ("x.xml", b'<!DOCTYPE j [<!ENTITY e SYSTEM "file:///etc/passwd">]><jobs><job><title>&e;</title></job></jobs>', None),
        "a bomb of a workbook": ("y.xlsx", bomb, None),
        "a bomb of a gzip": ("z.csv", gzip.compress(b"0" * 50_000_000), None),
        "a PDF of no pages": ("aa.pdf", b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 999999999>>endobj trailer<</Root 1 0 R>>", None),
        "navigation that looks like ads": ("bb.html", _page("<nav>" + "".join(_CARD.format(t, v) for t, v in (("Offres", "toutes"), ("Espace", "employeur"))) + "</nav><ul><li><a href='/offres'>Offres d’emploi</a></li><li><a href='/cv'>Déposer un CV</a></li></ul><footer><p>Ville : Rabat</p><p>Contrat : conditions</p><p>Entreprise : portail</p></footer>"), 0),
        "a form that looks like an ad": ("cc.html", _page("<h1>Recherche</h1><form><label>Ville :</label><select><option>Safi</option></select><label>Contrat :</label><input value='CDI'><label>Entreprise :</label><input></form>"), 0),
        "half a million labels": ("dd.html", _page("<p>Ville : Safi</p>" * 200_000), None),
        "a JSON number without end": ("ee.json", b'{"jobs": [{"title": "Potier", "salary_min": ' + b"9" * 100_000 + b', "city": "Safi"}]}', None),
        "JSON-LD in JSON-LD in JSON-LD": ("ff.html", _page('<script type="application/ld+json">' + '{"@type":"JobPosting","title":"x","a":' * 30_000 + "1" + "}" * 30_000 + "</script>"), None),
    }  # fmt: skip
