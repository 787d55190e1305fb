-- Read models: everything here can be dropped and built again from the ledger.
-- The app's role makes the tables itself (a new version of a projection gets a new table), so it may create here.

CREATE SCHEMA read_models;

-- How far each projection has read each shard. The row's lock is leader election, fencing and exactly-once in one:
-- whoever holds it writes the rows and moves the position in the same transaction.
CREATE TABLE read_models.checkpoints (
  shard_id   smallint    NOT NULL,
  projection text        NOT NULL,
  version    int         NOT NULL,
  position   bigint      NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard_id, projection, version)
) WITH (fillfactor = 50);
