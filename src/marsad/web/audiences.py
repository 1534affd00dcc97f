"""The doors of the portal: for each actor, the questions they come with and where each is answered."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.web.locale import N_


@dataclass(frozen=True, slots=True)
class Door:
    """One actor: name, what the portal is for them, and ways (question, address, page it needs)."""

    id: str
    name: str
    lead: str
    ways: tuple[tuple[str, str, str], ...]


DOORS = (
    Door("job-seeker", N_("Job seeker"), N_("See who hires, where you fit and what is still missing."), (
        (N_("Which openings fit my skills?"), "/match", "match"),
        (N_("Search the job ads"), "/ads", "ads"),
        (N_("What does my occupation pay, and who asks for it?"), "/occupations", "occupations"),
        (N_("Tell me when a fitting ad comes"), "/alerts", "alerts"),
        (N_("Which training closes my gap?"), "/trainings", "trainings"),
    )),
    Door("student", N_("Student"), N_("Look at what work a training leads to before you choose it."), (
        (N_("What do people do in an occupation, and what does it pay?"), "/occupations", "occupations"),
        (N_("Which trainings are there near me?"), "/trainings", "trainings"),
        (N_("Which skills are asked for most?"), "/skills", "skills"),
        (N_("Are there more places or more openings in a field?"), "/planner", "planner"),
    )),
    Door("employer", N_("Employer"), N_("Write an ad that is understood, fair and paid as the market pays."), (
        (N_("Read my ad: its code, usual skills, pay and wording"), "/match/employer", "match_employer"),
        (N_("How many others look for the same people?"), "/balance", "balance"),
        (N_("What is the labour market like in my province?"), "/areas", "areas"),
        (N_("Which trainings prepare for the job?"), "/trainings", "trainings"),
    )),
    Door("worker", N_("Worker"), N_("Know what your work is worth and where it can take you."), (
        (N_("Where can my skills take me?"), "/match", "match"),
        (N_("What is offered for my occupation?"), "/occupations", "occupations"),
        (N_("What is going on in my sector?"), "/sectors", "sectors"),
        (N_("Which trainings go with a job?"), "/trainings", "trainings"),
    )),
    Door("training-provider", N_("Training provider"), N_("Set your places against the demand that can be seen."), (
        (N_("Places against demand, by field and region"), "/planner", "planner"),
        (N_("Which skills do ads ask for?"), "/skills", "skills"),
        (N_("How does an occupation develop?"), "/occupations", "occupations"),
        (N_("Take the data into my own system"), "/data", "data"),
    )),
    Door("counsellor", N_("Employment counsellor"), N_("Work through a list of people in one sitting, and keep nothing about them."), (
        (N_("Openings and ways for a list of people"), "/match/counsellor", "match_counsellor"),
        (N_("One person: openings, gaps, ways"), "/match", "match"),
        (N_("The labour market of my province"), "/areas", "areas"),
        (N_("Trainings that close a gap"), "/trainings", "trainings"),
    )),
    Door("institution", N_("Institution and social partner"), N_("Measures, shortages and early signs, each one click from its figures."), (
        (N_("Measures and what became of them"), "/policy", "policy"),
        (N_("Supply and demand, by occupation and region"), "/balance", "balance"),
        (N_("Quarterly bulletins"), "/bulletins", "bulletins"),
        (N_("Compare regions and provinces"), "/areas", "areas"),
        (N_("Training places against demand"), "/planner", "planner"),
        (N_("Studies and employer surveys"), "/library", "library"),
    )),
    Door("researcher", N_("Researcher"), N_("Every vintage, every method, and one command that makes a number again."), (
        (N_("Download series and vintages"), "/data", "data"),
        (N_("How each figure is made, with worked examples"), "/method", "method"),
        (N_("Explore every indicator"), "/indicators", "indicators"),
        (N_("The right to collect of each source"), "/sources", "sources"),
        (N_("Studies beside the figures they explain"), "/library", "library"),
    )),
    Door("journalist", N_("Journalist"), N_("A figure, its limits, a chart to embed and a link that will not move."), (
        (N_("Unemployment: the latest figure and its story"), "/indicators/unemployment_rate", "indicator"),
        (N_("Figures of a region, province or commune"), "/areas", "areas"),
        (N_("Bulletins to quote from"), "/bulletins", "bulletins"),
        (N_("What changed, as it changes"), "/alerts", "alerts"),
    )),
    Door("public", N_("Everyone"), N_("What work is like where you live, in plain words."), (
        (N_("My commune, province or region"), "/areas", "areas"),
        (N_("Unemployment in Morocco"), "/indicators/unemployment_rate", "indicator"),
        (N_("How is this made, and can I trust it?"), "/method", "method"),
        (N_("The light version, for slow networks"), "/light", "light"),
    )),
)  # fmt: skip
