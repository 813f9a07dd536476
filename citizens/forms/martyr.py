"""Forms of the martyrs' files: an old file entered, people in it, corrections, what a visitor brings back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from citizens.forms import NameField, PlainField
from citizens.martyrs import support
from citizens.models import GraveVisit, Martyr, MartyrRelative, WorshipGrant
from citizens.models.martyrs import NamedInFile, citizen_with
from oneshop.fields import DayField

SOME_DAY = r"\A(?:[0-9]{1,2}/){0,2}[12][0-9]{3}\Z"
SOME_DAY_ERROR = {"invalid": "Ghi ngày, tháng, năm hoặc chỉ năm, ví dụ 12/04/1972, 04/1972, 1972."}


class MartyrSearchForm(forms.Form):
    """By name or certificate number; posted, so that no name stands in an address."""

    text = forms.CharField(label="Họ tên liệt sĩ hoặc số Bằng “Tổ quốc ghi công”", max_length=100, required=False)


class PaperField(PlainField):
    """The paper that orders a correction; a file is never changed without one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Căn cứ sửa",
            help_text="Ví dụ: trích lục hồ sơ liệt sĩ số 12/TL ngày 01/03/2026.",
            max_length=250,
            error_messages={"required": "Ghi văn bản là căn cứ của việc sửa."},
            **kwargs,
        )


class CorrectionForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its type only in the stubs
    """A new row, or a correction of a known one: then the paper and the version it was read at are owed.

    Writes nothing itself: `correct` does, from `changes`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read_at = self.instance.version if self.instance.pk else None
        if self.instance.pk:
            self.fields["paper"] = PaperField()
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=self.instance.version)

    def _post_clean(self) -> None:
        """Without Django's writing into the instance: it must go on saying what was, until `correct` changes it."""
        if self.instance.pk is None:
            super()._post_clean()  # type: ignore[misc]  # of Django, left out of the stubs

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or () if name in self.cleaned_data}


class MartyrForm(CorrectionForm):
    """The file as its papers say. One that another commune manages is entered as an extract and says so."""

    full_name = NameField(label="Họ và tên liệt sĩ")
    native_place = PlainField(label="Quê quán", max_length=250)
    unit = PlainField(label="Cơ quan, đơn vị khi hy sinh", max_length=200, required=False)
    rank = PlainField(label="Cấp bậc, chức vụ khi hy sinh", max_length=150, required=False)
    death_text = forms.RegexField(
        SOME_DAY,
        label="Ngày tháng năm hy sinh",
        help_text="Chỉ biết năm thì ghi năm.",
        max_length=10,
        error_messages=SOME_DAY_ERROR,
    )
    death_place = PlainField(label="Nơi hy sinh", max_length=250, required=False)
    death_place_paper = PlainField(
        label="Căn cứ về nơi hy sinh",
        help_text="Trích lục hồ sơ liệt sĩ, hoặc giấy xác nhận Mẫu số 44 (số, ngày).",
        max_length=250,
        required=False,
    )
    certificate_number = PlainField(label="Bằng “Tổ quốc ghi công” số", max_length=60, required=False)
    decision = PlainField(label="Quyết định cấp bằng", max_length=150, required=False)
    cemetery = PlainField(label="Nghĩa trang", max_length=200, required=False)
    grave_commune = PlainField(label="Xã, phường nơi có mộ", max_length=120, required=False)
    grave_province = PlainField(label="Tỉnh, thành phố nơi có mộ", max_length=120, required=False)
    grave_location = PlainField(
        label="Vị trí mộ", help_text="Khu, lô, hàng, số; chưa rõ thì để trống.", max_length=200, required=False
    )
    kept_elsewhere = PlainField(
        label="Hồ sơ gốc do xã khác quản lý",
        help_text="Để trống nếu hồ sơ gốc ở xã này. Ví dụ: UBND xã Kiều Phú, thành phố Hà Nội.",
        max_length=150,
        required=False,
    )

    class Meta:
        model = Martyr
        fields = (
            "full_name",
            "native_place",
            "unit",
            "rank",
            "death_text",
            "death_place",
            "death_place_paper",
            "died_in_country",
            "certificate_number",
            "decision",
            "in_cemetery_list",
            "cemetery",
            "grave_commune",
            "grave_province",
            "grave_location",
            "kept_elsewhere",
        )

    def __init__(self, *args: Any, commune_id: int | None, **kwargs: Any) -> None:
        self.commune_id = commune_id
        super().__init__(*args, **kwargs)

    def clean_certificate_number(self) -> str:
        number = str(self.cleaned_data["certificate_number"])
        others = Martyr.objects.kept_by(self.commune_id).filter(certificate_number__iexact=number)
        if number and others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Đã có hồ sơ liệt sĩ mang số Bằng này: tìm và sửa hồ sơ đó.")
        return number

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not (answers.get("certificate_number") or answers.get("decision")):
            self.add_error("certificate_number", "Ghi số Bằng, hoặc quyết định cấp bằng ở dòng dưới.")
        if answers.get("in_cemetery_list") and not answers.get("cemetery"):
            self.add_error("cemetery", "Ghi tên nghĩa trang có danh sách ghi tên liệt sĩ.")
        return answers


class NumberField(forms.RegexField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            r"\A(?:[0-9]{9}|[0-9]{12})\Z",
            label="Số CCCD/CMND",
            help_text="Có số thì nối được với sổ công dân.",
            required=False,
            error_messages={"invalid": "Nhập đủ 12 chữ số trên thẻ (hoặc 9 số của CMND cũ)."},
            **kwargs,
        )


