-- Background work asks many times a minute in which workspaces there is anything to do. Asked one by one that is a
-- transaction for each; here it is one statement for all. Each workspace is set in turn, so that row-level security shows
-- its rows and no others, and the function acts with the rights of who calls it.
CREATE FUNCTION workspaces_with(wanted text[], probe text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  before text := coalesce(current_setting('app.workspace_id', true), '');
  inside text;
  has_some boolean;
BEGIN
  FOREACH inside IN ARRAY wanted LOOP
    PERFORM set_config('app.workspace_id', inside, true);
    EXECUTE 'SELECT EXISTS (' || probe || ')' INTO has_some USING inside;
    IF has_some THEN
      RETURN NEXT inside;
    END IF;
  END LOOP;
  PERFORM set_config('app.workspace_id', before, true);
END $$;
