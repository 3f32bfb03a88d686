-- Those that are not over are asked for with every change of the queue, and those that ended long ago are deleted.
-- CreateIndex
CREATE INDEX "queue_claims_workspace_id_done_at_idx" ON "queue_claims"("workspace_id", "done_at");
