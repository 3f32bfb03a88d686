-- Who belongs to a workspace, its invitations and its keys were open to whoever had set no workspace, because sign-in and
-- keys come before one is known. From here on they are closed like the rest, and each question that comes before a
-- workspace has a function that answers it and nothing else.
--
-- The functions run as the owner of the tables, who may read them while no workspace is set: they answer outside of one only.
-- Shards (ids and numbers, nothing of customers or people) stay open: the processes that work for all workspaces begin
-- with their list.

DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY['memberships', 'invitations', 'sources', 'api_keys'] LOOP
    PERFORM millrace_secure_table(target::regclass, false);
    EXECUTE format(
      'CREATE POLICY lookup ON %I FOR SELECT TO CURRENT_USER USING (coalesce(current_setting(''app.workspace_id'', true), '''') = '''')',
      target
    );
  END LOOP;
END $$;

CREATE FUNCTION source_of_key(hash text)
RETURNS TABLE (id text, name text, workspace_id text, platform text, events_per_sec int, revoked_at timestamptz,
               shard_id int, region text, partitions int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, s.name, s.workspace_id, s.platform, s.events_per_sec, s.revoked_at, h.id, h.region, h.partitions
  FROM sources s JOIN shards h ON h.id = s.shard_id WHERE s.key_hash = $1;
$$;

CREATE FUNCTION api_key_of(hash text)
RETURNS TABLE (id text, workspace_id text, scopes text[], expires_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT k.id, k.workspace_id, k.scopes, k.expires_at, k.revoked_at FROM api_keys k WHERE k.key_hash = $1;
$$;

-- An invitation that can still be taken up.
CREATE FUNCTION invitation_of_token(hash text, at timestamptz)
RETURNS TABLE (id text, workspace_id text, workspace_name text, email text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.workspace_id, w.name, i.email, i.role::text
  FROM invitations i JOIN workspaces w ON w.id = i.workspace_id
  WHERE i.token_hash = $1 AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > $2;
$$;

-- The workspaces of one person, the one joined first in front.
CREATE FUNCTION memberships_of(person text)
RETURNS TABLE (workspace_id text, workspace_name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT m.workspace_id, w.name, m.role::text
  FROM memberships m JOIN workspaces w ON w.id = m.workspace_id
  WHERE m.user_id = $1 ORDER BY m.created_at, m.id LIMIT 1000;
$$;

-- What sessions stand for; those that ended, or whose person left the workspace, are missing.
CREATE FUNCTION standing_sessions(ids text[], at timestamptz)
RETURNS TABLE (id text, workspace_id text, role text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id, m.workspace_id, m.role::text, s.expires_at
  FROM sessions s JOIN memberships m ON m.user_id = s.user_id AND m.workspace_id = s.active_workspace_id
  WHERE s.id = ANY ($1) AND s.expires_at > $2;
$$;

DO $$
DECLARE
  answer text;
BEGIN
  FOREACH answer IN ARRAY ARRAY[
    'source_of_key(text)', 'api_key_of(text)', 'invitation_of_token(text, timestamptz)', 'memberships_of(text)',
    'standing_sessions(text[], timestamptz)'
  ] LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', answer);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO millrace_app, millrace_worker', answer);
  END LOOP;
END $$;
