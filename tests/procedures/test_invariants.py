"""What must hold at every moment holds after a day's work, and each query finds what it is there to find."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from citizens.models import Citizen
from oneshop import audit, walls
from oneshop.models import Commune, Officer, Shift
from procedures import reckoning, workflow
from procedures.books import prints
from procedures.catalogue import catalogue
from procedures.models import Blank, Case, Correction, Mishap, Pause, Print, Result, Series, Slip, Step, Void
from procedures.states import MOVES, State, Verb
from tests import factories

FILE = Path(__file__).with_name("invariants.sql")


def invariants() -> dict[str, str]:
    """The queries of the file by the sentence above them."""
    parts = FILE.read_text(encoding="utf-8").split("-- name: ")[1:]
    return {name.strip(): sql.strip().rstrip(";") for name, _, sql in (part.partition("\n") for part in parts)}


def moves() -> list[list[str]]:
    return [[verb, source, move.target or source] for verb, move in MOVES.items() for source in move.sources or ("",)]


def broken(*communes: Commune | int) -> dict[str, list[tuple[object, ...]]]:
    """The rows that break an invariant, by invariant, seen from within the walls of each of these communes."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for commune in communes:
        with walls.within(commune if isinstance(commune, int) else commune.pk), connection.cursor() as cursor:
            for name, sql in invariants().items():
                cursor.execute(sql, {"moves": json.dumps(moves())} if "%(moves)s" in sql else None)
                if rows := cursor.fetchall():
                    found.setdefault(name.split()[0], []).extend(rows)
    return found


@pytest.fixture
def day(quoc_oai: Commune, mai: Officer, hung: Officer, lan: Officer, khach: Citizen, at: datetime) -> dict[str, Case]:
    """A small day: one case of each ending, by the name of where it stands now."""

    def soon(minutes: int) -> datetime:
        return at + timedelta(minutes=minutes)

    people = [factories.citizen(quoc_oai, f"00119200001{n}", f"Trần Thị Thử {'ABCDEFGH'[n]}") for n in range(8)]
    cases = [factories.case(person, by=mai, at=soon(n)) for n, person in enumerate(people)]
    given, refused, back, paused, gone, waiting, fresh, annulled = cases

    workflow.issue_receipt(given, by=mai, at=soon(8))
    workflow.hand_over(given, by=hung, at=soon(9))
    factories.signed(given, handled_by=hung, by=lan, at=soon(10))
    receipt = prints.paper_of_slip(given.slips.get(kind=Slip.Kind.RECEIPT))
    [first] = prints.print_paper(receipt, given, by=mai, at=soon(9))
    prints.report(first, Mishap.Kind.NEVER_CAME, why="kẹt giấy", by=mai, at=soon(9))
    prints.print_paper(receipt, given, by=mai, at=soon(10))
    prints.print_paper(prints.paper_of_result(given.results.get()), given, by=mai, at=soon(11))
    factories.given_out(given, by=mai, at=soon(12), to="Trần Thị Thử A")

    workflow.submit_refusal(refused, by=hung, at=soon(13), note="Khai khác với dữ liệu.")
    workflow.sign(refused, by=lan, at=soon(14), seen=factories.seen(refused, lan, soon(14)))

    workflow.ask_for_papers(back, by=hung, at=soon(15), note="thiếu giấy")
    workflow.take_papers(back, by=mai, at=soon(35), note="đã nộp")
    workflow.submit(back, by=hung, at=soon(36))
    workflow.send_back(back, by=lan, at=soon(37), note="xem lại")
    factories.signed(back, handled_by=hung, by=lan, at=soon(38))

    workflow.ask_for_papers(paused, by=hung, at=soon(39), note="thiếu giấy")
    workflow.ask_for_papers(gone, by=hung, at=soon(39), note="thiếu giấy")
    workflow.withdraw(gone, by=mai, at=soon(40), note="không cần nữa")
    workflow.submit(waiting, by=hung, at=soon(41))

    factories.signed(annulled, handled_by=hung, by=lan, at=soon(41))
    workflow.annul(annulled, by=lan, at=soon(41), note="người yêu cầu đã chết")

    Citizen.objects.filter(pk=khach.pk).update(eid_level=1)
    khach.refresh_from_db()
    rejected = workflow.reject(
        catalogue()["marital_certificate"],
        khach,
        answers=factories.ANSWERS,
        officer_answers=factories.all_checked(),
        by=mai,
        at=soon(42),
    )
    named = {
        "given": given,
        "refused": refused,
        "signed": back,
        "paused": paused,
        "gone": gone,
        "waiting": waiting,
        "fresh": fresh,
        "annulled": annulled,
        "rejected": rejected,
    }
    for case in named.values():
        case.refresh_from_db()
    return named


