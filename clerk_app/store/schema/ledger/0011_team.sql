-- One caseload on several desktops. Entries of others join this chain; their number in the team's order, which
-- is the same everywhere, says in which order views read them. NULL: the server has lost it, it goes out again.
CREATE TABLE placed (
    sequence INTEGER PRIMARY KEY, -- of the entry here
    number INTEGER UNIQUE,
    desktop TEXT NOT NULL, -- which desktop wrote it; '' the county
    signature TEXT NOT NULL
) STRICT;

-- Where the team's order was read up to, and the server's chain value there: to notice a server put back.
CREATE TABLE team_cursor (
    number INTEGER PRIMARY KEY,
    chain TEXT NOT NULL
) STRICT;

-- This desktop's id and keys, the office's place, marks of the exchange. ``taking-in`` stands here only inside a
-- transaction that takes in entries of others.
CREATE TABLE team_mark (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries that could not be believed. Kept for a person to look at; they count for nothing.
CREATE TABLE set_aside (
    number INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL,
    author TEXT NOT NULL,
    fault TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

CREATE TABLE wanted_document (
    case_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (case_id, document_id)
) STRICT, WITHOUT ROWID;

-- Vertretung, as the entries say it.
CREATE TABLE stand_in (
    stand_in_id TEXT PRIMARY KEY,
    absent TEXT NOT NULL,
    stand_in TEXT NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT NOT NULL,
    services TEXT NOT NULL, -- JSON list of LeiKa keys; empty: all
    may_sign INTEGER NOT NULL,
    set_by TEXT NOT NULL,
    set_at TEXT NOT NULL,
    ended_at TEXT
) STRICT, WITHOUT ROWID;

-- Who looked at a case, each for oneself.
CREATE TABLE case_looked (
    case_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    looked_at TEXT,
    PRIMARY KEY (case_id, actor)
) STRICT, WITHOUT ROWID;

-- The desktop that sends it; NULL: the one that queued it.
ALTER TABLE outbox_state ADD COLUMN keeper TEXT;

-- What the county directs: JSON of the entry's payload with its author and time. NULL: nothing.
ALTER TABLE case_state ADD COLUMN direction TEXT;

-- The four-eyes rule for what others did is a matter of the team's order: the projection applies it there.
DROP TRIGGER review_by_another;
CREATE TRIGGER review_by_another BEFORE INSERT ON entry
WHEN NEW.kind = 'review-released' AND NOT EXISTS (SELECT 1 FROM team_mark WHERE name = 'taking-in') AND (
    EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id AND a.actor = NEW.actor)
    OR NOT EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id)
)
BEGIN
    SELECT RAISE(ABORT, 'four eyes');
END;

INSERT INTO case_looked(case_id, actor, looked_at)
SELECT case_id, actor, CASE kind WHEN 'unread' THEN NULL ELSE at END FROM entry
WHERE kind IN ('opened', 'unread', 'reopened') AND case_id IS NOT NULL ORDER BY sequence
ON CONFLICT(case_id, actor) DO UPDATE SET looked_at = excluded.looked_at;
