"""Training of the classifiers that learn: from open taxonomies to the weights that ship.

`marsad train isco08|skills|language --esco PATH ...` reads an ESCO release, learns with a fixed
seed, writes the weights into the package and says what they are. Texts of the evaluation sets and
of real ads are never read.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

from marsad.base.codes import codelist
from marsad.base.declare import load_yaml
from marsad.collect.taxonomy import Concept, Taxonomy, read_esco
from marsad.enrich import language, posts
from marsad.enrich.fields.esco_skills import classify as vocabulary
from marsad.enrich.fields.esco_skills import rank as skill_rank
from marsad.enrich.fields.isco08 import concepts as occupation_rank
from marsad.enrich.fields.isco08.classify import rows as our_titles
from marsad.products.matching import guess, likeness, near
from marsad.training import esco_skills as skill_train
from marsad.training import isco08 as occupation_train
from marsad.training import language_model
from marsad.training import posts as invented
from marsad.training.rome import rome_rows

Facts = dict[str, object]
LANGUAGES = ("fr", "en", "ar")


def _write(path: Path, data: bytes) -> Facts:
    path.write_bytes(data)
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def known_occupations(taxonomy: Taxonomy) -> list[occupation_train.Known]:
    """ESCO's occupations and ISCO's groups as training takes them; groups in our three languages."""
    titles = codelist("isco08")
    known = []
    for concept in taxonomy.of_kind("group", "occupation"):
        labels = {name: list(texts) for name, texts in concept.labels.items()}
        if concept.kind == "group" and concept.code in titles:
            for name in LANGUAGES:
                mine = labels.setdefault(name, [])
                if titles[concept.code][name] not in mine:
                    mine.append(titles[concept.code][name])
        group = concept.group[:4] if concept.kind == "occupation" else concept.code
        known.append(
            occupation_train.Known(concept.code, concept.uri, group, labels, concept.descriptions)
        )
    return known


def occupation_weights(taxonomy: Taxonomy, rome: Sequence[Path] = ()) -> bytes:
    """Weights of the occupation coder's fast tier, learnt from the labels of ESCO and ISCO, from our
    titles, and from those of ROME where its two tables are given; where they are put is the caller's to decide."""
    known = known_occupations(taxonomy)
    rows = occupation_train.label_rows(known)
    seen = {(row.form, row.concept) for row in rows}
    titles = [(row["title"], row["isco08"], row["esco"]) for row in our_titles()]
    ours = occupation_train.our_rows(titles, known)
    rows += [row for row in ours if (row.form, row.concept) not in seen]
    if rome:
        appellations, mapping = rome
        rows += rome_rows(appellations, mapping, known, rows)
    learnt = occupation_train.learn_words(known, rows)
    linear, groups = occupation_train.learn_linear(learnt, rows, known)
    return occupation_train.pack(known, rows, learnt, linear, groups)


def train_occupations(
    taxonomy: Taxonomy, *, sentences: bool, rome: Sequence[Path] = ()
) -> list[Facts]:
    """Word vectors and linear weights of the occupation coder; with `sentences` also the slow
    tier's vectors (8 minutes more)."""
    facts = [_write(occupation_rank.WEIGHTS, occupation_weights(taxonomy, rome))]
    if sentences:
        data = occupation_train.pack_sentences(known_occupations(taxonomy))
        facts.append(_write(occupation_rank.SENTENCES, data))
    return facts


def train_skills(taxonomy: Taxonomy) -> list[Facts]:
    """Vectors, label fingerprints and occupations' needs of the skill coder."""
    skills = [_skill(concept) for concept in taxonomy.of_kind("skill")]
    occupations = taxonomy.of_kind("occupation")
    code = {concept.uri: concept.code for concept in occupations}
    relations = [
        (code[occupation], skill.rsplit("/", 1)[-1], kind)
        for occupation, skill, kind in taxonomy.relations
        if occupation in code
    ]
    needs = skill_train.pack_needs([c.code for c in occupations], skills, relations)
    ours = [
        (form, code)
        for code, row in vocabulary.vocabulary().items()
        for form in row["forms"].split("|")
    ]
    return [
        {**_write(skill_rank.NEEDS, needs), "relations": len(relations)},
        {**_write(skill_rank.WEIGHTS, skill_train.pack(skills, ours)), "skills": len(skills)},
    ]


def _skill(concept: Concept) -> skill_train.KnownSkill:
    return skill_train.KnownSkill(concept.name, concept.labels, concept.descriptions)


def _spoken(taxonomy: Taxonomy) -> list[language_model.Labelled]:
    """Labels and descriptions of every concept with their language."""
    texts = [
        (text, spoken)
        for concept in taxonomy.concepts.values()
        for spoken, labels in concept.labels.items()
        for text in labels
    ]
    texts += [
        (text[:400], spoken)
        for concept in taxonomy.concepts.values()
        for spoken, text in concept.descriptions.items()
    ]
    return [(text, spoken) for text, spoken in texts if spoken in LANGUAGES]


def train_language(taxonomy: Taxonomy) -> list[Facts]:
    """Weights of the language model: ESCO's labels for French, English and standard Arabic; our
    seeds and titles for Darija."""
    seeds = load_yaml(language.WEIGHTS.with_name("language_darija.yml"))
    latin = [w for forms in seeds["latin_function_words"] for w in forms.split("|")]
    texts = [
        *_spoken(taxonomy),
        *((row["title"], row["lang"]) for row in our_titles() if row["lang"] != "ary"),
        *((text, "ary-Latn") for text in seeds["latin_sentences"] for _ in range(8)),
        *((text, "ary-Latn") for text in latin for _ in range(8)),
        *((text, "ary-Latn") for text in language_model.made_words(seeds, 30_000)),
        *((text, "ary") for text in seeds["arabic_sentences"] for _ in range(8)),
        *((text, "ary") for text in seeds["arabic_function_words"] for _ in range(8)),
        *((text, "ary") for text in seeds["arabic_verbs"] for _ in range(8)),
        *((text, "ar") for text in seeds["msa_sentences"] for _ in range(4)),
    ]
    return [{**_write(language.WEIGHTS, language_model.train(texts)), "texts": len(texts)}]


def _near_groups() -> Facts:
    """What unit groups are near each other by the weights as they are now."""
    caches = occupation_rank.concepts, skill_rank.skills, skill_rank.needs, guess.occupations
    for cached in caches:
        cached.cache_clear()
    return _write(near.FILE, likeness.lists())


def train(
    classifier: str, paths: Sequence[Path], *, sentences: bool = False, rome: Sequence[Path] = ()
) -> list[Facts]:
    """Train one classifier from the ESCO files in `paths` (`posts` from the posts in `posts.jsonl`; occupations
    also from the two tables of `rome`); what each file of weights is."""
    start = time.perf_counter()
    if classifier == "posts":
        known = invented.labelled()
        return [{**_write(posts.WEIGHTS, invented.weights(known)), "posts": len(known)}]
    taxonomy = read_esco(paths)
    if classifier == "isco08":
        facts = train_occupations(taxonomy, sentences=sentences, rome=rome)
    elif classifier == "skills":
        facts = train_skills(taxonomy)
    else:
        facts = train_language(taxonomy)
    if classifier != "language":
        facts.append(_near_groups())
    return [{**fact, "minutes": round((time.perf_counter() - start) / 60, 1)} for fact in facts]