def test_the_file_names_each_invariant_once() -> None:
    numbers = [name.split()[0] for name in invariants()]

    assert numbers == ["I2", "I3", "I4", "I5", "I6", "I7", "I8", "I10", "I11", "I12", "I20"]


def test_a_day_with_every_ending_breaks_nothing(day: dict[str, Case], quoc_oai: Commune) -> None:
    stand = {name: case.state for name, case in day.items()}

    assert stand == {
        "given": State.GIVEN_OUT,
        "refused": State.SIGNED,
        "signed": State.SIGNED,
        "paused": State.WAITING_PAPERS,
        "gone": State.WITHDRAWN,
        "waiting": State.WAITING_SIGNATURE,
        "fresh": State.RECEIVED,
        "annulled": State.STOPPED,
        "rejected": State.REJECTED,
    }
    assert set(Step.objects.values_list("verb", flat=True)) == set(Verb) - {
        Verb.APPOINT,
        Verb.RESUME,
        Verb.STOP,
        Verb.EXTEND,
        Verb.MOVE_DUE,
        *(verb for verb in Verb if verb.endswith("_correction")),
    }
    assert broken(quoc_oai) == {}


# --- each query finds what it is there to find: faults that the working role itself could plant ---
def _a_number_is_burnt(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="marital_certificate").update(last=4)


def _a_book_lost_its_row(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="refusal").update(book="refusal_old")


def _a_gap_in_the_slips(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="receipt").update(last=2)
    given = day["given"].slips.get(kind="receipt")
    _slip(day["fresh"], number=7, pdf=bytes(given.pdf), sha256=given.sha256)


def _a_void_number_is_valid_again(day: dict[str, Case], lan: Officer) -> None:
    given = day["given"].results.get()
    Void.objects.create(
        commune_id=given.commune_id,
        book=given.book,
        year=given.year,
        number=given.number,
        reason=Void.Reason.WRONG,
        why="nhầm",
        result=given,
        by=lan,
        at=given.signed_at,
    )


def _a_replaced_paper_names_no_successor(day: dict[str, Case], lan: Officer) -> None:
    given = day["given"].results.get()
    Result.objects.filter(pk=given.pk).update(standing="replaced", standing_on=given.issued_on)


def _a_paper_was_taken_away_and_is_valid(day: dict[str, Case], lan: Officer) -> None:
    given = day["given"].results.get()
    recall = _correction(given, lan, kind="recall", ground="court", decision="Bản án 1")
    notice = _like(given, kind=Result.RECALL_NOTICE, correction=recall, signed_at=recall.decided_at)
    notice.save(force_insert=True)
    Series.objects.filter(book="marital_certificate").update(last=4)


def _a_correction_made_no_paper(day: dict[str, Case], lan: Officer) -> None:
    _correction(day["given"].results.get(), lan, kind="letter", wrong="a", right="b")


def _a_book_begins_later_than_its_opening_says(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.create(commune=lan.commune, book="marriage", period="2026", first=8, last=7)


def _a_book_is_closed_by_nobody(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="refusal").update(closed_on=day["given"].received_at.date())


def _the_shift_is_taken_away_afterwards(day: dict[str, Case], lan: Officer) -> None:
    Shift.objects.filter(officer=lan).delete()


def _the_case_names_another_signer(day: dict[str, Case], lan: Officer) -> None:
    other = factories.officer(lan.commune, "khac", *lan.roles)
    Case.objects.filter(pk=day["given"].pk).update(signed_by=other)


def _a_paper_differs_from_its_hash(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="receipt").update(last=2)
    _slip(day["fresh"], number=2, pdf=b"%PDF other", sha256=day["given"].slips.get(kind="receipt").sha256)


def _a_line_too_many(day: dict[str, Case], lan: Officer) -> None:
    audit.record(Verb.WITHDRAW, "case", day["fresh"].code, by=lan, at=day["fresh"].received_at)


def _a_step_without_its_line(day: dict[str, Case], lan: Officer) -> None:
    _step(day["waiting"], Verb.SEND_BACK, State.WAITING_SIGNATURE, State.HANDLING, lan)
    Case.objects.filter(pk=day["waiting"].pk).update(state=State.HANDLING)


def _a_state_without_its_step(day: dict[str, Case], lan: Officer) -> None:
    Case.objects.filter(pk=day["fresh"].pk).update(state=State.HANDLING)


def _a_move_that_is_not_in_the_table(day: dict[str, Case], lan: Officer) -> None:
    _step(day["gone"], Verb.TAKE_PAPERS, State.WITHDRAWN, State.HANDLING, lan, told=True)
    Case.objects.filter(pk=day["gone"].pk).update(state=State.HANDLING)


def _an_open_case_is_reckoned(day: dict[str, Case], lan: Officer) -> None:
    reckoning.close(day["fresh"], Verb.WITHDRAW, at=day["fresh"].received_at)


def _an_end_without_its_reckoning(day: dict[str, Case], lan: Officer) -> None:
    _step(day["fresh"], Verb.WITHDRAW, State.RECEIVED, State.WITHDRAWN, lan, told=True)
    Case.objects.filter(pk=day["fresh"].pk).update(state=State.WITHDRAWN)


def _a_step_from_elsewhere(day: dict[str, Case], lan: Officer) -> None:
    _step(day["fresh"], Verb.SEND_BACK, State.WAITING_SIGNATURE, State.HANDLING, lan, told=True)
    Case.objects.filter(pk=day["fresh"].pk).update(state=State.HANDLING)


def _a_promise_that_moved_by_itself(day: dict[str, Case], lan: Officer) -> None:
    case = day["fresh"]
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at + timedelta(hours=1))


