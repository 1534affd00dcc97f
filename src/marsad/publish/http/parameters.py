"""What is wrong with a parameter of a question, as its type tells it, in three languages."""

from __future__ import annotations

from collections.abc import Mapping

from marsad.base.refusals import Refusal, refused

_NAMES = {
    "string_pattern_mismatch": "pattern",
    "int_parsing": "whole_number",
    "int_from_float": "whole_number",
    "bool_parsing": "yes_or_no",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
    "string_too_long": "too_long",
    "missing": "required",
}
"""Kind of error of pydantic -> name of the sentence."""
_LIMITS = ("pattern", "ge", "le", "max_length")


def invalid(error: Mapping[str, object]) -> Refusal:
    """The sentence for one error of pydantic, a map with `type`, `loc` and `ctx`."""
    loc, context = error["loc"], error.get("ctx")
    assert isinstance(loc, tuple)
    limits = context if isinstance(context, Mapping) else {}
    limit = next((str(limits[key]) for key in _LIMITS if key in limits), "true, false")
    name = _NAMES.get(str(error["type"]), "unaccepted")
    return refused(name, name=str(loc[-1]), limit=limit)
