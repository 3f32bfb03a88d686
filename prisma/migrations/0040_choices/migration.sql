-- DropIndex
DROP INDEX "late_events_workspace_id_event_at_idx";

-- CreateTable
CREATE TABLE "choice_records" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "option" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "answers" JSONB NOT NULL,
    "verdicts" JSONB NOT NULL,
    "assumptions" JSONB NOT NULL,
    "signed_by_id" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL,
    "signature" TEXT NOT NULL,
    "replaces_id" TEXT,

    CONSTRAINT "choice_records_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "choice_flags" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "assumption" TEXT NOT NULL,
    "allowed" DOUBLE PRECISION NOT NULL,
    "worst" DOUBLE PRECISION NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "choice_flags_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "choice_records_workspace_id_signed_at_idx" ON "choice_records"("workspace_id", "signed_at");

-- CreateIndex
CREATE INDEX "choice_flags_workspace_id_record_id_started_at_idx" ON "choice_flags"("workspace_id", "record_id", "started_at");

-- CreateIndex
CREATE INDEX "late_events_workspace_id_logged_at_idx" ON "late_events"("workspace_id", "logged_at");

-- AddForeignKey
ALTER TABLE "choice_flags" ADD CONSTRAINT "choice_flags_record_id_fkey" FOREIGN KEY ("record_id") REFERENCES "choice_records"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- One flag of an assumption stands at a time, also with two processes that judge.
CREATE UNIQUE INDEX "choice_flags_standing_key" ON "choice_flags" ("record_id", "assumption") WHERE "ended_at" IS NULL;

SELECT millrace_secure_table('choice_records', false);
SELECT millrace_secure_table('choice_flags', false);

-- What was signed is only ever added to.
REVOKE UPDATE, DELETE, TRUNCATE ON choice_records FROM millrace_app, millrace_worker;
