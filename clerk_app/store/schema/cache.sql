CREATE INDEX attachment_by_content ON attachment (sha512);

CREATE INDEX attachment_text_unread ON attachment_text (state) WHERE state <> 'read';

CREATE INDEX cases_by_applicant ON cases (applicant_sort_key, id);

CREATE INDEX cases_by_due ON cases (due_on IS NULL, due_on, id);

CREATE INDEX cases_by_reference ON cases (case_reference);

CREATE INDEX cases_closed ON cases (id) WHERE closed = 1;

CREATE INDEX cases_newest ON cases (id);

CREATE INDEX cases_working ON cases (
    id, case_id, quarantined, submission_count, last_received_at, due_on, applicant_sort_key, attachment_count
) WHERE closed = 0;

CREATE INDEX note_text_by_case ON note_text (case_id);

CREATE INDEX relation_key_by_case ON relation_key (case_key);

CREATE INDEX submission_by_case ON submission (case_key);

CREATE INDEX submission_by_case_id ON submission (case_id);

CREATE INDEX submission_unsettled ON submission (portal, destination_id, id)
    WHERE state IN ('stored', 'to-reject');

CREATE INDEX text_wanted_newest ON text_wanted (submission);

CREATE TABLE application (
    submission INTEGER PRIMARY KEY REFERENCES submission (id) ON DELETE CASCADE,
    submitted_at TEXT NOT NULL,
    service_identifier TEXT,
    service_name TEXT,
    schema_uri TEXT,
    content BLOB NOT NULL,
    content_media_type TEXT NOT NULL,
    content_sha512 TEXT NOT NULL,
    metadata TEXT NOT NULL,
    reply_channel TEXT,
    consents INTEGER,
    applied_on TEXT,
    portal_application_id TEXT,
    sender_reference TEXT,
    warnings TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;

CREATE TABLE attachment (
    submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    attachment_id TEXT NOT NULL,
    filename TEXT,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    sha512 TEXT NOT NULL,
    purpose TEXT NOT NULL,
    description TEXT,
    PRIMARY KEY (submission, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment_text (
    sha512 TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    pages TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE case_fts USING fts5 (
    text, form, applicant, service, municipality, reference, attachments, notes,
    content = 'case_text', content_rowid = 'id', columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE case_text (
    id INTEGER PRIMARY KEY REFERENCES cases (id) ON UPDATE CASCADE ON DELETE CASCADE,
    text TEXT NOT NULL,
    form TEXT NOT NULL,
    applicant TEXT NOT NULL,
    service TEXT NOT NULL,
    municipality TEXT NOT NULL,
    reference TEXT NOT NULL
, attachments TEXT NOT NULL DEFAULT '', notes TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE cases (
    id INTEGER PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE,
    case_reference TEXT NOT NULL,
    portal TEXT NOT NULL,
    destination_id TEXT NOT NULL,
    service TEXT NOT NULL,
    leika_key TEXT,
    applicant TEXT NOT NULL,
    applicant_sort_key TEXT NOT NULL,
    municipality TEXT NOT NULL,
    arrived_at TEXT NOT NULL, -- by the portal's clock
    last_received_at TEXT NOT NULL, -- by ours: compared with what clerks did here
    due_on TEXT,
    channel TEXT,
    attachment_count INTEGER NOT NULL,
    submission_count INTEGER NOT NULL,
    quarantined INTEGER NOT NULL,
    quarantine_code TEXT,
    closed INTEGER NOT NULL DEFAULT 0 -- hint: the ledger says closed for good; lags behind, never runs ahead
, language TEXT NOT NULL DEFAULT '') STRICT;

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE mailbox (
    portal TEXT NOT NULL,
    destination_id TEXT NOT NULL,
    synced_at TEXT NOT NULL,
    PRIMARY KEY (portal, destination_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE note_text (
    sequence INTEGER PRIMARY KEY, -- of the ledger's entry
    case_id TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE TABLE portal_event (
    case_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    PRIMARY KEY (case_id, event_id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE reference_fts USING fts5 (
    reference, content = 'case_text', content_rowid = 'id', columnsize = 0,
    tokenize = 'trigram'
);

CREATE TABLE relation_key (
    kind INTEGER NOT NULL,
    key TEXT NOT NULL,
    beside TEXT NOT NULL,
    case_key INTEGER NOT NULL REFERENCES cases (id) ON UPDATE CASCADE ON DELETE CASCADE,
    written TEXT NOT NULL,
    PRIMARY KEY (kind, key, beside, case_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    submission_id TEXT NOT NULL UNIQUE,
    case_key INTEGER REFERENCES cases (id) ON UPDATE CASCADE,
    case_id TEXT NOT NULL,
    portal TEXT NOT NULL,
    destination_id TEXT NOT NULL,
    state TEXT NOT NULL,
    received_at TEXT NOT NULL,
    settled_at TEXT,
    code TEXT,
    code_params TEXT,
    fingerprint TEXT NOT NULL DEFAULT '',
    event_schema TEXT NOT NULL DEFAULT '',
    tags TEXT,
    problems TEXT
) STRICT;

CREATE TABLE text_wanted (
    sha512 TEXT PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER attachment_wants_reading AFTER INSERT ON attachment
WHEN NOT EXISTS (SELECT 1 FROM attachment_text t WHERE t.sha512 = NEW.sha512)
BEGIN
    INSERT OR REPLACE INTO text_wanted VALUES (NEW.sha512, NEW.submission, NEW.ordinal);
END;

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

CREATE TRIGGER cases_counted_in AFTER INSERT ON cases
BEGIN
    UPDATE counter SET value = value + 1 WHERE name = 'cases';
    UPDATE counter SET value = value + NEW.closed WHERE name = 'closed';
END;

CREATE TRIGGER cases_counted_out AFTER DELETE ON cases
BEGIN
    UPDATE counter SET value = value - 1 WHERE name = 'cases';
    UPDATE counter SET value = value - OLD.closed WHERE name = 'closed';
END;

CREATE TRIGGER cases_counted_over AFTER UPDATE OF closed ON cases
BEGIN
    UPDATE counter SET value = value + NEW.closed - OLD.closed WHERE name = 'closed';
END;

