-- Money is exact, of however many decimals. Postgres lifts a limit of digits without rewriting a row.
ALTER TABLE "history_facts" ALTER COLUMN "amount" SET DATA TYPE DECIMAL;
