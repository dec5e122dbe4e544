-- When a clerk last ticked off what an applicant was still awaited for (it came on paper, or nobody needs it):
-- later than the request, the case is the office's turn again. NULL: something is awaited.
ALTER TABLE case_state ADD COLUMN settled_at TEXT;
