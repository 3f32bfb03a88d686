-- CreateTable
CREATE TABLE "partition_totals" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "totals" BIGINT[],

    CONSTRAINT "partition_totals_pkey" PRIMARY KEY ("workspace_id","shard_id","at")
);

-- CreateTable
CREATE TABLE "delivery_checks" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "checked_from" TIMESTAMPTZ(3) NOT NULL,
    "checked_to" TIMESTAMPTZ(3) NOT NULL,
    "events" INTEGER NOT NULL,
    "partitions" INTEGER NOT NULL,
    "out_of_order" INTEGER[],
    "sampled" INTEGER NOT NULL,
    "leaked" INTEGER NOT NULL,

    CONSTRAINT "delivery_checks_pkey" PRIMARY KEY ("workspace_id","shard_id","checked_to")
);

SELECT millrace_secure_table('partition_totals', false);
SELECT millrace_secure_table('delivery_checks', false);
