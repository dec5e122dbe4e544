-- The day a clerk gave a letter to the post, and the submissions a frozen entry was made on (JSON list of ids;
-- NULL for entries of older programs and for those that rest on nothing, such as status lines).
ALTER TABLE outbox_state ADD COLUMN posted_on TEXT;
ALTER TABLE outbox_state ADD COLUMN basis TEXT;
