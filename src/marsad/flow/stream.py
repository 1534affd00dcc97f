"""The stream: what is new among sightings becomes coded ads, in steps that read only what is new.

    sightings   added by `flow.arrivals`, in numbered portions
    contents    words that were never coded under the present version of enrich are coded, once
    ads         each ad over all its sightings, with the coding of its newest words
    duplicates  blocks and links of ads that are new or changed, and the clusters that these touch

The logs are written in the order contents, links, ads, blocks; the last commit carries the mark of the
portion that was read. A run that was cut off is read again from there: what was written is written again
with the same values, so nothing is lost or doubled. The same sightings give the same ads whether they come
one by one or all at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from marsad.base.records import Row
from marsad.collect.register import sources
from marsad.enrich import batch
from marsad.enrich.duplicates.comparators import Folded, folded
from marsad.enrich.duplicates.linking import Link
from marsad.flow import review
from marsad.flow.coding import DAYS, REALMS, basis_of, code_words, portions, read_days, realm_of
from marsad.flow.duplicates import Changed, Pair, Relinker, cluster_of, component
from marsad.flow.lives import keys_of, known, lives_of, of_portions, portions_after
from marsad.lake.control import Control
from marsad.lake.queries import keyed, newest
from marsad.lake.store import Lake
from marsad.lake.tables import table

PORTION, REVISION, BASIS = "portion", "revision", "basis"
"""Marks: the last portion of sightings read, the last revision written, and what every ad was read under."""
MOST = 20_000
"""Ads that one step takes together."""
LAST = "core_block_log"
"""The table that a step writes last."""
_LOGS = ("core_link_log", "core_ad_log", LAST)
_BASIS = ("content", "version", "posted_on", "deadline_on", "judged_isco08", "confidentiality")
"""What duplicates rest on: where none of it has changed, blocks and links stand."""


@dataclass
class Stream:
    """The steps of one installation. `labels` is the file of imported labels, empty without any."""

    lake: Lake
    control: Control
    labels: str = ""
    say: Callable[[str], None] = field(default=lambda _: None)
    judged: int = 0
    """Ads and pairs whose judgement was taken."""
    without_country: Counter[str] = field(default_factory=Counter)
    """Ads that name no country that is known, of those whose words were read, by source."""

    def __post_init__(self) -> None:
        self._version = batch.version(self.labels)
        self._own = {spec.id: spec for spec in sources() if spec.kind == "ads"}

    # what there is to do -------------------------------------------------------------------------

    def advance(self) -> int:
        """Take every portion and judgement that is new; how many ads were read."""
        read, last = 0, self.lake.mark("raw_sightings", PORTION)
        while (begun := self.lake.mark(LAST, PORTION)) < last:
            until = portions_after(self.lake, begun, MOST)
            keys = of_portions(self.lake, begun + 1, until)
            self._take(keys, {PORTION: until})
            read += len(keys)
            self.say(f"{read:,} ads read, portion {until} of {last}")
        return read + self._judged()

    def _judged(self) -> int:
        """Take the ads whose judgements differ from those that were taken: made, changed or withdrawn."""
        held = {
            (row["scheme"], row["subject"]): row["value"]
            for row in self.lake.read("core_judgements").to_pylist()
        }
        now = {
            (scheme, row["subject"]): row["value"]
            for scheme in review.SCHEMES
            for row in self.control.judgements(scheme)
        }
        differing = {key for key in held.keys() | now.keys() if held.get(key) != now.get(key)}
        if not differing:
            return 0
        self._take(known(self.lake, {k for _, s in differing for k in s.split(" ")}), {})
        for scheme in review.SCHEMES:
            rows = [
                {"scheme": of, "subject": subject, "value": value}
                for (of, subject), value in now.items()
                if of == scheme
            ]
            self.lake.replace("core_judgements", scheme, rows)
        self.judged += len(differing)
        return len(differing)

    def retake(self, keys: Collection[str]) -> None:
        """Read some ads anew, whose sightings have changed without a portion: those without any are gone."""
        self._take(keys, {})

    def backfill(self) -> int:
        """Take the ads that another version of enrich coded, portion by portion: it can be cut off, and
        goes on with those that are left. How many were read."""
        read, basis = 0, basis_of(self._version, self._own.values())
        if self.lake.mark(LAST, BASIS) == basis:
            return 0
        while keys := self._outdated():
            self._take(keys, {})
            read += len(keys)
            self.say(f"{read:,} ads read again under version {self._version}")
        self.lake.append(LAST, table(LAST).schema.empty_table(), {BASIS: basis})
        return read

    def _outdated(self) -> set[str]:
        own = ", ".join(
            f"('{s.id}', '{s.confidentiality}', {str(s.publishes_text).lower()})"
            for s in self._own.values()
        )
        return keys_of(
            self.lake,
            "select a.ad_key as ad_key from core_ad_log a left join"  # noqa: S608 - names of ours
            f" (values {own}) s(id, confidentiality, publishes_text) on a.source_id = s.id"
            f" where a.version <> '{self._version}' or a.opening_isco08 = '' and a.judged_isco08 <> '' or a.confidentiality <> s.confidentiality"
            f" or a.publishes_text <> s.publishes_text limit {MOST}",
            ("core_ad_log",),
        )

    # one step ------------------------------------------------------------------------------------

    def _take(self, keys: Collection[str], marks: Mapping[str, int]) -> None:
        """Read some ads anew and write what came of them, then set the marks."""
        revision = self._whole() + 1
        lives = lives_of(self.lake, keys)
        before = self._held(keys)
        self._code_contents(lives)
        ads = self._ads(lives, before, revision)
        judged = review.judged_pairs(self.control)
        links, blocks, differing = self._relink(ads, before, revision)
        states = self._clustered(ads, before, differing, judged, revision)
        last = {REVISION: revision}
        self.lake.append("core_link_log", table("core_link_log").arrow(links), last)
        self.lake.append("core_ad_log", table("core_ad_log").arrow(states), last)
        self.lake.append(LAST, blocks, {**last, **marks})

    def _whole(self) -> int:
        """The last revision that all logs hold; what a step that was cut off wrote of the next is taken
        out."""
        last = self.lake.mark(LAST, REVISION)
        for name in _LOGS:
            if self.lake.mark(name, REVISION) > last:
                self.lake.remove(name, f"revision > {last}")
        return last

    def _held(self, keys: Collection[str]) -> dict[str, Row]:
        """The rows of the log of ads that hold now."""
        log = newest("core_ad_log", "ad_key in (select ad_key from asked)")
        query = f"select * from {log} held"  # noqa: S608 - names of ours
        schema = table("core_ad_log").schema
        rows = self.lake.table(query, ("core_ad_log",), schema, keyed(keys))
        return {row["ad_key"]: row for row in rows.to_pylist()}

    def _code_contents(self, lives: Mapping[str, Row]) -> None:
        """Code the words that the present version has not coded."""
        named = {(ad["source_id"], ad["content"]) for ad in lives.values()}
        given = {"asked": pa.table({n: pa.array([pair[i] for pair in named], pa.string()) for i, n in enumerate(("source_id", "content"))})}  # fmt: skip
        names = ", ".join(f"{'k' if n == 'source_id' else 'a'}.{n} as {n}" for n in table("raw_contents").columns)  # fmt: skip
        # Sources that give the same words have each their own coding; the words may stand with one of them.
        query = f"""select {names} from asked k join (select *, row_number() over (partition by content
          order by source_id) as nth from raw_contents where content in (select content from asked)) a
          on k.content = a.content and a.nth = 1 left join (select source_id, content from core_contents
          where version = '{self._version}' and content in (select content from asked)) c
          on k.source_id = c.source_id and k.content = c.content where c.content is null"""  # noqa: S608
        missing = self.lake.batches(query, ("raw_contents", "core_contents"), table("raw_contents").schema, given)  # fmt: skip
        work = partial(code_words, labels=self.labels)
        coded = self.lake.engine.map_batches(work, portions(missing), table("core_contents").schema)
        schema = table("core_contents").schema
        self.lake.append("core_contents", pa.Table.from_batches(coded, schema))

    def _ads(
        self, lives: Mapping[str, Row], before: Mapping[str, Row], revision: int
    ) -> dict[str, Row]:
        """The rows of the log for some ads, alone in their clusters."""
        judged = self._judged_codes(lives)
        ads: dict[str, Row] = {}
        for key, life in lives.items():
            own = self._own.get(life["source_id"])
            ads[key] = {
                **life,
                "version": self._version,
                "confidentiality": own.confidentiality if own else "aggregate_only",
                "publishes_text": bool(own and own.publishes_text),
                **{f"judged_{scheme}": judged.get((scheme, key), "") for scheme in review.CODED},
                **{f"opening_{scheme}": "" for scheme in review.CODED},
                "blocks": [],
                "cluster": key,
                "is_canonical": True,
                "copies": life["sightings"],
                "revision": revision,
                "gone": False,
            }
        kept, anew = {}, []  # type: tuple[dict[str, Row], list[str]]
        names = [*DAYS.names, "text_length"]
        for key, ad in ads.items():
            old = before.get(key)
            same = ("content", "version", "posted_on", "due_on")
            if old and all(old[name] == ad[name] for name in same):
                kept[key] = batch.seen_again({name: old[name] for name in names}, ad)
            else:
                anew.append(key)
        read = kept | self._read_days({key: ads[key] for key in anew})
        return {key: {**ad, **read[key]} for key, ad in ads.items()}

    def _judged_codes(self, lives: Mapping[str, Row]) -> dict[tuple[str, str], str]:
        """What people judged of ads that still bear the title that they judged, by scheme and ad."""
        judged = [row for scheme in review.CODED for row in self.control.judgements(scheme) if row["subject"] in lives]  # fmt: skip
        keys = sorted({row["subject"] for row in judged})
        if not keys:
            return {}
        names = ("ad_key", "source_id", "content")
        given = {"asked": pa.table({n: [lives[key][n] for key in keys] for n in names})}
        schema = pa.schema([("ad_key", pa.string()), ("title", pa.string())])
        query = f"""select k.ad_key as ad_key, b.title as title from asked k join core_contents b
          on k.source_id = b.source_id and k.content = b.content and b.version = '{self._version}'"""  # noqa: S608
        rows = self.lake.table(query, ("core_contents",), schema, given)
        titles = dict(zip(rows["ad_key"].to_pylist(), rows["title"].to_pylist()))
        return {
            (row["scheme"], row["subject"]): row["value"]
            for row in judged
            if review.in_force(row, titles[row["subject"]])
        }

    def _read_days(self, ads: Mapping[str, Row]) -> dict[str, Row]:
        """The columns that rest on days, and the length of the text, of ads whose words are coded."""
        names = ("ad_key", "source_id", "content", "posted_on", "due_on", "last_seen_on")
        schema = table("core_ad_log").schema
        keys = pa.Table.from_pylist([{n: ad[n] for n in names} for ad in ads.values()], schema=pa.schema([schema.field(n) for n in names]))  # fmt: skip
        words = [c for c in table("core_contents").columns if c not in ("source_id", "content", "version", "skills")]  # fmt: skip
        out = pa.schema([*keys.schema, *(table("core_contents").schema.field(n) for n in words)])
        query = f"""select {", ".join(f"k.{n}" for n in names)}, {", ".join(f"b.{n}" for n in words)}
          from asked k join core_contents b on k.source_id = b.source_id and k.content = b.content
          and b.version = '{self._version}'"""  # noqa: S608 - names of ours
        lengths: dict[str, int] = {}

        def measured(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for rows in batches:
                texts = (len(text) for text in rows["text"].to_pylist())
                lengths.update(zip(rows["ad_key"].to_pylist(), texts))
                unknown = rows.filter(pc.equal(rows["country"], ""))
                self.without_country.update(unknown["source_id"].to_pylist())
                yield rows

        rows = self.lake.batches(query, ("core_contents",), out, {"asked": keys})
        read = self.lake.engine.map_batches(read_days, measured(portions(rows)), DAYS)
        return {
            row["ad_key"]: {**row, "text_length": lengths[row["ad_key"]]}
            for part in read
            for row in part.to_pylist()
        }

    # duplicates ----------------------------------------------------------------------------------

    def _relink(
        self, ads: Mapping[str, Row], before: Mapping[str, Row], revision: int
    ) -> tuple[list[Row], pa.Table, dict[Pair, Link | None]]:
        """Rows for the logs of links and blocks, and the links that differ; ads get their blocks."""
        moved: dict[str, dict[str, bool]] = {realm: {} for realm in REALMS}
        for key, ad in ads.items():
            old = before.get(key)
            if old and all(old[name] == ad[name] for name in _BASIS):
                ad["blocks"] = old["blocks"]
                continue
            moved[realm_of(ad)][key] = True
            if old and realm_of(old) != realm_of(ad):
                moved[realm_of(old)][key] = False
        for key in before.keys() - ads.keys():  # it is gone
            moved[realm_of(before[key])][key] = False
        links, tables, differing = [], [], {}  # type: tuple[list[Row], list[pa.Table], dict[Pair, Link | None]]
        relinker = Relinker(self.lake, self._forms, revision)
        for realm, keys in moved.items():
            if not keys:
                continue
            forms = self._folded({key: ads[key] for key, here in keys.items() if here})
            left = {
                k: before[k]["blocks"] for k in keys if k in before and realm_of(before[k]) == realm
            }
            done = relinker(Changed(realm, {key: forms.get(key) for key in keys}, left))
            links += done.links
            tables.append(done.blocks)
            differing |= done.changed
            for key, own in done.of_ad.items():
                if key in ads and keys.get(key):
                    ads[key]["blocks"] = own
        schema = table(LAST).schema
        return links, pa.concat_tables([schema.empty_table(), *tables]), differing

    def _forms(self, keys: Collection[str]) -> dict[str, Folded]:
        """The forms of ads as the lake holds them."""
        return self._folded(self._held(keys)) if keys else {}

    def _folded(self, ads: Mapping[str, Row]) -> dict[str, Folded]:
        """The forms in which ads are compared, from their rows and their words."""
        own = ("ad_key", "source_id", "content", "version")
        keys = pa.table({n: pa.array([ad[n] for ad in ads.values()], pa.string()) for n in own})
        words = ("title", "company", "text", "province", "place_text", "isco08")
        query = f"""select k.ad_key as ad_key, {", ".join(f"b.{n} as {n}" for n in words)}
          from asked k join core_contents b on k.source_id = b.source_id and k.content = b.content
          and k.version = b.version"""  # noqa: S608 - names of ours
        schema = pa.schema([(n, pa.string()) for n in ("ad_key", *words)])
        forms = {}
        for rows in self.lake.batches(query, ("core_contents",), schema, {"asked": keys}):
            for row in rows.to_pylist():
                ad = ads[row["ad_key"]]
                row |= {n: ad[n] for n in ("board", "ad_id", "posted_on", "deadline_on")}
                if code := ad["judged_isco08"]:
                    row["isco08"] = "" if code == review.NO_OCCUPATION else code
                forms[row["ad_key"]] = folded(row)
        return forms

    def _clustered(
        self,
        ads: Mapping[str, Row],
        before: Mapping[str, Row],
        differing: Mapping[Pair, Link | None],
        judged: Sequence[tuple[str, str, bool]],
        revision: int,
    ) -> list[Row]:
        """The rows of the log that differ from those that hold: of the ads themselves, and of those whose
        cluster became another one."""
        seeds = {*ads, *before, *(key for pair in differing for key in pair)}
        members, edges = component(self.lake, seeds, differing, judged)
        held = {**before, **self._held(members - ads.keys() - before.keys())}
        now = {
            key: dict(held[key])
            for key in members
            if key in held and key in held.keys() - before.keys()
        }
        now |= ads
        standing = {key: (ad["posted_on"], ad["text_length"]) for key, ad in now.items()}
        clusters = cluster_of(standing, edges, judged)
        copies: Counter[str] = Counter()
        for key, ad in now.items():
            copies[clusters[key]] += ad["sightings"]
        codes = self._of_openings(now, clusters)
        rows = []
        for key, ad in sorted(now.items()):
            row = {
                **ad,
                "cluster": clusters[key],
                "is_canonical": clusters[key] == key,
                "copies": copies[key],
                **{
                    f"opening_{scheme}": codes.get((scheme, clusters[key]), "")
                    for scheme in review.CODED
                },
            }
            old = held.get(key)
            if old is None or any(old[n] != cell for n, cell in row.items() if n != "revision"):
                rows.append({**row, "revision": revision})
        gone = [before[key] for key in sorted(before.keys() - ads.keys())]
        return [*rows, *({**row, "revision": revision, "gone": True} for row in gone)]

    def _of_openings(
        self, ads: Mapping[str, Row], clusters: Mapping[str, str]
    ) -> dict[tuple[str, str], str]:
        """What people judged of openings, by scheme and canonical ad: of several ads the last judgement."""
        return {
            (scheme, clusters[row["subject"]]): code
            for scheme in review.CODED
            for row in self.control.judgements(scheme)
            if row["subject"] in ads and (code := ads[row["subject"]][f"judged_{scheme}"])
        }
