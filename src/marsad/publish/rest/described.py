"""What the routes of the API answer: the type of each answer in JSON."""

from __future__ import annotations

from collections.abc import Mapping

from marsad.publish.formats.registry import formats
from marsad.publish.http.bodies import PublishedAdDetail
from marsad.publish.http.limits import LimitsBody
from marsad.publish.read.model import Release
from marsad.publish.rest.bodies import (
    AdList,
    AreaDetail,
    AreaList,
    CardList,
    CodeList,
    CodeListNames,
    IndicatorDetail,
    IndicatorList,
    OccupationDetail,
    OccupationList,
    ReviewList,
    SkillDetail,
    SkillList,
    SourceList,
    TrainingDetail,
    TrainingList,
)
from marsad.publish.rest.bulk import Manifest
from marsad.publish.rest.figure_bodies import CountList, RevisionList, ValueDetail
from marsad.publish.rest.finding_bodies import (
    MatchList,
    PathwayList,
    PersonAnswer,
    PersonQuestion,
    SearchHits,
)
from marsad.publish.rest.library import StudyBody, StudyList
from marsad.publish.rest.source_states import SourceStates

ANSWERS: Mapping[str, type] = {
    "/release": Release,
    "/indicators": IndicatorList,
    "/indicators/{identifier}": IndicatorDetail,
    "/indicators/{identifier}/revisions": RevisionList,
    "/values/{key:path}": ValueDetail,
    "/ads": AdList,
    "/ads/counts": CountList,
    "/ads/{key}": PublishedAdDetail,
    "/sources": SourceList,
    "/register": SourceList,
    "/register/states": SourceStates,
    "/accuracy": CardList,
    "/review": ReviewList,
    "/areas": AreaList,
    "/areas/{code}": AreaDetail,
    "/occupations": OccupationList,
    "/occupations/{code}": OccupationDetail,
    "/skills": SkillList,
    "/skills/{code:path}": SkillDetail,
    "/trainings": TrainingList,
    "/trainings/{identifier}": TrainingDetail,
    "/library": StudyList,
    "/library/{name}": StudyBody,
    "/codes": CodeListNames,
    "/codes/{name}": CodeList,
    "/search": SearchHits,
    "/matching": MatchList,
    "/pathways": PathwayList,
    "/limits": LimitsBody,
    "/bulk": Manifest,
}
"""Path -> the type of its answer; values have one for each of their formats."""
POSTED: Mapping[str, tuple[type, type]] = {"/matching": (PersonQuestion, PersonAnswer)}
"""Path -> the types of what may be sent to it as JSON and of the answer."""


def bodies() -> tuple[type, ...]:
    """The types of all answers of the API in JSON."""
    of_values = (declared.body for declared in formats().values() if declared.body)
    sent = (body for pair in POSTED.values() for body in pair)
    return (*dict.fromkeys((*ANSWERS.values(), *sent)), *of_values)
