-- AlterTable
ALTER TABLE "rules" ADD COLUMN     "audience_id" TEXT;

-- AlterTable
ALTER TABLE "rule_versions" ADD COLUMN     "audience" JSONB;

-- CreateTable
CREATE TABLE "audiences" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audiences_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audiences_workspace_id_name_key" ON "audiences"("workspace_id", "name");

-- CreateIndex
CREATE INDEX "rules_workspace_id_audience_id_idx" ON "rules"("workspace_id", "audience_id");

-- AddForeignKey
ALTER TABLE "rules" ADD CONSTRAINT "rules_audience_id_fkey" FOREIGN KEY ("audience_id") REFERENCES "audiences"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

SELECT millrace_secure_table('audiences', false);
