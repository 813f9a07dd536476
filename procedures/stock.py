"""The verbs of pre-printed stock and their only writer: receive, use, spoil, correct, destroy. Nothing is removed.

Lock order: case → blank → diary. A clerk holds a certain sheet in the hand: the serial that was read is the one taken,
or none is; only who names no serial gets the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Least
from django.utils import timezone

from oneshop import audit
from oneshop.models import Officer
from oneshop.roles import Role
from procedures.blanks import ALL, KINDS, BlankKind
from procedures.house_points import STOCK_LOW
from procedures.law.practices import practice
from procedures.models import Blank, BlankLayout, Case, Correction, PaperOwed, Result
from procedures.states import CorrectionState, State

AT_MOST = 2000
"""Blanks of one delivery: more is a slip of the hand (`000001` to `900000`)."""

FARTHEST = 30.0
"""Millimetres: what a printer is off by more than that is another sheet."""


class StockRefused(Exception):
    """Nothing was done with any blank; the sentence says why, and what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


# --- in and out of the cupboard ---
def receive(
    kind: str,
    *,
    letters: str,
    first: str,
    last: str,
    batch: str,
    received_on: date,
    by: Officer,
    at: datetime,
) -> list[Blank]:
    """A delivery, from serial `first` to `last`, digits as printed, zeros in front included, `letters` before each.

    Raises StockRefused if one of them is known already: then none of the delivery is taken in.
    """
    commune_id = _owes(by, Role.ADMINISTRATOR)
    serials = serials_of(letters, first, last)
    if received_on > timezone.localtime(at).date():
        raise StockRefused("Ngày nhận không được sau hôm nay.")
    rows = [
        Blank(commune_id=commune_id, kind=kind, serial=serial, batch=batch, received_on=received_on, received_by=by)
        for serial in serials
    ]
    known = Blank.objects.filter(commune_id=commune_id, kind=kind, serial__in=serials).order_by("serial")
    if double := list(known.values_list("serial", flat=True)[:3]):
        raise StockRefused(f"Đã có trong kho: {', '.join(double)}. Chưa nhập phôi nào của đợt này.")
    try:
        with transaction.atomic():
            made: list[Blank] = Blank.objects.bulk_create(rows)
            audit.record("receive_blanks", "blank", f"{kind}/{serials[0]}", by=by, at=at, why=_told(serials, batch))
    except IntegrityError as error:  # somebody typed the same delivery in at this very moment
        raise StockRefused("Đợt này vừa được người khác nhập. Chưa nhập thêm phôi nào.") from error
    return made


def serials_of(letters: str, first: str, last: str) -> list[str]:
    """`AB`, `000998`, `001001` → `AB000998` … `AB001001`. Raises StockRefused for what is no range."""
    if not (first.isdecimal() and last.isdecimal() and first.isascii() and last.isascii()):
        raise StockRefused("Số đầu và số cuối chỉ gồm chữ số.")
    if len(first) != len(last):
        raise StockRefused("Số đầu và số cuối phải cùng số chữ số, kể cả số 0 ở trước.")
    number = int(last) - int(first) + 1
    if number < 1:
        raise StockRefused("Số cuối phải lớn hơn hoặc bằng số đầu.")
    if number > AT_MOST:
        raise StockRefused(f"Một đợt nhiều nhất {AT_MOST} phôi; xem lại số cuối.")
    return [f"{letters}{int(first) + step:0{len(first)}}" for step in range(number)]


def destroy(kind: str, *, first: str, last: str, minutes: str, by: Officer, at: datetime) -> int:
    """Put blanks of that range through the shredder as `minutes` (biên bản) says; how many it were.

    Spoiled ones, and unused ones of a form that is no longer valid; raises StockRefused if one is in use or unknown.
    """
    _owes(by, Role.ADMINISTRATOR)
    if not minutes.strip():
        raise StockRefused("Ghi số và ngày của biên bản hủy.")
    with transaction.atomic():
        found = list(_range(kind, first, last, by).select_for_update(no_key=True).order_by("pk"))
        if not found:
            raise StockRefused("Không có phôi nào của xã trong khoảng số này.")
        for blank in found:
            if blank.state == Blank.State.USED:
                raise StockRefused(f"Phôi {blank.serial} đã dùng cho một kết quả nên không hủy. Chưa hủy phôi nào.")
        rows = Blank.objects.filter(pk__in=[blank.pk for blank in found])
        rows.filter(state=Blank.State.RECEIVED).update(
            state=Blank.State.SPOILED, spoiled_at=at, spoiled_by=by, reason=f"Không dùng nữa: {minutes}"[:300]
        )
        number: int = rows.filter(state=Blank.State.SPOILED).update(
            state=Blank.State.DESTROYED, destroyed_at=at, destroyed_by=by, minutes=minutes
        )
        if not number:
            raise StockRefused("Các phôi này đã hủy trước đây.")
        audit.record("destroy_blanks", "blank", f"{kind}/{first}–{last}", by=by, at=at, why=minutes)
    return number


