CREATE TABLE idempotency_key (
  actor {key} NOT NULL,
  operation {key} NOT NULL,
  idem_key {key} NOT NULL,
  body_hash {key} NOT NULL,
  claimed_at BIGINT NOT NULL,
  status BIGINT NULL,
  answer {json} NULL,
  PRIMARY KEY (actor, operation, idem_key)
) {clustered};
CREATE INDEX idempotency_key_by_age ON idempotency_key (claimed_at);
