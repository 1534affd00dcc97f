"""Text as labour-market sources write it: repaired, folded for comparison, cut into words.

`fold` makes the comparison form that gazetteers, lexicons and duplicate search share: lower case,
no accents, one form of alif and ya, no tatweel, no vowel marks, Western digits, single spaces.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from functools import lru_cache

_TAG = re.compile(r"<(?:/?[a-zA-Z]|[!?])[^<>]*>")
_SCRIPT = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.S | re.I)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u3000]+")
_INVISIBLE = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_ALIKE = str.maketrans(
    "асеорхуіјѕԁһԛԝАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "aceopxyijsdhqwABEKMHOPCTXYIJSABEZHIKMNOPTYXo"
)
"""Letters of Cyrillic and Greek that look like Latin ones (Unicode TR 39), under the Latin ones."""
_DISGUISED = re.compile("[\u0370-\u052f\uff01-\uff5e\U0001d400-\U0001d7ff]")
_OTHER_SCRIPT, _LATIN_LETTER = re.compile("[\u0370-\u052f]"), re.compile("[A-Za-z]")
_WIDE = re.compile("[\uff01-\uff5e\U0001d400-\U0001d7ff]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_NO_LETTER = re.compile(r"&#(?:\d{8,}|[xX][0-9a-fA-F]{7,});?")
_SECOND = "[\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]"
_MOJIBAKE = re.compile(f"[ÃÂÅØÙÐâ]{_SECOND}")
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u06d6-\u06ed]")
_ARABIC_FORMS = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ک": "ك",
        "ی": "ي",
        "ڭ": "ك",
        "ݣ": "ك",
        "گ": "ك",
        "ڤ": "ف",
        "پ": "ب",
    }
)
_DIGITS = {ord("٠") + i: str(i) for i in range(10)} | {ord("۰") + i: str(i) for i in range(10)}
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl"})
_NOT_WORD = re.compile(r"(?:[^\w+#]|_)+", re.UNICODE)
_WORD = re.compile(r"[\w+#]+", re.UNICODE)
ARABIC = re.compile("[\u0621-\u064a\u0671-\u06d3\u06fa-\u06ff\u0750-\u077f]")
LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ]")


def repair(text: str) -> str:
    """Undo double encoding (UTF-8 read as Windows-1252 or Latin-1), once or twice, where it shows."""
    for _ in range(2):
        if not _MOJIBAKE.search(text):
            return text
        for encoding in ("cp1252", "latin-1"):
            try:
                text = text.encode(encoding).decode("utf-8")
                break
            except (UnicodeEncodeError, UnicodeDecodeError):
                continue
        else:
            return _MOJIBAKE_RUN.sub(_repair_run, text)
    return text


_MOJIBAKE_RUN = re.compile(f"(?:[ÃÂÅØÙÐ]{_SECOND}|â{_SECOND}{{2}})+")


def _repair_run(match: re.Match[str]) -> str:
    for encoding in ("cp1252", "latin-1"):
        try:
            return match.group().encode(encoding).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return match.group()


def _visible(text: str) -> str:
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return undisguised(text) if _DISGUISED.search(text) else text


def undisguised(text: str) -> str:
    """Words that mix letters of two scripts which look alike, and letters drawn otherwise, in plain Latin."""
    text = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
    return re.sub(r"\w+", _plain_word, text)


def _plain_word(match: re.Match[str]) -> str:
    word = match.group()
    mixed = _OTHER_SCRIPT.search(word) and _LATIN_LETTER.search(word)
    return word.translate(_ALIKE) if mixed else word


def unescape(text: str) -> str:
    """Entities of HTML as their letters; a number that no letter has stands for U+FFFD."""
    return html.unescape(_NO_LETTER.sub("\ufffd", text))


def clean(text: str) -> str:
    """Plain text from ad text: entities and tags undone, invisible and control characters out.

    The result holds no markup but is still untrusted: `web` escapes it as any other text.
    """
    text = _visible(repair(unescape(text)))
    if "<" in text:
        text = _COMMENT.sub(" ", _SCRIPT.sub(" ", text))
        text = re.sub(r"<(br|/p|/li|/div|/h\d)\b[^<>]*>", "\n", text, flags=re.I)
        text = _visible(unescape(_TAG.sub(" ", text)))
        text = _TAG_START.sub("< ", _TAG.sub(" ", text))  # what is nested deeper opens no tag
    text = text.replace("''", "'").replace('""', '"')
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


class _Folded(dict[int, str]):
    """What each letter becomes in comparison form, found out once a letter."""

    def __missing__(self, point: int) -> str:
        letter = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(point)).lower())
        letter = letter.translate(_LIGATURES).translate(_DIGITS)
        letter = "".join(c for c in letter if not unicodedata.combining(c) or _is_hamza(c))
        letter = _ARABIC_MARKS.sub("", unicodedata.normalize("NFC", letter))
        self[point] = folded = _NOT_WORD.sub(" ", letter.translate(_ARABIC_FORMS))
        return folded


_FOLDED = _Folded()


def _is_hamza(char: str) -> bool:
    return "\u0653" <= char <= "\u0655"


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """The comparison form of a text: words of folded letters, digits, + and #, single spaces."""
    folded = unicodedata.normalize("NFKC", text).translate(_FOLDED)
    return " ".join(unicodedata.normalize("NFC", folded).split())


def name_of(text: str, length: int = 20) -> str:
    """A name for a text: letters a to p of its SHA-256. Without digits, it never looks like a
    phone number to a reader or a filter."""
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:length]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


def words(text: str) -> list[str]:
    """The words of a text as written."""
    return _WORD.findall(text)


def arabic_stem(word: str) -> str:
    """A folded Arabic word without its conjunction and article (wa, fa, bi, li, al)."""
    for prefix in ("وال", "بال", "فال", "كال", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


@lru_cache(maxsize=2048)
def match_form(text: str) -> str:
    """`fold`, then each word without Arabic article or French and English plural.

    The form in which lexicons and texts are compared: one word in, one word out.
    """
    return " ".join(map(_SINGULAR.__getitem__, fold(text).split()))


class _Singular(dict[str, str]):
    """Words without Arabic article or plural, found out once a word."""

    def __missing__(self, word: str) -> str:
        if len(self) >= 200_000:
            self.clear()
        self[word] = form = _singular(word)
        return form


_SINGULAR = _Singular()


def _singular(word: str) -> str:
    if word[0] > "\u0600":
        return arabic_stem(word)
    if len(word) > 4 and word[-1] in "sx" and word[-2] not in "sux":
        return word[:-1]
    if len(word) > 5 and word.endswith("aux"):
        return word[:-3] + "al"
    return word


def arabic_share(text: str) -> float:
    """Arabic letters as a share of all letters, 0 to 1; 0 for a text without letters."""
    arabic, latin = len(ARABIC.findall(text)), len(LATIN.findall(text))
    return arabic / (arabic + latin) if arabic + latin else 0.0
