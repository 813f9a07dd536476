"""Papers of made-up people, to see what a ruling changes before it counts for anyone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.template.loader import render_to_string
from django.utils import timezone

from citizens.models import Citizen
from oneshop.models import Commune, Officer
from procedures import papers
from procedures.applications import rulings_of
from procedures.catalogue import Procedure, catalogue
from procedures.frozen import freeze, freeze_value
from procedures.house_points import SET_2018, SLIPS_2018, house_points
from procedures.models import Case, Correction, Result, Slip, Step
from procedures.papers import correction_papers
from procedures.papers.printing import Sheet
from procedures.rules import Application
from procedures.rules.points import Point
from procedures.rules.remedies import Ground
from procedures.states import State, Verb

BROUGHT = {
    "capacity": "proxy_other",
    "applicant_name": "Nguyễn Văn Mẫu",
    "applicant_document": "Căn cước số 001085000000",
    "authorisation": "Giấy ủy quyền số 12/2026, chứng thực tại UBND xã",
}
"""Answers of a sample in which somebody else comes to the counter."""

WHY = "Văn bản ủy quyền có chứng thực"
SAMPLE_PROCEDURE = "marital_certificate"


@dataclass(frozen=True)
class Sample:
    """One paper on which a point stands: its template and facts."""

    name: str
    template: str
    facts: Mapping[str, object]

    @property
    def html(self) -> str:
        return render_to_string(self.template, dict(self.facts))

    @property
    def text(self) -> str:
        """What is read on it, and how it is laid out: two of them that are equal print alike."""
        return re.sub(r"\s+", " ", self.html)

    def sheet(self) -> Sheet:
        return papers.render(self.template, self.facts)


def samples_of(point: Point, value: str, *, by: Officer, at: datetime) -> list[Sample]:
    """The papers on which `point` stands, as they would be printed with `value`; none for a practice.

    By the law of that day; where the point belongs to a later law, by that one.
    """
    for moment in _moments(point, at):
        one, other = (_printed(point, tried, by=by, at=moment) for tried in point.others)
        standing = [index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0].text != pair[1].text]
        if standing:
            shown = _printed(point, value, by=by, at=moment)
            return [shown[index] for index in standing if index < len(shown)]
    return []


def _moments(point: Point, at: datetime) -> list[datetime]:
    later = {version.valid_from for version in _owner(point).versions}
    local = timezone.localtime(at)
    days = sorted(day for day in later if day > local.date())
    return [local, *(local.replace(year=day.year, month=day.month, day=day.day) for day in days)]


def _owner(point: Point) -> Procedure:
    """The first procedure that has the point; one that stands for all where it is of the house."""
    owners = [procedure for procedure in catalogue() if point in procedure.points and point not in house_points()]
    return owners[0] if owners else catalogue()[SAMPLE_PROCEDURE]


def _printed(point: Point, value: str, *, by: Officer, at: datetime) -> list[Sample]:
    """All papers of the first procedure that has the point; of a point of the house, papers of all kinds."""
    procedure = _owner(point)
    assert by.commune_id is not None, "who rules belongs to a commune"
    rulings = rulings_of(procedure, by.commune_id, on=at.date())
    if any(point in points for points in SLIPS_2018.values()):
        rulings |= {SET_2018.key: "yes"}  # what only that set prints is shown on that set
    rulings |= {point.key: value}
    application = replace(procedure.example(at), commune=str(by.commune_id), rulings=rulings)
    case = _case(procedure, application, by=by, at=at)
    found = _of_procedure(case, application, by, at)
    if point in house_points():
        found += [
            _refusal(case, application, by, at),
            *_slips(case, by, at),
            *_about_papers(case, application, by, at),
        ]
    return found


def every_paper(procedure: Procedure, *, by: Officer, at: datetime) -> list[Sample]:
    """Whatever may leave the counter for its example: results, declarations, the refusal, every slip, and what is
    printed when a paper was wrong."""
    application = replace(procedure.example(at), commune=str(by.commune_id))
    case = _case(procedure, application, by=by, at=at)
    return [
        *_of_procedure(case, application, by, at),
        _refusal(case, application, by, at),
        *_slips(case, by, at),
        *_about_papers(case, application, by, at),
    ]


def specimens_of(procedure: Procedure, commune: Commune, *, at: datetime) -> list[Sample]:
    """What anyone may see: results and declarations of the made-up example, each marked as a specimen on every page."""
    nobody = Officer(full_name="Nguyễn Văn Mẫu", commune=commune)
    application = replace(procedure.example(at), commune=str(commune.pk))
    case = _case(procedure, application, by=nobody, at=at)
    return [
        replace(sample, facts={**sample.facts, "draft": True, "specimen": True})
        for sample in _of_procedure(case, application, nobody, at)
    ]


def specimen_names(procedure: Procedure, *, at: datetime) -> list[str]:
    """How the papers of `specimens_of` are called, in their order, without making them; no query."""
    example = procedure.example(at)
    return [
        document.name for document in (*procedure.documents(example, on=at.date()), *procedure.declarations(example))
    ]


def _of_procedure(case: Case, application: Application, by: Officer, at: datetime) -> list[Sample]:
    return [
        Sample(draft.document.name, draft.document.template, draft.facts)
        for draft in [
            *papers.drafts_of(case, by=_deputy(by), at=at, application=application),
            *papers.declarations_of(case, at=at, application=application),
        ]
    ]


def _case(procedure: Procedure, application: Application, *, by: Officer, at: datetime) -> Case:
    """A case that is never saved."""
    return Case(
        commune=by.commune,
        code="MAU-0001",
        token="0" * 26,
        procedure_key=procedure.key,
        citizen=Citizen(full_name=application.person.full_name, telephone="0900000000"),
        state=State.HANDLING,
        outcome=Case.Outcome.GRANT,
        person=freeze_value(application.person),
        dossier=freeze_value(application.dossier),
        answers=freeze(dict(application.answers) | BROUGHT),
        rulings=dict(application.rulings),
        received_by=by,
        received_at=at,
        due_at=at + timedelta(hours=3),
        first_due_at=at + timedelta(hours=3),
        refusal=[{"text": "Lý do từ chối, như công chức ghi", "source": ""}],
    )


def _deputy(by: Officer) -> Officer:
    """Somebody who signs with two lines, so that both are seen."""
    return Officer(full_name="Nguyễn Văn Mẫu", commune=by.commune, signs_as="KT. CHỦ TỊCH|PHÓ CHỦ TỊCH")


def _refusal(case: Case, application: Application, by: Officer, at: datetime) -> Sample:
    case.outcome, case.refusal = Case.Outcome.REFUSE, [{"text": "Lý do từ chối, như công chức ghi", "source": ""}]
    [draft] = papers.drafts_of(case, by=_deputy(by), at=at, application=application)
    case.outcome = Case.Outcome.GRANT
    return Sample(draft.document.name, draft.document.template, draft.facts)


def _about_papers(case: Case, application: Application, by: Officer, at: datetime) -> list[Sample]:
    """What is printed when a paper was wrong: the paper that names the old one, the letter, the notice of a recall."""
    on = timezone.localtime(at).date()
    old = Result(name="Giấy xác nhận tình trạng hôn nhân", number=1, symbol="UBND-XNTTHN", issued_on=on)
    wrong = Correction(
        case=case,
        result=old,
        reason="Ghi sai",
        wrong="Chỗ ghi sai",
        right="Chỗ ghi đúng",
        ground=Ground.COMMUNE,
        decision="Quyết định số 1/QĐ-UBND",
    )
    about = [
        (correction_papers.letter_of(application), correction_papers.letter_facts(application, wrong)),
        (correction_papers.recall_of(application), correction_papers.recall_facts(application, wrong, [old], at=at)),
    ]
    made = partial(papers.result_facts, case, by=_deputy(by), at=at, numbers={})
    document = papers.documents_of(case, application, on=on)[0]
    line = correction_papers.replaces_line(application, old)
    return [
        Sample(document.name, document.template, made(document, application, replaces=line)),
        *(Sample(paper.name, paper.template, made(paper, application, about=facts)) for paper, facts in about),
    ]


def _slips(case: Case, by: Officer, at: datetime) -> Sequence[Sample]:
    stopped = Step(case=case, verb=Verb.WITHDRAW, source=State.HANDLING, target=State.WITHDRAWN, by=by, at=at)
    kinds = [
        *((kind, State.WITHDRAWN) for kind in Slip.Kind),
        (Slip.Kind.STOP, State.STOPPED),  # once at the citizen's wish, once for a ground that is gone
    ]
    found = []
    for kind, state in kinds:
        case.state = state
        facts = papers.slip_facts(case, kind, number=1, year=at.year, by=_deputy(by), at=at, note=WHY, last=stopped)
        found.append(Sample(kind.label, papers.slip_template(case, kind), facts | {"draft": True}))
    return found
