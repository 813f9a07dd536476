"""How Nghị định 30/2020 writes days and moments on paper (Phụ lục I, one-stop.md G.1). No database."""

from datetime import date, datetime

from django.utils import timezone


def in_words(day: date | None) -> str:
    """`ngày 05 tháng 02 năm 2026`: days under 10 and months 1 and 2 with a leading 0.

    A moment is taken in Vietnam's time. Nothing gives the blank that is filled by hand.
    """
    if not day:
        return "ngày … tháng … năm …"
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def moment_in_words(at: datetime | None) -> str:
    """`09 giờ 05 phút, ngày 05 tháng 02 năm 2026`, in Vietnam's time."""
    if not at:
        return "… giờ … phút, ngày … tháng … năm …"
    local = timezone.localtime(at)
    return f"{local:%H} giờ {local:%M} phút, {in_words(local)}"
