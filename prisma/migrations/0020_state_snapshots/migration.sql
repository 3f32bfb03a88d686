-- With the key that linked it, and the records that are no events, a partition's log can be replayed from history exactly.
ALTER TABLE "history_events" ADD COLUMN "linked_key" TEXT;

CREATE TABLE "history_records" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,
    "record" JSON NOT NULL,

    CONSTRAINT "history_records_pkey" PRIMARY KEY ("shard_id","partition","position")
);
CREATE INDEX "history_records_logged_at_idx" ON "history_records" USING BRIN ("logged_at");

CREATE TABLE "state_policies" (
    "workspace_id" TEXT NOT NULL,
    "snapshot_interval_ms" INTEGER,
    "inactive_days" INTEGER,
    "cooldown_days" INTEGER,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "state_policies_pkey" PRIMARY KEY ("workspace_id")
);

CREATE TABLE "state_snapshots" (
    "workspace_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL,
    "offset" TEXT NOT NULL,
    "customers" INTEGER NOT NULL,
    "raw_bytes" DOUBLE PRECISION NOT NULL,
    "stored_bytes" DOUBLE PRECISION NOT NULL,
    "read_ms" DOUBLE PRECISION NOT NULL,
    "total_ms" DOUBLE PRECISION NOT NULL,
    "store" TEXT NOT NULL,
    "dropped_at" TIMESTAMPTZ(3),

    CONSTRAINT "state_snapshots_pkey" PRIMARY KEY ("workspace_id","object")
);
CREATE INDEX "state_snapshots_workspace_id_taken_at_idx" ON "state_snapshots"("workspace_id", "taken_at");
CREATE INDEX "state_snapshots_shard_id_partition_taken_at_idx" ON "state_snapshots"("shard_id", "partition", "taken_at");

CREATE TABLE "restore_drills" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "asked_by_id" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "snapshot_at" TIMESTAMPTZ(3),
    "records" INTEGER NOT NULL DEFAULT 0,
    "load_ms" DOUBLE PRECISION,
    "replay_ms" DOUBLE PRECISION,
    "result" TEXT NOT NULL DEFAULT 'asked',
    "detail" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "restore_drills_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "restore_drills_workspace_id_asked_at_idx" ON "restore_drills"("workspace_id", "asked_at");

CREATE TABLE "state_evictions" (
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" TEXT NOT NULL,
    "evicted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "state_evictions_pkey" PRIMARY KEY ("workspace_id","customer")
);

CREATE TABLE "state_inventory" (
    "workspace_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "keys" DOUBLE PRECISION NOT NULL,
    "bytes" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "state_inventory_pkey" PRIMARY KEY ("workspace_id","kind","at")
);

CREATE TABLE "state_sweeps" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "checked" INTEGER NOT NULL DEFAULT 0,
    "divergent" INTEGER NOT NULL DEFAULT 0,
    "skipped" INTEGER NOT NULL DEFAULT 0,
    "oldest_at" TIMESTAMPTZ(3),

    CONSTRAINT "state_sweeps_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "state_sweeps_workspace_id_started_at_idx" ON "state_sweeps"("workspace_id", "started_at");

CREATE TABLE "state_divergences" (
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "parts" TEXT[],
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "state_divergences_pkey" PRIMARY KEY ("workspace_id","customer")
);
CREATE INDEX "state_divergences_workspace_id_found_at_idx" ON "state_divergences"("workspace_id", "found_at");

GRANT INSERT ON "history_records" TO millrace_bulk;

DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'history_records', 'state_policies', 'state_snapshots', 'restore_drills', 'state_evictions', 'state_inventory',
    'state_sweeps', 'state_divergences'
  ] LOOP
    PERFORM millrace_secure_table(target::regclass, false);
  END LOOP;
END $$;
