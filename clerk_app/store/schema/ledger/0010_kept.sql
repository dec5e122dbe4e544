-- What the window keeps for a person between two starts and what may name people: saved views, the place last
-- worked at. No act: nothing here decides anything.
CREATE TABLE kept (
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT, WITHOUT ROWID;
