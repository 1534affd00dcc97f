"""Real ads through the whole flow: seconds, share coded, duplicates, personal data left.

.venv/bin/python benchmarks/ads.py ../shared/data
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa

from marsad.base.settings import Settings
from marsad.collect.detect import detect
from marsad.flow.steps import Flow

EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.\w+")
PHONE = re.compile(r"(?<!\d)(?:\+?212|0)[\s.\-/]*[5-8](?:[\s.\-/]*\d){8}(?!\d)")


def _left(flow: Flow) -> int:
    """Cells of the lake in which an email or a phone can be found."""
    count = 0
    for name in ("raw_ads", "core_ads", "core_ad_skills", "core_ad_links"):
        table = flow.lake.read(name)
        for field in table.schema:
            if field.type == pa.string():
                texts = table[field.name].to_pylist()
                count += sum(bool(EMAIL.search(t) or PHONE.search(t)) for t in texts)
    return count


def main(root: Path, workers: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        flow = Flow(Settings(home=Path(home), workers=workers))
        boards = root / "ads" / "morocco_boards_2026-01.jsonl"
        start = time.perf_counter()
        run = flow.ingest(detect("ads", boards, boards.read_bytes()), [boards])
        read = time.perf_counter() - start
        flow.enrich()
        whole = time.perf_counter() - start
        print(
            f"{boards.name}: {run.rows_in:,} in, {run.rows_out:,} stored, {run.rejected} set aside"
        )
        print(f"  read {read:.2f} s; read, coded and deduplicated {whole:.2f} s")
        print(f"  {run.rows_out / whole:,.0f} ads/s with {workers} processes")
        for path in sorted((root / "ads").glob("*.jsonl")):
            if path != boards and not path.name.startswith("france"):
                flow.ingest(detect("ads", path, path.read_bytes()), [path])
        flow.enrich()
        ads = flow.lake.read("core_ads").to_pylist()
        for source in sorted({ad["source_id"] for ad in ads}):
            mine = [ad for ad in ads if ad["source_id"] == source]
            share = {
                name: sum(bool(ad[name]) for ad in mine) / len(mine)
                for name in ("province", "isco08", "esco", "language")
            }
            shares = ", ".join(f"{name} {value:.1%}" for name, value in share.items())
            copies = sum(not ad["is_canonical"] for ad in mine)
            print(f"{source}: {len(mine):,} ads, {shares}, {copies} duplicates")
        public = [ad for ad in ads if ad["board"] == "emploi-public"]
        rows = flow.lake.read("raw_ads", partition="emploi_public_fr").num_rows
        french = {ad["cluster"] for ad in public if ad["source_id"].endswith("fr")}
        print(f"public-sector: {rows} French rows -> {len(french)} notices;", end=" ")
        print(f"both languages -> {len({ad['cluster'] for ad in public})} clusters")
        links = Counter(flow.lake.read("core_ad_links")["band"].to_pylist())
        print("links:", ", ".join(f"{band} {n}" for band, n in sorted(links.items())))
        print(f"emails or phones left in the lake: {_left(flow)}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"), workers=2)
