-- CreateTable
CREATE TABLE "label_contests" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "turn_id" TEXT NOT NULL,
    "turn_at" TIMESTAMPTZ(3) NOT NULL,
    "model_label" TEXT NOT NULL,
    "model_score" DOUBLE PRECISION NOT NULL,
    "model_confidence" DOUBLE PRECISION NOT NULL,
    "model" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "reason" TEXT,
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "withdrawn_at" TIMESTAMPTZ(3),

    CONSTRAINT "label_contests_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "label_contests_workspace_id_customer_contact_id_turn_id_tur_key" ON "label_contests"("workspace_id", "customer", "contact_id", "turn_id", "turn_at", "user_id");

-- CreateIndex
CREATE INDEX "label_contests_workspace_id_turn_at_idx" ON "label_contests"("workspace_id", "turn_at");

SELECT millrace_secure_table('label_contests', false);

-- How many turns were scored is counted in history, which is searched by customer only. Turns are few among all events, and
-- an event that is none costs this index a comparison of its name.
CREATE INDEX "history_events_turns_idx" ON "history_events" ("shard_id", "event_at")
  WHERE "name" IN ('Transcript Segment', 'Live Chat Message Sent');
