"""The small forms of the desks."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from citizens import names
from oneshop.fields import DayField
from procedures.catalogue import Field
from procedures.checking.paper_check import LARGEST
from procedures.rules import Answer, Application, Finding, Kind, Rule
from procedures.rules.points import LONGEST, Point, Sort
from procedures.signing.signatures import INK_OWED


class RuleAnswers(forms.Form):
    """What the officer saw: one yes/no for each rule that the records could not answer, one tick for each warning."""

    def __init__(self, findings: Sequence[Finding], application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for finding in findings:
            rule = finding.rule
            if rule.kind == Kind.WARN and rule.check(application) == Answer.NO:
                self.fields[f"rule-{rule.id}"] = forms.BooleanField(
                    label=rule.question or "Đã biết", required=False, initial=application.officer.get(rule.id, False)
                )
            elif rule.kind != Kind.WARN and rule.check(application) == Answer.OFFICER:
                self.fields[f"rule-{rule.id}"] = forms.ChoiceField(
                    label=rule.question or rule.title,
                    choices=[("yes", "Đúng"), ("no", "Không")],
                    required=False,
                    initial={True: "yes", False: "no"}.get(application.officer.get(rule.id)),  # type: ignore[arg-type]
                    widget=forms.RadioSelect,
                )


def officer_answers(rules: Sequence[Rule], posted: Mapping[str, Any]) -> dict[str, bool]:
    """The officer's answers in a posted form, by rule id; a rule not answered is left out."""
    answers = {}
    for rule in rules:
        match posted.get(f"rule-{rule.id}"):
            case "yes" | "on" | "true":
                answers[rule.id] = True
            case "no":
                answers[rule.id] = False
    return answers


class CheckForm(forms.Form):
    """Before the file is received: the citizen has heard it read back (rule cs_declaration_confirmed)."""

    declaration = forms.BooleanField(
        label="Người yêu cầu đã nghe đọc lại nội dung, xác nhận đúng và cam đoan chịu trách nhiệm về lời khai.",
        widget=forms.CheckboxInput(attrs={"autofocus": True}),
        error_messages={"required": "Người yêu cầu chưa ký tờ khai và cam đoan nội dung khai đúng sự thật."},
    )
    want_receipt = forms.BooleanField(label="In giấy tiếp nhận và hẹn trả kết quả", required=False, initial=True)


