-- AlterTable
ALTER TABLE "history_facts" ALTER COLUMN "amount" SET DATA TYPE DECIMAL(65,20);
