"""Digital signatures at the desks: the key of a leader, the seal of the office, what still waits for a signature."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from oneshop.keys import only
from oneshop.models import Officer
from oneshop.roles import DeskRequest, Role
from procedures.forms import ProofForm
from procedures.models import Result, SigningKey
from procedures.signing import signature_pictures, signatures, signing_keys
from procedures.signing.signature_pictures import PictureRefused
from procedures.signing.signing_keys import KeyRefused, ServiceAway, WrongPin
from procedures.views.signing.proof import asked_of, proof_of

log = logging.getLogger(__name__)

SOON = timedelta(days=30)  # how long before its end a certificate is spoken of
BATCH = 20  # papers that one PIN signs (S-07)


class FileForm(forms.Form):
    file = forms.FileField(label="Tệp chứng thư số (.p12, .pfx)", error_messages={"required": "Chọn tệp."})
    password = forms.CharField(
        label="Mã PIN của tệp",
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Chỉ dùng để thử mở tệp; hệ thống không lưu mã PIN của cá nhân.",
    )


class PictureForm(forms.Form):
    picture = forms.FileField(
        label="Hình in trên giấy (PNG, nền trong)",
        help_text="Chữ ký tay màu xanh, hoặc con dấu màu đỏ. Chưa đủ hai hình thì giấy ghi bằng chữ.",
        error_messages={"required": "Chọn tệp hình."},
    )


class RemoteForm(forms.Form):
    reference = forms.CharField(
        label="Tên khóa ở dịch vụ ký", max_length=200, error_messages={"required": "Ghi tên khóa dịch vụ đã cấp."}
    )


class TokenForm(forms.Form):
    token = forms.CharField(
        label="Nhãn token và tên khóa",
        max_length=200,
        help_text="Cách nhau bằng dấu gạch chéo, ví dụ: VNPT-CA/ky-so.",
        error_messages={"required": "Ghi nhãn token và tên khóa."},
    )
    password = forms.CharField(
        label="Mã PIN của token", max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )


class InkForm(forms.Form):
    reason = forms.CharField(
        label="Lý do ký tay", max_length=300, error_messages={"required": "Ghi rõ vì sao không ký số."}
    )


@require_http_methods(["GET", "POST"])
@only(Role.SIGNER)
def my_key(request: DeskRequest) -> HttpResponse:
    """The leader's own key: which certificate, until when; another file takes its place. And what waits for it."""
    return _key_page(request, officer=request.user)


@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def office_seal(request: DeskRequest) -> HttpResponse:
    """The seal of the office, which signs by itself after the leader."""
    return _key_page(request, officer=None)


def _key_page(request: DeskRequest, *, officer: Officer | None) -> HttpResponse:
    assert request.user.commune is not None
    now = timezone.now()
    is_remote, is_token = "reference" in request.POST, "token" in request.POST
    row = signing_keys.key_of(officer) if officer else signing_keys.seal_of(request.user.commune.pk)
    if "picture" in request.FILES:
        return _take_picture(request, row, "my_key" if officer else "office_seal", at=now)
    form = FileForm(None if is_remote or is_token else request.POST or None, request.FILES or None)
    remote_form = RemoteForm(request.POST if is_remote else None) if settings.CSC_ADDRESS else None
    token_form = TokenForm(request.POST if is_token else None, auto_id="token-%s") if settings.PKCS11_MODULE else None
    sent = remote_form if is_remote else token_form if is_token else form
    if sent is not None and sent.is_valid():
        whose: dict[str, Any] = {"commune": request.user.commune, "officer": officer, "by": request.user, "at": now}
        try:
            if is_remote:
                signing_keys.keep_remote(sent.cleaned_data["reference"], **whose)
            elif is_token:
                signing_keys.keep_token(sent.cleaned_data["token"], sent.cleaned_data["password"], **whose)
            else:
                data = sent.cleaned_data["file"].read(signing_keys.LARGEST + 1)
                signing_keys.keep_file(data, sent.cleaned_data["password"], **whose)
        except WrongPin as wrong:
            sent.add_error("password", wrong.sentence)
        except KeyRefused as refused:
            sent.add_error(None, refused.sentence)
        except ServiceAway:
            sent.add_error(None, "Dịch vụ hoặc thiết bị ký số chưa trả lời, chưa ghi gì. Thử lại sau.")
        else:
            messages.success(request, "Đã nhận chứng thư số.")
            return redirect("my_key" if officer else "office_seal")
    waiting = signatures.waiting_for(officer) if officer else []
    page = {
        "title": "Chữ ký số của tôi" if officer else "Con dấu số của cơ quan",
        "key": _shown(row, now) if row else None,
        "form": form,
        "remote_form": remote_form,
        "token_form": token_form,
        "picture_form": PictureForm(auto_id="picture-%s") if row else None,
        "picture": signature_pictures.address(bytes(row.picture)) if row else "",
        "waiting": [
            {
                "name": f"{result.name} số {result.full_number}",
                "href": reverse("case", args=[result.case.code]),
                "ink_href": reverse("ink_instead", args=[result.pk]),
                "ink_form": InkForm(auto_id=f"ink-{result.pk}-%s"),
            }
            for result in waiting
        ],
        "pin_form": ProofForm(asked=asked_of(request, at=now), auto_id="pin-%s") if waiting and row else None,
    }
    return render(request, "staff/signing_key.html", page, status=422 if request.method == "POST" else 200)


