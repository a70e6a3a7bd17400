-- Facts that left the service, kept 30 days. On MariaDB seq stays NULL until the sequencer numbers
-- the row, after its transaction was committed.
CREATE TABLE outbox (
  id {bigauto},
  event_id {id} NOT NULL,
  type {key} NOT NULL,
  aggregate_id {key} NOT NULL,
  version BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  written_at BIGINT NOT NULL,
  data {json} NOT NULL,
  seq BIGINT NULL
) {table};
CREATE UNIQUE INDEX outbox_by_seq ON outbox (seq);
CREATE UNIQUE INDEX outbox_by_event_id ON outbox (event_id);

-- One row. holder, fence and expires_at are the sequencer's lease.
CREATE TABLE outbox_feed (
  id BIGINT NOT NULL,
  feed_id {id} NOT NULL,
  last_seq BIGINT NOT NULL,
  holder {id} NOT NULL,
  fence BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) {table};
INSERT INTO outbox_feed (id, feed_id, last_seq, holder, fence, expires_at) VALUES (1, '', 0, '', 0, 0);

-- Where this service stands in the feeds of others.
CREATE TABLE feed_cursor (
  feed {key} NOT NULL,
  feed_id {id} NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (feed)
) {clustered};
