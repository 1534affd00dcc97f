"""Taxonomies in an installation: official releases read into the lake, and what is made of them.

Labels of ESCO are not part of Marsad; an installation that imports a release uses all of them: for
the names of the occupations and skills that its ads ask for, and as further words that ads are
searched for. This service uses the ESCO classification of the European Commission.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.errors import InputError, PlaceError
from marsad.base.labels import LANGUAGES
from marsad.base.records import Row
from marsad.base.settings import Settings
from marsad.collect.context import Payload
from marsad.collect.esco_api import Interface, Progress, read_api
from marsad.collect.taxonomy import Taxonomy, read_esco
from marsad.enrich import taxonomy_lexicon
from marsad.lake.store import Lake
from marsad.lake.tables import table

ESCO = "esco"
_RELEASE = re.compile(r"(?<![\d.])v?(1\.\d(?:\.\d)?)(?![\d])")


@dataclass
class Pages:
    """Pages of an interface in a folder, until the reading is complete."""

    folder: Path

    def get(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def put(self, name: str, data: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / f"{name}.part"
            part.write_bytes(data)
            part.replace(self.folder / name)
        except OSError as error:
            raise PlaceError(f"{self.folder} cannot be written: {error.strerror}.") from None

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def release_of(paths: Sequence[Path]) -> str:
    """The release that the names of the files say, as 1.2; empty when they say none."""
    for path in paths:
        for part in reversed(path.resolve().parts):
            if match := _RELEASE.search(part):
                return match[1]
    return ""


def import_files(lake: Lake, paths: Sequence[Path], release: str = "") -> Counter[str]:
    """Read files of an ESCO release into the lake; labels by "kind language".

    InputError names the file, the row and the rule, and then nothing is stored.
    """
    return store(lake, ESCO, read_esco(paths), release or release_of(paths))


def fetch(
    settings: Settings,
    lake: Lake,
    api: str,
    language: str,
    door: Callable[[str], Payload],
    *,
    release: str = "",
    progress: Progress = lambda _kind, _read, _total: None,
) -> Counter[str]:
    """Read ESCO in one language from its public interface into the lake, as `import_files`.

    A reading that was cut off goes on where it stopped: its pages stay under the home folder until
    all are there.
    """
    if not re.fullmatch(r"[a-z]{2,3}", language):
        raise InputError(f"{language!r} is not a language code of two or three letters")
    release = release.removeprefix("v")
    if release and not _RELEASE.fullmatch(release):
        raise InputError(f"{release!r} is not a release of ESCO (1.2.0, for one)")
    mark = re.sub(r"\W+", "-", f"{api} {release or 'given'}")
    folder = settings.home / "fetched" / f"{ESCO}-{mark}-{language}"
    pages = Pages(folder)
    concepts = read_api(Interface(api, language, door, release), pages, progress)
    counts = store(lake, ESCO, concepts, release)
    pages.drop()
    return counts


def store(lake: Lake, scheme: str, official: Taxonomy, release: str) -> Counter[str]:
    """Put a taxonomy beside what is there; labels stored, by "kind language".

    A concept that is there already takes the release now given; its labels in a language now given
    are replaced, those in other languages stay. An occupation's needs are replaced where now given.
    """
    concepts = [
        {"scheme": scheme, "release": release, "uri": c.uri, "kind": c.kind, "code": c.code, "group": c.group}
        for c in official.concepts.values()
    ]  # fmt: skip
    labels = [
        {"scheme": scheme, "uri": c.uri, "language": language, "label": label, "preferred": not i}
        for c in official.concepts.values()
        for language, texts in c.labels.items()
        for i, label in enumerate(texts)
    ]
    relations = {
        (occupation, skill): {"scheme": scheme, "occupation": occupation, "skill": skill, "relation": kind}
        for occupation, skill, kind in official.relations
    }  # fmt: skip
    _beside(lake, "core_concepts", scheme, concepts, ("uri",))
    _beside(lake, "core_concept_labels", scheme, labels, ("uri", "language"))
    _beside(lake, "core_concept_relations", scheme, list(relations.values()), ("occupation",))
    counts = Counter(
        f"{c.kind} {language}" for c in official.concepts.values() for language in c.labels
        for _ in c.labels[language]
    )  # fmt: skip
    counts.update(c.kind for c in official.concepts.values())
    counts["relation"] = len(relations)
    return counts


def _beside(lake: Lake, name: str, scheme: str, rows: list[Row], replaced: tuple[str, ...]) -> None:
    """Add rows to a partition; those there that agree with a new one in `replaced` go."""
    if not rows:
        return
    kept, new = lake.read(name, partition=scheme), table(name).arrow(rows)
    if kept.num_rows:
        keys = new.select(replaced).group_by(list(replaced)).aggregate([])
        kept = kept.join(keys, list(replaced), join_type="left anti").select(kept.column_names)
    lake.replace(name, scheme, pa.concat_tables([kept.cast(new.schema), new]))


def listed(lake: Lake) -> list[Row]:
    """What is there: scheme, release, kind, concepts, and labels by language, as rows."""
    concepts = lake.read("core_concepts")
    if not concepts.num_rows:
        return []
    labels = lake.read("core_concept_labels").join(
        concepts.select(["scheme", "uri", "release", "kind"]), ["scheme", "uri"]
    )
    by = ["scheme", "release", "kind"]
    counts = {
        tuple(row[k] for k in by): row["uri_count"]
        for row in concepts.group_by(by).aggregate([("uri", "count")]).to_pylist()
    }
    labels_by_key: dict[tuple[str, ...], dict[str, int]] = {key: {} for key in counts}
    for row in labels.group_by([*by, "language"]).aggregate([("label", "count")]).to_pylist():
        labels_by_key[tuple(row[k] for k in by)][row["language"]] = row["label_count"]
    return [
        {
            **dict(zip(by, key)),
            "concepts": counts[key],
            "labels": dict(sorted(labels_by_key[key].items())),
        }
        for key in sorted(counts)
    ]


def _labelled(lake: Lake) -> pa.Table:
    """Every label in our languages with what its concept is, preferred ones first."""
    labels = lake.read("core_concept_labels")
    labels = labels.filter(pc.is_in(labels["language"], pa.array(LANGUAGES)))
    joined = labels.join(lake.read("core_concepts"), ["scheme", "uri"])
    return joined.sort_by(
        [("preferred", "descending"), ("uri", "ascending"), ("label", "ascending")]
    )


def write_lexicon(lake: Lake, home: Path) -> str:
    """Write the labels that enrich looks for in ads under the home folder; the file's path, or an
    empty text when no taxonomy is imported. It is written anew only when the tables have changed."""
    mark = lake.number("core_concept_labels")
    if mark < 0:
        return ""
    path = home / "taxonomy" / f"labels-{mark}-{taxonomy_lexicon.FORMAT}.tsv"
    if not path.exists():
        for old in path.parent.glob("labels-*.tsv"):
            old.unlink()
        taxonomy_lexicon.write(path, _labelled(lake).to_pylist())
    return str(path)


def names(lake: Lake, skills: Iterable[str], occupations: Iterable[str]) -> list[Row]:
    """Rows of core_codes (lists `skill` and `esco`) for the codes used, from imported labels."""
    labels_by_code: dict[tuple[str, str], dict[str, str]] = {}
    used: Mapping[str, set[str]] = {"skill": set(skills), "occupation": set(occupations)}
    labels = _labelled(lake)
    for row in labels.filter(labels["preferred"]).to_pylist():
        code = row["code"] if row["kind"] == "occupation" else row["uri"].rsplit("/", 1)[-1]
        if code in used.get(row["kind"], ()):
            name = "skill" if row["kind"] == "skill" else ESCO
            labels_by_code.setdefault((name, code), {}).setdefault(row["language"], row["label"])
    return [
        {"list": name, "code": code, **{k: texts.get(k, "") for k in LANGUAGES}}
        for (name, code), texts in sorted(labels_by_code.items())
    ]
