"""The verbs of a case and their only writer. Each is one transaction: state, step, diary line, and what it issues.

Lock order, everywhere: case → book → diary (R-04). The number of a result, its PDF, its step and its line in the diary
live or die together (quality.md 10.8 (a)); a paper takes about 50 ms to make, so one book signs some ten results a
second, far above any commune.
"""

from procedures.signing.signers import why_may_not_sign
from procedures.workflow.calendar_changes import change_calendar, dry_run
from procedures.workflow.correcting import (
    drop_correction,
    fee_again,
    hand_correction,
    held_papers_of,
    old_papers_of,
    propose_letter,
    propose_recall,
    propose_replacement,
    return_correction,
    sign_correction,
    why_may_not_sign_correction,
    why_not_handed,
)
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
from procedures.workflow.redrafting import Plan, Redraft, Ways, application_to_correct, plan, ways_of
from procedures.workflow.rounds import begin_round, sign_next
from procedures.workflow.signing import asked_at, changed_since_receipt, sign
from procedures.workflow.slips import issue_receipt, issue_slip

__all__ = [
    "CaseMoved",
    "NotAllowed",
    "NotReady",
    "Plan",
    "Redraft",
    "Ways",
    "annul",
    "application_to_correct",
    "ask_for_papers",
    "asked_at",
    "asked_before",
    "begin_round",
    "change_calendar",
    "changed_since_receipt",
    "do_follow_up",
    "drop_correction",
    "dry_run",
    "due",
    "extend",
    "fee_again",
    "give_out",
    "hand_correction",
    "hand_over",
    "held_papers_of",
    "issue_receipt",
    "issue_slip",
    "old_papers_of",
    "plan",
    "promise_of",
    "promise_under",
    "propose_letter",
    "propose_recall",
    "propose_replacement",
    "receive",
    "reject",
    "resume",
    "return_correction",
    "revoke_link",
    "send_back",
    "sign",
    "sign_correction",
    "sign_next",
    "submit",
    "submit_refusal",
    "take_papers",
    "ways_of",
    "why_may_not_sign",
    "why_may_not_sign_correction",
    "why_not_handed",
    "withdraw",
]
