-- What makes a POST safe to send again. Operational state: kept for a day, and nothing else may depend on it.

-- Processes that run now. One that dies cannot say so: it is known by its silence, on the clock of the database, which all share.
CREATE TABLE operations.instances (
  instance_id  text        PRIMARY KEY,
  started_at   timestamptz NOT NULL DEFAULT now(),
  heartbeat_at timestamptz NOT NULL DEFAULT now()
);

-- The first answer to each Idempotency-Key. The primary key decides which of many requests with one key is the first.
CREATE TABLE operations.idempotency_keys (
  subject      text        NOT NULL, -- whose key it is: users never share one
  key          text        NOT NULL,
  route        text        NOT NULL, -- method and address: a key is good for one of them
  body_digest  bytea       NOT NULL, -- SHA-256 of the request's body, which may hold a secret and is not kept
  claim_id     uuid        NOT NULL, -- of the request that runs: one whose key was taken over meanwhile must not answer for it
  instance_id  text        NOT NULL, -- of the process that runs it: when it dies, another request may take over
  state        text        NOT NULL DEFAULT 'in_flight' CHECK (state IN ('in_flight', 'finished')),
  status       smallint,             -- of the answer, as the next two
  headers      jsonb,
  body         bytea,
  created_at   timestamptz NOT NULL DEFAULT now(),
  finished_at  timestamptz,
  PRIMARY KEY (subject, key),
  CHECK (state = 'in_flight' OR (status IS NOT NULL AND headers IS NOT NULL AND body IS NOT NULL AND finished_at IS NOT NULL))
);
CREATE INDEX idempotency_keys_created_idx ON operations.idempotency_keys (created_at);
