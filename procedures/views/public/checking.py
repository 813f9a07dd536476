"""Where anyone checks a paper: by its link, by its offline code, by its file. No log-in, no JavaScript, no trace."""

from __future__ import annotations

import base64
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from oneshop import audit, walls
from oneshop.models import Commune
from procedures.checking import paper_check
from procedures.checking.check_keys import keys_of
from procedures.checking.offline_code import NotACode
from procedures.checking.paper_check import FileFound, Judged, Verdict
from procedures.checking.paper_standing import holder_of_paper, said_of
from procedures.checking.public_link import masked_name
from procedures.forms import LastFourForm, PaperForm
from procedures.models import CheckKey, Result
from procedures.views.public.doors import counted, quiet
from procedures.views.public.public import commune_of, matches, missing, token_or_none

VERDICTS = {
    Result.Standing.VALID: ("genuine", "Giấy thật, đang có giá trị."),
    Result.Standing.REPLACED: ("replaced", "Giấy đã được thay thế, không còn giá trị."),
    Result.Standing.CANCELLED: ("cancelled", "Giấy đã bị hủy, không còn giá trị."),
}
CORRECTED = ("corrected", "Giấy thật, đang có giá trị, có công văn đính chính.")
CODE_VERDICTS = {
    Verdict.GENUINE: ("genuine", "Mã thật, do xã ký."),
    Verdict.CHANGED: ("cancelled", "Mã không đúng: nội dung đã bị sửa hoặc khóa không còn dùng vào ngày ghi trên mã."),
    Verdict.UNKNOWN_KEY: ("cancelled", "Không có xã nào dùng khóa ký mã này."),
    Verdict.LEAKED: ("replaced", "Chưa kết luận được: khóa ký mã này đã bị lộ."),
}


@csrf_exempt  # under `no-referrer` a browser sends its form with the origin "null"; the form asks and changes nothing
@login_not_required
@require_http_methods(["GET", "POST"])
@counted
def check_paper(request: HttpRequest) -> HttpResponse:
    """Three ways in: the link, the offline code, the file or its SHA-256. Whatever is typed into whichever box."""
    if _too_large(request):
        form = PaperForm({})
        form.errors.clear()  # nothing of it was read, so nothing else is wrong with it
        form.add_error("file", PaperForm.TOO_LARGE)
        return _start(request, form, status=413)
    if request.method == "GET":
        return _start(request, PaperForm())
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        return _start(request, form, status=422)
    if file := form.cleaned_data["file"]:
        return _file_page(request, paper_check.of_file(file.read()), has_file=True)
    text = form.cleaned_data["text"]
    if link := paper_check.link_in(text):
        return quiet(redirect("result_check", *link))
    if paper_check.SHA256.fullmatch("".join(text.split())):
        return _file_page(request, paper_check.of_hash("".join(text.split())), has_file=False)
    try:
        return _code_page(request, form, paper_check.judge_code(text))
    except NotACode:
        form.add_error("text", PaperForm.NOTHING_READ)
        return _start(request, form, status=422)


