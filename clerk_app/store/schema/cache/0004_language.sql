-- The language an application asks to be answered in: a code, or as the form writes it; empty when it says nothing.
ALTER TABLE cases ADD COLUMN language TEXT NOT NULL DEFAULT '';

-- What was stored before is read again by the sync thread, newest first, a few at a time.
INSERT INTO note
SELECT 'languages-below', CAST(max(submission) + 1 AS TEXT) FROM application HAVING max(submission) IS NOT NULL;
