-- At the end of retention the words of a case are taken out of the ledger; the chain keeps its hashes. Only an
-- entry of a case that a later entry declares destroyed may lose its payload, and nothing else of it changes.
DROP TRIGGER entry_never_updated;
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