def _too_large(request: HttpRequest) -> bool:
    """Judged by what the sender announces, before a byte of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdigit() or int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _start(request: HttpRequest, form: PaperForm, status: int = 200) -> HttpResponse:
    return quiet(render(request, "public/check.html", {"form": form}, status=status))


def _code_page(request: HttpRequest, form: PaperForm, judged: Judged) -> HttpResponse:
    verdict, word = CODE_VERDICTS[judged.verdict]
    digits = form.cleaned_data["digits"]
    matches = bool(digits) and judged.goes_with(digits)
    said = judged.said
    page = {
        "verdict": verdict,
        "verdict_word": word,
        "believed": judged.verdict == Verdict.GENUINE,
        "leaked": judged.verdict == Verdict.LEAKED,
        "said": said,
        "key_id": judged.key_id,
        "text": form.cleaned_data["text"],
        "digits_match": matches,
        "digits_wrong": bool(form.data.get("digits")) and not matches,
    }
    return quiet(render(request, "public/offline.html", page))


def _file_page(request: HttpRequest, found: FileFound, *, has_file: bool) -> HttpResponse:
    """`has_file`: the file itself was sent, not its SHA-256 alone."""
    page: dict[str, Any] = {
        "sha256": found.sha256,
        "notes": found.notes,
        "is_whole": found.is_whole,
        "what": "Kiểm tra tệp PDF" if has_file else "Kiểm tra mã SHA-256",
        "has_file": has_file,
    }
    if found.result is None:
        return quiet(render(request, "public/file.html", page | {"verdict": "missing"}, status=404))
    result = found.result
    with walls.within(found.commune_id):
        audit.record(
            "check_file",
            "result",
            f"{result.case.code}/{result.full_number}",
            by=None,
            at=timezone.now(),
            commune_id=found.commune_id,
            why="đúng từng byte" if found.is_whole else "tệp đã bị sửa",
        )
        page |= facts_of(result, result.commune)
    page["is_valid"] = result.standing == Result.Standing.VALID
    if not found.is_whole:
        page |= {"verdict": "cancelled"}
    page["check_args"] = (result.commune.code, result.token)
    return quiet(render(request, "public/file.html", page))


@csrf_exempt  # as above
@login_not_required
@require_http_methods(["GET", "POST"])
@counted
def result_check(request: HttpRequest, commune_code: str, token: str) -> HttpResponse:
    """Whether a paper is genuine, replaced or cancelled: kind, number, day, office, signer's title, masked name.

    Papers outlive their commune: one that was merged away still answers for what it issued.
    """
    commune, clean = commune_of(commune_code), token_or_none(token)
    with walls.within(commune.pk if commune else None):
        results = Result.objects.filter(commune=commune.pk if commune else 0, token=clean)
        result = results.select_related("case").defer("pdf").first()
        if commune is None or result is None:
            return missing(request)
        now = timezone.now()
        form = LastFourForm(request.POST or None)
        fits = matches(result.case, form, kind="result", now=now)
        page = facts_of(result, commune) | {
            "digits_form": form,
            "digits_match": fits,
            "digits_wrong": form.is_bound and not fits,
            "checked_at": timezone.localtime(now),
        }
        return quiet(render(request, "public/result.html", page))


def facts_of(result: Result, commune: Commune) -> dict[str, Any]:
    """All that a check may tell of a result, and nothing else (S-31)."""
    said = said_of(result)
    is_corrected = result.standing == Result.Standing.VALID and said.letters
    verdict, word = CORRECTED if is_corrected else VERDICTS[Result.Standing(result.standing)]
    return {
        "verdict": verdict,
        "verdict_word": word,
        "said": said,
        "originals": result.originals,
        "kind": result.name,
        "number": result.full_number,
        "issued_on": result.issued_on,
        "standing_on": result.standing_on,
        "office": commune.name_on(result.issued_on).issuer,
        "signer_title": result.signer_title,
        "masked_name": masked_name(holder_of_paper(result)),
    }


@login_not_required
@require_GET
def check_keys(request: HttpRequest) -> HttpResponse:
    """The public keys for people, with how a code is checked by hand."""
    return quiet(render(request, "public/keys.html", {"keys": _published()}))


@login_not_required
@require_GET
def check_offline(request: HttpRequest) -> HttpResponse:
    """The keys and a script that checks codes with them, for who opens the page before the network ends."""
    return quiet(render(request, "public/check_offline.html", {"keys": _published()}))


@login_not_required
@require_GET
def check_keys_json(request: HttpRequest) -> HttpResponse:
    """The same keys for programs: base64 of the 32 bytes, days of use, whether others may hold it."""
    return quiet(JsonResponse({"format": "MC1 COSE_Sign1 EdDSA", "keys": _published()}))


def _published() -> list[dict[str, Any]]:
    found = []
    communes = Commune.objects.filter(is_served=True).prefetch_related("names").order_by("code", "opened_on")
    for commune in communes:
        with walls.within(commune.pk):
            found += [_published_key(commune, key) for key in keys_of(commune.pk)]
    return found


def _published_key(commune: Commune, key: CheckKey) -> dict[str, Any]:
    since, until = timezone.localtime(key.since).date(), key.until and timezone.localtime(key.until).date()
    return {
        "kid": key.key_id,
        "commune": commune.code,
        "office": commune.name_on(since).full,
        "public": base64.b64encode(bytes(key.public)).decode(),
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
        "leaked": key.is_leaked,
    }


ROBOTS = """\
# A page that must not be listed has to be read first: the ban stands in its header (noindex), not here.
User-agent: *
Allow: /H/
Allow: /K/
Allow: /kiem-tra
Allow: /khoa
Allow: /thu-tuc
Disallow: /
"""


@login_not_required
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8")