def _range(kind: str, first: str, last: str, by: Officer) -> QuerySet[Blank]:
    """Serials of one length compare as texts like the numbers on them."""
    if len(first) != len(last) or first > last:
        raise StockRefused("Ghi số sê-ri đầu và cuối đầy đủ như in trên phôi, số cuối không nhỏ hơn số đầu.")
    rows: QuerySet[Blank] = Blank.objects.filter(commune=by.commune, kind=kind, serial__gte=first, serial__lte=last)
    return rows.extra(where=["length(serial) = %s"], params=[len(first)])


# --- one original, one blank ---
def use(result: Result, sheet_no: int, *, by: Officer, at: datetime, serial: str = "") -> Blank:
    """Original number `sheet_no` of `result` was printed on the blank `serial`, or on the next one.

    Raises StockRefused: the original has one already, the blank is unknown here or no longer in the cupboard.
    """
    _owes(by, Role.CLERK)
    with transaction.atomic():
        _hold(result)
        if not 1 <= sheet_no <= result.originals or not result.blank:
            raise StockRefused("Kết quả này không in bản chính đó lên phôi.")
        if result.standing != Result.Standing.VALID:
            raise StockRefused("Kết quả không còn hiệu lực nên không in lên phôi nữa.")
        if before := Blank.objects.filter(result=result, sheet_no=sheet_no, state=Blank.State.USED).first():
            raise StockRefused(f"Bản chính {sheet_no} đã in trên phôi {before.serial}.")
        blank = _taken(result.blank, serial.strip(), by)
        blank.state, blank.result, blank.sheet_no = Blank.State.USED, result, sheet_no
        blank.used_at, blank.used_by = at, by
        blank.save(update_fields=["state", "result", "sheet_no", "used_at", "used_by"])
        audit.record(
            "use_blank",
            "blank",
            f"{blank.kind}/{blank.serial}",
            by=by,
            at=at,
            why=f"{result.case.code}, bản chính {sheet_no}",
        )
    return blank


def use_next(case: Case, *, by: Officer, at: datetime) -> list[Blank]:
    """Every original of `case` that has no blank yet takes the next ones."""
    return [use(result, number, by=by, at=at) for result, number in missing(case)]


def _taken(kind: str, serial: str, by: Officer) -> Blank:
    """The blank itself, held until the transaction ends. One that another clerk holds at this moment is passed over."""
    rows = Blank.objects.filter(commune=by.commune, kind=kind)
    if not serial:
        following: Blank | None = rows.left().select_for_update(skip_locked=True, no_key=True).first()
        if following is None:
            raise StockRefused(f"Hết phôi {KINDS[kind].label}. Trả bản điện tử và hẹn ngày trả bản giấy.")
        return following
    named: Blank | None = rows.select_for_update(no_key=True).select_related(None).filter(serial=serial).first()
    if named is None:
        raise StockRefused(f"Phôi {serial} không có trong kho {KINDS[kind].label} của xã. Xem lại số in trên phôi.")
    if named.state != Blank.State.RECEIVED:
        raise StockRefused(f"Phôi {serial} {_what_became(named)}. {_next_words(kind, by)}")
    return named


def _what_became(blank: Blank) -> str:
    match blank.state:
        case Blank.State.USED if blank.result is not None:
            return f"đã dùng cho hồ sơ {blank.result.case.code}"
        case Blank.State.SPOILED:
            return "đã ghi là hỏng"
        case _:
            return "đã hủy"


