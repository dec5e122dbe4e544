-- Service packages as installed, and cases a clerk moved to another version. Archives lie beside the ledger.
CREATE TABLE installed_package (
    sequence INTEGER PRIMARY KEY, -- of the entry: the order they came in
    package_id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    title TEXT NOT NULL, -- JSON: words by language
    leika_keys TEXT NOT NULL, -- JSON list
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    signer TEXT
) STRICT;

CREATE TABLE case_package (
    case_id TEXT PRIMARY KEY,
    package_id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
