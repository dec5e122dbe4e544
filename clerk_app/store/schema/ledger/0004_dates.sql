-- Days clerks entered in cases, and what lists need of them. An entry's due day is what the recipient was told.
CREATE TABLE case_date (
    date_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_day TEXT NOT NULL,
    text TEXT NOT NULL,
    entry_id TEXT,
    done INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX case_date_by_case ON case_date (case_id);
CREATE INDEX case_date_open ON case_date (on_day)
    WHERE done = 0 AND kind IN ('follow-up', 'manual', 'warning');

ALTER TABLE outbox_state ADD COLUMN due_on TEXT;
UPDATE outbox_state SET due_on = (
    SELECT json_extract(payload, '$.outgoing.due_on') FROM entry WHERE sequence = queued_sequence
);
-- answer_on: what the newest document request asked for; next_on: the earliest open reminder;
-- target_on: the office's target as a clerk last saw it, with its pauses.
ALTER TABLE case_state ADD COLUMN answer_on TEXT;
ALTER TABLE case_state ADD COLUMN next_on TEXT;
ALTER TABLE case_state ADD COLUMN target_on TEXT;
UPDATE case_state SET answer_on = (
    SELECT due_on FROM outbox_state o
    WHERE o.case_id = case_state.case_id AND o.kind = 'document-request' AND o.state <> 'WITHDRAWN'
    ORDER BY o.queued_sequence DESC LIMIT 1
);
CREATE INDEX case_moved ON case_state (case_id)
    WHERE (answer_on IS NOT NULL OR next_on IS NOT NULL OR target_on IS NOT NULL);
CREATE INDEX entry_by_time ON entry (at);
