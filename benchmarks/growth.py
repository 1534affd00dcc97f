"""What an installation holds on the disk after many releases: files and bytes by table and folder.

    .venv/bin/python benchmarks/growth.py [RELEASES]

Each release follows one new ad; upkeep is done after every twentieth, as once a day would, and files that
nothing names may go at once. A row is printed after a tenth of the releases, and so on. The commits of tables
(`_delta_log`) are counted apart: they go by themselves after thirty days, which this run does not take.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp

from kills import payloads

from marsad.base.settings import Settings
from marsad.collect.register import source
from marsad.flow import upkeep
from marsad.flow.steps import Flow

PLACES = (
    "lake/out_changes",
    "lake/out_history",
    "lake/core_ad_log",
    "lake",
    "lake/*/_delta_log",
    "vault",
    "releases",
    "editions",
)


def size(home: Path, place: str) -> tuple[int, int]:
    """Files below a place and their bytes; a file with several names counts once. Commits count only where
    they are asked for."""
    below = (p for folder in home.glob(place) for p in folder.rglob("*") if p.is_file())
    every = [p for p in below if ("_delta_log" in p.parts) == place.endswith("_delta_log")]
    files = {(s.st_dev, s.st_ino): s.st_size for p in every if (s := p.stat())}
    return len(files), sum(files.values())


def main(releases: int) -> None:
    """Make so many releases and print what they leave."""
    upkeep.FILE_HOURS = 0
    folder = Path(mkdtemp(prefix="growth-"))
    home = folder / "home"
    try:
        flow = Flow(Settings(home=home, sample=False))
        for number, path in enumerate(payloads(folder, releases), 1):
            flow.ingest(source("job_feed"), [path])
            flow.run(("enrich", "release"))
            if number % 20 == 0:
                flow.keep()
            if number % max(1, releases // 10) == 0:
                row = ", ".join(
                    f"{name} {n} files {of / 1e6:.1f} MB"
                    for name in PLACES
                    for n, of in [size(home, name)]
                )
                print(
                    f"{number} releases, {flow.lake.read('core_ads', columns=['ad_key']).num_rows} ads: {row}",
                    flush=True,
                )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
