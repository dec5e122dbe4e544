-- What stands in attachments, one row per content: read in the background, see store/text_index.py. "pages" are
-- separated by form feeds. "state": read, scan (pixels only, nobody could read them), refused.
CREATE TABLE attachment_text (
    sha512 TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    pages TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_text_unread ON attachment_text (state) WHERE state <> 'read';

-- Contents nobody has read yet, with one place each where it can be found.
CREATE TABLE text_wanted (
    sha512 TEXT PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX text_wanted_newest ON text_wanted (submission);
CREATE INDEX attachment_by_content ON attachment (sha512);
CREATE TRIGGER attachment_wants_reading AFTER INSERT ON attachment
WHEN NOT EXISTS (SELECT 1 FROM attachment_text t WHERE t.sha512 = NEW.sha512)
BEGIN
    INSERT OR REPLACE INTO text_wanted VALUES (NEW.sha512, NEW.submission, NEW.ordinal);
END;
INSERT OR REPLACE INTO text_wanted SELECT sha512, submission, ordinal FROM attachment ORDER BY submission;

-- A copy of the clerks' notes, which the ledger holds.
CREATE TABLE note_text (
    sequence INTEGER PRIMARY KEY, -- of the ledger's entry
    case_id TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX note_text_by_case ON note_text (case_id);

-- One index for everything: words of one search may stand in the form, in an attachment and in a note.
DROP TRIGGER case_text_in;
DROP TRIGGER case_text_out;
DROP TRIGGER case_text_over;
DROP TABLE case_fts;
ALTER TABLE case_text ADD COLUMN attachments TEXT NOT NULL DEFAULT '';
ALTER TABLE case_text ADD COLUMN notes TEXT NOT NULL DEFAULT '';
CREATE VIRTUAL TABLE case_fts USING fts5 (
    text, form, applicant, service, municipality, reference, attachments, notes,
    content = 'case_text', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO case_fts (case_fts, rank) VALUES ('secure-delete', 1);
INSERT INTO case_fts (case_fts) VALUES ('rebuild');
CREATE TRIGGER case_text_in AFTER INSERT ON case_text
BEGIN
    INSERT INTO case_fts (rowid, text, form, applicant, service, municipality, reference, attachments, notes)
    VALUES (
        NEW.id, NEW.text, NEW.form, NEW.applicant, NEW.service, NEW.municipality, NEW.reference,
        NEW.attachments, NEW.notes
    );
    INSERT INTO reference_fts (rowid, reference) VALUES (NEW.id, NEW.reference);
END;
CREATE TRIGGER case_text_out AFTER DELETE ON case_text
BEGIN
    INSERT INTO case_fts (
        case_fts, rowid, text, form, applicant, service, municipality, reference, attachments, notes
    )
    VALUES (
        'delete', OLD.id, OLD.text, OLD.form, OLD.applicant, OLD.service, OLD.municipality, OLD.reference,
        OLD.attachments, OLD.notes
    );
    INSERT INTO reference_fts (reference_fts, rowid, reference) VALUES ('delete', OLD.id, OLD.reference);
END;
CREATE TRIGGER case_text_over AFTER UPDATE ON case_text
BEGIN
    INSERT INTO case_fts (
        case_fts, rowid, text, form, applicant, service, municipality, reference, attachments, notes
    )
    VALUES (
        'delete', OLD.id, OLD.text, OLD.form, OLD.applicant, OLD.service, OLD.municipality, OLD.reference,
        OLD.attachments, OLD.notes
    );
    INSERT INTO case_fts (rowid, text, form, applicant, service, municipality, reference, attachments, notes)
    VALUES (
        NEW.id, NEW.text, NEW.form, NEW.applicant, NEW.service, NEW.municipality, NEW.reference,
        NEW.attachments, NEW.notes
    );
    INSERT INTO reference_fts (reference_fts, rowid, reference) VALUES ('delete', OLD.id, OLD.reference);
    INSERT INTO reference_fts (rowid, reference) VALUES (NEW.id, NEW.reference);
END;
