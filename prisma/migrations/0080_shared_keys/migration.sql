-- A key belongs to one customer (identity_links). Others that it is seen with are no part of that customer, but an opt-out
-- covers them all: the record must know them too, so that it holds when the stream's own memory is lost.

-- CreateTable
CREATE TABLE "shared_keys" (
    "workspace_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "shared_keys_pkey" PRIMARY KEY ("workspace_id","key","customer")
);

-- CreateIndex
CREATE INDEX "shared_keys_workspace_id_customer_idx" ON "shared_keys"("workspace_id", "customer");

SELECT millrace_secure_table('shared_keys', false);
GRANT SELECT, INSERT ON shared_keys TO millrace_bulk;

-- Every key of a person that the archive knows, with those given: at most `most`, or as many as were given.
CREATE OR REPLACE FUNCTION linked_keys(inside text, given text[], most int) RETURNS text[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE person(key) AS (
    SELECT unnest(given)
    UNION
    SELECT link.other FROM person CROSS JOIN LATERAL (
      SELECT to_key AS other FROM identity_links WHERE workspace_id = inside AND from_key = person.key
      UNION ALL
      SELECT from_key FROM identity_links WHERE workspace_id = inside AND to_key = person.key
      UNION ALL
      SELECT customer FROM shared_keys WHERE workspace_id = inside AND shared_keys.key = person.key
      UNION ALL
      SELECT shared_keys.key FROM shared_keys WHERE workspace_id = inside AND customer = person.key
    ) AS link
  )
  SELECT coalesce(array_agg(key), '{}') FROM
    (SELECT key FROM person LIMIT greatest(most, cardinality(given))) AS kept;
$$;