class LookUpForm(forms.Form):
    """What to look for in the books and files: a name, a number."""

    text = forms.CharField(max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, label: str = "Tìm trong sổ", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class TickForm(forms.Form):
    """What somebody has to have looked at now: one owed tick for each rule of this stage."""

    def __init__(self, *args: Any, rules: Sequence[Rule] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for rule in rules:
            self.fields[f"rule-{rule.id}"] = forms.BooleanField(
                label=rule.question or rule.title, error_messages={"required": rule.message}
            )

    @property
    def confirmed(self) -> list[str]:
        """The ids of the ticked rules; call after `is_valid`."""
        return [rule.id for rule in self.rules if self.cleaned_data.get(f"rule-{rule.id}")]


class NoteForm(forms.Form):
    """The reason that some verbs owe."""

    note = forms.CharField(
        label="Lý do",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Ghi rõ lý do."},
    )

    def __init__(self, *args: Any, label: str = "Lý do", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].label = label

    def clean_note(self) -> str:
        return "\n".join(names.clean(line) for line in self.cleaned_data["note"].splitlines() if line.strip())


class SendBackForm(forms.Form):
    """Why a leader gives a file back: a ready phrase by one touch, own words beside it, or both."""

    PHRASES = (
        "Sai họ tên, ngày sinh hoặc số định danh so với dữ liệu.",
        "Thiếu căn cứ: bổ sung giấy tờ hoặc xác minh.",
        "Căn cứ pháp lý hoặc lời văn chưa đúng.",
        "Sai nơi cư trú hoặc địa danh.",
        "Cần trao đổi trực tiếp trước khi ký.",
    )

    phrases = forms.MultipleChoiceField(
        label="Lý do thường gặp",
        choices=[(phrase, phrase) for phrase in PHRASES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Ghi thêm", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        own = [names.clean(line) for line in answers.get("note", "").splitlines() if line.strip()]
        answers["note"] = "\n".join([*answers.get("phrases", []), *own])
        if not answers["note"]:
            self.add_error(None, "Chọn hoặc ghi lý do trả lại.")
        return answers


class PurposeForm(forms.Form):
    """What something that leaves the house is for (S-28)."""

    purpose = forms.CharField(
        label="Mục đích",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "lưu sổ, báo cáo …"}),
        error_messages={"required": "Ghi mục đích."},
    )

    def clean_purpose(self) -> str:
        purpose = names.clean(self.cleaned_data["purpose"])
        if not purpose:
            raise forms.ValidationError("Ghi mục đích.")
        return purpose


class SpanForm(forms.Form):
    """Which part of which register: its field, the year, a month or the whole year, a day of that month."""

    so = forms.TypedChoiceField(label="Sổ", choices=[(field.value, f"{field.value}. {field.label}") for field in Field])
    nam = forms.TypedChoiceField(label="Năm", coerce=int)
    thang = forms.TypedChoiceField(
        label="Tháng", coerce=int, choices=[(0, "Cả năm"), *((month, f"{month:02}") for month in range(1, 13))]
    )
    ngay = forms.IntegerField(
        label="Ngày",
        required=False,
        min_value=1,
        max_value=31,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 3}),
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nam"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A day without its month, or one that the month has not, is not asked for."""
        found: dict[str, Any] = super().clean() or {}
        day = found.get("ngay") or 0
        month, year = found.get("thang"), found.get("nam")
        if not month or not year or day > monthrange(year, month)[1]:
            day = 0
        found["ngay"] = day
        return found


class AgainPrintForm(forms.Form):
    """Why a paper is printed once more: one of the usual reasons, or words of one's own."""

    REASONS = (
        ("", "Chọn lý do"),
        ("Bản in mờ, rách, bẩn", "Bản in mờ, rách, bẩn"),
        ("Công dân làm mất, xin lại", "Công dân làm mất, xin lại"),
        ("Thêm một bản lưu hồ sơ", "Thêm một bản lưu hồ sơ"),
        ("other", "Lý do khác"),
    )

    reason = forms.ChoiceField(label="Lý do in lại", choices=REASONS, required=False)
    other = forms.CharField(
        label="Ghi lý do",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-shown-when": "reason=other"}),
    )

    def clean(self) -> dict[str, Any]:
        """`why` is what the log keeps; empty for a first print."""
        answers: dict[str, Any] = super().clean() or {}
        reason, other = answers.get("reason", ""), names.clean(answers.get("other", ""))
        answers["why"] = other if reason == "other" else reason
        return answers


class MishapForm(forms.Form):
    """What went wrong with a sheet."""

    TWICE = "twice"

    what = forms.ChoiceField(
        label="Đã xảy ra",
        choices=[
            ("never_came", "Không ra giấy (kẹt, hết giấy, hủy lệnh in)"),
            ("spoiled", "Tờ hỏng, đã hủy"),
            (TWICE, "Máy in ra thừa một tờ, đã hủy"),
        ],
    )
    why = forms.CharField(
        label="Lý do", max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        """A choice says enough by itself; words of one's own come instead of them."""
        answers: dict[str, Any] = super().clean() or {}
        usual = dict(self.fields["what"].choices).get(answers.get("what"), "")  # type: ignore[attr-defined]
        answers["why"] = names.clean(answers.get("why", "")) or str(usual)
        return answers


class AgainForm(NoteForm):
    """Papers are asked for a second time: whoever does it has read that once is the rule."""

    again = forms.BooleanField(
        label="Biết là chỉ được yêu cầu một lần, vẫn phải yêu cầu thêm",
        error_messages={"required": "Xác nhận vẫn phải yêu cầu bổ sung lần nữa."},
    )


class ExtendForm(NoteForm):
    """Another time is promised, once: the day and the hour."""

    on = DayField(label="Hẹn lại ngày")
    hour = forms.TimeField(
        label="lúc",
        input_formats=["%H:%M"],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "10:30"}),
        error_messages={"invalid": "Ghi giờ và phút, ví dụ 10:30.", "required": "Ghi giờ hẹn lại."},
    )

    @property
    def until(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["on"], self.cleaned_data["hour"]))


@dataclass(frozen=True)
class Asked:
    """What who signs is asked for (S-07). `label` is that of the first field, empty where somebody who was asked in
    the last minutes is not asked again; `pin` says that the key lies elsewhere and has a PIN of its own."""

    label: str = "Mật khẩu của người ký"
    pin: bool = False


