"""The sample of trainings that ships: generated, marked as synthetic, placed by population."""

from __future__ import annotations

from collections.abc import Iterator

from marsad.base.records import Course, Row
from marsad.collect.context import Context
from marsad.collect.seeds import provinces
from marsad.collect.sources.synthetic_courses.generate import generate


def collect(ctx: Context) -> Iterator[Course]:
    """The trainings of the seed and number that source.yml names."""
    options = {**ctx.spec.options, **ctx.options}
    for course in generate(options["seed"], options["courses"], provinces()):
        row: Row = course
        yield Course(
            source_id=ctx.spec.id,
            course_id=str(row["id"]),
            raw_title=row["title"],
            raw_provider=row["provider"],
            raw_place=row["place"],
            raw_field=row["field_text"],
            raw_level=row["level"],
            raw_outlets=", ".join(row["outlets"]),
            mode=row["mode"],
            places=row["places"],
            hours=row["hours"],
            months=row["months"],
            year=row["year"],
            synthetic=True,
        )
