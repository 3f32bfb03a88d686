-- What the schema language cannot say: roles, row-level security, partitions of history.

-- Roles. Where the server is our own they exist already, with passwords; elsewhere they are made as groups that the
-- signed-in role is put into.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['millrace_app', 'millrace_worker', 'millrace_bulk'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
        IF wanted = 'millrace_bulk' THEN
          EXECUTE 'ALTER ROLE millrace_bulk BYPASSRLS';
        END IF;
      EXCEPTION WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role % is missing and % may not make it; ask the administrator of the database to.', wanted, current_user;
      END;
    END IF;
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO millrace_app, millrace_worker, millrace_bulk;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO millrace_app, millrace_worker;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO millrace_app, millrace_worker, millrace_bulk;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO millrace_app, millrace_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO millrace_app, millrace_worker, millrace_bulk;

-- The audit and what was signed are only ever added to.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries, dpia_signatures FROM millrace_app, millrace_worker;

-- The bulk writer adds to history and decisions, and keeps its own place; it reads nothing of customers.
GRANT INSERT ON history_events, history_facts, late_events, duplicate_attempts, dead_letters, decisions, metric_samples
  TO millrace_bulk;
GRANT SELECT, INSERT, UPDATE ON archive_offsets, identity_links TO millrace_bulk;

-- Every table with a workspace shows, and takes, only rows of the workspace set for the transaction. The tables that
-- lead to a workspace (who belongs to it, keys and invitations for it, where its partitions are) are read before
-- one is known: they are open until a workspace is set, and then closed like the rest.
CREATE FUNCTION millrace_secure_table(target regclass, precedes_workspace boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  inside text := 'workspace_id = current_setting(''app.workspace_id'', true)';
BEGIN
  IF precedes_workspace THEN
    inside := inside || ' OR coalesce(current_setting(''app.workspace_id'', true), '''') = ''''';
  END IF;
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('DROP POLICY IF EXISTS workspace ON %s', target);
  EXECUTE format('CREATE POLICY workspace ON %s USING (%s) WITH CHECK (%s)', target, inside, inside);
END $$;

DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT c.oid::regclass AS target, c.relname
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  LOOP
    PERFORM millrace_secure_table(
      found.target,
      found.relname IN ('memberships', 'invitations', 'sources', 'api_keys', 'shards')
    );
  END LOOP;
END $$;

-- History is kept by day of logging, so that a day can leave as one piece. What has no day of its own yet waits in
-- the rest.
CREATE TABLE history_events_rest PARTITION OF history_events DEFAULT;
SELECT millrace_secure_table('history_events_rest', false);

CREATE FUNCTION ensure_history_day(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  name text := 'history_events_' || to_char(wanted, 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_history_day'));
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF history_events FOR VALUES FROM (%L) TO (%L)',
    name, (wanted::text || ' 00:00:00+00'), ((wanted + 1)::text || ' 00:00:00+00')
  );
  PERFORM millrace_secure_table(name::regclass, false);
EXCEPTION WHEN check_violation THEN
  -- The rest holds rows of that day already: they stay there.
  RETURN;
END $$;

REVOKE ALL ON FUNCTION ensure_history_day(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_history_day(date) TO millrace_worker, millrace_bulk;
REVOKE ALL ON FUNCTION millrace_secure_table(regclass, boolean) FROM PUBLIC;
