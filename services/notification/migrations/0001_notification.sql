-- Who works where: the managers who are told of requests. From accounts' feed.
CREATE TABLE post_projection (
  post_id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  body_id {id} NOT NULL,
  role {key} NOT NULL,
  establishments {json} NOT NULL,
  active BIGINT NOT NULL,
  version BIGINT NOT NULL
) {clustered};
CREATE INDEX post_projection_by_body ON post_projection (body_id, role);

-- One row for each fact and person to be told of it. recipient is a person's id, or 'requester' where
-- the fact does not name him. No name and no address: these are asked for when it is sent. facts are
-- the event's data. created_at and sent_at are business time; next_try_at is machine time: when to
-- try again, or when a claim ends. attempts also tells claims apart.
CREATE TABLE message (
  n {bigauto},
  message_id {id} NOT NULL,
  event_id {id} NOT NULL,
  recipient {key} NOT NULL,
  kind {key} NOT NULL,
  booking_id {id} NOT NULL,
  facts {json} NOT NULL,
  created_at BIGINT NOT NULL,
  state {key} NOT NULL,
  reason {key} NOT NULL,
  attempts BIGINT NOT NULL,
  next_try_at BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  file {text} NOT NULL
) {table};
CREATE UNIQUE INDEX message_by_id ON message (message_id);
CREATE UNIQUE INDEX message_once ON message (event_id, recipient);
CREATE INDEX message_due ON message (state, next_try_at);
