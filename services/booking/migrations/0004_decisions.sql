ALTER TABLE deferred_effect ADD COLUMN before_facts {json} NOT NULL DEFAULT '';

ALTER TABLE booking ADD COLUMN asked_text {text} NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN answered_text {text} NOT NULL DEFAULT '';
ALTER TABLE booking ADD COLUMN escalate_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN overdue_told BIGINT NOT NULL DEFAULT 0;
UPDATE booking SET escalate_by = 2 * answer_by - submitted_at;
CREATE INDEX booking_overdue ON booking (state, overdue_told, answer_by);

CREATE TABLE proposal (
  proposal_id {id} NOT NULL PRIMARY KEY,
  booking_id {id} NOT NULL,
  state {key} NOT NULL,
  space_id {id} NOT NULL,
  offer_id {id} NOT NULL,
  by_role {key} NOT NULL,
  by_id {key} NOT NULL,
  message {text} NOT NULL,
  made_at BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  details {json} NOT NULL
) {clustered};
CREATE INDEX proposal_by_booking ON proposal (booking_id, state);
CREATE INDEX proposal_by_deadline ON proposal (state, deadline);

CREATE TABLE proposal_occurrence (
  proposal_id {id} NOT NULL,
  occurrence_id {id} NOT NULL,
  local_date BIGINT NOT NULL,
  start_minute BIGINT NOT NULL,
  end_minute BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  state {key} NOT NULL,
  reason {text} NOT NULL,
  buffer_before_s BIGINT NOT NULL,
  buffer_after_s BIGINT NOT NULL,
  PRIMARY KEY (proposal_id, occurrence_id)
) {clustered};
