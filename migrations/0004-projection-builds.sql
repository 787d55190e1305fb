-- Builds of read models: a rebuild makes a new table beside the live one, and a swap puts it in its place.

CREATE TABLE operations.projection_builds (
  projection        text        NOT NULL,
  build             int         NOT NULL, -- 1, 2, 3, … of the projection; names the table
  version           int         NOT NULL, -- of the projection that folds it
  -- running: being folded beside the live one. ready: caught up, may be swapped in. live: what readers see. previous: what
  -- they saw before, kept for a rollback. Ended, without a table: retired, cancelled, failed.
  state             text        NOT NULL CHECK (state IN ('running', 'ready', 'live', 'previous', 'retired', 'cancelled', 'failed')),
  mode              text        NOT NULL CHECK (mode IN ('initial', 'preview', 'swap')),
  requested_by      text        NOT NULL,
  started_at        timestamptz NOT NULL DEFAULT now(),
  finished_at       timestamptz,
  rolled_back_at    timestamptz, -- an admin did not want this version: no automatic upgrade to it
  events_per_second double precision,
  diff              jsonb,       -- what the swap changes, once it is known
  error             text,
  revision          int         NOT NULL DEFAULT 0, -- counts changes of rows that no new event made
  PRIMARY KEY (projection, build)
);
CREATE UNIQUE INDEX projection_builds_live ON operations.projection_builds (projection) WHERE state = 'live';
CREATE UNIQUE INDEX projection_builds_next ON operations.projection_builds (projection) WHERE state IN ('running', 'ready');

-- Whose access a rebuild changes: the whole list behind the diff.
CREATE TABLE operations.access_changes (
  projection  text   NOT NULL,
  build       int    NOT NULL,
  number      bigint NOT NULL, -- 1, 2, 3, … in the order of environment, user, product
  environment text   NOT NULL,
  user_id     text   NOT NULL,
  product_id  text   NOT NULL,
  before      jsonb,
  after       jsonb,
  PRIMARY KEY (projection, build, number)
);

-- Streams with an event that a projection cannot read or fold. They wait from that event on; all others go on.
CREATE TABLE read_models.dead_letters (
  shard_id    smallint    NOT NULL,
  projection  text        NOT NULL,
  build       int         NOT NULL,
  stream_id   text        NOT NULL,
  position    bigint      NOT NULL, -- of the first event that waits
  error_class text        NOT NULL,
  message     text        NOT NULL,
  attempts    int         NOT NULL DEFAULT 1,
  parked_at   timestamptz NOT NULL DEFAULT now(),
  tried_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard_id, projection, build, stream_id)
);

-- Tables were one for each version so far. The app drops those and folds the first build from the ledger.
DELETE FROM read_models.checkpoints;
ALTER TABLE read_models.checkpoints DROP CONSTRAINT checkpoints_pkey;
ALTER TABLE read_models.checkpoints DROP COLUMN version;
ALTER TABLE read_models.checkpoints ADD COLUMN build int NOT NULL;
ALTER TABLE read_models.checkpoints ADD PRIMARY KEY (shard_id, projection, build);
