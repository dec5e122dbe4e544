-- Cases that went to the competent authority: the notice that says so (none: the case is ours, or ours again),
-- when, and when the papers last went there. What arrives later than both must follow.
ALTER TABLE case_state ADD COLUMN forwarded_by TEXT;
ALTER TABLE case_state ADD COLUMN forwarded_at TEXT;
ALTER TABLE case_state ADD COLUMN handed_over_at TEXT;

DROP INDEX case_moved;
CREATE INDEX case_moved ON case_state (case_id) WHERE (
    answer_on IS NOT NULL OR next_on IS NOT NULL OR target_on IS NOT NULL OR forwarded_by IS NOT NULL
);
