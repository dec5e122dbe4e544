-- What other cases are found by: person, organisation, address, documents. "key" is what two cases have in
-- common when it is equal, "written" how this case spells it. "beside" says more of the key: with a name the
-- date of birth, with an address the family name; empty when that is not known.
CREATE TABLE relation_key (
    kind INTEGER NOT NULL,
    key TEXT NOT NULL,
    beside TEXT NOT NULL,
    case_key INTEGER NOT NULL REFERENCES cases (id) ON UPDATE CASCADE ON DELETE CASCADE,
    written TEXT NOT NULL,
    PRIMARY KEY (kind, key, beside, case_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_key_by_case ON relation_key (case_key);

-- Deriving a case's row and reading its file ask by the case's id, before there is a key.
CREATE INDEX submission_by_case_id ON submission (case_id);

-- What was stored before has no keys yet. The sync thread reads it again, newest first, a few at a time.
INSERT INTO note
SELECT 'persons-below', CAST(max(submission) + 1 AS TEXT) FROM application HAVING max(submission) IS NOT NULL;