def _next_words(kind: str, by: Officer) -> str:
    following = Blank.objects.filter(commune=by.commune, kind=kind).left().first()
    return f"Phôi kế tiếp là {following.serial}." if following else "Kho đã hết phôi này."


def spoil(blank: Blank, *, reason: str, by: Officer, at: datetime) -> None:
    """Misprinted, torn or damp: it is told of for ever and used no more; its original takes another one.

    Raises StockRefused without a reason, for one already spoiled, and once its result is in the citizen's hand.
    """
    _owes(by, Role.CLERK, Role.ADMINISTRATOR)
    if not reason.strip():
        raise StockRefused("Ghi rõ phôi hỏng vì sao.")
    with transaction.atomic():
        held = _held(blank, by)
        if held.state in (Blank.State.SPOILED, Blank.State.DESTROYED):
            raise StockRefused(f"Phôi {held.serial} {_what_became(held)}.")
        Blank.objects.filter(pk=held.pk).update(
            state=Blank.State.SPOILED, spoiled_at=at, spoiled_by=by, reason=reason.strip()
        )
        audit.record("spoil_blank", "blank", f"{held.kind}/{held.serial}", by=by, at=at, why=reason)
    blank.refresh_from_db()


def spoil_fallen(results: Sequence[Result], *, reason: str, by: Officer, at: datetime) -> list[Blank]:
    """The good blanks of papers that fell are used no more: what is in the office again is spoiled, and told of.

    Whoever decides that a paper falls does this with it, so it asks for no role of the cupboard.
    """
    with transaction.atomic():
        rows = Blank.objects.filter(result__in=[result.pk for result in results], state=Blank.State.USED)
        fallen = list(rows.select_for_update(no_key=True).order_by("pk"))
        for blank in fallen:
            Blank.objects.filter(pk=blank.pk).update(
                state=Blank.State.SPOILED, spoiled_at=at, spoiled_by=by, reason=reason
            )
            audit.record("spoil_blank", "blank", f"{blank.kind}/{blank.serial}", by=by, at=at, why=reason)
    return fallen


def correct(blank: Blank, *, serial: str, by: Officer, at: datetime) -> Blank:
    """The serial was read wrong: the original stands on `serial`, and `blank` lies in the cupboard as before (F-62)."""
    _owes(by, Role.CLERK)
    if not serial.strip():
        raise StockRefused("Ghi số sê-ri đúng, như in trên phôi.")
    with transaction.atomic():
        held = _held(blank, by)
        if held.state != Blank.State.USED or held.result is None or held.sheet_no is None:
            raise StockRefused(f"Phôi {held.serial} không đang gắn với kết quả nào.")
        result, sheet_no = held.result, held.sheet_no
        Blank.objects.filter(pk=held.pk).update(
            state=Blank.State.RECEIVED, result=None, sheet_no=None, used_at=None, used_by=None
        )
        right = use(result, sheet_no, by=by, at=at, serial=serial)
        audit.record(
            "correct_blank", "blank", f"{held.kind}/{held.serial}", by=by, at=at, why=f"ghi nhầm, đúng là {serial}"
        )
    return right


def _held(blank: Blank, by: Officer) -> Blank:
    """The blank as it is now, locked after the case it belongs to. Raises StockRefused once the paper has been handed
    over: then it is no longer ours to change."""
    seen = Blank.objects.select_related("result__case").filter(pk=blank.pk, commune=by.commune).first()
    if seen is None:
        raise StockRefused("Phôi này không có trong kho của xã.")
    if seen.result is not None:
        _hold(seen.result)
    rows = Blank.objects.select_for_update(no_key=True, of=("self",)).select_related("result__case")
    held: Blank = rows.get(pk=seen.pk)
    if held.result_id != seen.result_id:
        raise StockRefused(f"Phôi {held.serial} vừa được người khác xử lý. Mở lại trang.")
    return held


def _hold(result: Result) -> None:
    """Lock the case; raises StockRefused where no paper of it is to be printed now."""
    case = Case.objects.select_for_update(no_key=True).get(pk=result.case_id)
    if case.where == State.SIGNED:
        return
    owed = PaperOwed.objects.filter(result=result).first()
    if case.where == State.GIVEN_OUT and owed is not None and owed.handed_at is None:
        return
    made_by = Correction.objects.filter(papers=result).first()  # a paper in place of a wrong one, not handed over yet
    if made_by is not None and made_by.where == CorrectionState.SIGNED:
        return
    raise StockRefused(f"Hồ sơ {case.code} đang “{case.where.label}” nên phôi của hồ sơ không thay đổi được.")


