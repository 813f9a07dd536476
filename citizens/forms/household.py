"""The forms of poor households: the household, its members, Phiếu B with meeting and posting, a year typed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from citizens.forms import NameField, PlainField
from citizens.households import (
    INDICATORS,
    POINTS_OF_ONE,
    Area,
    PovertyClass,
    Round,
    Scope,
    Standard,
    by_deprivation,
    classify,
    standard_on,
)
from citizens.identity_number import NotAnIdentityNumber, parse
from citizens.models import Citizen
from citizens.models.households import AREAS, CLASSES, OCCUPATIONS, RELATIONS
from oneshop.fields import DayField

NOT_HEAD = [(value, label) for value, label in RELATIONS if value != "head"]
INDICATOR_CHOICES = [(str(number), f"{number}. {label}") for number, label in enumerate(INDICATORS, start=1)]
NOBODY = [("", "—")]


class PastDayField(DayField):
    """A day that has come."""

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise forms.ValidationError("Ngày này không thể sau hôm nay.")
        return day


class NumberField(forms.CharField):
    """A personal number of twelve digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return parse(text).value
        except NotAnIdentityNumber as error:
            raise forms.ValidationError(str(error)) from error


def paper_field(help_text: str) -> PlainField:
    return PlainField(
        label="Căn cứ", help_text=help_text, max_length=300, error_messages={"required": "Ghi giấy tờ làm căn cứ."}
    )


