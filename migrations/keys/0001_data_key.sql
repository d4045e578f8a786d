-- The one table, as the first deployments made it without steps.
CREATE TABLE IF NOT EXISTS data_key (
  ref uuid NOT NULL CONSTRAINT data_key_pkey PRIMARY KEY,
  wrapped bytea,
  machine_key_version integer NOT NULL,
  made_at timestamptz NOT NULL,
  destroyed_at timestamptz
);
