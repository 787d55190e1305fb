-- When each device was last seen. Beside the ledger, where a heartbeat a minute would drown everything else; the ledger has
-- the day, so losing this table loses no more than the time of it.
CREATE TABLE operations.device_sightings (
  shard_id     smallint    NOT NULL, -- of the environment, as in the read model
  user_id      text        NOT NULL,
  uuid         uuid        NOT NULL,
  last_seen_at timestamptz NOT NULL,
  PRIMARY KEY (shard_id, user_id, uuid)
) WITH (fillfactor = 70); -- nearly every write is an update: it finds room on its own page, and touches no index
