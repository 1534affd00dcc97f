"""The search index of a release's ads: tantivy, one field for each language's way of writing.

French words are stemmed and their accents folded, Arabic words stemmed by Snowball, and every word
is kept once more as written (folded), for names and Latin-script Darija.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import tantivy

from marsad.base.errors import PlaceError
from marsad.base.text import fold, words

NAME = "search"
_FIELDS = {
    "title_fr": 3.0,
    "body_fr": 1.0,
    "title_ar": 3.0,
    "body_ar": 1.0,
    "title_raw": 2.0,
    "body_raw": 0.7,
}
_HEAP = 64_000_000
_SLIP = 4  # letters of a word in which one may be wrong; twice as many: two


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    made = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(
        tantivy.Filter.lowercase()
    )
    if language == "fr":
        made = made.filter(tantivy.Filter.stemmer("french")).filter(tantivy.Filter.ascii_fold())
    elif language == "ar":
        made = made.filter(tantivy.Filter.stemmer("arabic"))
    return made.build()


def _register(index: tantivy.Index) -> tantivy.Index:
    for language in ("fr", "ar", "raw"):
        index.register_tokenizer(f"marsad_{language}", _analyzer(language))
    return index


Add = Callable[[Iterable[Mapping[str, str]]], None]


@contextmanager
def updating(path: Path, gone: Iterable[str] = ()) -> Iterator[Add]:
    """Take the ads of some keys out of the index in the folder `path`, which is made where it is not; the
    function that is given adds others (`key`, `title`, `body`). All in one commit, at the end.

    PlaceError when the disk refuses.
    """
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("key", stored=True, tokenizer_name="raw")
    for name in _FIELDS:
        schema.add_text_field(name, tokenizer_name=f"marsad_{name.rsplit('_', 1)[1]}")
    try:
        path.mkdir(parents=True, exist_ok=True)
        index = _register(tantivy.Index(schema.build(), path=str(path)))
        writer = index.writer(_HEAP, 1)
        for key in gone:
            writer.delete_documents("key", key)
        yield partial(_add, writer)
        writer.commit()
        writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        raise PlaceError(f"The search index cannot be written at {path}: {error}.") from error


def _add(writer: tantivy.IndexWriter, ads: Iterable[Mapping[str, str]]) -> None:
    for ad in ads:
        texts = {"title": ad["title"], "body": ad["body"]}
        fields = {name: texts[name.split("_")[0]] for name in _FIELDS}
        fields |= {name: fold(text) for name, text in fields.items() if name.endswith("_raw")}
        writer.add_document(tantivy.Document(key=ad["key"], **fields))


class Search:
    """One release's search index, open for reading."""

    def __init__(self, path: Path) -> None:
        """Open the index in `path`; PlaceError when it is damaged."""
        self._copy: TemporaryDirectory[str] | None = None
        place = path
        if not os.access(path, os.W_OK):  # opening takes a lock in the folder
            self._copy = TemporaryDirectory(prefix="marsad-search-")
            path = Path(shutil.copytree(path, Path(self._copy.name) / NAME))
        try:
            self._index = _register(tantivy.Index.open(str(path)))
            self._searcher = self._index.searcher()
        except ValueError as error:
            raise PlaceError(
                f"The search index at {place} cannot be opened: {error}.", place=place
            ) from error

    def keys(self, text: str, most: int = 5000, *, slips: bool = False) -> list[str]:
        """Keys of the ads in which every word of the text occurs, best first; with `slips` words of the
        title, each of which may differ by one letter (two in a long one)."""
        # In capitals AND, OR and NOT would be commands; a sign alone is no word.
        terms = [w for w in words(text.lower()) if w.strip("+#")][:12]
        if not terms:
            return []
        parts = [(tantivy.Occur.Must, self._slipped(w) if slips else self._query(w)) for w in terms]
        hits = self._searcher.search(tantivy.Query.boolean_query(parts), limit=most).hits
        return [str(self._searcher.doc(address)["key"][0]) for _, address in hits]

    def _query(self, word: str) -> tantivy.Query:
        query, _ = self._index.parse_query_lenient(
            f"{word} {fold(word)}", list(_FIELDS), field_boosts=_FIELDS
        )
        return query

    def _slipped(self, word: str) -> tantivy.Query:
        folded, schema = fold(word), self._index.schema
        distance = 0 if len(folded) < _SLIP else 1 if len(folded) < 2 * _SLIP else 2
        return tantivy.Query.fuzzy_term_query(schema, "title_raw", folded, distance=distance)
