"""Calling into the hall from the desk, and the administrator's list of the machines that stand there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from oneshop.keys import only
from oneshop.models import Commune, Counter
from oneshop.roles import DeskRequest, Role
from procedures import hall
from procedures.models import Case, HallDevice, QueueNumber
from procedures.views.polling import NOTHING_NEW

DESK = "desk"
"""Session key: at which desk the officer sits today."""


class DeskForm(forms.Form):
    """Which desk calls."""

    desk = forms.IntegerField(
        label="Bàn số",
        min_value=1,
        max_value=99,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 2}),
        error_messages={"required": "Ghi số bàn từ 1 đến 99."},
    )


class DeviceForm(forms.Form):
    kind = forms.ChoiceField(label="Loại", choices=HallDevice.Kind.choices, widget=forms.RadioSelect)
    counter = forms.ModelChoiceField(label="Điểm phục vụ", queryset=Counter.objects.none(), empty_label=None)
    name = forms.CharField(
        label="Chỗ đặt", max_length=100, help_text="Ví dụ: tường sảnh, cửa vào. Chỉ để phân biệt các máy."
    )
    prints = forms.BooleanField(label="Ki-ốt có máy in số", required=False)

    def __init__(self, *args: Any, commune: Commune, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counters = Counter.objects.filter(commune=commune, is_open=True).order_by("name")
        self.fields["counter"].queryset = counters  # type: ignore[attr-defined]
        self.fields["kind"].error_messages["required"] = "Chọn loại máy."
        self.fields["name"].error_messages["required"] = "Ghi máy đặt ở đâu."


# --- at the desk ---
def strip_of(request: DeskRequest) -> dict[str, Any] | None:
    """What the desk sees of the hall, or None where the counter gives no numbers."""
    counter = request.user.counter
    if counter is None or HallDevice.Kind.KIOSK not in hall.stands_in(counter):
        return None
    now = timezone.now()
    waiting, current = hall.waiting_at(counter, at=now), hall.served_by(request.user, at=now)
    desk = desk_of(request)
    return {
        "count": waiting.count,
        "since": f"{timezone.localtime(waiting.since):%H:%M}" if waiting.since else "",
        "next": {"number": waiting.next.number, "wish": hall.words_of(waiting.next.wish)} if waiting.next else None,
        "current": {"number": current.number, "wish": hall.words_of(current.wish)} if current else None,
        "desk": desk,
        "desk_form": DeskForm(initial={"desk": desk}, auto_id="hall-%s"),
        "version": f"{waiting.count}.{waiting.next.pk if waiting.next else 0}.{current.pk if current else 0}.{desk}",
    }


def desk_of(request: DeskRequest) -> int:
    return int(request.session.get(DESK, 1))


@require_GET
@only(Role.CLERK)
def hall_strip(request: DeskRequest) -> HttpResponse:
    """The strip alone, asked every few seconds."""
    strip = strip_of(request)
    if strip is None or request.GET.get("hall_seen") == strip["version"]:
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "part/hall.html", {"hall": strip})


ENDINGS = {"xong": QueueNumber.Ending.SERVED, "vang": QueueNumber.Ending.ABSENT}


@require_POST
@only(Role.CLERK)
def hall_call(request: DeskRequest, act: str) -> HttpResponse:
    """Call the next, call again, let go."""
    counter, now = request.user.counter, timezone.now()
    if counter is None:
        messages.warning(request, "Tài khoản chưa thuộc điểm phục vụ nào nên chưa gọi số được.")
        return redirect("desk")
    try:
        if act == "tiep":
            number = hall.call_next(counter, desk=desk_of(request), by=request.user, at=now)
            messages.success(request, f"Mời số {number.number} đến bàn {desk_of(request)}.")
        elif act == "lai":
            number = hall.call_again(desk=desk_of(request), by=request.user, at=now)
            messages.success(request, f"Mời lại số {number.number}.")
        elif act in ENDINGS:
            hall.end_served(ENDINGS[act], by=request.user, at=now)
        else:
            raise Http404
    except hall.HallRefused as refused:
        messages.warning(request, refused.sentence)
    return redirect("desk")


@require_POST
@only(Role.CLERK)
def hall_desk(request: DeskRequest) -> HttpResponse:
    """Sit down at another desk."""
    form = DeskForm(request.POST)
    if form.is_valid():
        request.session[DESK] = form.cleaned_data["desk"]
    else:
        messages.warning(request, "Ghi số bàn từ 1 đến 99.")
    return redirect("desk")


@require_POST
@only(Role.CLERK)
def hall_call_case(request: DeskRequest, code: str) -> HttpResponse:
    """Show the code of a case whose result is ready, and the desk, on the screen."""
    case = get_object_or_404(Case.objects.here(request.user.commune_id).select_related("counter"), code=code)
    try:
        hall.call_case(case, desk=desk_of(request), by=request.user, at=timezone.now())
    except hall.HallRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, f"Đã mời hồ sơ {code} lên màn hình, đến bàn {desk_of(request)}.")
    return redirect("give_out", code)


# --- the administrator's machines ---
@require_http_methods(["GET", "POST"])
@only(Role.ADMINISTRATOR)
def hall_devices(request: DeskRequest) -> HttpResponse:
    """The machines with their addresses, and the form for one more."""
    assert request.user.commune is not None, "administrators belong to a commune"
    form = DeviceForm(request.POST or None, commune=request.user.commune)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        made = hall.add_device(
            HallDevice.Kind(facts["kind"]),
            facts["counter"],
            facts["name"],
            prints=facts["prints"],
            by=request.user,
            at=timezone.now(),
        )
        messages.success(request, f"Đã thêm {made}. Mở địa chỉ của máy trên chính máy đó, toàn màn hình.")
        return redirect("hall_devices")
    devices = [
        {
            "kind": device.get_kind_display(),
            "counter": device.counter.name,
            "name": device.name,
            "prints": device.prints,
            "since": f"{timezone.localtime(device.at):%d/%m/%Y}",
            "href": reverse(ADDRESSES[device.kind], args=[device.commune.code, device.token]),
            "end_href": reverse("end_hall_device", args=[device.pk]),
        }
        for device in HallDevice.objects.filter(commune=request.user.commune, ended_at=None).select_related(
            "counter", "commune"
        )
    ]
    page = {"devices": devices, "form": form}
    return render(request, "staff/hall_devices.html", page, status=422 if form.is_bound else 200)


ADDRESSES: dict[str, str] = {
    HallDevice.Kind.SCREEN: "hall_screen",
    HallDevice.Kind.KIOSK: "kiosk",
    HallDevice.Kind.TABLET: "tablet",
}


@require_POST
@only(Role.ADMINISTRATOR)
def end_hall_device(request: DeskRequest, pk: int) -> HttpResponse:
    """The address of a machine leads nowhere from now on."""
    device = get_object_or_404(HallDevice, pk=pk, commune=request.user.commune)
    hall.end_device(device, by=request.user, at=timezone.now())
    messages.success(request, f"Đã ngừng {device}. Địa chỉ cũ không còn mở được.")
    return redirect("hall_devices")
