-- Runs as the tables' owner whoever writes: the application's role has no other way to add an entry.
-- The transition tables tell the planner nothing about later, larger statements of the same session, hence no
-- nested loops. OFFSET 0 keeps the planner from making a row's JSON anew for each of its columns.
CREATE OR REPLACE FUNCTION accounts_audit_write() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp SET enable_nestloop = off AS $$
#variable_conflict use_variable
DECLARE
    key text := TG_ARGV[0];
    mask jsonb := TG_ARGV[1];
    unwatched text[] := TG_ARGV[2];
    told text[] := string_to_array(coalesce(current_setting('chainmatch.acting', true), ''), chr(31));
    who bigint := nullif(told[1], '')::bigint;
    way text := coalesce(told[2], '');
    by_what text := left(coalesce(told[3], ''), 100);
    request text := left(coalesce(told[4], ''), 64);
    moment timestamptz := clock_timestamp();
    xid bigint := pg_current_xact_id()::text::bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO accounts_auditentry
            (at, transaction, request_id, actor, via, credential, action, "table", object_id, before, after)
        SELECT moment, xid, request, who, way, by_what, 'insert', TG_TABLE_NAME, added ->> key, NULL,
               (added || mask) - unwatched
        FROM (SELECT to_jsonb(n) AS added FROM new_rows n OFFSET 0) AS one;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO accounts_auditentry
            (at, transaction, request_id, actor, via, credential, action, "table", object_id, before, after)
        SELECT moment, xid, request, who, way, by_what, 'delete', TG_TABLE_NAME, gone ->> key,
               (gone || mask) - unwatched, NULL
        FROM (SELECT to_jsonb(o) AS gone FROM old_rows o OFFSET 0) AS one;
    ELSE
        -- A changed key is a row that went and a row that came.
        INSERT INTO accounts_auditentry
            (at, transaction, request_id, actor, via, credential, action, "table", object_id, before, after)
        SELECT moment, xid, request, who, way, by_what,
               CASE WHEN gone IS NULL THEN 'insert' WHEN added IS NULL THEN 'delete' ELSE 'update' END,
               TG_TABLE_NAME, coalesce(added, gone) ->> key,
               CASE WHEN added IS NULL THEN (gone || mask) - unwatched ELSE changed.before END,
               CASE WHEN gone IS NULL THEN (added || mask) - unwatched ELSE changed.after END
        FROM (SELECT to_jsonb(o) AS gone FROM old_rows o OFFSET 0) AS former
        FULL JOIN (SELECT to_jsonb(n) AS added FROM new_rows n OFFSET 0) AS present
            ON gone ->> key = added ->> key
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(name, coalesce(mask -> name, gone -> name)) AS before,
                   jsonb_object_agg(name, coalesce(mask -> name, value)) AS after
            FROM jsonb_each(added) AS column_of(name, value)
            WHERE value IS DISTINCT FROM gone -> name AND name <> ALL (unwatched)
        ) AS changed
        WHERE gone IS NULL OR added IS NULL OR changed.after IS NOT NULL;
    END IF;
    RETURN NULL;
END
$$;

-- Gives every entry whose transaction has surely ended its place in the chain, oldest first, at most ``batch``.
-- An entry of a transaction that has not begun yet here came with a restored dump.
CREATE OR REPLACE FUNCTION accounts_audit_seal(batch integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = {schema}, pg_temp AS $$
DECLARE
    progress accounts_auditprogress;
    unborn boolean := pg_current_xact_id_if_assigned() IS NULL;
    issued bigint := coalesce(pg_sequence_last_value(pg_get_serial_sequence('accounts_auditentry', 'id')), 0);
    -- Younger than whoever holds an id up to ``issued``; the snapshot's xmax is not: it passes over who still runs.
    mine bigint := pg_current_xact_id()::text::bigint;
    seen pg_snapshot;
    running bigint;
    coming bigint;
    place bigint;
    head bytea;
    entry accounts_auditentry;
    sealed integer := 0;
BEGIN
    INSERT INTO accounts_auditprogress (id, floor, mark, mark_transaction) VALUES (1, 0, 0, 0)
        ON CONFLICT DO NOTHING;
    SELECT * INTO progress FROM accounts_auditprogress WHERE id = 1 FOR UPDATE;
    SELECT coalesce(max(position), 0) INTO place
        FROM (SELECT max(position) AS position FROM accounts_auditseal
              UNION ALL SELECT max(position) FROM accounts_auditcut) AS ends;
    SELECT hash INTO head FROM (SELECT hash, 1 AS rank FROM accounts_auditseal WHERE position = place
        UNION ALL SELECT hash, 2 FROM accounts_auditcut WHERE position = place) AS last ORDER BY rank LIMIT 1;
    head := coalesce(head, ''::bytea);
    seen := pg_current_snapshot();
    -- A long transaction of another database of this server, or of its vacuum, writes no entry of ours. Who
    -- isn't listed any more is waited for.
    SELECT least(mine, coalesce(min(xid), pg_snapshot_xmax(seen))::text::bigint) INTO running
        FROM pg_snapshot_xip(seen) AS xid WHERE NOT EXISTS (
            SELECT FROM pg_stat_activity AS session WHERE session.backend_xid = xid::xid
            AND (session.datname <> current_database() OR session.backend_type = 'autovacuum worker'));
    coming := pg_snapshot_xmax(seen)::text::bigint;
    FOR entry IN
        SELECT e.* FROM accounts_auditentry e LEFT JOIN accounts_auditseal s ON s.entry_id = e.id
        WHERE e.id > progress.floor AND s.entry_id IS NULL
            AND (e.transaction < running OR e.transaction >= coming)
            AND e.transaction <> mine
        ORDER BY e.id LIMIT batch
    LOOP
        place := place + 1;
        head := sha256(head || convert_to(json_build_array(
            place, entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'),
            entry.transaction, entry.request_id, entry.actor, entry.via, entry.credential, entry.action,
            entry."table", entry.object_id, entry.before::text, entry.after::text)::text, 'UTF8'));
        INSERT INTO accounts_auditseal (position, entry_id, hash) VALUES (place, entry.id, head);
        sealed := sealed + 1;
    END LOOP;
    IF sealed < batch AND (progress.mark_transaction <= running OR progress.mark_transaction > coming) THEN
        UPDATE accounts_auditprogress SET floor = progress.mark WHERE id = 1;
        UPDATE accounts_auditprogress SET mark = issued, mark_transaction = mine
            WHERE id = 1 AND unborn AND mark <= issued;
    END IF;
    RETURN sealed;
END
$$;
