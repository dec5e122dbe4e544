-- One caseload for the offices of a county. The server holds what is needed to bring desktops together and
-- nothing that tells who applied: entries, documents and keys are sealed for the office, submissions are stored
-- as the delivery service sent them (JWE). In clear stand routing facts only: service, municipality, days, state.
--
-- Numbers are given under the lock of one counter row per office and stream, so that they are without a gap and
-- become visible in their order: who has read up to N has missed nothing below N.

CREATE TABLE office (
    office_id text PRIMARY KEY CHECK (office_id <> ''),
    county_id text NOT NULL,           -- offices of one county are distributed together
    ars text NOT NULL CHECK (ars ~ '^[0-9]{12}$'),
    name text NOT NULL,
    generation integer NOT NULL DEFAULT 0   -- of the office's key, the newest
);

CREATE TABLE counter (
    office_id text NOT NULL REFERENCES office,
    stream text NOT NULL CHECK (stream IN ('entry', 'original', 'routing')),
    number bigint NOT NULL DEFAULT 0,
    chain bytea NOT NULL DEFAULT '\x',
    PRIMARY KEY (office_id, stream)
);

-- Who may do what. An office's id or, for county staff, the county's.
CREATE TABLE member (
    login name NOT NULL,
    place_id text NOT NULL,
    role text NOT NULL CHECK (role IN ('clerk', 'reviewer', 'intake', 'triage', 'auditor')),
    actor text NOT NULL,               -- the name the person's acts carry
    ended_at timestamptz,
    PRIMARY KEY (login, place_id, role)
);

-- A person's desktop with its public keys; admitted by a colleague who seals the office's key for it.
CREATE TABLE desktop (
    desktop_id uuid PRIMARY KEY,
    office_id text NOT NULL REFERENCES office,
    login name NOT NULL,
    label text NOT NULL,
    seal_key bytea NOT NULL CHECK (length(seal_key) = 32),    -- X25519
    sign_key bytea NOT NULL CHECK (length(sign_key) = 32),    -- Ed25519
    joined_at timestamptz NOT NULL DEFAULT now(),
    admitted_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE key_grant (
    office_id text NOT NULL REFERENCES office,
    generation integer NOT NULL CHECK (generation > 0),
    desktop_id uuid NOT NULL REFERENCES desktop,
    sealed bytea NOT NULL,             -- HPKE (RFC 9180) for the desktop's seal_key
    granted_by uuid NOT NULL REFERENCES desktop,
    granted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office_id, generation, desktop_id)
);

CREATE TABLE entry (
    office_id text NOT NULL REFERENCES office,
    number bigint NOT NULL,
    entry_id uuid NOT NULL,
    desktop_id uuid,                   -- NULL: the county's word
    author name NOT NULL,
    kind text NOT NULL,
    case_id text,
    generation integer NOT NULL,       -- of the key; 0: not sealed, the county has no key
    sealed bytea NOT NULL,
    chain bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office_id, number),
    UNIQUE (office_id, entry_id)
);

CREATE TABLE document (
    office_id text NOT NULL REFERENCES office,
    document_id text NOT NULL,
    case_id text NOT NULL,
    generation integer NOT NULL,
    sealed bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office_id, document_id)
);

CREATE TABLE original (
    office_id text NOT NULL REFERENCES office,
    submission_id text NOT NULL,
    number bigint NOT NULL,
    case_id text NOT NULL,
    destination_id text NOT NULL,
    portal text NOT NULL,
    state text NOT NULL CHECK (state IN ('stored', 'accepted', 'to-reject', 'rejected', 'quarantined', 'contested')),
    settled_at text,
    envelope bytea NOT NULL,           -- submission (JWE), event log, keys: as received
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office_id, submission_id),
    UNIQUE (office_id, number)
);

CREATE TABLE original_piece (
    office_id text NOT NULL,
    submission_id text NOT NULL,
    attachment_id text NOT NULL,
    piece integer NOT NULL,
    body bytea NOT NULL,               -- part of a JWE
    PRIMARY KEY (office_id, submission_id, attachment_id, piece)
);

-- What the county sees of a case. Written by the office's desktops; the county writes its direction only.
CREATE TABLE routing (
    office_id text NOT NULL REFERENCES office,
    case_id text NOT NULL,
    number bigint NOT NULL,
    case_reference text NOT NULL,
    leika_key text NOT NULL,
    service text NOT NULL,
    municipality text NOT NULL,
    portal text NOT NULL,
    arrived_at timestamptz NOT NULL,
    first_received_on date NOT NULL,   -- kept when a case is passed on: deadlines run from it
    due_on date,
    status text NOT NULL,
    assigned boolean NOT NULL DEFAULT false,
    proposal text NOT NULL DEFAULT '', -- competent authority as the office's rules see it
    proposal_reason text NOT NULL DEFAULT '',
    direction text CHECK (direction IN ('assign', 'forward')),
    directed_to text,
    directed_reason text,
    directed_by name,
    directed_at timestamptz,
    PRIMARY KEY (office_id, case_id)
);
CREATE INDEX routing_open ON routing (office_id, due_on, case_id) WHERE status NOT IN ('closed', 'forwarded');
CREATE INDEX routing_by_age ON routing (arrived_at, office_id, case_id) WHERE status NOT IN ('closed', 'forwarded');

-- Who has a case open just now. Nothing decides by it.
CREATE TABLE presence (
    office_id text NOT NULL REFERENCES office,
    case_id text NOT NULL,
    desktop_id uuid NOT NULL REFERENCES desktop,
    actor text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (office_id, desktop_id, case_id)
);

CREATE TABLE schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