# --- what a case still needs ---
def missing(case: Case) -> list[tuple[Result, int]]:
    """Each original on pre-printed stock that has no good blank yet, with its number from 1."""
    results = [result for result in case.results.all() if result.blank and result.standing == Result.Standing.VALID]
    used = set(
        Blank.objects.filter(result__in=results, state=Blank.State.USED).values_list("result_id", "sheet_no")
        if results
        else ()
    )
    return [
        (result, number)
        for result in results
        for number in range(1, result.originals + 1)
        if (result.pk, number) not in used
    ]


def why_not_given_out(case: Case) -> str:
    """The sentence that keeps a case here until its papers are printed on their blanks; or nothing."""
    lacking = missing(case)
    if not lacking:
        return ""
    result, number = lacking[0]
    which = f"bản chính {number} của {result.name}" if result.originals > 1 else result.name
    return f"Chưa ghi phôi của {which}. Ghi số sê-ri, hoặc trả bản điện tử và hẹn ngày trả bản giấy."


def owe_paper(case: Case, *, due_on: date, reason: str, by: Officer, at: datetime) -> list[PaperOwed]:
    """The citizen takes the electronic copy and comes back for the paper on `due_on` (rule dis_blank_available)."""
    if due_on < timezone.localtime(at).date():
        raise StockRefused("Ngày hẹn trả bản giấy không được trước hôm nay.")
    if not reason.strip():
        raise StockRefused("Ghi rõ vì sao chưa trả bản giấy.")
    results = list(dict.fromkeys(result for result, _ in missing(case)))
    rows = [
        PaperOwed(commune_id=case.commune_id, result=result, due_on=due_on, reason=reason, by=by, at=at)
        for result in results
    ]
    PaperOwed.objects.bulk_create(rows)
    return rows


def hand_paper(owed: PaperOwed, *, to: str, by: Officer, at: datetime) -> None:
    """The paper that was owed is in the hands of `to`. Raises StockRefused if it is not printed, or was handed over."""
    _owes(by, Role.CLERK)
    if not to.strip():
        raise StockRefused("Ghi họ tên người nhận.")
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=owed.result.case_id)
        if any(result.pk == owed.result_id for result, _ in missing(case)):
            raise StockRefused("Chưa ghi đủ số sê-ri của phôi nên chưa trả được bản giấy.")
        if not PaperOwed.objects.filter(pk=owed.pk, commune=by.commune, handed_at=None).update(
            handed_at=at, handed_by=by, handed_to=to.strip()
        ):
            raise StockRefused("Bản giấy này đã được trả.")
        audit.record("hand_paper", "case", case.code, by=by, at=at, why=owed.result.full_number)
    owed.refresh_from_db()


# --- counting ---
@dataclass(frozen=True)
class Standing:
    """How much of one kind is left; `is_low` by the commune's own threshold, `following` the next serial."""

    kind: BlankKind
    left: int
    is_low: bool
    following: str


def standings(commune_id: int, on: date) -> list[Standing]:
    counts = Blank.objects.filter(commune_id=commune_id).counts()
    low = low_at(commune_id, on)
    firsts = Blank.objects.filter(commune_id=commune_id).left().order_by("kind", "pk").distinct("kind")
    serials = dict(firsts.values_list("kind", "serial"))
    return [
        Standing(kind, counts[kind.key], counts[kind.key] <= low, serials.get(kind.key, "")) for kind in KINDS.values()
    ]


def low_at(commune_id: int, on: date) -> int:
    """The commune's ruling on when a kind runs low."""
    return int(practice(STOCK_LOW, commune_id, on))


def following(kind: str, commune_id: int, number: int) -> list[str]:
    """The next serials in the order in which they are to be taken."""
    rows = Blank.objects.filter(commune_id=commune_id, kind=kind).left()
    return list(rows.values_list("serial", flat=True)[:number])


