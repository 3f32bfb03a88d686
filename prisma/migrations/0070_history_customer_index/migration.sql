-- Every row of history pays for this index: the shard tells workspaces apart in four bytes, the workspace's id takes over thirty.
DROP INDEX "history_events_customer_workspace_id_event_at_idx";
CREATE INDEX "history_events_customer_shard_id_event_at_idx" ON "history_events"("customer", "shard_id", "event_at");
