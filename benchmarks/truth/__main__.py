"""The table of `make bench-truth`: what is read, kept and counted, each line with its bar.

python -m benchmarks.truth [PART ...]     parts are the modules of this folder (personal, damaged ...)
"""

from __future__ import annotations

import sys
from importlib import import_module

PARTS = (
    "personal", "countries", "currencies", "days", "encodings", "official", "damaged", "skills", "notices", "sample",
)  # fmt: skip


def main(parts: tuple[str, ...]) -> int:
    """Print the lines of the parts named, or of all; exit code 2 for a part that does not exist."""
    if unknown := [part for part in parts if part not in PARTS]:
        print(f"There is no part {unknown[0]!r}: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    print(f"{'what':64} {'bar':>12} {'value':>14} {'n':>8}")
    for part in parts or PARTS:
        for line in import_module(f"benchmarks.truth.{part}").measure():
            print(f"{line.what[:64]:64} {line.bar:>12} {line.value:>14} {line.n:8,}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
