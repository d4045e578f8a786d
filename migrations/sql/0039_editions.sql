-- Lists that change seldom have an edition each: with every change of theirs, in the same commit, a
-- new stamp, so that a process that has read a list need not read it again while its stamp stands.
CREATE TABLE edition (
  name varchar(24) CONSTRAINT edition_pkey PRIMARY KEY,
  stamp uuid NOT NULL
);
INSERT INTO edition VALUES ('places', gen_random_uuid()), ('policies', gen_random_uuid());
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON edition FROM sangha_app;

-- A stamp is random and not a number: what was rolled back, or stands in a copy, gives none twice.
CREATE FUNCTION edition_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO edition VALUES (TG_ARGV[0], gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET stamp = EXCLUDED.stamp;
  RETURN NULL;
END $$;
CREATE TRIGGER branch_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON branch
  FOR EACH STATEMENT EXECUTE FUNCTION edition_changed('places');
CREATE TRIGGER branch_alias_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON branch_alias
  FOR EACH STATEMENT EXECUTE FUNCTION edition_changed('places');
CREATE TRIGGER landmark_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON landmark
  FOR EACH STATEMENT EXECUTE FUNCTION edition_changed('places');
CREATE TRIGGER crisis_policy_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON crisis_policy
  FOR EACH STATEMENT EXECUTE FUNCTION edition_changed('policies');

-- Whoever chooses asks of each candidate whether she is on her way somewhere.
CREATE INDEX page_going_ix ON page (person_id)
  WHERE state IN ('accepted', 'briefed', 'en_route', 'arrived');
