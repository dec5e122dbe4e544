-- Rights. Group roles carry table rights; which office a login belongs to stands in ``member``.

CREATE FUNCTION places(VARIADIC wanted text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT place_id FROM amtsstube.member
    WHERE login = session_user AND role = ANY (wanted) AND ended_at IS NULL
$$;

CREATE FUNCTION county_offices() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT office_id FROM amtsstube.office WHERE county_id IN (SELECT amtsstube.places('triage'))
$$;

CREATE FUNCTION neighbours() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT office_id FROM amtsstube.office WHERE county_id IN (
        SELECT county_id FROM amtsstube.office
        WHERE office_id IN (SELECT amtsstube.places('clerk', 'reviewer', 'intake', 'auditor'))
    )
$$;

CREATE FUNCTION my_desktops() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT desktop_id FROM amtsstube.desktop
    WHERE login = session_user AND admitted_at IS NOT NULL AND revoked_at IS NULL
$$;

-- Whose entries a person may bring: of any desktop of the office, because after a restore colleagues bring back
-- what the server lost (the desktop's signature inside says whose word it is). Not of an own desktop that was
-- revoked: what a lost laptop still says nobody hears.
CREATE FUNCTION writable_desktops() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT d.desktop_id FROM amtsstube.desktop d
    WHERE d.office_id IN (SELECT amtsstube.places('clerk', 'reviewer'))
      AND (d.revoked_at IS NULL OR d.login <> session_user)
      AND EXISTS (SELECT amtsstube.my_desktops())
$$;

CREATE FUNCTION reviewing_desktops() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    SELECT d.desktop_id FROM amtsstube.desktop d
    JOIN amtsstube.member m ON m.login = d.login AND m.place_id = d.office_id AND m.role = 'reviewer'
$$;

CREATE FUNCTION next_number(office text, wanted text) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
    UPDATE amtsstube.counter SET number = number + 1 WHERE office_id = office AND stream = wanted RETURNING number
$$;

-- An entry that is there already is passed over under the counter's lock: no number is spent on it.
CREATE FUNCTION place_entry() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
DECLARE
    last amtsstube.counter%ROWTYPE;
BEGIN
    SELECT * INTO STRICT last FROM amtsstube.counter
        WHERE office_id = NEW.office_id AND stream = 'entry' FOR UPDATE;
    IF EXISTS (SELECT FROM amtsstube.entry e WHERE e.office_id = NEW.office_id AND e.entry_id = NEW.entry_id) THEN
        RETURN NULL;
    END IF;
    NEW.number := last.number + 1;
    NEW.author := session_user;
    NEW.stored_at := now();
    NEW.chain := sha256(last.chain || uuid_send(NEW.entry_id) || sha256(NEW.sealed));
    UPDATE amtsstube.counter SET number = NEW.number, chain = NEW.chain
        WHERE office_id = NEW.office_id AND stream = 'entry';
    PERFORM pg_notify('amtsstube', NEW.office_id);
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION place_entry();

CREATE FUNCTION place_original() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM amtsstube.counter WHERE office_id = NEW.office_id AND stream = 'original' FOR UPDATE;
        IF EXISTS (SELECT FROM amtsstube.original o
                   WHERE o.office_id = NEW.office_id AND o.submission_id = NEW.submission_id) THEN
            RETURN NULL;
        END IF;
        NEW.stored_at := now();
    END IF;
    NEW.number := amtsstube.next_number(NEW.office_id, 'original');
    PERFORM pg_notify('amtsstube', NEW.office_id);
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT OR UPDATE ON original FOR EACH ROW EXECUTE FUNCTION place_original();

CREATE FUNCTION place_routing() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    NEW.number := amtsstube.next_number(NEW.office_id, 'routing');
    IF TG_OP = 'UPDATE' AND NEW.direction IS DISTINCT FROM OLD.direction THEN
        NEW.directed_by := session_user;
        NEW.directed_at := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER place BEFORE INSERT OR UPDATE ON routing FOR EACH ROW EXECUTE FUNCTION place_routing();

CREATE FUNCTION join_desktop() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    NEW.login := session_user;
    NEW.joined_at := now();
    -- the first desktop of an office founds it; every other one is admitted by a colleague
    PERFORM FROM amtsstube.office WHERE office_id = NEW.office_id FOR UPDATE;
    NEW.admitted_at := CASE WHEN EXISTS (
        SELECT FROM amtsstube.desktop d WHERE d.office_id = NEW.office_id AND d.admitted_at IS NOT NULL
    ) THEN NULL ELSE now() END;
    NEW.revoked_at := NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER enter BEFORE INSERT ON desktop FOR EACH ROW EXECUTE FUNCTION join_desktop();

-- A desktop that was revoked stays so; the server says when.
CREATE FUNCTION keep_revoked() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    NEW.admitted_at := coalesce(OLD.admitted_at, CASE WHEN NEW.admitted_at IS NOT NULL THEN now() END);
    NEW.revoked_at := coalesce(OLD.revoked_at, CASE WHEN NEW.revoked_at IS NOT NULL THEN now() END);
    RETURN NEW;
END $$;
CREATE TRIGGER keep_revoked BEFORE UPDATE ON desktop FOR EACH ROW EXECUTE FUNCTION keep_revoked();

-- The office's newest generation follows its key grants.
CREATE FUNCTION note_generation() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    UPDATE amtsstube.office SET generation = greatest(generation, NEW.generation) WHERE office_id = NEW.office_id;
    RETURN NULL;
END $$;
CREATE TRIGGER generation AFTER INSERT ON key_grant FOR EACH ROW EXECUTE FUNCTION note_generation();

-- A new office gets its counters.
CREATE FUNCTION open_office() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = amtsstube, pg_temp AS $$
BEGIN
    INSERT INTO amtsstube.counter (office_id, stream)
        SELECT NEW.office_id, unnest(ARRAY['entry', 'original', 'routing']);
    RETURN NULL;
END $$;
CREATE TRIGGER counters AFTER INSERT ON office FOR EACH ROW EXECUTE FUNCTION open_office();

ALTER TABLE office ENABLE ROW LEVEL SECURITY;
ALTER TABLE counter ENABLE ROW LEVEL SECURITY;
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE desktop ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE document ENABLE ROW LEVEL SECURITY;
ALTER TABLE original ENABLE ROW LEVEL SECURITY;
ALTER TABLE original_piece ENABLE ROW LEVEL SECURITY;
ALTER TABLE routing ENABLE ROW LEVEL SECURITY;
ALTER TABLE presence ENABLE ROW LEVEL SECURITY;

-- What an office is called is no secret among those who work together.
CREATE POLICY seen ON office FOR SELECT USING (
    office_id IN (SELECT neighbours()) OR office_id IN (SELECT county_offices())
);
CREATE POLICY seen ON counter FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake', 'auditor')) OR office_id IN (SELECT county_offices())
);
CREATE POLICY seen ON member FOR SELECT USING (
    login = session_user
    OR place_id IN (SELECT places('clerk', 'reviewer', 'intake', 'auditor', 'triage'))
    OR role = 'triage'                 -- who directs from the county is known to the offices
);

CREATE POLICY seen ON desktop FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake', 'auditor'))
);
CREATE POLICY joined ON desktop FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND login = session_user
);
-- admitted and revoked by a colleague whose own desktop is in good standing
CREATE POLICY admitted ON desktop FOR UPDATE USING (
    office_id IN (SELECT places('clerk', 'reviewer')) AND EXISTS (SELECT my_desktops())
);

