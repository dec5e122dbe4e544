-- What is being typed, as it was at most two seconds ago. No act of a clerk and no part of the chain: it only
-- serves to bring words back. "ended": sent, or kept as a draft; nothing is owed any more.
CREATE TABLE typed (
    sequence INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL,
    place TEXT NOT NULL,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    content TEXT NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX typed_by_place ON typed (case_id, place, sequence);
CREATE INDEX typed_unfinished ON typed (sequence) WHERE ended = 0;
