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

-- Appends a batch of commands to one shard and says what became of each, in their order: appended, duplicate (its
-- first event is known; first_position is where it is) or conflict (the stream is at last_version, not at the expected one).
-- Call it as one autocommit statement of its own, with at most one command for a stream.
-- The lock comes first, in a statement of its own, so that the reads after it see every earlier position. It is
-- released only when the commit is visible: positions have no hole, and nobody ever sees n + 1 before n.
CREATE FUNCTION ledger.append(
  p_shard             smallint,
  p_environment       text,
  p_stream_ids        text[],   -- an element for each command, up to p_event_counts
  p_expected_versions bigint[], -- of the stream before the command; null: any
  p_first_event_ids   text[],
  p_event_counts      int[],
  p_commands          int[],    -- an element for each event from here on: its command, from 1
  p_ordinals          int[],    -- its place in the command, from 1
  p_event_ids         text[],
  p_types             text[],
  p_schema_versions   smallint[],
  p_occurred_at       timestamptz[],
  p_occurred_at_text  text[],
  p_customer_ids      text[],
  p_user_ids          text[],
  p_metadata          jsonb[],
  p_body_starts       int[],    -- where its body begins in p_bodies, from 1
  p_body_lengths      int[],
  p_bodies            bytea
)
RETURNS TABLE (status text, first_position bigint, last_version bigint)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
  head            bigint;
  head_recorded   timestamptz;
  statuses        text[];   -- by command, as the next two
  first_positions bigint[];
  first_versions  bigint[]; -- in a conflict: the version of the stream
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'ledger.append needs the isolation level read committed';
  END IF;

  PERFORM pg_advisory_xact_lock(716, p_shard);

  SELECT e.position, e.recorded_at INTO head, head_recorded
    FROM ledger.events e WHERE e.shard_id = p_shard ORDER BY e.position DESC LIMIT 1;

  -- Planning anew for each batch costs as much as the batch. But a plan made for a small table may name any index, and
  -- would be kept while the table grows: plans are kept from a size on where only the right index is cheap.
  IF head > 10000 THEN
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
  END IF;

  SELECT array_agg(d.status ORDER BY d.n),
         array_agg(coalesce(d.known_position, coalesce(head, 0) + d.appended - d.events + 1) ORDER BY d.n),
         array_agg(coalesce(d.known_version, d.version + (d.status = 'appended')::int) ORDER BY d.n)
    INTO statuses, first_positions, first_versions
    FROM (SELECT c.*, sum(c.events) FILTER (WHERE c.status = 'appended') OVER (ORDER BY c.n) AS appended
            FROM (SELECT p.n, p.events, known.position AS known_position, known.stream_version AS known_version, stream.version,
                         CASE WHEN known.position IS NOT NULL THEN 'duplicate'
                              WHEN p.expected_version <> stream.version THEN 'conflict'
                              ELSE 'appended' END AS status
                    FROM unnest(p_stream_ids, p_expected_versions, p_first_event_ids, p_event_counts)
                         WITH ORDINALITY p(stream_id, expected_version, first_event_id, events, n)
                    LEFT JOIN LATERAL (SELECT e.position, e.stream_version FROM ledger.events e
                                        WHERE e.shard_id = p_shard AND e.event_id = p.first_event_id LIMIT 1) known ON true
                    CROSS JOIN LATERAL (SELECT coalesce(max(e.stream_version), 0) AS version FROM ledger.events e
                                         WHERE e.shard_id = p_shard AND e.stream_id = p.stream_id) stream) c) d;

  INSERT INTO ledger.events (shard_id, position, stream_id, stream_version, event_id, type, schema_version, environment,
                             occurred_at, occurred_at_text, recorded_at, customer_id, user_id, metadata, body, digest)
    SELECT p_shard, first_positions[n.command] + n.ordinal - 1, p_stream_ids[n.command], first_versions[n.command] + n.ordinal - 1,
           n.event_id, n.type, n.schema_version, p_environment, n.occurred_at, n.occurred_at_text,
           greatest(clock_timestamp(), head_recorded), n.customer_id, n.user_id, n.metadata, b.body, sha256(b.body)
      FROM unnest(p_commands, p_ordinals, p_event_ids, p_types, p_schema_versions, p_occurred_at, p_occurred_at_text,
                  p_customer_ids, p_user_ids, p_metadata, p_body_starts, p_body_lengths)
           n(command, ordinal, event_id, type, schema_version, occurred_at, occurred_at_text,
             customer_id, user_id, metadata, body_start, body_length),
           LATERAL (SELECT substring(p_bodies FROM n.body_start FOR n.body_length) OFFSET 0) b(body)
     WHERE statuses[n.command] = 'appended';

  RETURN QUERY
    SELECT c.status, c.position, CASE c.status WHEN 'conflict' THEN c.version ELSE c.version + c.events - 1 END
      FROM unnest(statuses, first_positions, first_versions, p_event_counts) c(status, position, version, events);
END $$;

REVOKE ALL ON FUNCTION ledger.append FROM PUBLIC;
