-- A day of history is only appended to, and leaves as one piece. To vacuum what was inserted writes every page a second
-- time, and whole where a checkpoint lies between, for nothing that is read here; rows that die or grow old are still seen to.
-- Statistics follow the growth by doublings, for the same reason.
CREATE FUNCTION millrace_append_only(target regclass) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format(
    'ALTER TABLE %s SET (autovacuum_vacuum_insert_threshold = -1,
      autovacuum_analyze_threshold = 10000, autovacuum_analyze_scale_factor = 1)',
    target
  );
END $$;
REVOKE ALL ON FUNCTION millrace_append_only(regclass) FROM PUBLIC;

SELECT millrace_append_only(inhrelid::regclass) FROM pg_inherits WHERE inhparent = 'history_events'::regclass;

-- What vacuuming did for the block ranges: each is summed up once it is full.
DROP INDEX "history_events_event_at_idx";
CREATE INDEX "history_events_event_at_idx" ON "history_events" USING BRIN ("event_at") WITH (autosummarize = on);

CREATE OR REPLACE FUNCTION ensure_history_day(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  name text := 'history_events_' || to_char(wanted, 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ensure_history_day'));
  IF to_regclass(name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format(
    'CREATE TABLE %I PARTITION OF history_events FOR VALUES FROM (%L) TO (%L)',
    name, (wanted::text || ' 00:00:00+00'), ((wanted + 1)::text || ' 00:00:00+00')
  );
  PERFORM millrace_secure_table(name::regclass, false);
  PERFORM millrace_append_only(name::regclass);
EXCEPTION WHEN check_violation THEN
  -- The rest holds rows of that day already: they stay there.
  RETURN;
END $$;
