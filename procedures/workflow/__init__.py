"""The verbs of a case and their only writer. Each is one transaction: state, step, diary line, and what it issues.

Lock order, everywhere: case → book → diary (R-04). The number of a result, its PDF, its step and its line in the diary
live or die together (quality.md 10.8 (a)); a paper takes about 50 ms to make, so one book signs some ten results a
second, far above any commune.
"""

from procedures.signers import why_may_not_sign
from procedures.workflow.calendar_changes import change_calendar, dry_run
from procedures.workflow.giving_out import annul, do_follow_up, give_out
from procedures.workflow.handling import (
    ask_for_papers,
    asked_before,
    extend,
    hand_over,
    resume,
    revoke_link,
    send_back,
    submit,
    submit_refusal,
    take_papers,
    withdraw,
)
from procedures.workflow.moves import (
    CaseMoved,
    NotAllowed,
    NotReady,
)
from procedures.workflow.promises import due, promise_of, promise_under
from procedures.workflow.receiving import receive, reject
from procedures.workflow.rounds import begin_round, sign_next
from procedures.workflow.signing import asked_at, changed_since_receipt, sign
from procedures.workflow.slips import issue_receipt, issue_slip

__all__ = [
    "CaseMoved",
    "NotAllowed",
    "NotReady",
    "annul",
    "ask_for_papers",
    "asked_at",
    "asked_before",
    "begin_round",
    "change_calendar",
    "changed_since_receipt",
    "do_follow_up",
    "dry_run",
    "due",
    "extend",
    "give_out",
    "hand_over",
    "issue_receipt",
    "issue_slip",
    "promise_of",
    "promise_under",
    "receive",
    "reject",
    "resume",
    "revoke_link",
    "send_back",
    "sign",
    "sign_next",
    "submit",
    "submit_refusal",
    "take_papers",
    "why_may_not_sign",
    "withdraw",
]
