"""The sample of job ads that ships: generated, marked as synthetic, placed by census population."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from marsad.base.records import JobAd
from marsad.collect.context import Context
from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_ads.generate import generate


def _day(value: object) -> dt.date | None:
    return dt.date.fromisoformat(str(value)) if value else None


def collect(ctx: Context) -> Iterator[JobAd]:
    """The sightings of the seed, number and last day that source.yml names."""
    options = {**ctx.spec.options, **ctx.options}
    until = dt.date.fromisoformat(options["until"])
    for row in generate(options["seed"], options["ads"], until, provinces()):
        yield JobAd(
            source_id=ctx.spec.id,
            board=str(row["board"]),
            ad_id=str(row["ad_id"]),
            raw_title=str(row["title"]),
            raw_text=str(row["text"]),
            raw_company=str(row["company"] or ""),
            raw_place=str(row["place"] or ""),
            raw_contract=str(row["contract"] or ""),
            raw_experience=str(row["experience"] or ""),
            raw_diploma=str(row["diploma"] or ""),
            raw_salary=str(row["salary"] or ""),
            url=str(row["url"]),
            posted_on=_day(row["posted"]),
            deadline_on=_day(row["deadline"]),
            seen_first_on=_day(row["seen_first"]),
            seen_last_on=_day(row["seen_last"]),
            positions=row["positions"] if isinstance(row["positions"], int) else None,
            country="MA",
            synthetic=True,
        )
