ALTER TABLE refund ADD COLUMN pending_reason {key} NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN asked_by {key} NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN decided_by {key} NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN looked_at BIGINT NOT NULL DEFAULT 0;
UPDATE refund SET status = 'approved' WHERE status = 'requested';

CREATE TABLE dispute (
  dispute_id {key} NOT NULL PRIMARY KEY,
  payment_id {id} NOT NULL,
  attempt BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  withdrawn BIGINT NOT NULL,
  state {key} NOT NULL,
  reason {key} NOT NULL,
  answer_by BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  looked_at BIGINT NOT NULL DEFAULT 0
) {clustered};
CREATE INDEX dispute_by_payment ON dispute (payment_id);
CREATE INDEX dispute_by_state ON dispute (state, looked_at);
