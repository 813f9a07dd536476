"""Poor and near-poor households for the specialist: who is in them, what each round found, the register of a year.

Sensitive (social-affairs.md 8): only specialists open these pages, each look at a household says why and stands in the
diary.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from citizens import households as values
from citizens.forms import WhyForm
from citizens.forms.household import (
    AmendHouseholdForm,
    AmendMemberForm,
    LeaveForm,
    MemberForm,
    NewHouseholdForm,
    RecognitionForm,
    ReviewForm,
    SearchForm,
    VillageAreaForm,
)
from citizens.models import (
    Citizen,
    Household,
    HouseholdAmendment,
    HouseholdChanged,
    HouseholdMember,
    HouseholdRecognition,
    HouseholdReview,
    VillageArea,
    amend_household,
)
from citizens.views.people import purpose_of
from oneshop import audit
from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from procedures.applications import rulings_of
from procedures.catalogue import Procedure, catalogue
from procedures.models import Case
from procedures.rules.household_points import standards_of
from procedures.states import State

SHOWN_AT_MOST = 50
KIND = "household"
"""How the diary calls a household."""


def _procedure() -> Procedure:
    found: Procedure = catalogue()["poor_household"]
    return found


# --- finding and entering ---
@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST, asks=True)
def households(request: DeskRequest) -> HttpResponse:
    """Look for a household. Nobody is listed unasked, and the list says no class."""
    form = SearchForm(request.POST or None)
    kept = Household.objects.kept_by(request.user.commune_id)
    text = form.cleaned_data["text"].strip() if form.is_bound and form.is_valid() else ""
    found = list(kept.looked_for(text).for_reading()[: SHOWN_AT_MOST + 1]) if text else []
    today = timezone.localdate()
    if text:
        audit.record("search", KIND, "", by=request.user, at=timezone.now(), why=f"{len(found)} hộ")
    page = {
        "form": form,
        "query": text,
        "count": kept.count(),
        "rows": [_found_row(row) for row in found[:SHOWN_AT_MOST]],
        "is_full": len(found) > SHOWN_AT_MOST,
        "new_href": reverse("new_household"),
        "areas_href": reverse("village_areas"),
        "round_href": reverse("review_round", args=[values.current_round(today).starts_on]),
        "register_href": reverse("household_register", args=[today.year]),
    }
    return render(request, "records/households.html", page)


def _found_row(row: Household) -> dict[str, Any]:
    head = row.counted[0]
    return {
        "href": reverse("household", args=[row.pk]),
        "name": head.full_name,
        "born": head.birth_text,
        "village": row.village,
        "address": row.address,
        "persons": len(row.counted),
    }


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def new_household(request: DeskRequest) -> HttpResponse:
    """Enter a household by its head; the members follow on its page."""
    form = NewHouseholdForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (row := _entered(request, form)):
        messages.success(request, "Đã lưu hộ. Ghi các thành viên.")
        return redirect("household", row.pk)
    return _edit(request, form, "Nhập hộ gia đình", reverse("households"))


def _entered(request: DeskRequest, form: NewHouseholdForm) -> Household | None:
    answers, now = form.cleaned_data, timezone.now()
    assert request.user.commune is not None, "specialists belong to a commune"
    head = Citizen.objects.filter(identity_number=answers["identity_number"]).first()
    if head is None:
        form.add_error("identity_number", "Chưa có người này trong dữ liệu công dân của xã. Ghi công dân ở quầy trước.")
        return None
    here = Household.objects.kept_by(request.user.commune_id)
    if here.of_member(head).filter(members__relation="head", members__citizen=head).exists():
        form.add_error("identity_number", "Người này đã là chủ hộ của một hộ trong sổ. Tìm và mở hộ đó.")
        return None
    with transaction.atomic():
        row: Household = Household.objects.create(
            commune=request.user.commune,
            village=answers["village"],
            address=answers["address"],
            source=answers["source"],
            recorded_at=now,
            recorded_by=request.user,
        )
        facts = {"occupation": answers["occupation"], "paper": answers["source"], "by": request.user, "at": now}
        HouseholdMember.of(head, "head", household=row, commune_id=row.commune_id, **facts).save()
        audit.record("record", KIND, row.pk, by=request.user, at=now, why=answers["source"])
    _looks_because(request, row, "nhập hộ gia đình")
    return row


# --- one household ---
@require_GET
@only(Role.SPECIALIST)
def household(request: DeskRequest, pk: int) -> HttpResponse:
    """One household whole: members, rounds, years. Without an open case and without a purpose it stays closed."""
    row = _kept(request, pk)
    if not (purpose := _purpose(request, row)):
        page = {"form": WhyForm(), "why_href": reverse("household_why", args=[pk])}
        return render(request, "citizens/why.html", page)
    now = timezone.now()
    audit.record("look", KIND, row.pk, by=request.user, at=now, why=purpose)
    today = timezone.localdate(now)
    value = row.as_value(on=today)
    current = values.current_round(today)
    page = {
        "head_name": value.head.full_name,
        "identity": value.head.identity_number,
        "facts": [
            ("Thôn, tổ dân phố", row.village),
            ("Khu vực hôm nay", value.area.label if value.area else "chưa ghi khu vực của thôn"),
            ("Nơi ở", row.address),
            ("Giấy chứng nhận", value.certificate_number),
            ("Nguồn dữ liệu", row.source),
        ],
        "members": [_member_row(member) for member in row.members.all()],
        "member_href": reverse("add_member", args=[pk]),
        "amend_href": reverse("amend_household", args=[pk]),
        "reviews": [_review_row(review) for review in reversed(row.reviews.all())],
        "current": current.name,
        "review_href": reverse("household_review", args=[pk, current.starts_on]),
        "years": [_year_row(recognition) for recognition in reversed(row.recognitions.all())],
        "year_href": reverse("add_recognition", args=[pk]),
        "amendments": [_amendment_row(line) for line in row.amendments.select_related("by").order_by("-at")],
        "back_href": reverse("households"),
    }
    return render(request, "records/household.html", page)


@require_POST
@only(Role.SPECIALIST)
def why(request: DeskRequest, pk: int) -> HttpResponse:
    """Why the household is opened, for the diary."""
    row, form = _kept(request, pk), WhyForm(request.POST)
    if not form.is_valid():
        page = {"form": form, "why_href": reverse("household_why", args=[pk])}
        return render(request, "citizens/why.html", page, status=422)
    _looks_because(request, row, form.purpose)
    return redirect("household", pk)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend(request: DeskRequest, pk: int) -> HttpResponse:
    """Correct where the household lives, on a paper."""
    row = _opened(request, pk)
    form = AmendHouseholdForm(
        request.POST or None, initial={"village": row.village, "address": row.address, "version": row.version}
    )
    if request.method == "POST" and form.is_valid():
        row.version = form.cleaned_data["version"]
        changes = {name: form.cleaned_data[name] for name in ("village", "address")}
        if _amended(request, form, row, changes):
            return redirect("household", pk)
    return _edit(request, form, "Sửa nơi ở của hộ", reverse("household", args=[pk]), row)


def _amended(
    request: DeskRequest, form: forms.Form, row: Household | HouseholdReview, changes: dict[str, Any], key: int = 0
) -> bool:
    """Whether the changes are kept, with a line in the diary for each; else the form says who was faster."""
    now = timezone.now()
    try:
        with transaction.atomic():
            made = amend_household(row, changes, paper=form.cleaned_data["paper"], by=request.user, at=now)
            for line in made:
                audit.record("amend", KIND, key or row.pk, by=request.user, at=now, why=line.field)
    except HouseholdChanged:
        form.add_error(None, "Người khác vừa sửa. Mở lại trang rồi sửa tiếp.")
        return False
    messages.success(request, "Đã lưu." if made else "Không có gì thay đổi.")
    return True


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def add_member(request: DeskRequest, pk: int) -> HttpResponse:
    """Somebody is counted in the household: by birth, marriage, or from the residence data."""
    row = _opened(request, pk)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers, now = form.cleaned_data, timezone.now()
        facts = {name: answers[name] for name in ("occupation", "joined_on", "paper")}
        facts |= {"household": row, "commune_id": row.commune_id, "by": request.user, "at": now}
        if form.known:
            member = HouseholdMember.of(form.known, answers["relation"], **facts)
        else:
            facts |= {
                name: answers[name] for name in ("identity_number", "full_name", "sex", "birth_date", "ethnicity")
            }
            member = HouseholdMember(
                relation=answers["relation"], birth_text=f"{answers['birth_date']:%d/%m/%Y}", **facts
            )
        try:
            with transaction.atomic():
                member.save()
                audit.record("add_member", KIND, pk, by=request.user, at=now, why=answers["paper"])
        except IntegrityError:
            form.add_error("identity_number", "Người này đã có trong hộ.")
        else:
            messages.success(request, f"Đã ghi {member.full_name}.")
            return redirect("household", pk)
    return _edit(request, form, "Ghi thành viên", reverse("household", args=[pk]), row)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def amend_member(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """Correct relation or status of a member; the former value stays beside the paper."""
    row = _opened(request, pk)
    member = get_object_or_404(row.members.filter(left_on=None), pk=number)
    form = AmendMemberForm(request.POST or None, initial={"relation": member.relation, "occupation": member.occupation})
    if member.relation == "head":
        del form.fields["relation"]
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        before = f"{member.full_name}: {member.get_relation_display()}, {member.get_occupation_display()}"
        member.relation = answers.get("relation", member.relation)
        member.occupation = answers["occupation"]
        after = f"{member.full_name}: {member.get_relation_display()}, {member.get_occupation_display()}"
        with transaction.atomic():
            member.save(update_fields=["relation", "occupation"])
            _note(request, row, "thành viên", before, after, answers["paper"])
        messages.success(request, "Đã lưu.")
        return redirect("household", pk)
    return _edit(request, form, f"Sửa thành viên: {member.full_name}", reverse("household", args=[pk]), row)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def member_leaves(request: DeskRequest, pk: int, number: int) -> HttpResponse:
    """A member dies, marries away, moves: no longer counted from that day. A head leaves a new head behind."""
    row = _opened(request, pk)
    member = get_object_or_404(row.members.filter(left_on=None), pk=number)
    others = row.members.filter(left_on=None).exclude(pk=number)
    is_head = member.relation == "head"
    form = LeaveForm(
        request.POST or None, others=[(str(other.pk), other.full_name) for other in others] if is_head else ()
    )
    if is_head and not others:
        messages.warning(request, "Hộ chỉ còn chủ hộ nên không ghi ra khỏi hộ được.")
        return redirect("household", pk)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        with transaction.atomic():
            member.left_on, member.left_paper = answers["left_on"], answers["paper"]
            member.save(update_fields=["left_on", "left_paper"])
            after = f"ra khỏi hộ {member.left_on:%d/%m/%Y}"
            if is_head:
                successor = get_object_or_404(others, pk=int(answers["successor"]))
                successor.relation = "head"
                successor.save(update_fields=["relation"])
                after += f"; chủ hộ mới: {successor.full_name}"
            _note(request, row, "thành viên", member.full_name, after, answers["paper"])
        messages.success(request, "Đã ghi. Xem lại quan hệ của các thành viên với chủ hộ." if is_head else "Đã ghi.")
        return redirect("household", pk)
    return _edit(request, form, f"Ra khỏi hộ: {member.full_name}", reverse("household", args=[pk]), row)


def _note(request: DeskRequest, row: Household, field: str, before: str, after: str, paper: str) -> None:
    now = timezone.now()
    HouseholdAmendment.objects.create(
        commune_id=row.commune_id,
        household=row,
        field=field,
        before=before[:300],
        after=after[:300],
        paper=paper,
        by=request.user,
        at=now,
    )
    audit.record("amend", KIND, row.pk, by=request.user, at=now, why=paper)


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def add_recognition(request: DeskRequest, pk: int) -> HttpResponse:
    """Type in the class of an earlier year from its decision."""
    row = _opened(request, pk)
    form = RecognitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers, now = form.cleaned_data, timezone.now()
        first, last = date(answers["year"], 1, 1), date(answers["year"], 12, 31)
        if row.recognitions.filter(year=answers["year"], valid_to=last, fallen_on=None).exists():
            form.add_error("year", "Năm này đã ghi.")
        else:
            HouseholdRecognition.objects.create(
                commune_id=row.commune_id,
                household=row,
                valid_from=max(first, answers["decided_on"]),
                valid_to=last,
                members=row.members.filter(left_on=None).count(),
                recorded_at=now,
                recorded_by=request.user,
                **answers,
            )
            audit.record("record", KIND, pk, by=request.user, at=now, why=answers["note"])
            messages.success(request, f"Đã ghi năm {answers['year']}.")
            return redirect("household", pk)
    return _edit(request, form, "Ghi kết quả của năm trước", reverse("household", args=[pk]), row)


# --- a round ---
REVIEWED = tuple(name for name in ReviewForm.base_fields if name not in ("paper", "version"))


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def review(request: DeskRequest, pk: int, start: date) -> HttpResponse:
    """Phiếu B, meeting, minutes and posting of one household in one round, as far as they have come."""
    row, held = _opened(request, pk), _round(start)
    known = row.reviews.filter(starts_on=start).first()
    if known and HouseholdRecognition.objects.filter(review=known, fallen_on=None).exists():
        messages.warning(request, "Kết quả của kỳ này đã thành quyết định, không sửa được nữa.")
        return redirect("household", pk)
    form = _review_form(request, row, held, known)
    back = reverse("review_round", args=[start])
    if request.method == "POST" and form.is_valid():
        changes = _found(form)
        if known is None:
            now = timezone.now()
            with transaction.atomic():
                HouseholdReview.objects.create(
                    commune_id=row.commune_id,
                    household=row,
                    starts_on=start,
                    periodic=held.periodic,
                    recorded_at=now,
                    recorded_by=request.user,
                    **changes,
                )
                audit.record("review", KIND, pk, by=request.user, at=now, why=form.cleaned_data["paper"])
            messages.success(request, "Đã lưu kết quả rà soát.")
            return redirect(back)
        known.version = form.cleaned_data["version"]
        if _amended(request, form, known, changes, key=pk):
            return redirect(back)
    page = {
        "form": form,
        "title": f"Kết quả rà soát, {held.name}",
        "name": row.counted[0].full_name,
        "back_href": back,
    }
    return render(request, "records/household_review.html", page, status=422 if form.is_bound else 200)


def _review_form(request: DeskRequest, row: Household, held: values.Round, known: HouseholdReview | None) -> ReviewForm:
    commune_id = row.commune_id
    initial = {name: getattr(known, name) for name in REVIEWED} if known else {}
    initial |= {"version": known.version if known else 1, "paper": f"Hồ sơ rà soát {held.name}"}
    return ReviewForm(
        request.POST or None,
        initial=initial,
        held=held,
        standards=standards_of(rulings_of(_procedure(), commune_id, on=timezone.localdate())),
        area_on=lambda day: VillageArea.objects.of(commune_id, row.village, day),
    )


def _found(form: ReviewForm) -> dict[str, Any]:
    """The columns of a review; without Phiếu B no indicators, rather than none lacking."""
    answers = {name: form.cleaned_data[name] for name in REVIEWED}
    if answers["score_deprivation"] is None:
        answers["indicators"] = None
    return answers | {
        "area": form.area.value if form.area else "",
        "standard": form.national.id if form.national else "",
        "city_standard": form.city.id if form.city else "",
    }


@require_GET
@only(Role.SPECIALIST)
def review_round(request: DeskRequest, start: date) -> HttpResponse:
    """The households of a round: those that asked and wait, and those already looked at, with what each still owes."""
    held, now = _round(start), timezone.now()
    today = timezone.localdate(now)
    here = Household.objects.kept_by(request.user.commune_id)
    cases = _waiting(request)
    ids = {row.pk for row in here.filter(reviews__starts_on=start)} | set(cases)
    rows = [_round_row(row, start, today, cases.get(row.pk)) for row in here.filter(pk__in=ids).for_reading()]
    audit.record("look", "review_round", start, by=request.user, at=now, why=held.name)
    page = {
        "name": held.name,
        "due": f"{held.due_on:%d/%m/%Y}",
        "is_late": today > held.due_on,
        "has_begun": held.starts_on <= today,
        "rows": rows,
        "rounds": [
            {
                "label": known.name.removeprefix("kỳ "),
                "href": reverse("review_round", args=[known.starts_on]),
                "current": known == held,
            }
            for known in _rounds_around(held.starts_on.year)
        ],
        "back_href": reverse("households"),
    }
    return render(request, "records/review_round.html", page)


def _rounds_around(year: int) -> list[values.Round]:
    return [known for number in (year - 1, year) for known in values.rounds_of(number)]


def _waiting(request: DeskRequest) -> dict[int, str]:
    """Household → code of the case that waits for a round."""
    found = {}
    waiting = Case.objects.here(request.user.commune_id).filter(
        procedure_key=_procedure().key, state=State.WAITING_REVIEW
    )
    for case in waiting.select_related("citizen").order_by("pk"):
        row = Household.objects.kept_by(request.user.commune_id).of_member(case.citizen).order_by("pk").last()
        if row:
            found[row.pk] = case.code
    return found


def _round_row(row: Household, start: date, today: date, case: str | None) -> dict[str, Any]:
    done = next((known.as_value() for known in row.reviews.all() if known.starts_on == start), None)
    return {
        "name": row.counted[0].full_name,
        "village": row.village,
        "persons": len(row.counted),
        "href": reverse("household_review", args=[row.pk, start]),
        "steps": _steps(done, today),
        "class": done.granted.label if done and done.granted else "",
        "case": case or "",
        "case_href": reverse("case", args=[case]) if case else "",
    }


def _steps(done: values.Review | None, today: date) -> list[tuple[str, bool, str]]:
    """Each step of the review: name, done or not, a word."""
    if done is None:
        return [(name, False, "") for name in ("Phiếu B", "Họp dân", "Biên bản", "Niêm yết")]
    quarrels = bool(done.complaint) and done.complaint_settled_on is None
    posted = done.posted_to is not None and today > done.posted_to and not quarrels
    scores = f"A {done.score_income}, B {done.score_deprivation}" if done.has_scores else ""
    posting = f"đến {done.posted_to:%d/%m}" if done.posted_to else ""
    return [
        ("Phiếu B", done.has_scores, scores),
        ("Họp dân", (done.agreement or 0) >= values.AGREED, f"{done.agreement}%" if done.agreement is not None else ""),
        ("Biên bản", bool(done.minutes), ""),
        ("Niêm yết", posted, "có khiếu nại" if quarrels else posting),
    ]


def _round(start: date) -> values.Round:
    """The round that starts on that day; an address of any other day leads nowhere."""
    held = values.round_starting(start)
    if held is None:
        raise Http404
    return held


# --- the register, and the areas of villages ---
@require_GET
@only(Role.SPECIALIST)
def register(request: DeskRequest, year: int) -> HttpResponse:
    """Danh sách hộ nghèo, hộ cận nghèo of a year (social-affairs.md 7.7), classes that ended within it too."""
    today = timezone.localdate()
    rows = (
        HouseholdRecognition.objects.filter(commune=request.user.commune, year=year)
        .select_related("household", "review")
        .prefetch_related("household__members")
        .order_by("household__village", "household_id", "decided_on", "pk")
    )
    audit.record("look", "household_register", year, by=request.user, at=timezone.now(), why="danh sách năm")
    page = {
        "year": year,
        "rows": [_register_row(number, row) for number, row in enumerate(rows, start=1)],
        "before_href": reverse("household_register", args=[year - 1]),
        "after_href": reverse("household_register", args=[year + 1]) if year <= today.year else "",
        "back_href": reverse("households"),
    }
    return render(request, "records/household_register.html", page)


def _register_row(number: int, row: HouseholdRecognition) -> dict[str, Any]:
    head = row.household.counted[0]
    review = row.review.as_value() if row.review else None
    ended = f"hết hiệu lực {row.valid_to:%d/%m/%Y}" if row.valid_to < date(row.year, 12, 31) else ""
    if row.fallen_on:
        ended = f"giấy đã thay hoặc thu hồi ngày {row.fallen_on:%d/%m/%Y}"
    return {
        "line": number,
        "certificate": row.certificate_number,
        "name": head.full_name,
        "identity": head.identity_number,
        "village": row.household.village,
        "persons": row.members,
        "area": review.area.label if review and review.area else "",
        "score_income": review.score_income if review else "",
        "score_deprivation": review.score_deprivation if review else "",
        "national": row.get_national_class_display(),
        "city": row.get_city_class_display(),
        "indicators": ", ".join(str(indicator) for indicator in row.indicators),
        "decision": row.decision_number,
        "decided": f"{row.decided_on:%d/%m/%Y}",
        "year": row.year,
        "note": "; ".join(part for part in (row.note, ended) if part),
    }


@require_http_methods(["GET", "POST"])
@only(Role.SPECIALIST)
def village_areas(request: DeskRequest) -> HttpResponse:
    """Rural or urban, said of each village from a day on: never read off the kind of unit (7.9, case 5)."""
    form = VillageAreaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert request.user.commune is not None, "specialists belong to a commune"
        now = timezone.now()
        row = VillageArea.objects.create(commune=request.user.commune, by=request.user, at=now, **form.cleaned_data)
        audit.record("record", "village_area", row.pk, by=request.user, at=now, why=row.paper)
        messages.success(request, f"Đã ghi {row.village}.")
        return redirect("village_areas")
    rows = VillageArea.objects.filter(commune=request.user.commune).select_related("by")
    page = {
        "form": form,
        "rows": [
            {
                "village": row.village,
                "area": row.get_area_display(),
                "since": f"{row.since:%d/%m/%Y}",
                "paper": row.paper,
                "who": row.by.full_name if row.by else "",
            }
            for row in rows
        ],
        "back_href": reverse("households"),
    }
    return render(request, "records/village_areas.html", page, status=422 if form.is_bound else 200)


# --- what several pages need ---
def _kept(request: DeskRequest, pk: int) -> Household:
    return get_object_or_404(Household.objects.kept_by(request.user.commune_id).for_reading(), pk=pk)


def _opened(request: DeskRequest, pk: int) -> Household:
    """The household for a page that changes it: the change itself is the purpose, and the look is written down."""
    row = _kept(request, pk)
    if request.method == "GET":
        audit.record("look", KIND, pk, by=request.user, at=timezone.now(), why=_purpose(request, row) or "sửa hồ sơ hộ")
    return row


def _purpose(request: DeskRequest, row: Household) -> str:
    """Why this officer looks at it: what was said, or an open case or a card shown of one who is counted in it."""
    said = str(request.session.get("household_looks", {}).get(str(row.pk), ""))
    people = [member.citizen for member in row.counted if member.citizen]
    return said or next((purpose for person in people if (purpose := purpose_of(request, person))), "")


def _looks_because(request: DeskRequest, row: Household, purpose: str) -> None:
    """Which household this officer may open until the session ends, and why (S-35)."""
    request.session["household_looks"] = request.session.get("household_looks", {}) | {str(row.pk): purpose[:200]}


def _edit(
    request: DeskRequest, form: forms.Form, title: str, back_href: str, row: Household | None = None
) -> HttpResponse:
    name = row.counted[0].full_name if row else ""
    page = {"form": form, "title": title, "name": name, "back_href": back_href}
    return render(request, "records/household_edit.html", page, status=422 if form.is_bound else 200)


def _member_row(member: HouseholdMember) -> dict[str, Any]:
    keys = [member.household_id, member.pk]
    return {
        "name": member.full_name,
        "identity": member.identity_number,
        "born": member.birth_text,
        "relation": member.get_relation_display(),
        "status": member.get_occupation_display(),
        "left": f"ra khỏi hộ {member.left_on:%d/%m/%Y}: {member.left_paper}" if member.left_on else "",
        "amend_href": "" if member.left_on else reverse("amend_member", args=keys),
        "leave_href": "" if member.left_on else reverse("member_leaves", args=keys),
    }


def _review_row(row: HouseholdReview) -> dict[str, Any]:
    done = row.as_value()
    return {
        "round": done.round.name,
        "href": reverse("household_review", args=[row.household_id, row.starts_on]),
        "steps": _steps(done, timezone.localdate()),
        "national": done.national_class.label if done.national_class else "",
        "city": done.city_class.label if done.city_class else "",
        "reviewer": done.reviewer,
    }


def _year_row(row: HouseholdRecognition) -> dict[str, Any]:
    return {
        "year": row.year,
        "national": row.get_national_class_display(),
        "city": row.get_city_class_display() if row.city_class else "",
        "indicators": ", ".join(str(number) for number in row.indicators) or "không",
        "decision": f"{row.decision_number}, {row.decided_on:%d/%m/%Y}",
        "certificate": row.certificate_number,
        "valid": f"giấy đã thay hoặc thu hồi {row.fallen_on:%d/%m/%Y}"
        if row.fallen_on
        else f"{row.valid_from:%d/%m/%Y} – {row.valid_to:%d/%m/%Y}",
    }


def _amendment_row(line: HouseholdAmendment) -> dict[str, str]:
    return {
        "when": f"{timezone.localtime(line.at):%H:%M %d/%m/%Y}",
        "who": line.by.full_name,
        "field": line.field,
        "before": line.before,
        "after": line.after,
        "paper": line.paper,
    }
