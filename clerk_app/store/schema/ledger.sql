CREATE INDEX case_closed ON case_state (closed_sequence) WHERE closed_sequence IS NOT NULL;

CREATE INDEX case_date_by_case ON case_date (case_id);

CREATE INDEX case_date_open ON case_date (on_day)
    WHERE done = 0 AND kind IN ('follow-up', 'manual', 'warning');

CREATE INDEX case_moved ON case_state (case_id) WHERE (
    answer_on IS NOT NULL OR next_on IS NOT NULL OR target_on IS NOT NULL OR forwarded_by IS NOT NULL
);

CREATE INDEX case_reopened ON case_state (case_id) WHERE reopened = 1;

CREATE INDEX draft_by_case ON draft_state (case_id);

CREATE INDEX entry_by_case ON entry (case_id, sequence) WHERE case_id IS NOT NULL;

CREATE INDEX entry_by_time ON entry (at);

CREATE UNIQUE INDEX one_decision_per_case ON outbox_state (case_id)
    WHERE kind = 'decision' AND state NOT IN ('WITHDRAWN', 'RETURNED') AND superseded = 0;

CREATE UNIQUE INDEX one_waiting_draft_per_case ON draft_state (case_id)
    WHERE place IN ('review', 'folder');

CREATE INDEX outbox_by_age ON outbox_state (queued_sequence);

CREATE INDEX outbox_by_case ON outbox_state (case_id, queued_sequence);

CREATE INDEX outbox_open ON outbox_state (state, queued_sequence)
    WHERE state NOT IN ('DELIVERED', 'POSTED', 'WITHDRAWN');

CREATE INDEX typed_by_place ON typed (case_id, place, sequence);

CREATE INDEX typed_unfinished ON typed (sequence) WHERE ended = 0;

CREATE TABLE case_date (
    date_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_day TEXT NOT NULL,
    text TEXT NOT NULL,
    entry_id TEXT,
    done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE case_looked (
    case_id TEXT NOT NULL,
    actor TEXT NOT NULL,
    looked_at TEXT,
    PRIMARY KEY (case_id, actor)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_package (
    case_id TEXT PRIMARY KEY,
    package_id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE case_state (
    case_id TEXT PRIMARY KEY,
    opened INTEGER NOT NULL DEFAULT 0,
    looked_at TEXT,
    requested_at TEXT,
    decision_state TEXT,
    reopened INTEGER NOT NULL DEFAULT 0,
    closed_sequence INTEGER
, answer_on TEXT, next_on TEXT, target_on TEXT, forwarded_by TEXT, forwarded_at TEXT, handed_over_at TEXT, settled_at TEXT, assigned_to TEXT, direction TEXT) STRICT, WITHOUT ROWID;

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

CREATE TABLE entry (
    sequence INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id TEXT,
    subject_id TEXT,
    payload TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    entry_hash TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE installed_package (
    sequence INTEGER PRIMARY KEY, -- of the entry: the order they came in
    package_id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL, -- JSON: words by language
    leika_keys TEXT NOT NULL, -- JSON list
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    signer TEXT
) STRICT;

CREATE TABLE kept (
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox_state (
    entry_id TEXT PRIMARY KEY,
    queued_sequence INTEGER NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT,
    portal TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    hold_until TEXT NOT NULL,
    remote TEXT,
    receipt TEXT,
    problems TEXT NOT NULL DEFAULT '[]',
    case_reference TEXT NOT NULL,
    recipient_name TEXT NOT NULL,
    title TEXT NOT NULL,
    accompanies TEXT,
    payload_sha256 TEXT NOT NULL,
    superseded INTEGER NOT NULL DEFAULT 0 -- a decision that a reopened case has left behind
, posted_on TEXT, basis TEXT, due_on TEXT, keeper TEXT) STRICT;

CREATE TABLE placed (
    sequence INTEGER PRIMARY KEY, -- of the entry here
    number INTEGER UNIQUE,
    desktop TEXT NOT NULL, -- which desktop wrote it; '' the county
    signature TEXT NOT NULL
) STRICT;

CREATE TABLE schedule (
    entry_id TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL,
    next_try_at TEXT,
    last_error TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE set_aside (
    number INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL,
    author TEXT NOT NULL,
    fault TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;

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

CREATE TABLE team_cursor (
    number INTEGER PRIMARY KEY,
    chain TEXT NOT NULL
) STRICT;

CREATE TABLE team_mark (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE typed (
    sequence INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    place TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    content TEXT NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE wanted_document (
    case_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (case_id, document_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entry_never_deleted BEFORE DELETE ON entry
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER entry_never_updated BEFORE UPDATE ON entry
WHEN NEW.payload IS NOT '{}'
    OR NEW.sequence IS NOT OLD.sequence OR NEW.entry_id IS NOT OLD.entry_id OR NEW.at IS NOT OLD.at
    OR NEW.actor IS NOT OLD.actor OR NEW.kind IS NOT OLD.kind OR NEW.case_id IS NOT OLD.case_id
    OR NEW.subject_id IS NOT OLD.subject_id OR NEW.previous_hash IS NOT OLD.previous_hash
    OR NEW.entry_hash IS NOT OLD.entry_hash OR OLD.kind = 'destroyed'
    OR NOT EXISTS (
        SELECT 1 FROM entry d
        WHERE d.case_id = OLD.case_id AND d.kind = 'destroyed' AND d.sequence > OLD.sequence
    )
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TRIGGER entry_only_appended BEFORE INSERT ON entry
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry)
    OR NEW.previous_hash IS NOT coalesce(
        (SELECT entry_hash FROM entry ORDER BY sequence DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000'
    )
BEGIN
    SELECT RAISE(ABORT, 'the ledger is a chain');
END;

CREATE TRIGGER review_by_another BEFORE INSERT ON entry
WHEN NEW.kind = 'review-released' AND NOT EXISTS (SELECT 1 FROM team_mark WHERE name = 'taking-in') AND (
    EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id AND a.actor = NEW.actor)
    OR NOT EXISTS (SELECT 1 FROM draft_author a WHERE a.draft_id = NEW.subject_id)
)
BEGIN
    SELECT RAISE(ABORT, 'four eyes');
END;