def _a_clock_that_never_goes_on(day: dict[str, Case], lan: Officer) -> None:
    case = day["fresh"]
    Pause.objects.create(commune_id=case.commune_id, case=case, since=case.received_at, reason="quên")


def _a_result_that_nobody_signed(day: dict[str, Case], lan: Officer) -> None:
    case, model = day["waiting"], day["given"].results.get()
    Result.objects.create(
        **{
            field.attname: getattr(model, field.attname)
            for field in Result._meta.concrete_fields
            if field.attname not in ("id", "case_id", "number", "token")
        },
        case=case,
        number=4,
        token="0" * 26,
    )
    Series.objects.filter(book="marital_certificate").update(last=4)
    Case.objects.filter(pk=case.pk).update(signed_by=lan, signed_at=model.signed_at)


def _a_result_given_out_without_its_blank(day: dict[str, Case], lan: Officer) -> None:
    Result.objects.filter(case=day["given"]).update(blank="marriage_certificate")


def _a_third_original_of_two(day: dict[str, Case], lan: Officer) -> None:
    result = day["signed"].results.get()
    Result.objects.filter(pk=result.pk).update(blank="marriage_certificate", originals=2)
    Blank.objects.create(
        commune_id=result.commune_id,
        kind="marriage_certificate",
        serial="KH-1",
        state=Blank.State.USED,
        received_on=result.issued_on,
        received_by=lan,
        result=result,
        sheet_no=3,
        used_at=result.signed_at,
        used_by=lan,
    )


def _a_sheet_that_no_line_of_the_diary_tells_of(day: dict[str, Case], lan: Officer) -> None:
    _print(day["signed"], why="")


def _a_line_of_the_diary_without_its_sheet(day: dict[str, Case], lan: Officer) -> None:
    result = day["signed"].results.get()
    audit.record("print", "paper", f"{day['signed'].code}/result/{result.pk}/1", by=lan, at=result.signed_at)


def _a_second_copy_without_a_reason(day: dict[str, Case], lan: Officer) -> None:
    for copy in (1, 2):
        line = _print(day["signed"], why="", copy=copy)
        key = f"{day['signed'].code}/result/{line.result_id}/{copy}"
        audit.record("print", "paper", key, by=lan, at=line.at)


def _a_line_of_the_register_is_burnt(day: dict[str, Case], lan: Officer) -> None:
    Series.objects.filter(book="register-1").update(last=9)


def _print(case: Case, *, why: str, copy: int = 1) -> Print:
    result = case.results.get()
    return Print.objects.create(
        commune_id=case.commune_id,
        case=case,
        result=result,
        name=result.name,
        copy=copy,
        sheets=1,
        sha256=result.sha256,
        why=why,
        by=result.signed_by,
        at=result.signed_at,
    )


def _correction(result: Result, signer: Officer, **facts: str) -> Correction:
    hung = Officer.objects.get(username="hung")
    return Correction.objects.create(
        **facts,
        commune_id=result.commune_id,
        case=result.case,
        result=result,
        asked_by="citizen",
        reason="sai",
        state="signed",
        by=hung,
        at=result.signed_at,
        decided_by=signer,
        decided_at=result.signed_at + timedelta(minutes=1),
    )


