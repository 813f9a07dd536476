"""What each procedure owes us. The eighth is tested by existing."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template.loader import render_to_string

from citizens.dossier import Dossier
from citizens.effects import Effect
from citizens.person import Person
from procedures.catalogue import Catalogue, Document, Procedure, catalogue
from procedures.frozen import freeze_value, thaw_value
from procedures.rules import Application, Kind, Tone
from procedures.rules.points import Sort

ALL = list(catalogue())
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# today, after the law of 1 March 2027, after the poverty line of 2027 has begun
DAYS = [datetime(2026, 11, 23, 8, 10, tzinfo=HANOI), datetime(2027, 3, 2, 8, 10, tzinfo=HANOI)]


@pytest.fixture(params=ALL, ids=[procedure.key for procedure in ALL])
def procedure(request: pytest.FixtureRequest) -> Procedure:
    found: Procedure = request.param
    return found


@pytest.fixture(params=DAYS, ids=[f"{day:%Y-%m-%d}" for day in DAYS])
def example(request: pytest.FixtureRequest, procedure: Procedure) -> Application:
    return procedure.example(request.param)


def test_it_names_itself_and_its_code(procedure: Procedure) -> None:
    assert re.fullmatch(r"[a-z_]+", procedure.key)
    assert procedure.name[0].isupper()
    assert re.fullmatch(r"\d\.\d{6}|[A-Z]{2}(-[A-Z0-9]+)+", procedure.national_code), "national, or a local one"
    assert procedure.who.endswith(".")
    assert procedure.bring.endswith(".")


def test_its_law_is_dated_and_the_first_version_holds_today(procedure: Procedure) -> None:
    days = [version.valid_from for version in procedure.versions]

    assert days == sorted(set(days))
    assert days[0] <= date(2025, 7, 1)
    for version in procedure.versions:
        assert version.name
        assert version.result_name
        assert version.legal_basis
    for version in procedure.versions[1:]:
        assert version.change.endswith("."), "what is new is told in a sentence"


def test_it_says_how_many_lines_its_form_has(procedure: Procedure) -> None:
    assert procedure.form_lines >= 9


def test_it_promises_no_more_than_three_working_hours(procedure: Procedure) -> None:
    assert timedelta() < procedure.promise <= timedelta(hours=3)
    assert procedure.limit


def test_its_rules_have_their_own_id_a_message_and_a_source(procedure: Procedure) -> None:
    for day in (date(2026, 11, 23), date(2027, 3, 1)):
        ids = [rule.id for rule in procedure.rules if rule.in_force(day)]
        assert len(ids) == len(set(ids))
    for rule in procedure.rules:
        assert rule.kind in Kind
        assert rule.title
        assert rule.message.endswith("."), rule.id
        assert rule.source, rule.id
        assert not rule.leads_to.endswith("."), rule.id


def test_it_asks_who_comes_and_whether_the_officer_is_kin(procedure: Procedure) -> None:
    ids = {rule.id for rule in procedure.rules}

    assert {"pilot_level_two", "pilot_data_synced"} <= ids
    assert any("officer" in name for name in ids)


def test_its_form_asks_with_labels_and_refuses_what_it_must(procedure: Procedure, example: Application) -> None:
    form = procedure.Form({}, person=example.person, on=example.day, other=example.other, dossier=example.dossier)

    assert all(field.label for field in form.fields.values())
    assert form.is_valid() == (not any(field.required for field in form.fields.values()))


def test_its_example_passes_its_own_form_and_rules(procedure: Procedure, example: Application) -> None:
    form = procedure.Form(
        {name: value for name, value in example.answers.items() if value is not None},
        person=example.person,
        on=example.day,
        other=example.other,
        dossier=example.dossier,
    )

    assert form.is_valid(), form.errors
    assert isinstance(form, forms.Form)
    failed = [finding.rule.id for finding in procedure.judge(example) if finding.tone in (Tone.FAIL, Tone.ASK)]
    assert failed == []


def test_each_of_its_papers_is_printed_from_its_facts(procedure: Procedure, example: Application) -> None:
    documents = procedure.documents(example, on=example.day)

    assert documents[0].template.startswith("results/")
    assert procedure.key in {document.template.removeprefix("results/").removesuffix(".html") for document in documents}
    keys = [document.key for document in documents]
    assert len(keys) == len(set(keys))
    for document in documents:
        assert document.book
        assert document.symbol
        assert document.shares_number_of in ("", *keys)
        html = _html(procedure, example, document, keys)
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in html
        assert example.subject.full_name.upper() in html.upper() or example.person.full_name.upper() in html.upper()
        assert "None" not in re.sub(r"<[^>]+>", " ", html)


def _html(procedure: Procedure, example: Application, document: Document, keys: list[str]) -> str:
    facts = procedure.facts(example, document, on=example.day, numbers=dict.fromkeys(keys, "01"))
    frame = {
        "head": {"superior": "THÀNH PHỐ HÀ NỘI", "issuer": "ỦY BAN NHÂN DÂN XÃ QUỐC OAI"},
        "place": "Quốc Oai",
        "test": True,
        "draft": False,
        "number": "01",
        "symbol": document.symbol,
        "issued_on": example.day,
        "signer": {"lines": ["CHỦ TỊCH"], "name": "Phùng Thị Lan"},
        "check_link": "",
        "case_code": "H26.895.00-261123-0001",
        "adviser": {"salutation": "ông", "text": "NGUYỄN VĂN A - Công chức"},
    }
    return render_to_string(document.template, frame | dict(facts))


def test_its_effects_and_what_it_still_owes_can_be_read(procedure: Procedure, example: Application) -> None:
    assert all(isinstance(effect, Effect) for effect in procedure.effects(example, on=example.day))
    assert all(sentence for sentence in procedure.follow_ups(example, on=example.day))
    assert all(label and isinstance(value, str) for label, value in procedure.bridge(example))


def test_people_and_files_come_back_from_the_case_as_they_went_in(procedure: Procedure, example: Application) -> None:
    assert thaw_value(freeze_value(example.person), Person) == example.person
    assert thaw_value(freeze_value(example.dossier), Dossier) == example.dossier


def test_its_unconfirmed_points_say_where_they_stand_and_what_is_in_doubt(procedure: Procedure) -> None:
    for point in procedure.points:
        assert re.fullmatch(r"[a-z_0-9]+\.[a-z_0-9]+", point.key)
        assert point.place
        assert point.doubt
        assert point.sort != Sort.YES_NO or point.value in ("yes", "no")
        assert point.sort != Sort.NUMBER or point.value.isdigit()


def test_no_two_points_share_a_key() -> None:
    points = {point.key: point for procedure in ALL for point in procedure.points}

    assert all(points[point.key] == point for procedure in ALL for point in procedure.points)


def test_its_refusal_names_its_own_law(procedure: Procedure) -> None:
    assert procedure.refusal_basis
    assert procedure.refusal_symbol


def test_its_fee_is_a_dated_row(procedure: Procedure) -> None:
    fee = procedure.fee_on(date(2026, 11, 23))

    assert fee.amount >= 0
    assert fee.source


def test_the_catalogue_refuses_a_key_twice() -> None:
    shelf = Catalogue()
    shelf.add(ALL[0])

    with pytest.raises(ValueError, match="claim the same place"):
        shelf.add(ALL[0])
