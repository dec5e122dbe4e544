-- Whose a case is: who opened it first, until somebody says otherwise. NULL: nobody's.
ALTER TABLE case_state ADD COLUMN assigned_to TEXT;
UPDATE case_state SET assigned_to = (
    SELECT actor FROM entry WHERE entry.case_id = case_state.case_id AND kind = 'opened' ORDER BY sequence LIMIT 1
);
