-- Drafts that are fixed to the byte: they wait for another clerk's release or for a signature.
CREATE TABLE draft_state (
    draft_id TEXT PRIMARY KEY, -- also the id of the decision in the outbox
    frozen_sequence INTEGER NOT NULL, -- the entry that holds the letter
    case_id TEXT NOT NULL,
    place TEXT NOT NULL,
    outcome TEXT NOT NULL,
    case_reference TEXT NOT NULL,
    service TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    title TEXT NOT NULL,
    document_id TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    change_token TEXT NOT NULL,
    frozen_by TEXT NOT NULL,
    frozen_at TEXT NOT NULL,
    edited_by TEXT, -- wrote another text since: the fixed one is worth nothing any more
    released_by TEXT,
    released_at TEXT,
    end_reason TEXT,
    remark TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE draft_author (
    draft_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (draft_id, actor)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft_seen (
    draft_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (draft_id, actor)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_waiting_draft_per_case ON draft_state (case_id)
    WHERE place IN ('review', 'folder');

CREATE INDEX draft_by_case ON draft_state (case_id);

-- The use case says it in words; this holds even when a use case is wrong.
CREATE TRIGGER review_by_another BEFORE INSERT ON entry
WHEN NEW.kind = 'review-released' AND (
    EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id AND a.actor = NEW.actor)
    OR NOT EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id)
)
BEGIN
    SELECT RAISE(ABORT, 'four eyes');
END;
