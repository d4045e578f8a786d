-- What is destroyed stays destroyed; a key is wrapped anew only under a later version of the
-- machine's key; and from the moment a version is being left no new key lies under it.
ALTER TABLE data_key
  ADD CONSTRAINT data_key_destroyed_check CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
  ADD CONSTRAINT data_key_version_check CHECK (machine_key_version > 0);

CREATE TABLE key_fence (
  id smallint NOT NULL CONSTRAINT key_fence_pkey PRIMARY KEY
    CONSTRAINT key_fence_one_check CHECK (id = 1),
  lowest integer NOT NULL
);
INSERT INTO key_fence (id, lowest) VALUES (1, 1);

CREATE FUNCTION data_key_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW IS NOT DISTINCT FROM OLD THEN
    RETURN NEW;
  END IF;
  IF OLD.destroyed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a destroyed key stays destroyed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'data_key_stays_destroyed';
  END IF;
  IF NEW.ref <> OLD.ref OR NEW.made_at <> OLD.made_at THEN
    RAISE EXCEPTION 'a key keeps its reference and its day'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'data_key_keeps_its_name';
  END IF;
  -- Destroyed as it lay, or wrapped anew under a later version: nothing else is done to a key.
  IF NEW.wrapped IS NULL AND NEW.machine_key_version = OLD.machine_key_version
     OR NEW.wrapped <> OLD.wrapped AND NEW.machine_key_version > OLD.machine_key_version THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a key is wrapped anew only under a later version'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'data_key_only_forward';
END $$;
CREATE TRIGGER data_key_is_kept BEFORE UPDATE ON data_key
  FOR EACH ROW EXECUTE FUNCTION data_key_is_kept();

-- Whoever raises the fence takes the same lock alone: after that no insert under a lower version
-- is under way, and every later one sees the fence (each statement here reads anew).
CREATE FUNCTION data_key_above_fence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(72656165);
  IF EXISTS (
    SELECT FROM made, key_fence
    WHERE made.wrapped IS NOT NULL AND made.machine_key_version < key_fence.lowest
  ) THEN
    RAISE EXCEPTION 'this version of the machine key is being left'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'data_key_fence';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER data_key_above_fence AFTER INSERT ON data_key
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION data_key_above_fence();

CREATE FUNCTION key_fence_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.lowest < OLD.lowest THEN
    RAISE EXCEPTION 'the fence only rises'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'key_fence_rises';
  END IF;
  PERFORM pg_advisory_xact_lock(72656165);
  RETURN NEW;
END $$;
CREATE TRIGGER key_fence_rises BEFORE UPDATE ON key_fence
  FOR EACH ROW EXECUTE FUNCTION key_fence_rises();

-- A row that is gone could be made again with its old key: even a destroyed one stays.
CREATE FUNCTION refuse_key_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never taken away', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_stays';
END $$;
CREATE TRIGGER data_key_stays BEFORE DELETE OR TRUNCATE ON data_key
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_key_loss();
CREATE TRIGGER key_fence_stays BEFORE DELETE OR TRUNCATE ON key_fence
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_key_loss();