def _like(result: Result, **facts: object) -> Result:
    """Another paper of the same book, with the next number."""
    same = {field.name: getattr(result, field.name) for field in Result._meta.concrete_fields}
    return Result(**same | {"id": None, "number": 4, "token": "1" * 26} | facts)


def _slip(case: Case, *, number: int, pdf: bytes, sha256: str) -> Slip:
    return Slip.objects.create(
        commune_id=case.commune_id,
        case=case,
        kind=Slip.Kind.RECEIPT,
        number=number,
        year=2026,
        by=case.received_by,
        at=case.received_at,
        facts={},
        pdf=pdf,
        sha256=sha256,
    )


def _step(case: Case, verb: Verb, source: State, target: State, by: Officer, *, told: bool = False) -> None:
    at = case.received_at + timedelta(hours=2)
    Step.objects.create(
        commune_id=case.commune_id, case=case, verb=verb, source=source, target=target, by=by, at=at, note="x"
    )
    if told:
        audit.record(verb, "case", case.code, by=by, at=at)


FAULTS: list[tuple[Callable[[dict[str, Case], Officer], None], set[str]]] = [
    (_a_number_is_burnt, {"I2"}),
    (_a_book_lost_its_row, {"I2"}),
    (_a_gap_in_the_slips, {"I2"}),
    (_a_void_number_is_valid_again, {"I2"}),
    (_a_book_begins_later_than_its_opening_says, {"I2"}),
    (_a_book_is_closed_by_nobody, {"I2"}),
    (_the_shift_is_taken_away_afterwards, {"I3"}),
    (_the_case_names_another_signer, {"I3"}),
    (_a_paper_differs_from_its_hash, {"I4"}),
    (_a_line_too_many, {"I5"}),
    (_a_step_without_its_line, {"I5"}),
    (_a_state_without_its_step, {"I6"}),
    (_a_move_that_is_not_in_the_table, {"I6"}),
    (_a_step_from_elsewhere, {"I6"}),
    (_an_open_case_is_reckoned, {"I20"}),
    (_an_end_without_its_reckoning, {"I20"}),
    (_a_promise_that_moved_by_itself, {"I8"}),
    (_a_clock_that_never_goes_on, {"I8"}),
    (_a_result_that_nobody_signed, {"I10"}),
    (_a_correction_made_no_paper, {"I10"}),
    (_a_replaced_paper_names_no_successor, {"I11"}),
    (_a_paper_was_taken_away_and_is_valid, {"I11"}),
    (_a_result_given_out_without_its_blank, {"I12"}),
    (_a_third_original_of_two, {"I12"}),
    (_a_sheet_that_no_line_of_the_diary_tells_of, {"I12"}),
    (_a_line_of_the_diary_without_its_sheet, {"I12"}),
    (_a_second_copy_without_a_reason, {"I12"}),
    (_a_line_of_the_register_is_burnt, {"I2"}),
]


def test_each_planted_fault_is_found_by_its_own_query_and_by_no_other(
    day: dict[str, Case], quoc_oai: Commune, lan: Officer
) -> None:
    found = {}
    for plant, _ in FAULTS:
        with transaction.atomic():
            plant(day, lan)
            found[plant.__name__] = set(broken(quoc_oai))
            transaction.set_rollback(True)

    assert found == {plant.__name__: expected for plant, expected in FAULTS}
    assert broken(quoc_oai) == {}


def test_no_paper_that_fell_stands_again(day: dict[str, Case], quoc_oai: Commune) -> None:
    fallen = Result.objects.filter(case=day["annulled"])

    with pytest.raises(IntegrityError, match="never stands again"), transaction.atomic():
        fallen.update(standing="valid", standing_on=None)

    assert fallen.get().standing == "cancelled"


def test_a_row_that_hangs_on_another_communes_case_is_found(
    day: dict[str, Case], quoc_oai: Commune, kieu_phu: Commune, at: datetime
) -> None:
    with walls.within(kieu_phu.pk):
        Pause.objects.create(commune=kieu_phu, case=day["fresh"], since=at, until=at, reason="lạc")

    assert broken(quoc_oai) == {}
    assert set(broken(kieu_phu)) == {"I7"}


def test_a_case_at_another_communes_counter_is_found(
    day: dict[str, Case], quoc_oai: Commune, kieu_phu: Commune
) -> None:
    Case.objects.filter(pk=day["fresh"].pk).update(counter=kieu_phu.counters.get())

    assert set(broken(quoc_oai)) == {"I7"}
