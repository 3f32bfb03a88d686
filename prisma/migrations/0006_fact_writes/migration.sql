-- Facts are summed by time, and purchases are read for recency, frequency and monetary: nothing reads them by customer.
DROP INDEX "history_facts_workspace_id_customer_at_idx";
DROP INDEX "history_facts_workspace_id_kind_at_idx";
CREATE INDEX "history_facts_at_idx" ON "history_facts" USING BRIN ("at");
-- Only a part of the facts, which the schema language cannot say.
CREATE INDEX "history_facts_purchases_idx" ON "history_facts" ("workspace_id", "at") WHERE "kind" IN ('order', 'refund');