class ProofForm(forms.Form):
    """Who signs proves it, and opens the signing key."""

    password = forms.CharField(
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    pin = forms.CharField(
        label="Mã PIN của chữ ký số",
        max_length=128,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Để trống: giấy được ký ngay, chữ ký số thêm sau.",
    )

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        password = self.fields["password"]
        password.label = asked.label
        password.error_messages["required"] = f"Nhập {asked.label[:1].lower()}{asked.label[1:]}."
        if not asked.label:
            del self.fields["password"]
        if not asked.pin:
            del self.fields["pin"]

    @property
    def asks_again(self) -> bool:
        return "password" in self.fields

    @property
    def asks_nothing(self) -> bool:
        return not {"password", "pin"} & self.fields.keys()


class SignForm(TickForm, ProofForm):
    """The leader proves who signs; `seen` is the digest of the paper shown."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ticks = [name for name in self.fields if name.startswith("rule-")]
        self.order_fields([*ticks, "seen", "password", "pin"])  # one looks first, then signs
        first = next((name for name in self.fields if name != "seen"), None)
        if first:
            self.fields[first].widget.attrs["data-focus-next"] = "wide"


class BatchForm(ProofForm):
    """Papers that were each shown, chosen one by one, signed by one confirmation."""

    def __init__(
        self, *args: Any, rules: Mapping[str, Sequence[Rule]], digests: Mapping[str, str], **kwargs: Any
    ) -> None:
        """`rules` and `digests` of each case by its code: what is ticked at the signature, what is shown."""
        super().__init__(*args, **kwargs)
        self.rules = rules
        for code, digest in digests.items():
            self.fields[f"sign-{code}"] = forms.BooleanField(label=f"Ký hồ sơ {code}", required=False)
            self.fields[f"seen-{code}"] = forms.CharField(
                initial=digest, max_length=64, required=False, widget=forms.HiddenInput
            )
            for rule in rules[code]:
                self.fields[f"rule-{code}-{rule.id}"] = forms.BooleanField(
                    label=rule.question or rule.title, required=False
                )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if not any(answers.get(f"sign-{code}") for code in self.rules):
            self.add_error(None, "Chưa chọn hồ sơ nào: tích hồ sơ đã xem.")
        return answers

    @property
    def chosen(self) -> list[tuple[str, str, list[str]]]:
        """Code, digest shown and ticked rules of each chosen case, in the order of the page; after `is_valid`."""
        answers = self.cleaned_data
        return [
            (code, answers[f"seen-{code}"], [r.id for r in self.rules[code] if answers[f"rule-{code}-{r.id}"]])
            for code in self.rules
            if answers[f"sign-{code}"]
        ]

    def of(self, code: str) -> list[forms.BoundField]:
        """The fields of one case: hidden digest, ticks, choice."""
        return [self[name] for name in self.fields if name.endswith(f"-{code}") or name.startswith(f"rule-{code}-")]


class GiveOutForm(TickForm):
    to = forms.CharField(
        label="Người nhận kết quả", max_length=100, error_messages={"required": "Ghi họ tên người nhận."}
    )

    def __init__(
        self, *args: Any, owes_ink: bool = False, lacks_paper: bool = False, paper_reason: str = "", **kwargs: Any
    ) -> None:
        """`owes_ink`: an original is signed by hand. `lacks_paper`: one is not on its pre-printed blank yet, so the
        paper may be promised for a day."""
        super().__init__(*args, **kwargs)
        if owes_ink:
            self.fields["inked"] = forms.BooleanField(
                label="Mọi bản chính trao hôm nay đã ký tay, đóng dấu", required=False
            )
        if lacks_paper:
            self.fields["paper_later"] = forms.BooleanField(
                label="Trả bản điện tử trước, hẹn ngày trả bản giấy", required=False
            )
            self.fields["paper_on"] = DayField(
                label="Hẹn trả bản giấy ngày", required=False, widget=_shown_later(forms.DateInput, format="%d/%m/%Y")
            )
            self.fields["paper_reason"] = forms.CharField(
                label="Vì sao chưa trả bản giấy",
                max_length=200,
                required=False,
                initial=paper_reason,
                widget=_shown_later(forms.TextInput),
            )
            for name in ("paper_on", "paper_reason"):
                self.fields[name].owed_when_shown = True  # type: ignore[attr-defined]

    def clean_to(self) -> str:
        return names.clean(self.cleaned_data["to"])

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "inked" in self.fields and not answers.get("inked") and not answers.get("paper_later"):
            self.add_error("inked", INK_OWED)
        if answers.get("paper_later"):
            if not answers.get("paper_on") and "paper_on" not in self.errors:
                self.add_error("paper_on", "Ghi ngày hẹn trả bản giấy.")
            if not str(answers.get("paper_reason", "")).strip():
                self.add_error("paper_reason", "Ghi rõ vì sao chưa trả bản giấy.")
        return answers

    @property
    def promise(self) -> dict[str, Any]:
        """The day and the reason of a paper that comes later, as `workflow.give_out` takes them; or nothing."""
        if not self.cleaned_data.get("paper_later"):
            return {}
        return {name: self.cleaned_data[name] for name in ("paper_on", "paper_reason")}


def _shown_later(kind: type[forms.Widget], **kwargs: Any) -> forms.Widget:
    return kind(attrs={"data-shown-when": "paper_later=on", "autocomplete": "off"}, **kwargs)


class LastFourForm(forms.Form):
    """Four digits on the public page: whoever knows them may read the procedure's name (decisions.md 9)."""

    digits = forms.RegexField(
        r"^[0-9]{4}$",
        label="4 số cuối của số định danh cá nhân",
        max_length=4,
        error_messages={"invalid": "Nhập đúng 4 chữ số cuối.", "required": "Nhập 4 chữ số cuối."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class LookCodeForm(forms.Form):
    """Six digits given at the counter: they open once who looked at the own data."""

    look_code = forms.RegexField(r"^[0-9]{6}$", max_length=6)


class PaperForm(forms.Form):
    """What anyone brings to the check page: a link, an offline code, a SHA-256, or the file itself."""

    TOO_LARGE = "Tệp lớn hơn 5 MB. Giấy của cổng này nhỏ hơn nhiều: chọn đúng tệp PDF đã nhận."
    NOTHING_READ = (
        "Không đọc được mã. Quét lại, hoặc chép đủ cả dòng in dưới mã vuông, dòng MC1:… hay 64 ký tự SHA-256."
    )
    NO_PDF = "Đây không phải tệp PDF. Chọn tệp PDF đã nhận từ xã."

    text = forms.CharField(label="Mã trên giấy", max_length=1500, required=False, strip=False)
    file = forms.FileField(label="Tệp PDF", required=False, allow_empty_file=True)
    digits = forms.RegexField(r"^[0-9]{4}$", max_length=4, required=False)

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if file is None:
            return None
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(self.TOO_LARGE)
        head = file.read(1024)
        file.seek(0)
        if b"%PDF-" not in head:
            raise forms.ValidationError(self.NO_PDF)
        return file

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        answers["digits"] = answers.get("digits", "")
        self.errors.pop("digits", None)  # digits that are none are no try, and no reason to hide the code's words
        if not self.errors and not answers.get("file") and not answers.get("text", "").strip():
            self.add_error("text", self.NOTHING_READ)
        return answers


class RulingForm(forms.Form):
    """What a commune decides of a point; what may be ruled is judged by the verb."""

    def __init__(self, *args: Any, point: Point, value: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = _value_field(point, value)
        self.fields["valid_from"] = DayField(label="Áp dụng từ ngày", initial=timezone.localdate)
        self.fields["source"] = forms.CharField(
            label="Căn cứ",
            max_length=300,
            help_text="Mẫu hoặc văn bản đã xem (số, ngày), hoặc ai đã xác nhận.",
            error_messages={"required": "Ghi căn cứ: mẫu, văn bản hoặc người đã xác nhận."},
        )
        self.fields["is_confirmed"] = forms.BooleanField(
            label="Đã đối chiếu với mẫu, văn bản chính thức: đưa ra khỏi danh sách còn lại", required=False
        )


def _value_field(point: Point, value: str) -> forms.CharField | forms.ChoiceField:
    match point.sort:
        case Sort.YES_NO:
            return forms.ChoiceField(
                label="Xã dùng", choices=[("yes", "Có"), ("no", "Không")], initial=value, widget=forms.RadioSelect
            )
        case Sort.NUMBER:
            number = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
            return forms.CharField(label="Xã dùng", max_length=20, initial=point.said(value), widget=number)
    return forms.CharField(
        label="Xã dùng (như sẽ in)",
        max_length=LONGEST,
        initial=value,
        required=not point.may_be_empty,
        help_text="Bỏ trống thì không in dòng này." if point.may_be_empty else "",
        error_messages={"required": "Ghi nội dung sẽ in."},
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
