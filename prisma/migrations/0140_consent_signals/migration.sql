-- Consent signals (ADR 40): what browsers and consent platforms say with an event. What a person denies and what signals
-- deny are kept apart, so that a signal takes back nothing but what one of its kind denied. Both together are in force.

-- AlterTable
ALTER TABLE "consents" ADD COLUMN     "allowed_at" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "signalled" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "consent_signals" (
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "denied" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_signals_pkey" PRIMARY KEY ("workspace_id","customer","kind")
);

-- CreateTable
CREATE TABLE "consent_signal_news" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "denied" TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_signal_news_pkey" PRIMARY KEY ("workspace_id","shard_id","partition","position")
);

SELECT millrace_secure_table('consent_signals', false);
SELECT millrace_secure_table('consent_signal_news', false);
GRANT INSERT ON consent_signal_news TO millrace_bulk;

CREATE FUNCTION sorted_union(one text[], other text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(DISTINCT item ORDER BY item), '{}') FROM unnest(one || other) AS item;
$$;

-- What is in force for keys: what they deny, and what signals deny for them.
CREATE OR REPLACE FUNCTION consents_of(inside text, given text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'customer', customer, 'version', version, 'allowedAt', allowed_at,
    'denied', denied || ARRAY(SELECT unnest(signalled) EXCEPT SELECT unnest(denied)))), '[]')
  FROM consents WHERE workspace_id = inside AND customer = ANY (given);
$$;

-- Works out what signals deny for keys: of each kind the newest, but for what the person allowed again since. Returns the
-- keys for which that changed.
CREATE FUNCTION put_signals_in_force(inside text, given text[], moment timestamptz) RETURNS text[]
LANGUAGE sql AS $$
  WITH wanted AS (
    SELECT keys.key, c.customer IS NOT NULL AS has_record,
      coalesce(array_agg(DISTINCT d.purpose ORDER BY d.purpose) FILTER (WHERE d.purpose IS NOT NULL), '{}') AS signalled
    FROM (SELECT DISTINCT unnest(given) COLLATE "C" AS key) AS keys
    LEFT JOIN consents c ON c.workspace_id = inside AND c.customer = keys.key
    LEFT JOIN consent_signals s ON s.workspace_id = inside AND s.customer = keys.key
    LEFT JOIN LATERAL unnest(s.denied) AS d(purpose)
      ON c.allowed_at->>d.purpose IS NULL
      OR extract(epoch FROM s.at) * 1000 > (c.allowed_at->>d.purpose)::numeric
    GROUP BY keys.key, c.customer),
  changed AS (
    INSERT INTO consents (workspace_id, customer, denied, signalled, version, updated_at)
    SELECT inside, key, '{}', signalled, 1, moment FROM wanted
    WHERE has_record OR cardinality(signalled) > 0 ORDER BY key
    ON CONFLICT (workspace_id, customer) DO UPDATE SET
      signalled = EXCLUDED.signalled, version = consents.version + 1, updated_at = EXCLUDED.updated_at
    WHERE consents.signalled IS DISTINCT FROM EXCLUDED.signalled
    RETURNING customer)
  SELECT coalesce(array_agg(customer), '{}') FROM changed;
$$;

-- Adds a purpose to, or takes it from, what each key denies. Keys change in order, so that two wishes cannot deadlock. Who
-- allows a purpose again allows it whatever was signalled until then.
CREATE OR REPLACE FUNCTION change_consents(inside text, given text[], wish jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  opted_in boolean := (wish->>'optedIn')::boolean;
  purpose text := wish->>'purpose';
  moment timestamptz := (wish->>'at')::timestamptz;
  allowed jsonb := CASE WHEN opted_in
    THEN jsonb_build_object(purpose, floor(extract(epoch FROM moment) * 1000)) ELSE '{}' END;
BEGIN
  INSERT INTO consents (workspace_id, customer, denied, signalled, allowed_at, version, updated_at)
  SELECT inside, key, CASE WHEN opted_in THEN '{}' ELSE ARRAY[purpose] END, '{}', allowed, 1, moment
  FROM (SELECT DISTINCT unnest(given) COLLATE "C" AS key ORDER BY key) AS sorted
  ON CONFLICT (workspace_id, customer) DO UPDATE SET
    denied = CASE WHEN opted_in THEN array_remove(consents.denied, purpose)
                  ELSE array_append(array_remove(consents.denied, purpose), purpose) END,
    allowed_at = consents.allowed_at || EXCLUDED.allowed_at,
    version = consents.version + 1,
    updated_at = EXCLUDED.updated_at;
  IF opted_in THEN
    PERFORM put_signals_in_force(inside, given, moment);
  END IF;
END $$;

-- Takes a signal in for all keys of a person, in whatever order signals come: the newest of a kind stands, and of the same
-- instant both deny. Returns what is in force for the keys for which that changed, with its audit entry; nobody is told of
-- a signal that changes nothing.
CREATE FUNCTION record_signal(
  inside text, signal jsonb, given text[], moment timestamptz, entry jsonb, text_before text, text_after text
) RETURNS TABLE (standing jsonb, number int, entry_hash text) LANGUAGE plpgsql AS $$
DECLARE
  changed text[];
BEGIN
  PERFORM set_config('app.workspace_id', inside, true);
  INSERT INTO consent_signals (workspace_id, customer, kind, denied, at, taken_at)
  SELECT inside, key, signal->>'kind', ARRAY(SELECT jsonb_array_elements_text(signal->'denied')),
    (signal->>'at')::timestamptz, moment
  FROM (SELECT DISTINCT unnest(given) COLLATE "C" AS key ORDER BY key) AS sorted
  ON CONFLICT (workspace_id, customer, kind) DO UPDATE SET
    denied = CASE WHEN EXCLUDED.at > consent_signals.at THEN EXCLUDED.denied
                  ELSE sorted_union(consent_signals.denied, EXCLUDED.denied) END,
    at = EXCLUDED.at, taken_at = EXCLUDED.taken_at
  WHERE EXCLUDED.at >= consent_signals.at;
  DELETE FROM consent_signal_news n
  WHERE n.workspace_id = inside AND n.shard_id = (signal->>'shardId')::int
    AND n.partition = (signal->>'partition')::int AND n.position = signal->>'position';
  changed := put_signals_in_force(inside, given, moment);
  standing := consents_of(inside, changed);
  IF cardinality(changed) > 0 THEN
    SELECT a.number, a.entry_hash INTO number, entry_hash FROM append_audit(inside, entry, text_before, text_after) a;
  END IF;
  RETURN NEXT;
END $$;
