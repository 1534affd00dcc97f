"""Files that strangers may send: small as they come, large or endless as they are read."""

from __future__ import annotations

import io
import zipfile
import zlib

_BODY = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)


def shared_stream(pages: int = 30, words: int = 30_000, word: bytes = b"Comptable Excel ") -> bytes:
    """A PDF whose pages share one packed stream that writes a word again and again."""
    content = zlib.compress(b"BT /F1 12 Tf (" + b") Tj (".join([word] * words) + b") Tj ET", 9)
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    parts += [page + b" /Resources << /Font << /F1 3 0 R >> >> >>"] * pages
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, 2)
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, part))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, table)
    )
    return out.getvalue()


def _docx(body: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("word/document.xml", _BODY + body + "</w:body></w:document>")
    return out.getvalue()


def nested_paragraphs(depth: int = 1_000_000) -> bytes:
    """A DOCX of paragraphs within paragraphs."""
    return _docx("<w:p>" * depth + "<w:r><w:t>Comptable Excel</w:t></w:r>" + "</w:p>" * depth)


def long_document(megabytes: int = 38) -> bytes:
    """A DOCX that unpacks to so many megabytes of text."""
    line = "<w:p><w:r><w:t>Comptable Excel Word Sage paie bilan</w:t></w:r></w:p>"
    return _docx(line * (megabytes * 1_000_000 // len(line)))


def zeros(megabytes: int = 400) -> bytes:
    """A DOCX whose body unpacks to so many megabytes of spaces."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as body,
    ):
        body.write(_BODY.encode())
        for _ in range(megabytes):
            body.write(b" " * 1_000_000)
    return out.getvalue()


def bombs() -> dict[str, bytes]:
    """Name -> file."""
    return {
        "PDF, 30 pages sharing 30,000 words": shared_stream(),
        "PDF, 30 pages sharing 120,000 words": shared_stream(words=120_000),
        "PDF, 30 pages sharing 1,000,000 words": shared_stream(words=1_000_000),
        "DOCX, a million nested paragraphs": nested_paragraphs(),
        "DOCX, 38 MB of text": long_document(),
        "DOCX, 400 MB of spaces": zeros(),
    }