CREATE POLICY seen ON key_grant FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake', 'auditor'))
);
CREATE POLICY granted ON key_grant FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND granted_by IN (SELECT my_desktops())
);

CREATE POLICY seen ON entry FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'auditor'))
    OR (kind IN ('triaged', 'triage-undone') AND office_id IN (SELECT county_offices()))
);
CREATE POLICY written ON entry FOR INSERT WITH CHECK (
    (
        office_id IN (SELECT places('clerk', 'reviewer')) AND generation > 0
        AND desktop_id IN (SELECT writable_desktops())
        AND kind NOT IN ('triaged', 'triage-undone')
        AND (kind <> 'review-released' OR desktop_id IN (SELECT reviewing_desktops()))
    ) OR (
        office_id IN (SELECT county_offices()) AND generation = 0 AND desktop_id IS NULL
        AND kind IN ('triaged', 'triage-undone')
    )
);

CREATE POLICY seen ON document FOR SELECT USING (office_id IN (SELECT places('clerk', 'reviewer')));
CREATE POLICY written ON document FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer')) AND EXISTS (SELECT my_desktops())
);

CREATE POLICY seen ON original FOR SELECT USING (office_id IN (SELECT places('clerk', 'reviewer', 'intake')));
CREATE POLICY written ON original FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND EXISTS (SELECT my_desktops())
);
CREATE POLICY settled ON original FOR UPDATE USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND EXISTS (SELECT my_desktops())
);
CREATE POLICY seen ON original_piece FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake'))
);
CREATE POLICY written ON original_piece FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND EXISTS (SELECT my_desktops())
);

