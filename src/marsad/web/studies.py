"""What kinds of entries the qualitative library has, in words."""

from __future__ import annotations

from marsad.web.locale import N_

KIND_NAMES = {
    "study": N_("Study"),
    "employer_survey": N_("Employer survey"),
    "interviews": N_("Interviews"),
}
