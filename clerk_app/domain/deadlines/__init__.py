"""Frist: when something is due, and how that day was found.

Pure functions over days. The calendar of working days and the dated rules of a Land are handed in; nothing
here is a constant of law. Every result carries its derivation as steps, which ``texts`` puts into words.
"""

from clerk_app.domain.deadlines.appeal import appeal_end, appeal_end_uninstructed
from clerk_app.domain.deadlines.follow_ups import chosen, early_warning
from clerk_app.domain.deadlines.model import (
    Deadline,
    DeadlineKind,
    DerivationStep,
    ProcedureLaw,
    StepKind,
    WorkingDays,
)
from clerk_app.domain.deadlines.notification import (
    DispatchWay,
    NotificationRule,
    is_open,
    notification_rule,
    notified,
    undelivered,
)
from clerk_app.domain.deadlines.office_time import office_day, office_time, office_zone
from clerk_app.domain.deadlines.pauses import (
    CountedPause,
    FictionRule,
    Pause,
    PauseRule,
    counted_pauses,
    fiction_end,
    merged,
    paused_target,
)
from clerk_app.domain.deadlines.periods import (
    Period,
    PeriodUnit,
    add_months,
    answer_due,
    end_of,
    extended,
    fixed_day,
    period_end,
    processing_due,
)
from clerk_app.domain.deadlines.working_days import (
    is_working_day,
    next_working_day,
    previous_working_day,
)

__all__ = [
    "CountedPause",
    "Deadline",
    "DeadlineKind",
    "DerivationStep",
    "DispatchWay",
    "FictionRule",
    "NotificationRule",
    "Pause",
    "PauseRule",
    "Period",
    "PeriodUnit",
    "ProcedureLaw",
    "StepKind",
    "WorkingDays",
    "add_months",
    "answer_due",
    "appeal_end",
    "appeal_end_uninstructed",
    "chosen",
    "counted_pauses",
    "early_warning",
    "end_of",
    "extended",
    "fiction_end",
    "fixed_day",
    "is_open",
    "is_working_day",
    "merged",
    "next_working_day",
    "notification_rule",
    "notified",
    "office_day",
    "office_time",
    "office_zone",
    "paused_target",
    "period_end",
    "previous_working_day",
    "processing_due",
    "undelivered",
]
