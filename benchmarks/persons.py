"""Is a person who writes a sentence given their own trade? Run from the project:

    python benchmarks/persons.py benchmarks/answers/persons_seen.tsv benchmarks/answers/persons_unseen.tsv
    python benchmarks/persons.py --near

Persons: tab-separated `lang text job area groups` (ISCO-08 groups that are right, with | between). Asked:
is the first unit group read one of them, is one of the first five? Beside it what was done before: the
pieces between commas read one by one, then the skills they name. Only totals are printed, by language
(as written: `persons` are split into fr, ar, Darija in both scripts and en by what `sentence` hears),
with Wilson intervals. `--near` prints the near occupations of trades, to be read by hand.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from marsad.base.codes import codelist
from marsad.products.matching import guess, read
from marsad.products.matching.near import near
from marsad.products.statistics.intervals import wilson
from marsad.publish.read.persons import statement

FIRST = 5
CHOSEN = "8322 7112 5141 5131 2221 3313 5223 9211 7531 3113 8344 7411 4226 7231 5120 9111 5414 8332 7126 7212 4222 2512 7512 3322 4321"  # fmt: skip
UNSEEN = "5142 2330 2341 4311 4120 9112 9313 9333 7115 7522 8153 8212 6113 6121 5311 5322 4224 2411 2142 3112 3512 2166 2423 8342 9621"  # fmt: skip
Ranking = Callable[[str, str], Sequence[str]]  # text, job -> unit groups, best first


def by_sentence(text: str, job: str) -> list[str]:
    """As the portal reads now."""
    return [meant.code for meant in statement(text, job).read.occupations]


def by_pieces(text: str, job: str) -> list[str]:
    """As it read before: titles between commas, then what the skills speak for."""
    readings = read.understood(text)
    jobs = [named.code for named in read.jobs_named(job)[:1]] if job else []
    jobs += [phrase.job for phrase in readings if phrase.job]
    codes = [code for phrase in readings for code in phrase.codes]
    words = [p.words for p in readings if p.known and not (p.codes or p.job)]
    likely = guess.likely(guess.Person(tuple(codes), tuple(words)))
    return list(dict.fromkeys([*jobs, *(occupation.code for occupation in likely)]))


def share(right: int, whole: int) -> str:
    """A share in per cent with its interval."""
    low, high = wilson(right, whole)
    return f"{100 * right / whole:5.1f} [{low:4.1f}; {high:5.1f}]"


def persons(path: Path) -> None:
    """Print the table of one file of persons: totals alone."""
    ways: dict[str, Ranking] = {"before": by_pieces, "now": by_sentence}
    hits: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text, job = row["text"], row.get("job") or ""
            right = set((row.get("groups") or row["unit groups"]).split("|"))
            heard = statement(text, job).read.language
            for way, ranking in ways.items():
                ranked = list(ranking(text, job))[:FIRST]
                hit = bool(ranked) and ranked[0] in right, bool(right & set(ranked))
                for key in (heard, "all"):
                    hits[key, way].append(hit)
    print(f"\n{path.name}: own unit group, per cent [95 % interval]")
    print(f"{'language heard':16} {'way':8} {'n':>4}  {'first':22} among five")
    for (language, way), rows in sorted(hits.items()):
        n, first, five = len(rows), sum(a for a, _ in rows), sum(b for _, b in rows)
        print(f"{language:16} {way:8} {n:4}  {share(first, n):22} {share(five, n)}", flush=True)


def neighbours() -> None:
    """Print the near occupations of 25 trades on which the rule was chosen, and of 25 others."""
    names = codelist("isco08")
    for title, trades in (("chosen on", CHOSEN), ("unseen", UNSEEN)):
        lists = {code: near(code) for code in trades.split()}
        print(f"\n{title}: {sum(map(len, lists.values()))} neighbours of {len(lists)} trades")
        for code, groups in lists.items():
            print(f"{code} {names[code]['fr']}")
            for group in groups:
                print(f"    {group.alike:.2f} {group.code} {names[group.code]['fr']}")


def main() -> None:
    """The tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("persons", nargs="*", type=Path, help="files of persons")
    parser.add_argument("--near", action="store_true", help="near occupations, to be read by hand")
    given = parser.parse_args()
    if given.near:
        neighbours()
    for path in given.persons:
        persons(path)


if __name__ == "__main__":
    main()
