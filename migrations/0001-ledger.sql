-- The ledger: one insert-only table, one function that appends to it.
-- shard_id stands in every key, so that shards can be spread over a distributed engine later.

CREATE TABLE ledger.events (
  position         bigint      NOT NULL, -- 1, 2, 3, … within the shard: no hole, in commit order
  stream_version   bigint      NOT NULL, -- 1, 2, 3, … within the stream
  occurred_at      timestamptz NOT NULL,
  recorded_at      timestamptz NOT NULL, -- never runs backwards within the shard
  shard_id         smallint    NOT NULL,
  schema_version   smallint    NOT NULL,
  stream_id        text        NOT NULL,
  event_id         text        NOT NULL, -- the provider's for its events: delivered twice, kept once
  type             text        NOT NULL,
  environment      text        NOT NULL,
  occurred_at_text text        NOT NULL, -- as the provider wrote it
  customer_id      text,
  user_id          text,
  metadata         jsonb       NOT NULL,
  digest           bytea       NOT NULL, -- SHA-256 of body
  body             bytea       NOT NULL, -- the exact bytes
  CONSTRAINT events_pkey       PRIMARY KEY (shard_id, position),
  CONSTRAINT events_stream_key UNIQUE (shard_id, stream_id, stream_version),
  CONSTRAINT events_event_key  UNIQUE (shard_id, event_id)
);

CREATE INDEX events_customer_idx ON ledger.events (shard_id, customer_id, position) WHERE customer_id IS NOT NULL;
CREATE INDEX events_user_idx     ON ledger.events (shard_id, user_id, position)     WHERE user_id IS NOT NULL;
CREATE INDEX events_type_idx     ON ledger.events (shard_id, type, position);
CREATE INDEX events_occurred_idx ON ledger.events USING brin (occurred_at);

-- Bodies are compressed with lz4 and kept beside their row. A server built without lz4 keeps them as they are:
-- its own compression would cost more than everything else that an append does.
DO $$
BEGIN
  ALTER TABLE ledger.events ALTER COLUMN body SET COMPRESSION lz4;
  ALTER TABLE ledger.events SET (toast_tuple_target = 4080);
EXCEPTION WHEN feature_not_supported THEN
  ALTER TABLE ledger.events ALTER COLUMN body SET STORAGE EXTERNAL;
  ALTER TABLE ledger.events SET (toast_tuple_target = 8160);
END $$;

CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is immutable: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER events_are_immutable
  BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.events
  FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
ALTER TABLE ledger.events ENABLE ALWAYS TRIGGER events_are_immutable;

CREATE TYPE ledger.new_event AS (
  ordinal          int,    -- 1, 2, 3, … within the batch
  command          int,    -- events of one command stand together, and are appended all or none
  first_event_id   text,   -- of the command; known already means that the command was appended before
  expected_version bigint, -- of the stream before the command; null: any
  stream_id        text,
  event_id         text,
  type             text,
  schema_version   smallint,
  environment      text,
  occurred_at      timestamptz,
  occurred_at_text text,
  customer_id      text,
  user_id          text,
  metadata         jsonb,
  body_start       int,    -- where the body begins in p_bodies, from 1
  body_length      int
);