CREATE POLICY seen ON routing FOR SELECT USING (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake', 'auditor')) OR office_id IN (SELECT county_offices())
);
CREATE POLICY written ON routing FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND EXISTS (SELECT my_desktops())
);
CREATE POLICY kept ON routing FOR UPDATE USING (
    (office_id IN (SELECT places('clerk', 'reviewer', 'intake')) AND EXISTS (SELECT my_desktops()))
    OR office_id IN (SELECT county_offices())
);

CREATE POLICY seen ON presence FOR SELECT USING (office_id IN (SELECT places('clerk', 'reviewer')));
CREATE POLICY told ON presence FOR INSERT WITH CHECK (
    office_id IN (SELECT places('clerk', 'reviewer')) AND desktop_id IN (SELECT my_desktops())
);
CREATE POLICY again ON presence FOR UPDATE USING (desktop_id IN (SELECT my_desktops()));
CREATE POLICY left_it ON presence FOR DELETE USING (desktop_id IN (SELECT my_desktops()));

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA amtsstube FROM PUBLIC;
GRANT USAGE ON SCHEMA amtsstube TO amtsstube_clerk, amtsstube_intake, amtsstube_triage, amtsstube_auditor;
GRANT EXECUTE ON FUNCTION places, county_offices, neighbours, my_desktops,
    writable_desktops, reviewing_desktops
    TO amtsstube_clerk, amtsstube_intake, amtsstube_triage, amtsstube_auditor;
GRANT SELECT ON schema_version, office, counter, member
    TO amtsstube_clerk, amtsstube_intake, amtsstube_triage, amtsstube_auditor;

GRANT SELECT ON desktop, key_grant TO amtsstube_clerk, amtsstube_intake, amtsstube_auditor;
GRANT INSERT (desktop_id, office_id, login, label, seal_key, sign_key) ON desktop TO amtsstube_clerk, amtsstube_intake;
GRANT UPDATE (admitted_at, revoked_at) ON desktop TO amtsstube_clerk;
GRANT INSERT (office_id, generation, desktop_id, sealed, granted_by) ON key_grant TO amtsstube_clerk, amtsstube_intake;

GRANT SELECT ON entry TO amtsstube_clerk;
GRANT INSERT (office_id, entry_id, desktop_id, kind, case_id, generation, sealed) ON entry TO amtsstube_clerk;
GRANT SELECT, INSERT ON document TO amtsstube_clerk;
GRANT SELECT ON original, original_piece TO amtsstube_clerk, amtsstube_intake;
GRANT INSERT (office_id, submission_id, case_id, destination_id, portal, state, settled_at, envelope) ON original
    TO amtsstube_clerk, amtsstube_intake;
GRANT UPDATE (state, settled_at) ON original TO amtsstube_clerk, amtsstube_intake;
GRANT INSERT ON original_piece TO amtsstube_clerk, amtsstube_intake;
GRANT SELECT ON routing TO amtsstube_clerk, amtsstube_intake, amtsstube_triage, amtsstube_auditor;
GRANT INSERT (office_id, case_id, case_reference, leika_key, service, municipality, portal, arrived_at,
              first_received_on, due_on, status, assigned, proposal, proposal_reason) ON routing
    TO amtsstube_clerk, amtsstube_intake;
GRANT UPDATE (case_reference, leika_key, service, municipality, due_on, status, assigned, proposal, proposal_reason)
    ON routing TO amtsstube_clerk, amtsstube_intake;
GRANT SELECT, INSERT, UPDATE, DELETE ON presence TO amtsstube_clerk;

-- the county: routing facts, its own directions, nothing sealed
GRANT UPDATE (direction, directed_to, directed_reason) ON routing TO amtsstube_triage;
GRANT SELECT (office_id, number, entry_id, author, kind, case_id, generation, stored_at) ON entry TO amtsstube_triage;
GRANT INSERT (office_id, entry_id, kind, case_id, generation, sealed) ON entry TO amtsstube_triage;

-- the auditor: who did what kind of thing when, and that the chain holds; no content
GRANT SELECT (office_id, number, entry_id, desktop_id, author, kind, case_id, generation, chain, stored_at) ON entry
    TO amtsstube_auditor;
