"""The list of what is not confirmed, on screen and on paper, and the page on which the administrator rules."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from oneshop import walls
from oneshop.models import Commune, Entry, Officer
from oneshop.roles import Role
from procedures.catalogue import catalogue
from procedures.house_points import COMPLAINT, KT_LINE, STOCK_LOW, all_points
from procedures.models import Ruling
from procedures.rulings import rule_on
from procedures.wordings.marital import CAPITALS, FEE, PERIOD_STATUS, USED_FOR
from tests import factories
from tests.procedures.on_blanks import send, text

Enter = Callable[[Officer], Client]
FORM = {"valid_from": "23/11/2026", "source": "Mẫu in tháng 11/2026"}


@pytest.fixture(autouse=True)
def clock(at: datetime) -> Iterator[None]:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def as_() -> Enter:
    def enter(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer)
        return client

    return enter


def page(client: Client, path: str, **asked: Any) -> str:
    return text(client.get(path, asked))  # type: ignore[arg-type]


def test_the_administrator_rules_and_the_list_shows_it(as_: Enter, tri: Officer) -> None:
    client = as_(tri)

    response = send(client, reverse("rule_on_point", args=[FEE.key]), value="8.000", is_confirmed="on", **FORM)

    assert response["Location"] == reverse("points")
    listed = page(client, reverse("points"))
    assert "Đã ghi: Giấy xác nhận tình trạng hôn nhân: lệ phí (đồng): 8.000, từ hôm nay." in listed
    assert "mặc định: 5.000" in listed
    assert "Lê Quang Trị, từ 23/11/2026; Mẫu in tháng 11/2026" in listed
    ruling = Ruling.objects.get()
    assert (ruling.value, ruling.is_confirmed, ruling.by_id) == ("8000", True, tri.pk)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"value": ""}, "Ghi nội dung sẽ in."),
        ({"value": "x" * 301}, "300"),
        ({"value": "được cấp để 😀"}, "Không in được nội dung này"),
        ({"source": " "}, "Ghi căn cứ: mẫu, văn bản hoặc người đã xác nhận."),
        ({"valid_from": "22/11/2026"}, "Từ hôm nay trở đi"),
        ({"valid_from": ""}, "error"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(as_: Enter, tri: Officer, changes: dict[str, str], said: str) -> None:
    form = {"value": "được cấp để", **FORM} | changes
    response = send(as_(tri), reverse("rule_on_point", args=[USED_FOR.key]), **form)

    assert response.status_code == 422
    assert said in text(response)
    assert not Ruling.objects.exists()


def test_a_line_is_left_out_by_an_empty_text_where_that_may_be(as_: Enter, tri: Officer) -> None:
    client = as_(tri)

    response = send(client, reverse("rule_on_point", args=[COMPLAINT.key]), value="", **FORM)

    assert response.status_code == 302
    assert "(bỏ, không in)" in page(client, reverse("points"))


def test_a_ruling_for_a_later_day_is_told_and_not_yet_in_force(as_: Enter, tri: Officer) -> None:
    client = as_(tri)
    form = FORM | {"valid_from": "01/12/2026", "value": "no"}

    done = send(client, reverse("rule_on_point", args=[KT_LINE.key]), **form)
    listed = page(client, done["Location"])
    shown = page(client, reverse("point", args=[KT_LINE.key]))

    assert "từ ngày 01/12/2026." in listed
    assert "từ 01/12/2026: Không" in listed
    assert "<dt>Đang dùng</dt>\n    <dd>Có</dd>" in shown
    assert "Từ 01/12/2026: <strong>Không</strong>" in shown


@pytest.mark.parametrize("role", [Role.CLERK, Role.SPECIALIST, Role.SIGNER])
def test_every_officer_reads_and_does_not_rule(as_: Enter, quoc_oai: Commune, role: Role) -> None:
    client = as_(factories.officer(quoc_oai, "ai.do", role))

    listed, shown = page(client, reverse("points")), page(client, reverse("point", args=[CAPITALS.key]))

    assert CAPITALS.place in listed
    assert "Quyết định<span" not in listed
    assert "Ghi quyết định" not in shown
    assert send(client, reverse("rule_on_point", args=[CAPITALS.key]), value="no", **FORM).status_code == 403


def test_the_rest_is_what_nobody_has_confirmed(as_: Enter, tri: Officer, at: datetime) -> None:
    def ruled(point: Any, value: str, *, is_confirmed: bool) -> None:
        rule_on(point, value, valid_from=at.date(), source="Mẫu", is_confirmed=is_confirmed, by=tri, at=at)

    ruled(CAPITALS, "yes", is_confirmed=True)
    ruled(USED_FOR, "được cấp để", is_confirmed=False)
    client = as_(tri)

    everything, rest = page(client, reverse("points")), page(client, f"{reverse('points')}?con-lai")

    assert CAPITALS.place in everything
    assert f">{CAPITALS.place}<" not in rest
    assert USED_FOR.place in rest
    assert "Văn bản áp dụng từ 01/01/2016" in everything
    assert "Văn bản áp dụng từ 01/01/2016" not in rest


def test_nothing_left_is_said(as_: Enter, tri: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("procedures.views.points.groups", lambda commune_id, on: [])

    assert "Mọi điểm đã được xác minh." in page(as_(tri), f"{reverse('points')}?con-lai")


def test_the_list_asks_the_same_with_thirty_rulings_as_with_three(as_: Enter, tri: Officer, at: datetime) -> None:
    client, asked = as_(tri), []
    for number in (3, 27):
        for amount in range(number):
            Ruling.objects.create(
                commune=tri.commune,
                key=list(all_points())[amount],
                value="1",
                valid_from=at.date(),
                source="Mẫu",
                by=tri,
                at=at,
            )
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("points"))
        asked.append(len(queries))

    assert asked[0] == asked[1] < 20


def test_the_list_picks_up_every_procedure_of_the_catalogue(as_: Enter, hung: Officer) -> None:
    listed = page(as_(hung), reverse("points"))

    for procedure in catalogue():
        assert f">{procedure.name}</h2>" in listed
    for key in all_points():
        assert reverse("point", args=[key]) in listed


def test_an_unknown_point_is_nowhere(as_: Enter, tri: Officer) -> None:
    client = as_(tri)

    for path in (reverse("point", args=["moon.phase"]), reverse("point_picture", args=["moon.phase", 0])):
        assert client.get(path).status_code == 404
    assert send(client, reverse("rule_on_point", args=["moon.phase"]), value="x", **FORM).status_code == 404


def test_another_commune_sees_its_own_rulings_only(as_: Enter, tri: Officer, kieu_phu: Commune, at: datetime) -> None:
    rule_on(USED_FOR, "được cấp để", valid_from=at.date(), source="Mẫu kín", is_confirmed=True, by=tri, at=at)
    with walls.within(kieu_phu.pk):
        stranger = as_(factories.officer(kieu_phu, "khach.la", Role.ADMINISTRATOR))

    for path in (reverse("points"), reverse("point", args=[USED_FOR.key])):
        assert "Mẫu kín" not in page(stranger, path)


# --- trying it on paper ---
def test_the_paper_with_the_value_tried_is_a_picture(as_: Enter, tri: Officer) -> None:
    client, here = as_(tri), reverse("point", args=[USED_FOR.key])

    whole = page(client, here)
    fragment = text(client.get(here, {"value": "được cấp để"}, HTTP_HX_REQUEST="true"))  # type: ignore[arg-type]
    one, other = (
        client.get(reverse("point_picture", args=[USED_FOR.key, 0]), {"value": value})
        for value in ("được sử dụng để", "được cấp để")
    )

    assert "<html" in whole
    assert "<html" not in fragment
    assert "in với: được cấp để" in fragment
    assert one["Content-Type"] == "image/png"
    assert one.content != other.content


def test_what_cannot_be_printed_has_no_picture(as_: Enter, tri: Officer) -> None:
    client, here = as_(tri), reverse("point_picture", args=[USED_FOR.key, 0])

    assert client.get(here, {"value": "😀"}).status_code == 404
    assert client.get(here, {"value": ""}).status_code == 404
    assert "Nội dung chưa dùng được" in page(client, reverse("point", args=[USED_FOR.key]), value=" ")
    assert "không in trên giấy mẫu nào" in page(client, reverse("point", args=[STOCK_LOW.key]))
    assert "không in trên giấy mẫu nào" in page(client, reverse("point", args=[PERIOD_STATUS.key]))


# --- the printed list ---
def test_the_printed_list_holds_every_point_with_its_place_and_room_to_write(
    as_: Enter, tri: Officer, at: datetime
) -> None:
    rule_on(FEE, "8000", valid_from=at.date(), source="NQ 12", is_confirmed=True, by=tri, at=at)
    client = as_(tri)

    response = client.get(reverse("points_paper"))
    printed = squeezed(response.content)

    assert response["Content-Type"] == "application/pdf"
    first = pypdfium2.PdfDocument(io.BytesIO(response.content))[0]
    assert [round(side) for side in first.get_size()] == [842, 595]
    assert "DANHSÁCHĐIỂMCHƯAXÁCMINH" in printed
    for point in all_points().values():
        assert _bare(point.place) in printed, point.key
    assert _bare("8.000 (Lê Quang Trị, từ 23/11/2026; NQ 12)") in printed
    assert Entry.objects.filter(act="print", kind="points").count() == 1


def test_the_printed_rest_is_shorter_and_the_same_day_gives_the_same_bytes(
    as_: Enter, tri: Officer, at: datetime
) -> None:
    rule_on(CAPITALS, "yes", valid_from=at.date(), source="Mẫu", is_confirmed=True, by=tri, at=at)
    client = as_(tri)

    everything, again = (client.get(reverse("points_paper")).content for _ in range(2))
    rest = client.get(f"{reverse('points_paper')}?con-lai").content

    assert everything == again
    assert _bare(CAPITALS.place) not in squeezed(rest)
    assert _bare(USED_FOR.place) in squeezed(rest)


def squeezed(pdf: bytes) -> str:
    """What is printed, without what a line break does to blanks and hyphens."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return _bare("".join(page.get_textpage().get_text_range() for page in document))


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum() or letter in ".,;:()")
