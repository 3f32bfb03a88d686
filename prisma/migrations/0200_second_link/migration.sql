-- AlterTable
ALTER TABLE "history_events" ADD COLUMN "second_linked_key" TEXT;
