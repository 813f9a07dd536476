"""The figures of what has ended, by the moment of its end. Sources: one-stop.md H.1, H.2; issue 5 items 3 and 4."""

from __future__ import annotations

from django.db.models import Q

from procedures.figures.definition import Figure, Longest, Opinions, Ratio, Share, Target, Times, Total
from procedures.models import Reckoning

_SIGNED = Q(ending=Reckoning.Ending.SIGN)
_RECEIVED = ~Q(ending=Reckoning.Ending.REJECT)

ON_TIME = Share(
    key="on_time",
    name="Đúng hẹn",
    formula="số hồ sơ xong trước hoặc đúng hẹn ÷ số hồ sơ xong trong kỳ, tính theo Bộ chỉ số 766",
    numerator="hồ sơ xong không muộn hơn phút hẹn; thời gian công dân bổ sung được trừ; yêu cầu bổ sung quá một lần "
    "là muộn",
    denominator="hồ sơ đã nhận và đã xong trong kỳ: đã ký, công dân rút, hoặc dừng giải quyết",
    source="Quyết định 766/QĐ-TTg, chỉ số 2.1",
    target=Target(0.95, "từ 95\u00a0%"),
    more_is_better=True,
    of=Q(on_time_index__isnull=False),
    which=Q(on_time_index=True),
)
ON_TIME_LEGAL = Share(
    key="on_time_legal",
    name="Đúng thời hạn của pháp luật",
    formula="số hồ sơ xong trong thời hạn ÷ số hồ sơ xong trong kỳ, thời hạn tính lại từ khi đủ hồ sơ",
    numerator="hồ sơ xong trong thời hạn tính lại từ đầu sau lần bổ sung cuối",
    denominator="hồ sơ đã nhận và đã xong trong kỳ",
    source="Nghị định 61/2018/NĐ-CP Điều 17 đến Điều 20",
    target=Target(1.0, "100\u00a0%", is_law=True),
    more_is_better=True,
    of=Q(on_time_legal__isnull=False),
    which=Q(on_time_legal=True),
)
TIME_USED = Times(
    key="time_used",
    name="Thời gian giải quyết",
    formula="phút làm việc từ lúc nhận đến lúc ký, không kể lúc tạm dừng: một nửa số hồ sơ không lâu hơn số đầu, "
    "chín phần mười không lâu hơn số sau",
    numerator="phút làm việc của từng hồ sơ, xếp từ ngắn đến dài",
    denominator="hồ sơ đã ký trong kỳ",
    source="Cam kết 3 giờ làm việc; Quyết định 766/QĐ-TTg, chỉ số 2.2 (thay số trung bình)",
    target=Target(180, "9/10 hồ sơ trong 180 phút"),
    of=_SIGNED,
    column="used_minutes",
)
LATE_BY = Times(
    key="late_by",
    name="Muộn bao lâu",
    formula="phút làm việc quá giờ hẹn của những hồ sơ muộn: một nửa không quá số đầu, chín phần mười không quá số sau",
    numerator="phút làm việc từ giờ hẹn đến lúc xong",
    denominator="hồ sơ xong sau giờ hẹn trong kỳ",
    source="Quyết định 766/QĐ-TTg, chỉ số 2.1; đề án: muộn bao nhiêu, không chỉ có hay không",
    of=Q(late_minutes__gt=0),
    column="late_minutes",
)
LATE_MOST = Longest(
    key="late_most",
    name="Muộn lâu nhất",
    formula="phút làm việc quá giờ hẹn của hồ sơ muộn lâu nhất trong kỳ",
    numerator="phút làm việc từ giờ hẹn đến lúc xong",
    denominator="hồ sơ xong sau giờ hẹn trong kỳ",
    source="Đề án: muộn bao nhiêu, không chỉ có hay không",
    of=Q(late_minutes__gt=0),
    column="late_minutes",
)
PAUSED = Ratio(
    key="paused",
    name="Thời gian tạm dừng",
    formula="tổng phút làm việc tạm dừng ÷ tổng phút làm việc từ lúc nhận đến lúc xong",
    numerator="phút làm việc chờ công dân bổ sung",
    denominator="phút làm việc từ lúc nhận đến lúc xong, của hồ sơ xong trong kỳ",
    source="Nghị định 118/2025/NĐ-CP Điều 11; đề án",
    target=Target(0.05, "không quá 5\u00a0%"),
    of=Q(used_minutes__isnull=False),
    part="paused_minutes",
    whole=("paused_minutes", "used_minutes"),
    unit_said="phút",
)
SUPPLEMENTS = Share(
    key="supplements",
    name="Phải bổ sung",
    formula="số hồ sơ có yêu cầu bổ sung ÷ số hồ sơ đã nhận và xong trong kỳ",
    numerator="hồ sơ có ít nhất một phiếu yêu cầu bổ sung",
    denominator="hồ sơ đã nhận và đã xong trong kỳ",
    source="Nghị định 118/2025/NĐ-CP Điều 11; Thông tư 01/2018/TT-VPCP, tiêu chí 3",
    target=Target(0.05, "không quá 5\u00a0%"),
    of=_RECEIVED,
    which=Q(requests__gte=1),
)
SECOND_REQUESTS = Share(
    key="second_requests",
    name="Bổ sung quá một lần",
    formula="số hồ sơ có từ hai yêu cầu bổ sung ÷ số hồ sơ đã nhận và xong trong kỳ",
    numerator="hồ sơ có từ hai phiếu yêu cầu bổ sung",
    denominator="hồ sơ đã nhận và đã xong trong kỳ",
    source="Nghị định 118/2025/NĐ-CP Điều 11: chỉ một lần",
    target=Target(0.0, "không có", is_law=True),
    of=_RECEIVED,
    which=Q(requests__gte=2),
)
APOLOGIES = Share(
    key="apologies",
    name="Phải xin lỗi, hẹn lại",
    formula="số hồ sơ có phiếu xin lỗi ÷ số hồ sơ đã nhận và xong trong kỳ",
    numerator="hồ sơ có phiếu xin lỗi và hẹn lại ngày trả kết quả",
    denominator="hồ sơ đã nhận và đã xong trong kỳ",
    source="Nghị định 118/2025/NĐ-CP, mẫu phiếu xin lỗi",
    target=Target(0.02, "không quá 2\u00a0%"),
    of=_RECEIVED,
    which=Q(is_apologised=True),
)
SEND_BACKS = Share(
    key="send_backs",
    name="Lãnh đạo trả lại",
    formula="số hồ sơ bị trả lại khi trình ký ÷ số hồ sơ đã ký trong kỳ",
    numerator="hồ sơ bị lãnh đạo trả lại ít nhất một lần",
    denominator="hồ sơ đã ký trong kỳ",
    source="đề án",
    target=Target(0.05, "không quá 5\u00a0%"),
    of=_SIGNED,
    which=Q(send_backs__gte=1),
)
REFUSALS = Share(
    key="refusals",
    name="Từ chối",
    formula="(số lần từ chối tiếp nhận + số văn bản từ chối giải quyết) ÷ số hồ sơ xong trong kỳ",
    numerator="từ chối tiếp nhận tại quầy và văn bản từ chối đã ký",
    denominator="mọi hồ sơ xong trong kỳ, kể cả từ chối tiếp nhận",
    source="Nghị định 118/2025/NĐ-CP; Luật Hộ tịch 2014 Điều 5",
    which=Q(ending=Reckoning.Ending.REJECT) | Q(is_refused=True),
)
REDIRECTED = Share(
    key="redirected",
    name="Từ chối có chỉ đường",
    formula="số lần từ chối tiếp nhận có ghi nơi đến đúng ÷ số lần từ chối tiếp nhận",
    numerator="phiếu từ chối ghi rõ phải đến đâu hoặc làm gì thay thế",
    denominator="phiếu từ chối tiếp nhận trong kỳ",
    source="Luật Hộ tịch 2014 Điều 9 khoản 3",
    target=Target(1.0, "100\u00a0%"),
    more_is_better=True,
    of=Q(ending=Reckoning.Ending.REJECT),
    which=Q(is_redirected=True),
)
WITHDRAWN = Share(
    key="withdrawn",
    name="Công dân rút hồ sơ",
    formula="số hồ sơ công dân rút ÷ số hồ sơ đã nhận và xong trong kỳ",
    numerator="hồ sơ công dân rút trước khi ký",
    denominator="hồ sơ đã nhận và đã xong trong kỳ",
    source="Nghị định 118/2025/NĐ-CP",
    of=_RECEIVED,
    which=Q(ending=Reckoning.Ending.WITHDRAW),
)
SCAN_TIME = Times(
    key="scan_time",
    name="Từ quét thẻ đến nhận xong",
    formula="từ lần quét thẻ đầu tiên đến khi có mã hồ sơ và giấy hẹn: một nửa không lâu hơn số đầu, chín phần mười "
    "không lâu hơn số sau",
    numerator="giây từ lần quét thẻ đầu trong ngày đến lúc nhận hồ sơ",
    denominator="hồ sơ xong trong kỳ mà thẻ đã được quét",
    source="Đề án; đo tại quầy, không gắn với người",
    target=Target(100, "9/10 hồ sơ trong 100 giây"),
    of=Q(scan_seconds__isnull=False),
    column="scan_seconds",
    unit_said="giây",
)
KNOWN_LINES = Ratio(
    key="known_lines",
    name="Dòng không phải viết",
    formula="(số dòng của tờ khai − số câu phải hỏi) ÷ số dòng của tờ khai, cộng mọi hồ sơ",
    numerator="dòng của tờ khai đã có trong thẻ, trong dữ liệu",
    denominator="dòng của tờ khai theo mẫu, của hồ sơ đã ký trong kỳ",
    source="Quyết định 766/QĐ-TTg, chỉ số 4.3 (cách gần đúng); đề án",
    target=Target(0.80, "từ 80\u00a0%"),
    more_is_better=True,
    of=_SIGNED & Q(form_lines__gt=0),
    part="known",
    whole=("form_lines",),
    unit_said="dòng",
)
PAPERS_SPARED = Total(
    key="papers_spared",
    name="Giấy tờ không phải nộp",
    formula="tổng số giấy tờ thường phải nộp mà hồ sơ không đòi vì dữ liệu đã có",
    numerator="giấy tờ thủ tục thường đòi, dữ liệu của xã thay được",
    denominator="hồ sơ đã ký trong kỳ",
    source="đề án; danh sách giấy tờ khai trong từng thủ tục",
    of=_SIGNED,
    column="papers_spared",
    unit_said="giấy",
)
SATISFACTION = Opinions(
    key="satisfaction",
    name="Hài lòng",
    formula="số ý kiến hài lòng và rất hài lòng ÷ số ý kiến trong kỳ",
    numerator="ý kiến “Rất hài lòng” và “Hài lòng”",
    denominator="ý kiến gửi sau khi nhận kết quả, không kèm danh tính, tính theo tuần",
    source="Thông tư 01/2018/TT-VPCP; Quyết định 766/QĐ-TTg, nhóm 5",
    target=Target(0.90, "từ 90\u00a0%", is_law=True),
    more_is_better=True,
)

EVERY: tuple[Figure, ...] = (
    ON_TIME,
    ON_TIME_LEGAL,
    TIME_USED,
    LATE_BY,
    LATE_MOST,
    PAUSED,
    SUPPLEMENTS,
    SECOND_REQUESTS,
    APOLOGIES,
    SEND_BACKS,
    REFUSALS,
    REDIRECTED,
    WITHDRAWN,
    SCAN_TIME,
    KNOWN_LINES,
    PAPERS_SPARED,
    SATISFACTION,
)
BY_KEY = {figure.key: figure for figure in EVERY}
