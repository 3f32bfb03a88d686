-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('agent', 'ops', 'privacy', 'stakeholder', 'admin');

-- CreateTable
CREATE TABLE "thresholds" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "dimension" TEXT NOT NULL DEFAULT '',
    "comparison" TEXT NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "hold_seconds" INTEGER NOT NULL DEFAULT 0,
    "severity" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "thresholds_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_firings" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "threshold_id" TEXT NOT NULL,
    "threshold_version" INTEGER NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by_id" TEXT,

    CONSTRAINT "alert_firings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rules" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "use_case_id" TEXT,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "definition" JSONB NOT NULL,
    "created_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rule_versions" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "definition" JSONB NOT NULL,
    "created_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "rule_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "decisions" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "rule_id" TEXT NOT NULL,
    "rule_version" INTEGER NOT NULL,
    "purpose" TEXT NOT NULL,
    "action" JSONB NOT NULL,
    "inputs" JSONB NOT NULL,
    "provisional" BOOLEAN NOT NULL,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("shard_id","partition","position")
);

-- CreateTable
CREATE TABLE "decision_responses" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "decision_id" TEXT NOT NULL,
    "response" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_responses_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "history_events" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "customer" TEXT,
    "message_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "platform" TEXT NOT NULL,
    "properties" JSONB NOT NULL,

    CONSTRAINT "history_events_pkey" PRIMARY KEY ("shard_id","partition","position","logged_at")
) PARTITION BY RANGE ("logged_at");

-- CreateTable
CREATE TABLE "history_facts" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "sign" SMALLINT NOT NULL,
    "amount" DECIMAL(65,20),
    "currency" TEXT,
    "platform" TEXT,

    CONSTRAINT "history_facts_pkey" PRIMARY KEY ("shard_id","partition","position")
);

-- CreateTable
CREATE TABLE "late_events" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "logged_at" TIMESTAMPTZ(3) NOT NULL,
    "lateness_ms" BIGINT NOT NULL,
    "published" JSONB NOT NULL,
    "corrected" JSONB NOT NULL,

    CONSTRAINT "late_events_pkey" PRIMARY KEY ("shard_id","partition","position")
);

-- CreateTable
CREATE TABLE "duplicate_attempts" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "message_id" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "duplicate_attempts_pkey" PRIMARY KEY ("shard_id","partition","position")
);

-- CreateTable
CREATE TABLE "dead_letters" (
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "position" TEXT NOT NULL,
    "source_id" TEXT NOT NULL,
    "message_id" TEXT,
    "reason" TEXT NOT NULL,
    "field" TEXT,
    "detail" TEXT NOT NULL,
    "sample" TEXT NOT NULL,
    "sealed" BYTEA,
    "event_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "replayed_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("shard_id","position")
);

-- CreateTable
CREATE TABLE "identity_links" (
    "workspace_id" TEXT NOT NULL,
    "from_key" TEXT NOT NULL,
    "to_key" TEXT NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_links_pkey" PRIMARY KEY ("workspace_id","from_key")
);

-- CreateTable
CREATE TABLE "archive_offsets" (
    "shard_id" INTEGER NOT NULL,
    "partition" INTEGER NOT NULL,
    "stream" TEXT NOT NULL,
    "offset" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "archive_offsets_pkey" PRIMARY KEY ("shard_id","partition","stream")
);

