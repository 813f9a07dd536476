"""What the made-up citizens said after their results, and what officers proposed."""

from __future__ import annotations

import random
from datetime import timedelta

from django.utils import timezone

from oneshop.models import Commune, Officer
from oneshop.roles import Role
from procedures.hall import feedback
from procedures.models import Case, Proposal
from procedures.states import State

COMMENTS = (
    "Cán bộ hướng dẫn rõ, nhận kết quả ngay.",
    "Nên có thêm ghế ngồi chờ.",
    "Phải đợi lãnh đạo ký hơi lâu.",
    "Chỉ cần thẻ căn cước, rất tiện.",
)
PROPOSALS = (
    (Proposal.Kind.OBSTACLE, "death_registration", "Người dân hay thiếu giấy báo tử của bệnh viện, phải đi lại."),
    (Proposal.Kind.PROPOSAL, "", "Đề nghị thêm lãnh đạo trực ký buổi chiều thứ Sáu."),
)


def fill_opinions(commune: Commune, *, seed: int) -> None:
    """Two of three who got their result this month have answered; two officers have written."""
    chance = random.Random(f"{seed}/{commune.code}/opinions")
    since = timezone.now() - timedelta(days=25)
    for case in Case.objects.here(commune.pk).filter(state=State.GIVEN_OUT, given_out_at__gt=since).order_by("pk"):
        if chance.random() < 0.33 or case.given_out_at is None:
            continue
        mark = chance.choices((5, 4, 3, 2), weights=(6, 5, 2, 1))[0]
        feedback.rate(
            case,
            at=case.given_out_at,
            overall=mark,
            attitude=min(5, mark + chance.randint(0, 1)),
            on_time=mark,
            as_published=chance.choice((None, 4, 5)),
            trips=chance.choices((1, 2), weights=(8, 1))[0],
            comment=chance.choice(COMMENTS) if chance.random() < 0.3 else "",
        )
    by = Officer.objects.filter(commune=commune, roles__contains=[Role.CLERK]).order_by("pk")[0]
    for kind, key, text in PROPOSALS:
        feedback.propose(kind, text, procedure_key=key, by=by, at=timezone.now())
