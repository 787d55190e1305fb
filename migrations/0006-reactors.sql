-- What reacts to facts by appending others. Operational state: lost, everything is looked at once more, which changes nothing.

-- How far each reactor has looked at each shard. The row's lock says who looks; whoever it is may die at any moment.
CREATE TABLE operations.reactor_checkpoints (
  shard_id smallint NOT NULL,
  reactor  text     NOT NULL,
  position bigint   NOT NULL DEFAULT 0,
  PRIMARY KEY (shard_id, reactor)
) WITH (fillfactor = 50);

-- Pools of licenses, and when to look at them although nothing is heard: time alone ends a grace period, and begins a pause.
CREATE TABLE operations.license_watches (
  shard_id  smallint    NOT NULL, -- of the event that led to the look
  source_id text        NOT NULL, -- the subscription or the purchase
  due_at    timestamptz NOT NULL, -- 'infinity': not before something is heard
  PRIMARY KEY (shard_id, source_id)
);
CREATE INDEX license_watches_due_idx ON operations.license_watches (shard_id, due_at);
