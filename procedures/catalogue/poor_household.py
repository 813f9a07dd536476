"""Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm (1.011607). Source: social-affairs.md section 7.

The class is not found at the counter: a round scores, meets and posts it. A household whose round is finished gets
decision and certificate in three working hours (path A); any other waits for its round with an appointment (path B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms

from citizens.dossier import Dossier, Subject
from citizens.effects import Effect
from citizens.households import (
    INDICATORS,
    OCCUPATION_LABELS,
    POINTS_OF_ONE,
    Area,
    Household,
    HouseholdRecognised,
    Member,
    Occupation,
    PovertyClass,
    Recognition,
    Relation,
    Review,
    Scope,
    by_deprivation,
    current_round,
    standard_on,
    standards,
)
from citizens.person import Person, Sex
from procedures.catalogue import ApplicationForm, Appointment, Document, Fee, Field, Procedure, Version
from procedures.catalogue.examples import HOME, MAN, WOMAN
from procedures.clock import Limit
from procedures.rules import Answer, Application, Rule
from procedures.rules import household_points as unconfirmed
from procedures.rules.civil_status import PAPERLESS
from procedures.rules.household import (
    AWAITED,
    RULES,
    chosen,
    current_review,
    household_of,
    is_finished,
    round_of,
    status_name,
)
from procedures.rules.household_points import standards_of
from procedures.wordings.days import in_words

REQUEST_KINDS = (
    ("review", "rà soát hộ nghèo, hộ cận nghèo"),
    ("leave", "công nhận hộ thoát nghèo, hộ thoát cận nghèo"),
    ("average", "xác định hộ có mức sống trung bình"),
)

# The guidance of Mẫu số 01 names the first three; the others are ours (social-affairs.md 7.4).
REASONS = (
    ("disaster", "Thiên tai (hạn hán, lũ lụt, bão, lốc xoáy, sóng thần)"),
    ("pollution", "Môi trường bị ô nhiễm nặng"),
    ("work_accident", "Tai nạn lao động"),
    ("illness", "Thành viên ốm đau nặng"),
    ("death", "Người lao động chính của hộ chết"),
    ("lost_job", "Mất việc làm"),
    ("other", "Lý do khác"),
)

DECISION = "decision"
REQUEST = "request"
SEX_DIGITS = {Sex.MALE: "1", Sex.FEMALE: "2", None: ""}


class PoorHouseholdForm(ApplicationForm):
    """Mẫu số 01: the members come from the household's file, asked are the status of each and the reason."""

    request_kind = forms.ChoiceField(label="Đề nghị", choices=REQUEST_KINDS, initial="review")
    reason = forms.ChoiceField(label="Lý do đề nghị", choices=[("", "—"), *REASONS])
    reason_text = forms.CharField(
        label="Nói rõ lý do",
        help_text="Ghi như sẽ in trên giấy đề nghị: việc gì, từ khi nào, ai trong hộ.",
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def set_up(self) -> None:
        household = self.dossier.household
        for member in household.members if household else ():
            self.fields[status_name(member.id)] = forms.ChoiceField(
                label=f"{member.full_name} ({member.relation.label.lower()}, {member.birth_text}): tình trạng",
                choices=[("", "—"), *((kind.value, label) for kind, label in OCCUPATION_LABELS.items())],
                initial=member.occupation.value if member.occupation else "",
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean()
        if text := answers.get("reason_text"):
            answers["reason_text"] = " ".join(text.split())
        if answers.get("reason") == "other" and not answers.get("reason_text"):
            self.add_error("reason_text", "Ghi rõ lý do đề nghị.")
        return answers


class PoorHousehold(Procedure):
    """Quyết định 24/2021/QĐ-TTg Điều 3, 5; NĐ 07/2021 Điều 3; NĐ 351/2025; TT 07/2021/TT-BLĐTBXH."""

    key = "poor_household"
    name = "Công nhận hộ nghèo, hộ cận nghèo thường xuyên hằng năm"
    national_code = unconfirmed.NATIONAL_CODE.value
    digit = 7
    form_lines = 10  # social-affairs.md 7.4, without the rows of the members
    versions = (
        Version(
            date(2022, 1, 1),
            name,
            "Giấy chứng nhận hộ nghèo, hộ cận nghèo",
            (
                "Quyết định 24/2021/QĐ-TTg Điều 3, 5",
                "Nghị định 07/2021/NĐ-CP Điều 3",
                "Thông tư 07/2021/TT-BLĐTBXH, sửa đổi bởi Thông tư 02/2022/TT-BLĐTBXH",
            ),
        ),
        Version(
            date(2026, 1, 1),
            name,
            "Giấy chứng nhận hộ nghèo, hộ cận nghèo",
            (
                "Quyết định 24/2021/QĐ-TTg Điều 3, 5",
                "Nghị định 07/2021/NĐ-CP Điều 3; Nghị định 351/2025/NĐ-CP",
                "Thông tư 07/2021/TT-BLĐTBXH, sửa đổi bởi Thông tư 02/2022/TT-BLĐTBXH",
            ),
            change="Chuẩn nghèo quốc gia 2022–2025 được kéo dài đến hết 31/12/2026 (Nghị định 351/2025/NĐ-CP).",
        ),
        Version(
            date(2027, 1, 1),
            name,
            "Giấy chứng nhận hộ nghèo, hộ cận nghèo",
            ("Quyết định 24/2021/QĐ-TTg Điều 3, 5", "Nghị định 351/2025/NĐ-CP"),
            change="Chuẩn nghèo quốc gia 2027–2030: 2,2 triệu đồng ở nông thôn, 2,8 triệu đồng ở đô thị.",
            confirmed=False,
        ),
    )
    book = "poor_household"
    field = Field.SOCIAL
    symbol = "GCN-HN.HCN"
    # Never the earlier one: a finished review is decided in three hours; 15 days hold some ten working days.
    limit = Limit(10, "Quyết định 24/2021/QĐ-TTg")
    fees = (Fee(date(2022, 1, 1), 0, "Không nguồn nào nêu lệ phí", confirmed=False),)
    who = "Chủ hộ hoặc thành viên từ đủ 18 tuổi của hộ cư trú tại xã."
    wants = frozenset({Subject.HOUSEHOLD})
    rules: ClassVar[Sequence[Rule]] = (*PAPERLESS, *RULES)
    points = unconfirmed.POINTS
    refusal_basis = "Quyết định số 24/2021/QĐ-TTg của Thủ tướng Chính phủ và Nghị định số 07/2021/NĐ-CP của Chính phủ"
    Form = PoorHouseholdForm

    def appointment(self, application: Application) -> Appointment | None:
        """The round it waits for: this one while it can still be decided in time, else the next."""
        if household_of(application) is None or not any(rule.check(application) == Answer.NO for rule in AWAITED):
            return None
        awaited = round_of(application)
        start, due = f"{awaited.starts_on:%d/%m/%Y}", f"{awaited.due_on:%d/%m/%Y}"
        if awaited.periodic:
            return Appointment(
                f"theo {awaited.name} (từ {start} đến {due})",
                awaited.due_on,
                f"Từ tháng 9 xã rà soát định kỳ cho năm sau: hộ được đưa vào {awaited.name}, công nhận cho năm "
                f"{awaited.year}; trả lời chậm nhất ngày {due}. Hộ đang quá khó khăn: đề nghị hỗ trợ khẩn cấp.",
            )
        return Appointment(
            f"15 ngày kể từ ngày bắt đầu rà soát {start}",
            awaited.due_on,
            f"Chờ rà soát trong {awaited.name}, bắt đầu ngày {start}; trả lời chậm nhất ngày {due}: 15 ngày kể từ ngày "
            "bắt đầu rà soát (Quyết định 24/2021/QĐ-TTg Điều 5). Hộ đang quá khó khăn: đề nghị hỗ trợ khẩn cấp.",
        )

    def books(self) -> Mapping[str, str]:
        return {**super().books(), "poor_household_decision": "Sổ quyết định công nhận hộ nghèo, hộ cận nghèo"}

    def documents(self, application: Application, *, on: date) -> Sequence[Document]:
        """Nothing while the round is not finished; the decision alone where it was not signed before."""
        review = current_review(application)
        if review is None or not is_finished(application):
            return ()
        version = self.version_on(application.day)
        certificate = Document(self.key, version.result_name, f"results/{self.key}.html", self.book, self.symbol)
        if review.decision_number:
            return (certificate,)
        decision = Document(
            DECISION,
            "Quyết định công nhận hộ nghèo, hộ cận nghèo",
            "results/poor_household_decision.html",
            "poor_household_decision",
            unconfirmed.DECISION_SYMBOL.of(application),
        )
        return (decision, certificate)

    def declarations(self, application: Application) -> Sequence[Document]:
        if household_of(application) is None:
            return ()
        return (Document(REQUEST, "Giấy đề nghị (Mẫu số 01)", "results/poor_household_request.html", "", ""),)

    def facts(
        self, application: Application, document: Document, *, on: date, numbers: Mapping[str, str]
    ) -> dict[str, object]:
        household = household_of(application)
        assert household is not None, "no paper without a household (pov_applicant_in_household)"
        if document.key == REQUEST:
            return _request(application, household)
        review = current_review(application)
        assert review is not None, "no result without a review (documents)"
        if document.key == DECISION:
            return _decision(application, household, review)
        return _certificate(application, household, review, on=on, numbers=numbers)

    def effects(self, application: Application, *, on: date) -> Sequence[Effect]:
        household, review = household_of(application), current_review(application)
        assert household is not None
        assert review is not None
        assert review.national_class is not None
        first, last = date(review.round.year, 1, 1), date(review.round.year, 12, 31)
        return (
            HouseholdRecognised(
                household=household.id,
                review=review.id,
                year=review.round.year,
                national_class=review.national_class,
                city_class=review.city_class,
                standard=review.standard,
                city_standard=review.city_standard,
                indicators=review.indicators or (),
                valid_from=min(max(on, first), last),
                valid_to=last,
                certificate=self.key,
                decision="" if review.decision_number else DECISION,
                decision_number=review.decision_number,
                decided_on=review.decided_on,
            ),
        )

    def follow_ups(self, application: Application, *, on: date) -> Sequence[str]:
        review = current_review(application)
        only_city = review is not None and review.national_class == PovertyClass.NEITHER
        report = unconfirmed.MONTHLY_REPORT.of(application)
        return (unconfirmed.CITY_PAYER.of(application), report) if only_city else (report,)

    def example(self, at: datetime) -> Application:
        household = _example_household(at.date())
        return Application(
            person=WOMAN,
            at=at,
            commune="",
            answers={
                "request_kind": "review",
                "reason": "illness",
                "reason_text": "Chồng phải điều trị dài ngày từ tháng 6, không có thu nhập.",
                **{status_name(row.id): row.occupation.value for row in household.members if row.occupation},
            },
            officer={rule.id: True for rule in self.rules},
            dossier=Dossier(household=household),
        )


# --- papers ---
def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "…/…/……"


def _request(application: Application, household: Household) -> dict[str, object]:
    """Mẫu số 01 (social-affairs.md 7.4). The head as on record; the address of the applicant's residence is the head's
    own where the head applies, else that of the household."""
    holder, person = household.head, application.person
    applies_himself = holder.identity_number == person.identity_number
    reason = dict(REASONS).get(application.get("reason"), "")
    text = application.get("reason_text")
    return {
        "kind": dict(REQUEST_KINDS)[application.get("request_kind", "review")],
        "code": unconfirmed.NATIONAL_CODE.of(application),
        "holder": _holder(holder, household, person if applies_himself else None, application.day),
        "members": [
            {
                "line": f"{number:02}",
                "full_name": row.full_name,
                "sex": SEX_DIGITS[row.sex],
                "born": row.birth_text,
                "relation": row.relation.label,
                "status": _status(application, row),
            }
            for number, row in enumerate(household.members, start=1)
        ],
        "reason": text if application.get("reason") == "other" else ": ".join(part for part in (reason, text) if part),
        "applicant": person.full_name,
        "signature": unconfirmed.REQUEST_SIGNATURE.of(application),
    }


def _status(application: Application, member: Member) -> str:
    said = application.get(status_name(member.id))
    return OCCUPATION_LABELS[Occupation(said)] if said else (member.occupation.label if member.occupation else "")


def _born(member: Member) -> str:
    """`ngày 05 tháng 3 năm 1985`; of whom only the year is known, `năm 1955`."""
    if member.birth_date and member.birth_text == f"{member.birth_date:%d/%m/%Y}":
        return in_words(member.birth_date)
    return f"năm {member.birth_text}" if len(member.birth_text) == len("1955") else member.birth_text


def _holder(holder: Member, household: Household, person: Person | None, day: date) -> dict[str, str]:
    permanent = person.permanent_residence(day) if person else None
    return {
        "full_name": holder.full_name,
        "sex": SEX_DIGITS[holder.sex],
        "born_words": _born(holder),
        "ethnicity": holder.ethnicity,
        "id_number": holder.identity_number,
        "id_issued_on": _day(holder.id_issued_on),
        "permanent": permanent.address if permanent else household.address,
        "current": household.address,
    }


def _classes(application: Application, review: Review) -> str:
    """Both classes in a line; nothing where no city standard was applied."""
    if not review.city_standard or review.national_class is None or review.city_class is None:
        return ""
    line = unconfirmed.TWO_CLASSES.of(application)
    return line.replace("{quốc gia}", review.national_class.label.lower()).replace(
        "{thành phố}", review.city_class.label.lower()
    )


def _decision(application: Application, household: Household, review: Review) -> dict[str, object]:
    granted = review.granted
    assert granted is not None
    holder = household.head
    return {
        "form": unconfirmed.DECISION_FORM.of(application),
        "title": unconfirmed.DECISION_TITLE.of(application),
        "bases": [basis.of(application) for basis in unconfirmed.DECISION_BASES],
        "articles": [article.of(application) for article in unconfirmed.DECISION_ARTICLES],
        "year": review.round.year,
        "rows": [
            {
                "full_name": holder.full_name,
                "id_number": holder.identity_number,
                "address": household.address,
                "persons": len(household.members),
                "class": granted.label,
                "classes": _classes(application, review),
            }
        ],
    }


def _certificate(
    application: Application, household: Household, review: Review, *, on: date, numbers: Mapping[str, str]
) -> dict[str, object]:
    """Mẫu số 03 (social-affairs.md 7.6 B): one box a year of the standard that covers the year."""
    year = review.round.year
    rows = standards_of(application.rulings)
    period = standard_on(Scope.NATIONAL, date(year, 1, 1), rows) or chosen(application, review)[0][0]
    assert period is not None
    return {
        "bases": [basis.of(application) for basis in unconfirmed.certificate_bases(period)],
        "holder": _holder(household.head, household, None, on),
        "members": [
            {
                "full_name": row.full_name,
                "ethnicity": row.ethnicity,
                "relation": row.relation.label,
                "male": row.birth_text[-4:] if row.sex == Sex.MALE else "",
                "female": row.birth_text[-4:] if row.sex == Sex.FEMALE else "",
                "note": row.note,
            }
            for row in household.members
        ],
        "period": period.form_period,
        "years": [
            _year(application, household, review, number, numbers)
            for number in range(period.valid_from.year, period.valid_to.year + 1)
        ],
        "grid": unconfirmed.CERTIFICATE_GRID.of(application),
        "confirms": unconfirmed.CERTIFICATE_CONFIRMS.of(application),
        "notes": [note.of(application) for note in unconfirmed.CERTIFICATE_NOTES],
        "former": household.certificate_number,
    }


def _year(
    application: Application, household: Household, review: Review, year: int, numbers: Mapping[str, str]
) -> dict[str, object]:
    """The box of one year: of the year decided now, of an earlier recognition, or empty."""
    if year == review.round.year:
        assert review.granted is not None
        decision = review.decision_number or numbers[DECISION]
        return _box(year, review.granted, review.indicators or (), decision) | {
            "is_current": True,
            "classes": _classes(application, review),
        }
    known: Recognition | None = household.recognition_of(year)
    if known is None:
        return _box(year, PovertyClass.NEITHER, (), "")
    return _box(year, known.granted, known.indicators, known.decision_number) | {"decided_on": _day(known.decided_on)}


def _box(year: int, granted: PovertyClass, indicators: Sequence[int], decision: str) -> dict[str, object]:
    return {
        "year": year,
        "poor": granted == PovertyClass.POOR,
        "near": granted == PovertyClass.NEAR_POOR,
        "boxes": [(number, number in indicators) for number in range(1, len(INDICATORS) + 1)],
        "decision": decision,
        "is_current": False,
        "classes": "",
    }


def _example_household(day: date) -> Household:
    """A made-up household whose round is finished: three indicators, an income within the national line."""
    running = current_round(day)
    start = running.starts_on
    national = standard_on(Scope.NATIONAL, start, standards())
    assert national is not None, "example days lie in a standard"
    indicators = (3, 4, 8)
    members = (
        _member(1, WOMAN, Relation.HEAD, Occupation.WORKING),
        _member(2, MAN, Relation.HUSBAND, Occupation.IDLE),
        Member(
            3,
            "Nguyễn Thị Mẫu Con",
            "001314000000",
            Sex.FEMALE,
            date(2014, 5, 20),
            "20/05/2014",
            "Kinh",
            Relation.CHILD,
            Occupation.STUDYING,
        ),
    )
    score = POINTS_OF_ONE * len(indicators)
    review = Review(
        id=1,
        starts_on=start,
        periodic=running.periodic,
        reviewed_on=start + timedelta(days=1),
        reviewer="Đỗ Văn Rà Soát",
        indicators=indicators,
        score_income=120,
        score_deprivation=score,
        area=Area.RURAL,
        standard=national.id,
        national_class=by_deprivation(score, national),
        met_on=start + timedelta(days=3),
        agreement=82,
        minutes="Biên bản họp dân ký đủ chữ ký",
        posted_from=start + timedelta(days=4),
        posted_to=start + timedelta(days=10),
    )
    return Household(1, "Thôn 1", HOME, Area.RURAL, start + timedelta(days=12), members, review=review)


def _member(number: int, person: Person, relation: Relation, occupation: Occupation) -> Member:
    return Member(
        number,
        person.full_name,
        person.identity_number,
        person.sex,
        person.birth_date,
        person.birth_text,
        person.ethnicity,
        relation,
        occupation,
        date(2021, 6, 22),
    )
