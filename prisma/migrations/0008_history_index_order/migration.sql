-- History is written far more often than read: the customer, which tells rows apart soonest, is compared first.
DROP INDEX "history_events_workspace_id_customer_event_at_idx";
CREATE INDEX "history_events_customer_workspace_id_event_at_idx" ON "history_events"("customer", "workspace_id", "event_at");
