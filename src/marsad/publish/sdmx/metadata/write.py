"""Metadata messages: SDMX-ML 3.0 generic metadata and SDMX-JSON 2.0.0, in every language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from marsad.base.labels import LANGUAGES, Text, pick
from marsad.products.declare import Indicator
from marsad.publish.sdmx.errors import SdmxError
from marsad.publish.sdmx.metadata.request import FLOW, MetadataAsk
from marsad.publish.sdmx.structure.artefacts import AGENCY, V30, Ref
from marsad.publish.sdmx.structure.definitions import TEXTS, flow_id
from marsad.publish.sdmx.structure.json2 import SCHEMA, Json, meta, names
from marsad.publish.sdmx.xml import header, localised, opening, tag, text

_PARTS = {"QUESTION": "question", "DEFINITION": "definition", "NUMERATOR": "numerator",
          "DENOMINATOR": "denominator", "METHOD": "method", "DATA_SOURCE": "source"}  # fmt: skip
"""Attribute of MSD_METHOD -> what an indicator declares."""


def set_id(indicator: str) -> str:
    """The id of the metadata set of an indicator."""
    return f"MDS_{indicator.upper()}"


def notes(indicators: Sequence[Indicator], ask: MetadataAsk) -> list[Indicator]:
    """The indicators whose notes a question asks for; SdmxError 404 for none."""
    chosen = [
        i
        for i in indicators
        if (not ask.sets or set_id(i.id) in ask.sets)
        and (not ask.dataflows or flow_id(i.id) in ask.dataflows)
    ]
    if not chosen:
        raise SdmxError(404)
    return chosen


def _texts(indicator: Indicator) -> Iterator[tuple[str, Mapping[str, str]]]:
    for name, attribute in _PARTS.items():
        yield name, getattr(indicator, attribute)


def _title(indicator: Indicator) -> Text:
    return {la: f"{TEXTS.scheme[FLOW][la]} – {indicator.title[la]}" for la in LANGUAGES}


def metadata_ml(chosen: Sequence[Indicator], ask: MetadataAsk, prepared: dt.datetime) -> bytes:
    """Generic metadata of SDMX-ML 3.0."""
    flow = Ref("metadataflow", FLOW).urn(V30)
    structure = tag(
        "mes:Structure",
        text("com:StructureUsage", flow),
        {"structureID": FLOW, "dimensionAtObservation": None},
    )
    sets = "".join(_set_ml(i, flow, ask.detail) for i in chosen)
    head = opening("GenericMetadata", V30, {"md": "metadata/generic"})
    return f"{head}{header('METADATA', prepared, structure)}{sets}</mes:GenericMetadata>".encode()


def _set_ml(indicator: Indicator, flow: str, detail: str) -> str:
    attributes = {"id": set_id(indicator.id), "agencyID": AGENCY, "version": "1.0.0"}
    content = localised("com:Name", _title(indicator))
    if detail == "full":
        target = Ref("dataflow", flow_id(indicator.id)).urn(V30)
        content += text("md:Metadataflow", flow) + text("md:Target", target)
        for name, texts in _texts(indicator):
            inside = localised("com:Text", texts)
            content += tag("md:Attribute", inside, {"id": name})
        for caveat in indicator.caveats:
            content += tag("md:Attribute", text("md:Value", caveat), {"id": "CAVEAT"})
    else:
        attributes["isExternalReference"] = "true"
    return tag("mes:MetadataSet", content, attributes)


def metadata_json(
    chosen: Sequence[Indicator], ask: MetadataAsk, prepared: dt.datetime, language: str
) -> bytes:
    """A metadata message of SDMX-JSON 2.0.0."""
    flow = Ref("metadataflow", FLOW).urn(V30)
    sets: list[Json] = []
    for indicator in chosen:
        content: Json = {
            "id": set_id(indicator.id),
            "agencyID": AGENCY,
            "version": "1.0.0",
            **names(_title(indicator), None, language),
        }
        target = Ref("dataflow", flow_id(indicator.id)).urn(V30)
        content |= {"metadataflow": flow, "targets": [target]}
        attributes: list[Json] = [
            {
                "id": name,
                "value": dict(texts),
                "format": {"dataType": "String", "isMultiLingual": True},
            }
            for name, texts in _texts(indicator)
        ]
        attributes += [{"id": "CAVEAT", "value": caveat} for caveat in indicator.caveats]
        if ask.detail != "full":
            content["isExternalReference"] = True
            attributes = [{"id": "DEFINITION", "value": pick(indicator.definition, language)}]
        sets.append({**content, "attributes": attributes})
    schema = SCHEMA.format("metadata-message", "2.0.0/sdmx-json-metadata-schema")
    head = meta("METADATA", prepared, schema)
    return msgspec.json.encode({"meta": head, "data": {"metadataSets": sets}})
