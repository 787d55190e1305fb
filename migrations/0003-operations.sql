-- What the service keeps for its own operation. Not truth about billing, and not rebuilt from the ledger.

CREATE SCHEMA operations;

-- Choices that cannot change once there is history, such as the number of shards.
CREATE TABLE operations.installation (
  name  text PRIMARY KEY,
  value text NOT NULL
);

-- Webhooks whose signature verifies but whose body is not an event. Kept for inspection; a repeat only counts up.
CREATE TABLE operations.quarantine (
  digest            bytea       NOT NULL, -- SHA-256 of body
  environment       text        NOT NULL,
  reason            text        NOT NULL,
  headers           jsonb       NOT NULL,
  body              bytea       NOT NULL,
  first_received_at timestamptz NOT NULL DEFAULT now(),
  last_received_at  timestamptz NOT NULL DEFAULT now(),
  deliveries        int         NOT NULL DEFAULT 1,
  PRIMARY KEY (digest, environment)
);
