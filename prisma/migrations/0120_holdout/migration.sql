-- AlterTable
ALTER TABLE "use_cases" ADD COLUMN     "holdout_percent" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "holdout_salt" TEXT;
ALTER TABLE "use_cases" ADD CONSTRAINT "use_cases_holdout_percent_range" CHECK ("holdout_percent" BETWEEN 0 AND 50);

-- AlterTable
ALTER TABLE "decisions" ADD COLUMN     "held_out" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "use_case_id" TEXT;

-- CreateIndex
CREATE INDEX "decisions_workspace_id_use_case_id_decided_at_idx" ON "decisions"("workspace_id", "use_case_id", "decided_at");

-- What became of the carts of those decided about is read by time, as their orders are: only a part of the facts, which the
-- schema language cannot say.
CREATE INDEX "history_facts_abandoned_idx" ON "history_facts" ("workspace_id", "at") WHERE "kind" = 'cartAbandoned';
