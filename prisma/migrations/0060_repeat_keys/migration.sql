-- AlterTable
ALTER TABLE "history_events" ADD COLUMN "repeat_key" TEXT;
