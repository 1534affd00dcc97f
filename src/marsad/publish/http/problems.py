"""Errors of the API as problem details (RFC 9457), with their title in three languages.

The detail names the parameter and the rule, in English, as the logs do; the title is in the language
that Accept-Language prefers, and in all three under `titles`.
"""

from __future__ import annotations

import msgspec

from marsad.base.labels import LANGUAGES, pick

MEDIA_TYPE = "application/problem+json"
TITLES: dict[int, tuple[str, dict[str, str]]] = {
    400: (
        "bad-question",
        {
            "ar": "لا يمكن قراءة هذا الطلب",
            "fr": "Cette demande ne peut être lue",
            "en": "This question cannot be read",
        },
    ),
    401: (
        "unknown-key",
        {
            "ar": "مفتاح غير معروف أو ملغى",
            "fr": "Clé inconnue ou révoquée",
            "en": "This key is unknown or revoked",
        },
    ),
    403: (
        "refused",
        {"ar": "هذا غير مسموح به", "fr": "Ceci n’est pas permis", "en": "This is not allowed"},
    ),
    404: (
        "not-found",
        {"ar": "لا شيء بهذا العنوان", "fr": "Rien à cette adresse", "en": "Nothing is there"},
    ),
    405: (
        "method",
        {
            "ar": "هذه الطريقة غير متاحة هنا",
            "fr": "Cette méthode n’existe pas ici",
            "en": "This method does not exist here",
        },
    ),
    406: (
        "format",
        {"ar": "هذه الصيغة غير متاحة", "fr": "Ce format n’existe pas", "en": "No such format"},
    ),
    413: (
        "too-large",
        {
            "ar": "الجواب كبير جدا، ضيق الطلب",
            "fr": "La réponse serait trop grande, précisez la demande",
            "en": "The answer would be too large, ask for less",
        },
    ),
    422: (
        "bad-parameter",
        {
            "ar": "قيمة غير مقبولة لأحد المتغيرات",
            "fr": "Un paramètre a une valeur inacceptable",
            "en": "A parameter has a value that is not accepted",
        },
    ),
    429: (
        "too-many",
        {
            "ar": "طلبات كثيرة، انتظر قليلا",
            "fr": "Trop de demandes, attendez un peu",
            "en": "Too many questions, wait a little",
        },
    ),
    500: (
        "our-fault",
        {"ar": "خطأ من جهتنا", "fr": "Erreur de notre côté", "en": "An error of ours"},
    ),
    503: (
        "unavailable",
        {
            "ar": "الخدمة غير متاحة الآن",
            "fr": "Service momentanément indisponible",
            "en": "Not available now",
        },
    ),
}


def language_of(accept: str) -> str:
    """The language of ours that an Accept-Language header names first; English without one."""
    for part in accept.lower().split(","):
        name = part.strip().split(";")[0].split("-")[0]
        if name in LANGUAGES:
            return name
    return "en"


def problem(status: int, detail: str, *, accept: str = "", kind: str = "") -> bytes:
    """The body of a problem; `accept` is the Accept-Language header of the question."""
    slug, titles = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    body = {
        "type": f"/api/problems/{slug}",
        "title": pick(titles, language_of(accept)),
        "status": status,
        "detail": detail,
        "titles": titles,
    }
    return msgspec.json.encode({**body, "kind": kind} if kind else body)
