"""What each later submission of a case says differently from the one it follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from clerk_app.domain.application import Application
from clerk_app.domain.differences import ComparedAs, FieldChange, FormDifference
from clerk_app.services.form_difference import FormSide, attachment_changes, form_difference
from clerk_app.services.form_tree import MalformedFormError

#: Takes a form apart: as a tree, and as the screen shows it. Raises MalformedFormError.
ReadSide = Callable[[Application], FormSide]


def case_differences(applications: Sequence[Application], read: ReadSide) -> tuple[FormDifference, ...]:
    """One for each submission after the first, newest first. ``applications`` stand oldest first.

    A submission is compared with the latest earlier one filed with the same form; where there is none, with
    the first, and then only what it says itself counts.
    """
    found = [_difference(applications[:at], applications[at], read) for at in range(1, len(applications))]
    return tuple(reversed(found))


def _difference(before: Sequence[Application], now: Application, read: ReadSide) -> FormDifference:
    same = [each for each in before if _form_of(each) == _form_of(now)]
    earlier = same[-1] if same else before[0]
    attachments, repeated = attachment_changes(
        [item for each in before for item in each.attachments], now.attachments
    )
    compared = ComparedAs.SAME_FORM if same else ComparedAs.OTHER_FORM
    changes: tuple[FieldChange, ...] = ()
    try:
        changes = form_difference(read(earlier), read(now), same_form=bool(same))
    except MalformedFormError:
        compared = ComparedAs.UNREADABLE
    return FormDifference(earlier.submitted_at, now.submitted_at, compared, changes, attachments, repeated)


def _form_of(application: Application) -> tuple[str | None, str]:
    """What says that two submissions are the same form. Without a schema the kind of content must do."""
    return application.schema_uri, application.content_media_type