-- CreateTable
CREATE TABLE "metric_samples" (
    "workspace_id" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "dimension" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "metric_samples_pkey" PRIMARY KEY ("workspace_id","metric","dimension","at")
);

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "name" TEXT NOT NULL,
    "image" TEXT,
    "two_factor_enabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "active_workspace_id" TEXT,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "password" TEXT,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verifications" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "two_factors" (
    "id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "backup_codes" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT true,
    "failed_verification_count" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ(3),

    CONSTRAINT "two_factors_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspaces" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "currency" TEXT NOT NULL DEFAULT 'USD',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "settings" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "shards" (
    "id" SERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "region" TEXT NOT NULL,
    "partitions" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "shards_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "token_hash" TEXT NOT NULL,
    "invited_by_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sources" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "shard_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "platform" TEXT,
    "key_hash" TEXT NOT NULL,
    "key_hint" TEXT NOT NULL,
    "events_per_sec" INTEGER NOT NULL DEFAULT 50000,
    "created_by_id" TEXT,
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "key_hint" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_by_id" TEXT,
    "last_used_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consents" (
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "denied" TEXT[],
    "version" INTEGER NOT NULL DEFAULT 1,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consents_pkey" PRIMARY KEY ("workspace_id","customer")
);

-- CreateTable
CREATE TABLE "opt_outs" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "linked_keys" TEXT[],
    "opted_in" BOOLEAN NOT NULL DEFAULT false,
    "purpose" TEXT NOT NULL DEFAULT 'profiling',
    "reason" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "acknowledged_at" TIMESTAMPTZ(3),
    "enforcement" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "opt_outs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entries" (
    "id" BIGSERIAL NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "reason" TEXT,
    "details" JSONB NOT NULL DEFAULT '{}',
    "prev_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "audit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dpias" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'draft',
    "version" INTEGER NOT NULL DEFAULT 1,
    "content" JSONB NOT NULL DEFAULT '{}',
    "due_at" TIMESTAMPTZ(3),
    "valid_until" TIMESTAMPTZ(3),
    "created_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dpias_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dpia_signatures" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "dpia_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "opinion" TEXT NOT NULL,
    "verdict" TEXT NOT NULL,
    "signed_by_id" TEXT NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dpia_signatures_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_cases" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL DEFAULT '',
    "stage" TEXT NOT NULL DEFAULT 'idea',
    "position" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "metric" TEXT,
    "owner_id" TEXT,
    "dpia_id" TEXT,
    "baseline" JSONB,
    "predicted_change" DOUBLE PRECISION,
    "launched_at" TIMESTAMPTZ(3),
    "created_by_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "use_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "use_case_scores" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "use_case_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "value" INTEGER NOT NULL,
    "effort" INTEGER NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "use_case_scores_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sla_policies" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,

    CONSTRAINT "sla_policies_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "queue_claims" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "taken_by_id" TEXT,
    "taken_at" TIMESTAMPTZ(3),
    "breached_at" TIMESTAMPTZ(3),
    "done_at" TIMESTAMPTZ(3),
    "outcome" TEXT,

    CONSTRAINT "queue_claims_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "thresholds_workspace_id_metric_idx" ON "thresholds"("workspace_id", "metric");

-- CreateIndex
CREATE INDEX "alert_firings_workspace_id_started_at_idx" ON "alert_firings"("workspace_id", "started_at");

-- CreateIndex
CREATE INDEX "rules_workspace_id_updated_at_idx" ON "rules"("workspace_id", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "rule_versions_rule_id_version_key" ON "rule_versions"("rule_id", "version");

-- CreateIndex
CREATE INDEX "decisions_workspace_id_decided_at_idx" ON "decisions"("workspace_id", "decided_at");

-- CreateIndex
CREATE INDEX "decisions_workspace_id_customer_decided_at_idx" ON "decisions"("workspace_id", "customer", "decided_at");

-- CreateIndex
CREATE INDEX "decisions_workspace_id_rule_id_decided_at_idx" ON "decisions"("workspace_id", "rule_id", "decided_at");

-- CreateIndex
CREATE UNIQUE INDEX "decision_responses_workspace_id_decision_id_key" ON "decision_responses"("workspace_id", "decision_id");

-- CreateIndex
CREATE INDEX "history_events_workspace_id_customer_event_at_idx" ON "history_events"("workspace_id", "customer", "event_at");

-- CreateIndex
CREATE INDEX "history_events_workspace_id_event_at_idx" ON "history_events"("workspace_id", "event_at");

-- CreateIndex
CREATE INDEX "history_events_workspace_id_message_id_idx" ON "history_events"("workspace_id", "message_id");

-- CreateIndex
CREATE INDEX "history_facts_workspace_id_kind_at_idx" ON "history_facts"("workspace_id", "kind", "at");

-- CreateIndex
CREATE INDEX "history_facts_workspace_id_customer_at_idx" ON "history_facts"("workspace_id", "customer", "at");

-- CreateIndex
CREATE INDEX "late_events_workspace_id_event_at_idx" ON "late_events"("workspace_id", "event_at");

-- CreateIndex
CREATE INDEX "duplicate_attempts_workspace_id_message_id_idx" ON "duplicate_attempts"("workspace_id", "message_id");

-- CreateIndex
CREATE INDEX "duplicate_attempts_workspace_id_event_at_idx" ON "duplicate_attempts"("workspace_id", "event_at");

-- CreateIndex
CREATE INDEX "dead_letters_workspace_id_received_at_idx" ON "dead_letters"("workspace_id", "received_at");

-- CreateIndex
CREATE INDEX "dead_letters_workspace_id_reason_received_at_idx" ON "dead_letters"("workspace_id", "reason", "received_at");

-- CreateIndex
CREATE INDEX "dead_letters_workspace_id_message_id_idx" ON "dead_letters"("workspace_id", "message_id");

-- CreateIndex
CREATE INDEX "identity_links_workspace_id_to_key_idx" ON "identity_links"("workspace_id", "to_key");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions"("token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

-- CreateIndex
CREATE INDEX "verifications_identifier_idx" ON "verifications"("identifier");

-- CreateIndex
CREATE INDEX "two_factors_user_id_idx" ON "two_factors"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "workspaces_slug_key" ON "workspaces"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "shards_workspace_id_region_key" ON "shards"("workspace_id", "region");

-- CreateIndex
CREATE UNIQUE INDEX "memberships_workspace_id_user_id_key" ON "memberships"("workspace_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_workspace_id_created_at_idx" ON "invitations"("workspace_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "sources_key_hash_key" ON "sources"("key_hash");

-- CreateIndex
CREATE INDEX "sources_workspace_id_created_at_idx" ON "sources"("workspace_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_workspace_id_created_at_idx" ON "api_keys"("workspace_id", "created_at");

-- CreateIndex
CREATE INDEX "opt_outs_workspace_id_requested_at_idx" ON "opt_outs"("workspace_id", "requested_at");

-- CreateIndex
CREATE INDEX "opt_outs_workspace_id_customer_idx" ON "opt_outs"("workspace_id", "customer");

-- CreateIndex
CREATE INDEX "audit_entries_workspace_id_at_idx" ON "audit_entries"("workspace_id", "at");

-- CreateIndex
CREATE INDEX "audit_entries_workspace_id_subject_idx" ON "audit_entries"("workspace_id", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "audit_entries_workspace_id_seq_key" ON "audit_entries"("workspace_id", "seq");

-- CreateIndex
CREATE INDEX "dpias_workspace_id_updated_at_idx" ON "dpias"("workspace_id", "updated_at");

-- CreateIndex
CREATE INDEX "dpia_signatures_workspace_id_dpia_id_idx" ON "dpia_signatures"("workspace_id", "dpia_id");

-- CreateIndex
CREATE INDEX "use_cases_workspace_id_stage_idx" ON "use_cases"("workspace_id", "stage");

-- CreateIndex
CREATE INDEX "use_case_scores_workspace_id_use_case_id_idx" ON "use_case_scores"("workspace_id", "use_case_id");

-- CreateIndex
CREATE UNIQUE INDEX "use_case_scores_use_case_id_user_id_key" ON "use_case_scores"("use_case_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "sla_policies_workspace_id_reason_key" ON "sla_policies"("workspace_id", "reason");

-- CreateIndex
CREATE INDEX "queue_claims_workspace_id_taken_at_idx" ON "queue_claims"("workspace_id", "taken_at");

-- CreateIndex
CREATE UNIQUE INDEX "queue_claims_workspace_id_customer_entered_at_key" ON "queue_claims"("workspace_id", "customer", "entered_at");

-- AddForeignKey
ALTER TABLE "alert_firings" ADD CONSTRAINT "alert_firings_threshold_id_fkey" FOREIGN KEY ("threshold_id") REFERENCES "thresholds"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rules" ADD CONSTRAINT "rules_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rule_versions" ADD CONSTRAINT "rule_versions_rule_id_fkey" FOREIGN KEY ("rule_id") REFERENCES "rules"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "two_factors" ADD CONSTRAINT "two_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "shards" ADD CONSTRAINT "shards_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sources" ADD CONSTRAINT "sources_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sources" ADD CONSTRAINT "sources_shard_id_fkey" FOREIGN KEY ("shard_id") REFERENCES "shards"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dpia_signatures" ADD CONSTRAINT "dpia_signatures_dpia_id_fkey" FOREIGN KEY ("dpia_id") REFERENCES "dpias"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "use_cases" ADD CONSTRAINT "use_cases_dpia_id_fkey" FOREIGN KEY ("dpia_id") REFERENCES "dpias"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "use_case_scores" ADD CONSTRAINT "use_case_scores_use_case_id_fkey" FOREIGN KEY ("use_case_id") REFERENCES "use_cases"("id") ON DELETE CASCADE ON UPDATE CASCADE;
