CREATE TABLE free_use (
  booking_id {id} NOT NULL PRIMARY KEY,
  organisation_id {id} NOT NULL,
  body_id {id} NOT NULL,
  school_year BIGINT NOT NULL,
  kind {key} NOT NULL
) {clustered};
CREATE INDEX free_use_of_pair ON free_use (organisation_id, body_id, school_year, kind);

CREATE TABLE relet_claim (
  booking_id {id} NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  space_id {id} NOT NULL,
  amount_cents BIGINT NOT NULL,
  relet_by {key} NOT NULL,
  PRIMARY KEY (booking_id, start_at)
) {clustered};
CREATE INDEX relet_claim_open ON relet_claim (space_id, relet_by, start_at);