def _take_picture(request: DeskRequest, row: SigningKey | None, here: str, *, at: datetime) -> HttpResponse:
    """Keep what papers show of the key, or say why not."""
    if row is None:
        messages.warning(request, "Nạp chứng thư trước, rồi nạp hình.")
        return redirect(here)
    try:
        sent = request.FILES.get("picture")
        data = sent.read(signature_pictures.LARGEST + 1) if sent else b""
        signing_keys.keep_picture(row, data, by=request.user, at=at)
    except PictureRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Đã nhận hình; giấy ký từ bây giờ in hình này.")
    return redirect(here)


def _shown(row: SigningKey, now: datetime) -> dict[str, Any]:
    return {
        "facts": [
            ("Chủ chứng thư", row.subject),
            ("Số sê-ri", row.serial),
            ("Nơi giữ khóa", row.get_kind_display()),
            (
                "Có hiệu lực",
                f"{_day(row.valid_from)}–{_day(row.valid_until)}",
            ),
            ("Loại", "Chứng thư thử, không có giá trị pháp lý" if row.is_test else "Chứng thư thật"),
        ],
        "is_over": row.valid_until <= now,
        "ends_soon": now < row.valid_until <= now + SOON,
    }


def _day(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y}"


@require_POST
@only(Role.SIGNER)
def sign_waiting(request: DeskRequest) -> HttpResponse:
    """One PIN for all that waits, at most BATCH papers."""
    now = timezone.now()
    form = ProofForm(request.POST, asked=asked_of(request, at=now))
    proof = proof_of(request, form, about=str(request.user.pk), at=now, kind="signing_key") if form.is_valid() else None
    if proof is None or proof.opened is None:
        messages.warning(request, (proof.trouble if proof else "") or "Nhập mã PIN của chữ ký số.")
        return redirect("my_key")
    try:
        made = signatures.sign_as_leader(
            signatures.waiting_for(request.user)[:BATCH], proof.opened, by=request.user, at=now
        )
    except ServiceAway as away:
        log.warning("signing service: %s", away)
        messages.warning(request, "Dịch vụ ký số chưa trả lời. Giấy đã ký vẫn giữ nguyên; thử lại sau.")
    else:
        messages.success(request, f"Đã ký số {len(made)} giấy. Con dấu số của cơ quan tự thêm vào.")
    return redirect("my_key")


@require_POST
@only(Role.SIGNER)
def ink_instead(request: DeskRequest, pk: int) -> HttpResponse:
    """The keys fail and the citizen waits: this paper is signed and stamped by hand."""
    result = get_object_or_404(Result.objects.select_related("case"), pk=pk, commune=request.user.commune)
    form = InkForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "Ghi rõ vì sao không ký số. Chưa thay đổi gì.")
        return redirect("my_key")
    try:
        signatures.sign_by_hand_instead(result, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
    except signatures.NotNow as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, f"{result.name} số {result.full_number}: in, ký tay và đóng dấu.")
    return redirect("my_key")
