"""Skills that ads ask for: the share that is right among the hundred most counted, read by hand; and
sentences of benefits, company talk, set phrases and negations, of which none may give a skill.

`skills_audit.csv` holds the readings of November 2026 (by a language-model assistant): for each skill how
often it was counted in the real files (all ads) or in 3,000 ads of the generator, how many of its ads
were read (drawn by lot) and in how many the ad asks for it. No text of an ad is kept.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import product
from pathlib import Path

from marsad.enrich.fields.esco_skills.classify import skills_of, vocabulary

from .line import Line

_NAMES = (
    "Java",
    "Photoshop",
    "la soudure",
    "l'anglais",
    "Sage",
    "AutoCAD",
    "la comptabilité générale",
)
_NOT_ASKED = (
    "Aucune connaissance de {} n'est exigée.", "La maîtrise de {} n'est pas nécessaire.", "{} : non exigé.",
    "Vous n'avez pas besoin de connaître {}.", "Nous offrons : cours gratuits ({}), CNSS et mutuelle.", "Knowledge of {} is not required.",
    "No experience with {} needed.", "You do not need to know {}.", "About us: leader in {} since 1990.", "لا يشترط إتقان {}.",
    "معرفة {} غير ضرورية.", "ماشي ضروري تعرف {}.", "machi darori ta3ref {}.", "Perks: free {} lessons, gym, snacks.", "بدون خبرة في {}.",
)  # fmt: skip
_ASKED = (
    "La maîtrise de {} est exigée.", "Bonne connaissance de {} souhaitée.", "Expérience en {} obligatoire.", "Vous maîtrisez {}.",
    "Strong knowledge of {} required.", "You must know {}.", "إتقان {} ضروري.", "خاصو يكون كيعرف {}.", "khasso y3ref {}.",
    "Compétences : {}.", "Profil : technicien avec de bonnes bases en {}.", "Knowledge of {} is a must.",
)  # fmt: skip
_PHRASES = (
    "Formation assurée par nos soins.", "Salaire de 3200 DH net par mois.", "Nous offrons un salaire motivant, la CNSS et l'AMO.",
    "Avantages : assurance maladie, salle de sport, cours de yoga.", "Cuisine équipée et parking pour le personnel.", "نوفر أجرا محفزا مع التصريح بالضمان الاجتماعي.",
    "Rejoignez un leader de la grande distribution.", "تعلن الشركة عن توظيف عمال.", "Déplacements ponctuels en région.", "Rejoignez une équipe jeune et motivée.",
)  # fmt: skip


def audited() -> dict[str, tuple[int, int]]:
    """Realm -> (right, read) of `skills_audit.csv`; the skills must still be ours."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with Path(__file__).with_name("skills_audit.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["skill"] in vocabulary():
                totals[row["realm"]][0] += int(row["right"])
                totals[row["realm"]][1] += int(row["read"])
    return {realm: (right, read) for realm, (right, read) in totals.items()}


def _share(right: int, n: int) -> str:
    return f"{100 * right / n:.1f} %"


def measure() -> list[Line]:
    """The audited shares; sentences that ask for nothing, and their counterparts that do ask."""
    lines = [
        Line(f"skills right, read by hand, {realm} ads", ">= 95 %", _share(right, read), read)
        for realm, (right, read) in audited().items()
    ]
    idle = [frame.format(name) for frame, name in product(_NOT_ASKED, _NAMES)] + list(_PHRASES)
    quiet = sum(not skills_of("", text) for text in idle)
    asking = [frame.format(name) for frame, name in product(_ASKED, _NAMES)]
    heard = sum(bool(skills_of("", text)) for text in asking)
    return [
        *lines,
        Line(
            "benefits, talk and negations that give no skill",
            ">= 95 %",
            _share(quiet, len(idle)),
            len(idle),
        ),
        Line("demands that give their skill", ">= 90 %", _share(heard, len(asking)), len(asking)),
    ]
