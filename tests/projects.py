"""Projects of REFI-QDA, studies as PDF, DOCX and HTML: small files written by hand."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import docx
from docx.enum.text import WD_BREAK

NAMESPACE = "urn:QDA-XML:project:1.0"
CODES = ("Transport", "Pay", "Languages")
SAID = (
    "Me llamo {name}: the plant is far away and there is no transport before six in the morning.",
    "Pay is not told in the ad and then the offer is refused, {name} says, write to {name}@mail.ma",
    "They ask for more French than the work uses, in our region above all, call 0661234567.",
)
NAMES = ("Fatima Zahra Bennis", "Youssef Alaoui", "Hind Tazi", "Omar Kettani", "Salma Idrissi",
         "Karim Fassi", "Nadia Berrada", "Hamza Slaoui", "Imane Chraibi", "Said Ouazzani")  # fmt: skip


def guid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def _ref(kind: str, name: str) -> str:
    return f'<{kind} targetGUID="{guid(name)}"/>'


def _value(name: str, value: str) -> str:
    return f"<VariableValue>{_ref('VariableRef', name)}<TextValue>{escape(value)}</TextValue></VariableValue>"


def project(
    themes: Sequence[int] = (9, 5, 4), *, actors: int = 6, head: str = "", people: int = 10
) -> bytes:
    """A project of ten interviews: `themes` says how many people spoke of each code; the first `actors` are
    employers, the others work seekers; seven are of Souss-Massa."""
    cases, sources, files = [], [], {}
    for i, name in enumerate(NAMES[:people]):
        lines = [SAID[t].format(name=name.split()[0]) for t, n in enumerate(themes) if i < n]
        text, spans = "Interview\n", []
        for t, line in enumerate(lines):
            spans.append((len(text), len(text) + len(line), CODES[t]))
            text += line + "\n"
        files[f"sources/{i}.txt"] = text
        marks = "".join(
            f'<PlainTextSelection guid="{guid(f"s{i}{code}")}" name="x" startPosition="{a}" endPosition="{b}">'
            f'<Coding guid="{guid(f"c{i}{code}")}">{_ref("CodeRef", code)}</Coding></PlainTextSelection>'
            for a, b, code in spans
        )
        sources.append(
            f'<TextSource guid="{guid(f"t{i}")}" name={quoteattr(name)} plainTextPath="internal://{i}.txt">'
            f"{marks}</TextSource>"
        )
        cases.append(
            f'<Case guid="{guid(name)}" name={quoteattr(name)}>'
            f"{_value('Actor', 'employer' if i < actors else 'work seeker')}"
            f"{_value('Region', 'Souss-Massa' if i < 7 else 'Tanger')}"
            f"{_value('Firm', f'Atlas{i} Textile')}{_ref('SourceRef', f't{i}')}</Case>"
        )
    codes = "".join(f'<Code guid="{guid(c)}" name="{c}" isCodable="true"/>' for c in CODES)
    variables = "".join(
        f'<Variable guid="{guid(v)}" name="{v}" typeOfVariable="Text"/>'
        for v in ("Actor", "Region", "Firm")
    )
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<Project xmlns="{NAMESPACE}" name="p" origin="tests">'
        f'<Users><User guid="{guid("u")}" name="Coder Someone"/></Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook><Variables>{variables}</Variables>"
        f"<Cases>{''.join(cases)}</Cases><Sources>{''.join(sources)}</Sources></Project>"
    )
    return archive({"project.qde": xml, **files})


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def pdf(pages: Sequence[str], title: str = "", author: str = "") -> bytes:
    """A PDF with a line of text on each page (PDF 32000-1: header, objects, cross references, trailer)."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, text in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< /Title ({title}) /Author ({author}) /CreationDate (D:20240301) >>")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n"
    tail += f"<< /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode()


def word(pages: Sequence[str], title: str = "", author: str = "") -> bytes:
    """A DOCX of these pages."""
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = title, author
    for i, text in enumerate(pages):
        made.add_paragraph(text)
        if i < len(pages) - 1:
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