-- Appends a batch of commands to one shard and says what became of each: appended, duplicate, or conflict.
-- Call it as one autocommit statement of its own, with at most one command for a stream.
-- The lock comes first, in a statement of its own, so that the reads after it see every earlier position. It is
-- released only when the commit is visible: positions have no hole, and nobody ever sees n + 1 before n.
CREATE FUNCTION ledger.append(p_shard smallint, p_events json, p_bodies bytea)
RETURNS TABLE (command int, status text, first_position bigint, last_version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  new_events    ledger.new_event[];
  head          bigint;
  head_recorded timestamptz;
  known_ids       text[];
  known_positions bigint[];
  known_versions  bigint[];
  stream_ids      text[];
  stream_heads    bigint[];
  positions       bigint[]; -- by ordinal; 0: not appended
  versions        bigint[]; -- by ordinal
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'ledger.append needs the isolation level read committed';
  END IF;
  SELECT array_agg(n) INTO new_events FROM json_populate_recordset(null::ledger.new_event, p_events) n;

  PERFORM pg_advisory_xact_lock(716, p_shard);

  SELECT e.position, e.recorded_at INTO head, head_recorded
    FROM ledger.events e WHERE e.shard_id = p_shard ORDER BY e.position DESC LIMIT 1;

  SELECT array_agg(e.event_id), array_agg(e.position), array_agg(e.stream_version)
    INTO known_ids, known_positions, known_versions
    FROM ledger.events e
    WHERE e.shard_id = p_shard AND e.event_id = ANY (ARRAY(SELECT n.first_event_id FROM unnest(new_events) n));

  SELECT array_agg(s.stream_id), array_agg(coalesce(s.head, 0)) INTO stream_ids, stream_heads
    FROM (SELECT n.stream_id, (SELECT max(e.stream_version) FROM ledger.events e
                                WHERE e.shard_id = p_shard AND e.stream_id = n.stream_id) AS head
            FROM (SELECT DISTINCT u.stream_id FROM unnest(new_events) u) n) s;

  SELECT array_agg(CASE WHEN d.accepted THEN coalesce(head, 0) + d.nth_accepted ELSE 0 END ORDER BY d.ordinal),
         array_agg(d.stream_head + d.nth_in_stream ORDER BY d.ordinal)
    INTO positions, versions
    FROM (SELECT a.*, count(*) FILTER (WHERE a.accepted) OVER (ORDER BY a.ordinal) AS nth_accepted
            FROM (SELECT n.ordinal, s.head AS stream_head,
                         row_number() OVER (PARTITION BY n.stream_id ORDER BY n.ordinal) AS nth_in_stream,
                         k.id IS NULL AND (n.expected_version IS NULL OR n.expected_version = s.head) AS accepted
                    FROM unnest(new_events) n
                    JOIN unnest(stream_ids, stream_heads) s(id, head) ON s.id = n.stream_id
                    LEFT JOIN unnest(known_ids) k(id) ON k.id = n.first_event_id) a) d;

  INSERT INTO ledger.events (shard_id, position, stream_id, stream_version, event_id, type, schema_version, environment,
                             occurred_at, occurred_at_text, recorded_at, customer_id, user_id, metadata, body, digest)
    SELECT p_shard, positions[n.ordinal], n.stream_id, versions[n.ordinal], n.event_id, n.type, n.schema_version,
           n.environment, n.occurred_at, n.occurred_at_text, greatest(clock_timestamp(), head_recorded),
           n.customer_id, n.user_id, n.metadata, b.body, sha256(b.body)
      FROM unnest(new_events) n, LATERAL (SELECT substring(p_bodies FROM n.body_start FOR n.body_length) OFFSET 0) b(body)
     WHERE positions[n.ordinal] > 0
     ORDER BY n.ordinal;

  RETURN QUERY
    SELECT n.command,
           CASE WHEN k.id IS NOT NULL THEN 'duplicate' WHEN positions[n.ordinal] > 0 THEN 'appended' ELSE 'conflict' END,
           coalesce(k.position, positions[n.ordinal]),
           CASE WHEN k.id IS NULL AND positions[n.ordinal] = 0 THEN s.head
                ELSE coalesce(k.version, versions[n.ordinal]) + c.events - 1 END
      FROM unnest(new_events) n
      JOIN (SELECT m.command, count(*) AS events FROM unnest(new_events) m GROUP BY m.command) c ON c.command = n.command
      JOIN unnest(stream_ids, stream_heads) s(id, head) ON s.id = n.stream_id
      LEFT JOIN unnest(known_ids, known_positions, known_versions) k(id, position, version) ON k.id = n.first_event_id
     WHERE n.event_id = n.first_event_id;
END $$;

REVOKE ALL ON FUNCTION ledger.append FROM PUBLIC;