@dataclass(frozen=True)
class MonthRow:
    """One line of the sheet of a month: `before + received - used - spoiled == left`.

    `spoiled_later` were used in an earlier month and found spoiled in this one; `destroyed` are among the spoiled.
    """

    kind: BlankKind
    before: int
    received: int
    used: int
    spoiled: int
    left: int
    spoiled_later: int
    destroyed: int


def month(commune_id: int, first: date) -> list[MonthRow]:
    """The sheet of the month that begins on `first`, as it stood at its end: later news does not change it."""
    following_month = (first + timedelta(days=32)).replace(day=1)
    start, end = (timezone.make_aware(datetime.combine(day, time())) for day in (first, following_month))
    gone_at = Least(F("used_at"), F("spoiled_at"))
    gone, spoiled = Q(gone_at__gte=start, gone_at__lt=end), Q(spoiled_at__lt=end)
    rows = (
        Blank.objects.filter(commune_id=commune_id)
        .alias(gone_at=gone_at)
        .values("kind")
        .annotate(
            had=Count("pk", filter=Q(received_on__lt=first)),
            had_gone=Count("pk", filter=Q(gone_at__lt=start)),
            received=Count("pk", filter=Q(received_on__gte=first, received_on__lt=following_month)),
            used=Count("pk", filter=gone & (Q(spoiled_at=None) | Q(spoiled_at__gte=end))),
            spoiled=Count("pk", filter=gone & spoiled),
            spoiled_later=Count("pk", filter=Q(gone_at__lt=start, spoiled_at__gte=start) & spoiled),
            destroyed=Count("pk", filter=Q(destroyed_at__gte=start, destroyed_at__lt=end)),
        )
    )
    by_kind = {row.pop("kind"): row for row in rows}
    return [_month_row(kind, by_kind.get(kind.key, {})) for kind in KINDS.values()]


def _month_row(kind: BlankKind, row: Mapping[str, int]) -> MonthRow:
    before = row.get("had", 0) - row.get("had_gone", 0)
    received, used, spoiled = row.get("received", 0), row.get("used", 0), row.get("spoiled", 0)
    return MonthRow(
        kind=kind,
        before=before,
        received=received,
        used=used,
        spoiled=spoiled,
        left=before + received - used - spoiled,
        spoiled_later=row.get("spoiled_later", 0),
        destroyed=row.get("destroyed", 0),
    )


# --- the printer ---
@dataclass(frozen=True)
class Shift:
    """How far a field is to be printed aside of its place, in millimetres: to the right, and downwards."""

    name: str
    right: float
    down: float = field(default=0.0)


def set_layout(
    kind: str, shifts: Sequence[Shift], *, valid_from: date, note: str, by: Officer, at: datetime
) -> BlankLayout:
    """A new dated row of the places of `kind`; fields that are not shifted are left out."""
    commune_id = _owes(by, Role.CLERK, Role.ADMINISTRATOR)
    known = {place.name for place in KINDS[kind].fields} | {ALL}
    for shift in shifts:
        if shift.name not in known:
            raise StockRefused(f"Phôi không có ô {shift.name}.")
        if max(abs(shift.right), abs(shift.down)) > FARTHEST:
            raise StockRefused(f"Chỉ dịch được nhiều nhất {FARTHEST:g} mm.")
    with transaction.atomic():
        row: BlankLayout = BlankLayout.objects.create(
            commune_id=commune_id,
            kind=kind,
            valid_from=valid_from,
            fields={shift.name: [shift.right, shift.down] for shift in shifts if shift.right or shift.down},
            note=note,
            by=by,
            at=at,
        )
        audit.record("set_layout", "blank_layout", f"{kind}/{row.pk}", by=by, at=at, why=note)
    return row


def _owes(by: Officer, *roles: Role) -> int:
    """The commune of the officer, whose stock it is. Raises StockRefused for another role."""
    if not any(by.is_(role) for role in roles):
        names = " hoặc ".join(f"“{role.label}”" for role in roles)
        raise StockRefused(f"Việc này thuộc vai trò {names}.")
    assert by.commune_id is not None, "who keeps stock belongs to a commune"
    return by.commune_id


def _told(serials: Sequence[str], batch: str) -> str:
    return f"{len(serials)} phôi, {serials[0]}–{serials[-1]}" + (f", {batch}" if batch else "")
