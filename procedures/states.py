"""Where a case can be, what can be done with it, and who may: the table one reads aloud. No database."""

from dataclasses import dataclass
from enum import StrEnum

from oneshop.roles import Role


class State(StrEnum):
    """Where a case can be (one-stop.md A.3); `LABELS` are the words on screen."""

    RECEIVED = "received"
    WAITING_REVIEW = "waiting_review"
    HANDLING = "handling"
    WAITING_PAPERS = "waiting_papers"
    WAITING_SIGNATURE = "waiting_signature"
    SIGNED = "signed"
    GIVEN_OUT = "given_out"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    State.RECEIVED: "Đã tiếp nhận",
    State.WAITING_REVIEW: "Chờ rà soát",
    State.HANDLING: "Đang xử lý",
    State.WAITING_PAPERS: "Chờ bổ sung",
    State.WAITING_SIGNATURE: "Trình ký",
    State.SIGNED: "Đã có kết quả, chờ trả",
    State.GIVEN_OUT: "Đã trả kết quả",
    State.WITHDRAWN: "Công dân rút hồ sơ",
    State.REJECTED: "Từ chối tiếp nhận",
    State.STOPPED: "Dừng giải quyết",
}

OPEN = (State.RECEIVED, State.WAITING_REVIEW, State.HANDLING, State.WAITING_PAPERS, State.WAITING_SIGNATURE)
"""The clock of the promise runs in these. It stands still in WAITING_PAPERS; WAITING_REVIEW has a day of its own."""


class Verb(StrEnum):
    RECEIVE = "receive"
    APPOINT = "appoint"
    REJECT = "reject"
    RESUME = "resume"
    HAND_OVER = "hand_over"
    EXTEND = "extend"
    ASK_FOR_PAPERS = "ask_for_papers"
    TAKE_PAPERS = "take_papers"
    SUBMIT = "submit"
    SUBMIT_REFUSAL = "submit_refusal"
    SEND_BACK = "send_back"
    SIGN = "sign"
    GIVE_OUT = "give_out"
    WITHDRAW = "withdraw"
    STOP = "stop"
    MOVE_DUE = "move_due"
    ANNUL = "annul"
    PROPOSE_CORRECTION = "propose_correction"
    DROP_CORRECTION = "drop_correction"
    RETURN_CORRECTION = "return_correction"
    SIGN_CORRECTION = "sign_correction"
    HAND_CORRECTION = "hand_correction"

    @property
    def label(self) -> str:
        return VERB_LABELS[self]


VERB_LABELS = {
    Verb.RECEIVE: "Tiếp nhận",
    Verb.APPOINT: "Tiếp nhận, hẹn kỳ rà soát",
    Verb.REJECT: "Từ chối tiếp nhận",
    Verb.RESUME: "Đã rà soát, giải quyết tiếp",
    Verb.HAND_OVER: "Nhận xử lý",
    Verb.EXTEND: "Xin lỗi và hẹn lại",
    Verb.ASK_FOR_PAPERS: "Yêu cầu bổ sung",
    Verb.TAKE_PAPERS: "Nhận bổ sung",
    Verb.SUBMIT: "Trình ký",
    Verb.SUBMIT_REFUSAL: "Trình ký từ chối",
    Verb.SEND_BACK: "Trả lại",
    Verb.SIGN: "Ký duyệt",
    Verb.GIVE_OUT: "Trả kết quả",
    Verb.WITHDRAW: "Công dân rút hồ sơ",
    Verb.STOP: "Dừng giải quyết",
    Verb.MOVE_DUE: "Tính lại giờ hẹn theo lịch mới",
    Verb.ANNUL: "Hủy kết quả chưa trả",
    Verb.PROPOSE_CORRECTION: "Đề nghị sửa, thay, thu hồi giấy",
    Verb.DROP_CORRECTION: "Rút đề nghị sửa giấy",
    Verb.RETURN_CORRECTION: "Trả lại đề nghị sửa giấy",
    Verb.SIGN_CORRECTION: "Ký sửa, thay, thu hồi giấy",
    Verb.HAND_CORRECTION: "Trao giấy sửa, thay",
}


@dataclass(frozen=True)
class Move:
    """From any of `sources` to `target`, by an officer who holds one of `roles`. `says_why`: a note is owed.

    Without a target the case stays where it is, and only the promise moves.
    """

    sources: tuple[State, ...]
    target: State | None
    roles: tuple[Role, ...]
    says_why: bool = False

    def leads_from(self, source: State) -> State:
        return self.target or source


