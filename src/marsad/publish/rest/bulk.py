"""Everything of a release as one file: its address, size and hash, and the Parquet file itself."""

from __future__ import annotations

import hashlib
import io
import threading
from typing import Annotated

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from fastapi import Path, Request, Response
from msgspec import Struct

from marsad.base.errors import NotFoundError
from marsad.base.refusals import refused
from marsad.base.settings import site_path
from marsad.publish.http.answer_cache import of_figures
from marsad.publish.http.replies import answer, unchanged
from marsad.publish.read.cube import CubeQuery
from marsad.publish.read.reader import Reader
from marsad.publish.rest.common import Handlers

MEDIA_TYPE = "application/vnd.apache.parquet"


class BulkFile(Struct, frozen=True):
    """One file: what it holds and how to know that it came whole."""

    name: str
    address: str
    media_type: str
    rows: int
    bytes: int
    sha256: str
    columns: tuple[str, ...]


class Manifest(Struct, frozen=True):
    """The files of a release; every value in force, of every indicator."""

    release: str
    published_at: str
    files: tuple[BulkFile, ...]


class _Made(Struct, frozen=True):
    manifest: Manifest
    content: bytes


def _made(reader: Reader) -> _Made:
    release, table = reader.release(), reader.cube(CubeQuery())
    about = {"release": release.id, "published_at": release.published_at.isoformat()}
    table = table.replace_schema_metadata({"marsad": msgspec.json.encode(about)})
    out = io.BytesIO()
    pq.write_table(_plain(table), out, compression="zstd")
    content, name = out.getvalue(), f"marsad_{release.id}.parquet"
    file = BulkFile(
        name,
        site_path(f"/api/v1/bulk/{name}"),
        MEDIA_TYPE,
        table.num_rows,
        len(content),
        hashlib.sha256(content).hexdigest(),
        tuple(table.column_names),
    )
    return _Made(Manifest(release.id, about["published_at"], (file,)), content)


def _plain(table: pa.Table) -> pa.Table:
    """Codes as dictionaries of texts with signed indices, which every reader knows."""
    coded = pa.dictionary(pa.int32(), pa.string())
    fields = [
        field.with_type(coded) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, metadata=table.schema.metadata))


class Bulk(Handlers):
    """The manifest of a release and its file, made once a release."""

    _lock = threading.Lock()
    _last: _Made | None = None

    def _of(self, reader: Reader) -> _Made:
        with self._lock:
            if self._last is None or self._last.manifest.release != reader.release().id:
                self._last = _made(reader)
            return self._last

    def manifest(self, request: Request) -> Response:
        """The files that hold a whole release, with their sizes and SHA-256."""
        return self.respond(request, lambda r: self._of(r).manifest, figures=True)

    def file(
        self,
        request: Request,
        name: Annotated[str, Path(max_length=100, description="`name` of a file of the manifest")],
    ) -> Response:
        """Every value in force of every indicator, as one Parquet file."""
        now = self._reader()
        of_figures(request)
        made = self._of(now)
        (file,) = made.manifest.files
        if name != file.name:
            raise NotFoundError(refused("no_bulk_file", name=name, known=file.name))
        if same := unchanged(request, made.manifest.release):
            return same
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Total-Count": str(file.rows),
        }
        return answer(request, made.manifest.release, made.content, MEDIA_TYPE, headers)
