-- CreateTable
CREATE TABLE "escalation_plans" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "steps" JSONB NOT NULL,

    CONSTRAINT "escalation_plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_escalations" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "waited_since" TIMESTAMPTZ(3) NOT NULL,
    "percent" INTEGER NOT NULL,
    "raised_to" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_at" TIMESTAMPTZ(3),
    "taken_by_id" TEXT,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "queue_escalations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "escalation_plans_workspace_id_channel_key" ON "escalation_plans"("workspace_id", "channel");

-- CreateIndex
CREATE INDEX "queue_escalations_workspace_id_raised_at_id_idx" ON "queue_escalations"("workspace_id", "raised_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "queue_escalations_workspace_id_customer_waited_since_percen_key" ON "queue_escalations"("workspace_id", "customer", "waited_since", "percent");

SELECT millrace_secure_table('escalation_plans', false);
SELECT millrace_secure_table('queue_escalations', false);

-- Those that stand are few among all that were, and asked for every few seconds.
CREATE INDEX "queue_escalations_open_idx" ON "queue_escalations" ("workspace_id", "raised_at", "id")
  WHERE "taken_at" IS NULL AND "left_at" IS NULL;