class NamedForm(CorrectionForm):
    """Somebody in the file; by the number known to whom in the commune's records."""

    instance: NamedInFile
    full_name = NameField(label="Họ và tên")
    identity_number = NumberField()

    def __init__(self, *args: Any, martyr: Martyr, **kwargs: Any) -> None:
        self.martyr = martyr
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        known = citizen_with(answers.get("identity_number") or "", self.martyr.commune_id)
        if known and answers.get("full_name") and known.full_name != answers["full_name"]:
            self.add_error("full_name", f"Số này trong sổ công dân là của {known.full_name}: đối chiếu lại.")
        return answers


class RelativeForm(NamedForm):
    birth_text = forms.RegexField(
        SOME_DAY, label="Ngày tháng năm sinh", max_length=10, required=False, error_messages=SOME_DAY_ERROR
    )
    relation_text = PlainField(
        label="Quan hệ tự nhiên",
        help_text="Chỉ khi danh mục chưa nói đủ, ví dụ: Em trai, Cháu ruột.",
        max_length=60,
        required=False,
    )
    id_issued_on = DayField(label="Ngày cấp", required=False)
    id_issued_by = PlainField(label="Nơi cấp", max_length=150, required=False)
    basis = PlainField(
        label="Căn cứ về quan hệ",
        help_text="Giấy chứng nhận gia đình liệt sĩ, tờ khai trong hồ sơ gốc, giấy khai sinh …",
        max_length=250,
        error_messages={"required": "Ghi giấy tờ trong hồ sơ nói về quan hệ này."},
    )

    class Meta:
        model = MartyrRelative
        fields = (
            "full_name",
            "relation",
            "relation_text",
            "birth_text",
            "identity_number",
            "id_issued_on",
            "id_issued_by",
            "basis",
            "struck_paper",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["struck_paper"]
        else:
            self.fields["struck_paper"] = PlainField(
                label="Ghi nhầm: gạch khỏi hồ sơ theo văn bản",
                help_text="Người đã gạch không còn được chọn ở quầy; dòng vẫn lưu.",
                max_length=250,
                required=False,
                initial=self.initial.get("struck_paper", ""),
            )
            self.order_fields([*RelativeForm.Meta.fields, "paper", "version"])

    def clean_identity_number(self) -> str:
        number = str(self.cleaned_data["identity_number"])
        same = MartyrRelative.objects.filter(martyr=self.martyr, identity_number=number, struck_paper="")
        if number and same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Người mang số này đã có trong hồ sơ.")
        return number


class WorshipForm(NamedForm):
    """Who holds the worship allowance from now on; whoever held it before must have stopped."""

    relation_text = PlainField(label="Quan hệ tự nhiên", help_text="Ví dụ: Cháu ruột.", max_length=60, required=False)
    decision = PlainField(
        label="Quyết định trợ cấp thờ cúng",
        help_text="Số quyết định và cơ quan ban hành.",
        max_length=150,
        error_messages={"required": "Ghi số quyết định trợ cấp thờ cúng."},
    )
    decided_on = DayField(label="Ngày quyết định", required=False)

    class Meta:
        model = WorshipGrant
        fields = ("full_name", "relation_text", "identity_number", "decision", "decided_on")


class WorshipEndForm(forms.Form):
    """The allowance stops; the row stays."""

    ended_on = DayField(label="Thôi hưởng từ ngày")
    paper = PlainField(label="Theo văn bản", max_length=250, error_messages={"required": "Ghi văn bản thôi hưởng."})

    def clean_ended_on(self) -> date:
        return _not_ahead(self.cleaned_data["ended_on"])


class BroughtBackForm(forms.Form):
    """The letter is back, confirmed by the commune of the grave."""

    returned_on = DayField(label="Ngày nộp lại giấy có xác nhận")
    kilometres = forms.IntegerField(
        label="Khoảng cách một lượt (km)",
        help_text="Từ nơi cư trú đến nơi có mộ, tính một lượt.",
        min_value=1,
        max_value=4_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, visit: GraveVisit, **kwargs: Any) -> None:
        self.visit = visit
        super().__init__(*args, **kwargs)

    def clean_returned_on(self) -> date:
        day = _not_ahead(self.cleaned_data["returned_on"])
        if day < self.visit.issued_on:
            raise forms.ValidationError("Ngày nộp lại không thể trước ngày cấp giấy.")
        return day


class PaidForm(forms.Form):
    """What was paid, beside what it comes to."""

    amount = forms.IntegerField(
        label="Số tiền đã chi (đồng)",
        min_value=1,
        max_value=100_000_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    paid_on = DayField(label="Ngày chi")

    def __init__(self, *args: Any, visit: GraveVisit, **kwargs: Any) -> None:
        self.visit = visit
        super().__init__(*args, **kwargs)
        if visit.kilometres is not None:
            expected = support(visit.kilometres, visit.supported, on=visit.issued_on)
            self.fields["amount"].initial = expected

    def clean_paid_on(self) -> date:
        day = _not_ahead(self.cleaned_data["paid_on"])
        if self.visit.returned_on and day < self.visit.returned_on:
            raise forms.ValidationError("Ngày chi không thể trước ngày nộp lại giấy.")
        return day


class UnusedForm(forms.Form):
    """The letter came back and nobody went."""

    unused_on = DayField(label="Ngày nộp lại giấy không sử dụng")

    def clean_unused_on(self) -> date:
        return _not_ahead(self.cleaned_data["unused_on"])


def _not_ahead(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError("Ngày này không thể sau hôm nay.")
    return day
