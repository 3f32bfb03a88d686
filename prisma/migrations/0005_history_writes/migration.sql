-- History is written far more often than read, and read by customer, by time or by message id. Each index costs every row:
-- a block range of event times, since rows lie in about that order; a hash of message ids, which are only looked up whole;
-- and properties as the text they came as, since nothing is searched inside them.
ALTER TABLE "history_events" ALTER COLUMN "properties" TYPE json USING "properties"::json;
DROP INDEX "history_events_workspace_id_event_at_idx";
DROP INDEX "history_events_workspace_id_message_id_idx";
CREATE INDEX "history_events_event_at_idx" ON "history_events" USING BRIN ("event_at");
CREATE INDEX "history_events_message_id_idx" ON "history_events" USING HASH ("message_id");