class SearchForm(forms.Form):
    text = forms.CharField(
        label="Tìm theo họ tên, số định danh, thôn hoặc số giấy chứng nhận",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class NewHouseholdForm(forms.Form):
    """A household begins with its head, whose record is known."""

    identity_number = NumberField(label="Số định danh của chủ hộ")
    village = PlainField(label="Thôn, tổ dân phố", max_length=100)
    address = PlainField(label="Nơi ở của hộ", max_length=250)
    occupation = forms.ChoiceField(label="Tình trạng của chủ hộ", choices=OCCUPATIONS)
    source = PlainField(
        label="Nguồn dữ liệu",
        help_text="Ví dụ: dữ liệu cư trú ngày hôm nay; danh sách hộ nghèo năm 2025.",
        max_length=300,
        error_messages={"required": "Ghi dữ liệu lấy từ đâu."},
    )


class AmendHouseholdForm(forms.Form):
    village = PlainField(label="Thôn, tổ dân phố", max_length=100)
    address = PlainField(label="Nơi ở của hộ", max_length=250)
    paper = paper_field("Ví dụ: thông báo kết quả cập nhật nơi cư trú, số, ngày.")
    version = forms.IntegerField(widget=forms.HiddenInput)


class MemberForm(forms.Form):
    """Somebody enters the household. With a number on record the rest comes from there."""

    identity_number = NumberField(
        label="Số định danh", required=False, help_text="Có trong dữ liệu công dân thì không phải gõ các dòng dưới."
    )
    full_name = NameField(label="Họ và tên", required=False)
    sex = forms.ChoiceField(label="Giới tính", choices=[*NOBODY, *Citizen.SexChoice.choices], required=False)
    birth_date = PastDayField(label="Ngày, tháng, năm sinh", required=False)
    ethnicity = PlainField(label="Dân tộc", max_length=40, required=False, initial="Kinh")
    relation = forms.ChoiceField(label="Quan hệ với chủ hộ", choices=NOT_HEAD)
    occupation = forms.ChoiceField(label="Tình trạng", choices=OCCUPATIONS)
    joined_on = PastDayField(
        label="Vào hộ ngày",
        required=False,
        help_text="Để trống nếu có trong hộ từ đầu; ghi thì in vào giấy chứng nhận.",
    )
    paper = paper_field("Ví dụ: trích lục khai sinh số 12/2026; dữ liệu cư trú.")

    known: Citizen | None = None

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if number := answers.get("identity_number"):
            self.known = Citizen.objects.filter(identity_number=number).first()
        if self.known is None:
            for name in ("full_name", "sex", "birth_date", "ethnicity"):
                if not answers.get(name) and name not in self.errors:
                    self.add_error(name, "Người này chưa có trong dữ liệu công dân: ghi như trên giấy tờ.")
        return answers


class AmendMemberForm(forms.Form):
    relation = forms.ChoiceField(label="Quan hệ với chủ hộ", choices=NOT_HEAD)
    occupation = forms.ChoiceField(label="Tình trạng", choices=OCCUPATIONS)
    paper = paper_field("Ví dụ: dữ liệu cư trú; giấy đề nghị ngày hôm nay.")


class LeaveForm(forms.Form):
    """Somebody leaves the household; when it is the head, another member becomes the head."""

    left_on = PastDayField(label="Ra khỏi hộ ngày")
    paper = paper_field("Ví dụ: trích lục khai tử số 08/2026; giấy chứng nhận kết hôn số 15/2026.")
    successor = forms.ChoiceField(label="Chủ hộ mới", choices=NOBODY)

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["successor"].choices = [*NOBODY, *others]  # type: ignore[attr-defined]
        else:
            del self.fields["successor"]


class RecognitionForm(forms.Form):
    """The class of an earlier year, copied from its decision."""

    year = forms.IntegerField(label="Năm áp dụng", min_value=2016, max_value=2100)
    national_class = forms.ChoiceField(label="Phân loại theo chuẩn quốc gia", choices=CLASSES)
    city_class = forms.ChoiceField(
        label="Phân loại theo chuẩn Hà Nội", choices=[("", "Không xét"), *CLASSES], required=False
    )
    indicators = forms.TypedMultipleChoiceField(
        label="Chỉ số thiếu hụt",
        choices=INDICATOR_CHOICES,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    decision_number = PlainField(label="Số quyết định", max_length=60)
    decided_on = PastDayField(label="Ngày quyết định")
    certificate_number = PlainField(label="Số giấy chứng nhận", max_length=60, required=False)
    note = PlainField(label="Chép từ đâu", max_length=300)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        year, decided = answers.get("year"), answers.get("decided_on")
        if year and decided and not year - 1 <= decided.year <= year:
            self.add_error("decided_on", "Ngày quyết định không thuộc năm áp dụng hoặc kỳ rà soát cuối năm trước.")
        return answers


class VillageAreaForm(forms.Form):
    village = PlainField(label="Thôn, tổ dân phố", max_length=100)
    area = forms.ChoiceField(label="Khu vực", choices=AREAS, widget=forms.RadioSelect)
    since = DayField(label="Từ ngày")
    paper = paper_field("Văn bản xếp khu vực: số, ngày, cơ quan.")


class ReviewForm(forms.Form):
    """What one round found of one household, step by step: each part may come on another day."""

    reviewed_on = PastDayField(label="Ngày chấm Phiếu B", required=False)
    reviewer = NameField(label="Rà soát viên đã ký", required=False)
    indicators = forms.TypedMultipleChoiceField(
        label="Chỉ số thiếu hụt",
        choices=INDICATOR_CHOICES,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Đánh dấu như trên Phiếu B; không đánh dấu ô nào là hộ không thiếu hụt chỉ số nào.",
    )
    score_income = forms.IntegerField(label="Tổng điểm A (B1, thu nhập)", min_value=0, max_value=1000, required=False)
    score_deprivation = forms.IntegerField(
        label="Tổng điểm B (B2, thiếu hụt)", min_value=0, max_value=120, required=False
    )
    national_class = forms.ChoiceField(
        label="Phân loại theo chuẩn quốc gia", choices=[*NOBODY, *CLASSES], required=False
    )
    city_class = forms.ChoiceField(
        label="Phân loại theo chuẩn Hà Nội", choices=[("", "Không xét"), *CLASSES], required=False
    )
    met_on = PastDayField(label="Ngày họp dân", required=False)
    agreement = forms.IntegerField(
        label="Tỷ lệ thống nhất (%)",
        min_value=0,
        max_value=100,
        required=False,
        help_text="Phần trăm người dự họp, bỏ phần lẻ, không làm tròn lên.",
    )
    minutes = PlainField(
        label="Biên bản họp dân",
        max_length=200,
        required=False,
        help_text="Ghi khi bản gốc có đủ chữ ký đã về xã: ngày, nơi lưu.",
    )
    posted_from = PastDayField(label="Niêm yết từ ngày", required=False)
    posted_to = DayField(label="đến hết ngày", required=False)
    complaint = PlainField(label="Khiếu nại", max_length=500, required=False)
    complaint_settled_on = PastDayField(label="Giải quyết khiếu nại xong ngày", required=False)
    decision_number = PlainField(
        label="Số quyết định đã ký", max_length=60, required=False, help_text="Chỉ khi Chủ tịch đã ký danh sách của kỳ."
    )
    decided_on = PastDayField(label="Ngày ký quyết định", required=False)
    paper = paper_field("Phiếu B, biên bản họp dân, biên bản niêm yết của kỳ này.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    PARTS = (
        ("Phiếu B", ("reviewed_on", "reviewer", "indicators", "score_income", "score_deprivation")),
        ("Phân loại", ("national_class", "city_class")),
        ("Họp dân", ("met_on", "agreement", "minutes")),
        ("Niêm yết, khiếu nại", ("posted_from", "posted_to", "complaint", "complaint_settled_on")),
        ("Quyết định đã ký ngoài hồ sơ", ("decision_number", "decided_on")),
    )
    SCORES = ("reviewed_on", "reviewer", "score_income", "score_deprivation", "national_class")

    def __init__(
        self, *args: Any, held: Round, standards: Sequence[Standard], area_on: Callable[[date], Area | None], **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.held, self.standards, self.area_on = held, standards, area_on
        for field in self.fields.values():
            field.owed_when_shown = True  # type: ignore[attr-defined]  # each is owed, but at its own step of the round
        self.area: Area | None = None
        self.national: Standard | None = None
        self.city: Standard | None = None

    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The steps of a round, each with its fields."""
        return [(title, [self[name] for name in names]) for title, names in self.PARTS]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        for name in ("reviewed_on", "met_on", "posted_from", "decided_on"):
            if (day := answers.get(name)) and day < self.held.starts_on:
                self.add_error(name, f"Kỳ này bắt đầu ngày {self.held.starts_on:%d/%m/%Y}.")
        start, end = answers.get("posted_from"), answers.get("posted_to")
        if end and (start is None or end < start):
            self.add_error("posted_to", "Ngày hết niêm yết phải từ ngày bắt đầu trở đi; ghi đủ hai ngày.")
        if answers.get("complaint_settled_on") and not answers.get("complaint"):
            self.add_error("complaint", "Ghi khiếu nại về việc gì.")
        if bool(answers.get("decision_number")) != bool(answers.get("decided_on")):
            self.add_error("decision_number", "Ghi đủ số và ngày của quyết định.")
        given = [name for name in self.SCORES if answers.get(name) not in (None, "")]
        if given or answers.get("indicators"):
            self._scores(answers, given)
        return answers

    def _scores(self, answers: dict[str, Any], given: Sequence[str]) -> None:
        """Phiếu B whole, adding up, by the standard and area of its day."""
        for name in self.SCORES:
            if name not in given and name not in self.errors:
                self.add_error(name, "Phiếu B phải đủ: ngày, người chấm, hai tổng điểm, phân loại.")
        total, day = answers.get("score_deprivation"), answers.get("reviewed_on")
        lacking = answers.get("indicators") or []
        if total is not None and total != POINTS_OF_ONE * len(lacking):
            self.add_error(
                "score_deprivation",
                f"{len(lacking)} chỉ số thiếu hụt là {POINTS_OF_ONE * len(lacking)} điểm. Đối chiếu Phiếu B.",
            )
        if day is None or self.errors:
            return
        self.area = self.area_on(day)
        self.national = standard_on(Scope.NATIONAL, day, self.standards)
        self.city = standard_on(Scope.CITY, day, self.standards)
        if self.area is None:
            self.add_error("reviewed_on", "Chưa ghi thôn này là nông thôn hay thành thị. Ghi ở trang Khu vực của thôn.")
        elif self.national is None:
            self.add_error("reviewed_on", "Không có chuẩn nghèo nào hiệu lực ngày này.")
        else:
            self._class("national_class", self.national, self.area, answers)
            if self.city is not None:
                self._class("city_class", self.city, self.area, answers)
            elif answers.get("city_class"):
                self.add_error("city_class", "Ngày này không có chuẩn riêng của thành phố: chọn “Không xét”.")

    def _class(self, name: str, standard: Standard, area: Area, answers: dict[str, Any]) -> None:
        income, lacking = answers["score_income"], answers["score_deprivation"]
        found, said = classify(income, lacking, area, standard), answers.get(name)
        if found is None:
            either = (PovertyClass.NEITHER, by_deprivation(lacking, standard))
            if said not in either:
                words = " hoặc ".join(kind.label for kind in either)
                self.add_error(name, f"Phần mềm chưa có mức điểm A của {standard.name}; theo điểm B là {words}.")
        elif said != found:
            limit = standard.income_points(area)
            self.add_error(
                name,
                f"Theo điểm số là {found.label}: điểm A {income} / mức {limit}, điểm B {lacking} / mức "
                f"{standard.deprivation_points}.",
            )