MOVES: dict[Verb, Move] = {
    Verb.RECEIVE: Move((), State.RECEIVED, (Role.CLERK,)),
    Verb.APPOINT: Move((), State.WAITING_REVIEW, (Role.CLERK,)),
    Verb.REJECT: Move((), State.REJECTED, (Role.CLERK,)),
    Verb.RESUME: Move((State.WAITING_REVIEW,), State.HANDLING, (Role.SPECIALIST,)),
    Verb.HAND_OVER: Move((State.RECEIVED,), State.HANDLING, (Role.SPECIALIST,)),
    Verb.EXTEND: Move(
        (State.RECEIVED, State.HANDLING, State.WAITING_SIGNATURE, State.WAITING_REVIEW),
        None,
        (Role.SIGNER,),
        says_why=True,
    ),
    Verb.ASK_FOR_PAPERS: Move(
        (State.RECEIVED, State.HANDLING), State.WAITING_PAPERS, (Role.SPECIALIST,), says_why=True
    ),
    Verb.TAKE_PAPERS: Move((State.WAITING_PAPERS,), State.HANDLING, (Role.CLERK,), says_why=True),
    Verb.SUBMIT: Move((State.RECEIVED, State.HANDLING), State.WAITING_SIGNATURE, (Role.SPECIALIST,)),
    Verb.SUBMIT_REFUSAL: Move(
        (State.RECEIVED, State.HANDLING), State.WAITING_SIGNATURE, (Role.SPECIALIST,), says_why=True
    ),
    Verb.SEND_BACK: Move((State.WAITING_SIGNATURE,), State.HANDLING, (Role.SIGNER,), says_why=True),
    Verb.SIGN: Move((State.WAITING_SIGNATURE,), State.SIGNED, (Role.SIGNER,)),
    Verb.GIVE_OUT: Move((State.SIGNED,), State.GIVEN_OUT, (Role.CLERK,)),
    Verb.WITHDRAW: Move(
        OPEN,
        State.WITHDRAWN,
        (Role.CLERK,),
        says_why=True,
    ),
    # never pressed by hand: another signature takes the ground from under the case (a death was registered)
    Verb.STOP: Move(OPEN, State.STOPPED, (Role.SIGNER,), says_why=True),
    # nor this one: the working calendar changed under the promise
    Verb.MOVE_DUE: Move(
        (State.RECEIVED, State.WAITING_REVIEW, State.HANDLING, State.WAITING_SIGNATURE),
        None,
        (Role.ADMINISTRATOR,),
        says_why=True,
    ),
    # who asked for it has died or wants it no more, after the signature: its numbers stay in the books as void (F-56)
    Verb.ANNUL: Move((State.SIGNED,), State.STOPPED, (Role.SIGNER,), says_why=True),
    # a wrong paper is put right beside the case, which stays where it is; how far that is, CORRECTION_MOVES says
    Verb.PROPOSE_CORRECTION: Move((State.SIGNED, State.GIVEN_OUT), None, (Role.SPECIALIST,), says_why=True),
    Verb.DROP_CORRECTION: Move((State.SIGNED, State.GIVEN_OUT), None, (Role.SPECIALIST,)),
    Verb.RETURN_CORRECTION: Move((State.SIGNED, State.GIVEN_OUT), None, (Role.SIGNER,), says_why=True),
    Verb.SIGN_CORRECTION: Move((State.SIGNED, State.GIVEN_OUT), None, (Role.SIGNER,)),
    Verb.HAND_CORRECTION: Move((State.GIVEN_OUT,), None, (Role.CLERK,)),
}

NOT_ON_THE_CASE = frozenset({Verb.STOP, Verb.MOVE_DUE, *(verb for verb in Verb if verb.endswith("_correction"))})
"""Verbs that follow another act, or belong to one paper of the case and have pages of their own."""


def verbs_from(state: State, roles: list[Role]) -> list[Verb]:
    """What someone with these roles may do with a case in `state`, in the order of the table."""
    return [
        verb
        for verb, move in MOVES.items()
        if verb not in NOT_ON_THE_CASE and state in move.sources and set(move.roles) & set(roles)
    ]


class CorrectionState(StrEnum):
    """How far putting a wrong paper right is. RETURNED and DROPPED changed nothing; HANDED is in the citizen's hand."""

    PROPOSED = "proposed"
    SIGNED = "signed"
    HANDED = "handed"
    RETURNED = "returned"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return CORRECTION_LABELS[self]


CORRECTION_LABELS = {
    CorrectionState.PROPOSED: "Chờ lãnh đạo ký",
    CorrectionState.SIGNED: "Đã ký, chờ trao",
    CorrectionState.HANDED: "Đã trao",
    CorrectionState.RETURNED: "Lãnh đạo trả lại",
    CorrectionState.DROPPED: "Đã rút",
}

CORRECTION_MOVES: dict[Verb, tuple[CorrectionState | None, CorrectionState]] = {
    Verb.PROPOSE_CORRECTION: (None, CorrectionState.PROPOSED),
    Verb.DROP_CORRECTION: (CorrectionState.PROPOSED, CorrectionState.DROPPED),
    Verb.RETURN_CORRECTION: (CorrectionState.PROPOSED, CorrectionState.RETURNED),
    Verb.SIGN_CORRECTION: (CorrectionState.PROPOSED, CorrectionState.SIGNED),
    Verb.HAND_CORRECTION: (CorrectionState.SIGNED, CorrectionState.HANDED),
}
"""From where to where; who may is said in MOVES."""
