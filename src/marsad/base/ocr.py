"""The text of a scanned PDF, by Tesseract where the system has it (packages tesseract-ocr, -ara, -fra).

What is read is never certain: the mean confidence of its words, weighted by their letters, comes with it.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
from functools import cache
from itertools import groupby

import numpy as np
import pypdfium2  # type: ignore[import-untyped]

from marsad.base.errors import InputError, PlaceError
from marsad.base.pdf import opened

LANGUAGES = ("ara", "fra", "eng")
_DOTS_PER_INCH, _MOST_PIXELS = 300, 40_000_000
_PAGE_SECONDS = 60.0


@cache
def languages() -> tuple[str, ...]:
    """Those of LANGUAGES that Tesseract has on this machine; none where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return ()
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True)  # noqa: S603
    return tuple(name for name in LANGUAGES if name in listed.stdout.split())


def read_scan(data: bytes, *, most_pages: int) -> tuple[str, float]:
    """The text of the first pages of a PDF, line by line, and how sure it is (0 to 1).

    PlaceError: there is no Tesseract, or it fails. InputError as `pdf.read_pdf`, or a page takes too long.
    """
    if not languages():
        raise PlaceError("Scans are read by Tesseract: install tesseract-ocr, tesseract-ocr-ara.")
    with opened(data) as document:
        images = [_image(document[i]) for i in range(min(len(document), most_pages))]
    lines, sure, letters = list[str](), 0.0, 0
    for image in images:
        rows = csv.DictReader(
            _recognised(image).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        words = [row for row in rows if row["text"].strip() and float(row["conf"]) >= 0]
        for word in words:
            sure += float(word["conf"]) / 100 * len(word["text"])
            letters += len(word["text"])
        place = ("block_num", "par_num", "line_num")
        for _, line in groupby(words, key=lambda word: [word[name] for name in place]):
            lines.append(" ".join(word["text"] for word in line))
    return "\n".join(lines), sure / letters if letters else 0.0


def _image(page: pypdfium2.PdfPage) -> bytes:
    """A page as a portable graymap."""
    width, height = (side / 72 * _DOTS_PER_INCH for side in page.get_size())
    smaller = min(1.0, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=_DOTS_PER_INCH / 72 * smaller, grayscale=True)
    pixels = np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, bitmap.width))
    return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + pixels.tobytes()


def _recognised(image: bytes) -> str:
    """What Tesseract gives of an image: a row for each word."""
    command = ["tesseract", "stdin", "stdout", "-l", "+".join(languages()), "--psm", "3", "tsv"]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=image, capture_output=True, timeout=_PAGE_SECONDS,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise InputError(f"a page of this scan takes over {_PAGE_SECONDS:g} seconds") from None
    if done.returncode:
        raise PlaceError(f"Tesseract fails: {done.stderr.decode(errors='replace').strip()[-200:]}")
    return done.stdout.decode()
