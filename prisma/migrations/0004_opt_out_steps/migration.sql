-- The steps of an opt-out, one statement each: a statement is a transaction of its own, so that a customer's wish waits
-- for three answers of the database rather than for twenty. Each sets the workspace for itself; row-level security holds
-- as it does for the role that calls.

-- Adds an entry to the audit chain of a workspace, under a lock that is held to the end of the transaction: numbers have
-- no gaps. The hash covers the hash before and the entry's canonical text, given in the two parts around its number.
CREATE FUNCTION append_audit(inside text, entry jsonb, text_before text, text_after text)
RETURNS TABLE (number int, entry_hash text) LANGUAGE plpgsql AS $$
DECLARE
  last_hash text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || inside, 0));
  SELECT seq, hash INTO number, last_hash FROM audit_entries
  WHERE workspace_id = inside ORDER BY seq DESC LIMIT 1;
  number := coalesce(number, 0) + 1;
  last_hash := coalesce(last_hash, repeat('0', 64));
  entry_hash := encode(sha256(convert_to(last_hash || text_before || number || text_after, 'UTF8')), 'hex');
  INSERT INTO audit_entries
    (workspace_id, seq, at, actor_kind, actor_id, action, subject, reason, details, prev_hash, hash)
  VALUES (inside, number, (entry->>'at')::timestamptz, entry->>'actorKind', entry->>'actorId', entry->>'action',
          entry->>'subject', entry->>'reason', entry->'details', last_hash, entry_hash);
  RETURN NEXT;
END $$;

-- Every key of a person that the archive knows, with those given: at most `most`, or as many as were given.
CREATE FUNCTION linked_keys(inside text, given text[], most int) RETURNS text[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE person(key) AS (
    SELECT unnest(given)
    UNION
    SELECT link.other FROM person CROSS JOIN LATERAL (
      SELECT to_key AS other FROM identity_links WHERE workspace_id = inside AND from_key = person.key
      UNION ALL
      SELECT from_key FROM identity_links WHERE workspace_id = inside AND to_key = person.key
    ) AS link
  )
  SELECT coalesce(array_agg(key), '{}') FROM
    (SELECT key FROM person LIMIT greatest(most, cardinality(given))) AS kept;
$$;

-- Adds a purpose to, or takes it from, what each key denies. Keys change in order, so that two wishes cannot deadlock.
CREATE FUNCTION change_consents(inside text, given text[], wish jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  opted_in boolean := (wish->>'optedIn')::boolean;
  purpose text := wish->>'purpose';
BEGIN
  INSERT INTO consents (workspace_id, customer, denied, version, updated_at)
  SELECT inside, key, CASE WHEN opted_in THEN '{}' ELSE ARRAY[purpose] END, 1, (wish->>'at')::timestamptz
  FROM (SELECT DISTINCT unnest(given) COLLATE "C" AS key ORDER BY key) AS sorted
  ON CONFLICT (workspace_id, customer) DO UPDATE SET
    denied = CASE WHEN opted_in THEN array_remove(consents.denied, purpose)
                  ELSE array_append(array_remove(consents.denied, purpose), purpose) END,
    version = consents.version + 1,
    updated_at = EXCLUDED.updated_at;
END $$;

CREATE FUNCTION consents_of(inside text, given text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('customer', customer, 'denied', denied, 'version', version)), '[]')
  FROM consents WHERE workspace_id = inside AND customer = ANY (given);
$$;

-- Where a search for a person's keys begins: what the archive knows, and the shards the stream may know more in.
CREATE FUNCTION survey_person(inside text, given text[], most int)
RETURNS TABLE (keys text[], shards jsonb) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.workspace_id', inside, true);
  keys := linked_keys(inside, given, most);
  SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'partitions', s.partitions) ORDER BY s.id), '[]')
  INTO shards FROM shards s WHERE s.workspace_id = inside;
  RETURN NEXT;
END $$;

-- Writes down a wish: what each key denies, the request, and its audit entry, which stand or fall together.
CREATE FUNCTION record_wish(inside text, wish jsonb, given text[], entry jsonb, text_before text, text_after text)
RETURNS TABLE (standing jsonb, number int, entry_hash text) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.workspace_id', inside, true);
  PERFORM change_consents(inside, given, wish);
  INSERT INTO opt_outs
    (id, workspace_id, customer, linked_keys, opted_in, purpose, reason, actor_kind, actor_id, requested_at)
  VALUES (wish->>'id', inside, wish->>'customer', array_remove(given, wish->>'customer'), (wish->>'optedIn')::boolean,
          wish->>'purpose', wish->>'reason', wish->>'actorKind', wish->>'actorId', (wish->>'at')::timestamptz);
  standing := consents_of(inside, given);
  SELECT a.number, a.entry_hash INTO number, entry_hash FROM append_audit(inside, entry, text_before, text_after) a;
  RETURN NEXT;
END $$;

-- Ends a change of consent. When no further key turned up and nobody changed the record meanwhile, the wish (if there is
-- one) is acknowledged and null is returned; else the record that the store must be set to next.
CREATE FUNCTION settle_consent(
  inside text, given text[], versions int[], store_links text[], wish jsonb, enforcement jsonb, most int
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  late text[] := '{}';
  standing jsonb;
BEGIN
  PERFORM set_config('app.workspace_id', inside, true);
  IF wish IS NOT NULL THEN
    SELECT coalesce(array_agg(key), '{}') INTO late
    FROM unnest(linked_keys(inside, given || store_links, most)) AS key WHERE NOT key = ANY (given);
    IF cardinality(late) > 0 THEN
      PERFORM change_consents(inside, late, wish);
    END IF;
  END IF;
  standing := consents_of(inside, given || late);
  IF jsonb_array_length(standing) <> cardinality(given) OR EXISTS (
    SELECT FROM jsonb_to_recordset(standing) AS now(customer text, version int)
    WHERE now.version IS DISTINCT FROM versions[array_position(given, now.customer)]
  ) THEN
    RETURN standing;
  END IF;
  IF wish IS NOT NULL THEN
    UPDATE opt_outs SET acknowledged_at = (wish->>'at')::timestamptz,
      linked_keys = array_remove(given, wish->>'customer'), enforcement = settle_consent.enforcement
    WHERE workspace_id = inside AND id = wish->>'id';
  END IF;
  RETURN NULL;
END $$;
