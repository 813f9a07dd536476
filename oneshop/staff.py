"""The administrator's people. The administrator sees no cases."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from oneshop import audit
from oneshop.duty import ONLY_IN_WRITING
from oneshop.keys import only
from oneshop.models import Commune, Counter, Officer
from oneshop.roles import DeskRequest, Role

COMMUNE_ROLES = [(role.value, role.label) for role in Role if role != Role.MONITOR]


class OfficerForm(forms.ModelForm):  # type: ignore[type-arg]  # takes its type only in the stubs
    roles = forms.MultipleChoiceField(label="Vai trò", choices=COMMUNE_ROLES, widget=forms.CheckboxSelectMultiple)
    new_password = forms.CharField(
        label="Mật khẩu mới",
        required=False,
        strip=False,
        max_length=128,
        help_text="Ít nhất 12 ký tự. Để trống thì giữ mật khẩu cũ. Người dùng phải tự đổi khi đăng nhập.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = Officer
        fields = (
            "full_name",
            "username",
            "position",
            "signs_as",
            "counter",
            "identity_number",
            "relatives",
            "email",
            "is_active",
        )
        help_texts: ClassVar[dict[str, str]] = {
            "signs_as": "Chức danh thường xuyên, như “CHỦ TỊCH” hoặc “KT. CHỦ TỊCH|PHÓ CHỦ TỊCH”. "
            "Ký thừa ủy quyền (TUQ.), thừa lệnh (TL.) ghi ở Lịch trực › Thay thế, ủy quyền.",
            "relatives": "Cách nhau bằng dấu phẩy. Hồ sơ của những người này do người khác ký.",
        }

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter"].queryset = Counter.objects.filter(commune=commune)  # type: ignore[attr-defined]
        if self.instance.pk is None:
            self.fields["new_password"].required = True
        else:
            self.fields["roles"].initial = self.instance.roles

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean_signs_as(self) -> str:
        title = "|".join(line.strip() for line in self.cleaned_data["signs_as"].split("|") if line.strip())
        if title.startswith(ONLY_IN_WRITING):
            raise forms.ValidationError("TUQ., TL. phải có văn bản và thời hạn: ghi ở Lịch trực › Thay thế, ủy quyền.")
        return title

    def clean_relatives(self) -> list[str]:
        numbers = [number.strip() for number in self.cleaned_data["relatives"] or [] if number.strip()]
        if any(len(number) != 12 or not number.isascii() or not number.isdigit() for number in numbers):
            raise forms.ValidationError("Mỗi số định danh có đúng 12 chữ số, cách nhau bằng dấu phẩy.")
        return numbers

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if password := answers.get("new_password"):
            holder = Officer(username=answers.get("username", ""), full_name=answers.get("full_name", ""))
            try:
                validate_password(password, holder)
            except forms.ValidationError as weak:
                self.add_error("new_password", weak)
        return answers

    def save(self, commit: bool = True) -> Officer:
        self.instance.roles = self.cleaned_data["roles"]
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
            self.instance.password_is_given = True
        saved: Officer = super().save(commit)
        return saved


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def people(request: DeskRequest) -> HttpResponse:
    """Who works in the commune, and the form for one more."""
    commune = commune_of(request)
    form = OfficerForm(request.POST or None, commune=commune)
    form.instance.commune = commune
    if request.method == "POST" and form.is_valid():
        officer = form.save()
        audit.record("add", "officer", officer.pk, by=request.user, at=timezone.now())
        messages.success(request, f"Đã thêm {officer.full_name}.")
        return redirect("people")
    officers = [
        {
            "name": officer.full_name,
            "username": officer.username,
            "position": officer.position,
            "roles": ", ".join(officer.role_names),
            "counter": officer.counter.name if officer.counter else "",
            "active": officer.is_active,
            "edit_href": reverse("person", args=[officer.pk]),
        }
        for officer in Officer.objects.filter(commune=commune).select_related("counter").order_by("full_name")
    ]
    return render(
        request, "staff/people.html", {"officers": officers, "form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def person(request: DeskRequest, pk: int) -> HttpResponse:
    """Change one officer; a role taken away works from the next request on."""
    commune = commune_of(request)
    officer = get_object_or_404(Officer, pk=pk, commune=commune)
    form = OfficerForm(request.POST or None, instance=officer, commune=commune)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.record("change", "officer", pk, by=request.user, at=timezone.now(), why=", ".join(form.changed_data))
        messages.success(request, f"Đã lưu {officer.full_name}.")
        return redirect("people")
    page = {"form": form, "officer": officer.full_name, "back_href": reverse("people")}
    return render(request, "staff/person.html", page, status=422 if form.is_bound else 200)


def commune_of(request: DeskRequest) -> Commune:
    assert request.user.commune is not None, "administrators belong to a commune"
    return request.user.commune
