-- What a build that is to be deployed makes of the state that the running build holds: evidence for a cut-over.
CREATE TABLE "equivalence_reports" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "made_by" TEXT NOT NULL,
    "from_versions" TEXT[],
    "to_version" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "partitions" JSONB NOT NULL,

    CONSTRAINT "equivalence_reports_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "equivalence_reports_workspace_id_made_at_idx" ON "equivalence_reports"("workspace_id", "made_at");

SELECT millrace_secure_table('equivalence_reports', false);
