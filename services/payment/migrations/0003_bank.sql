CREATE TABLE bank_statement (
  statement_id {id} NOT NULL PRIMARY KEY,
  establishment_id {id} NOT NULL,
  sha256 {key} NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT NOT NULL,
  lines_count BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by {key} NOT NULL
) {clustered};
CREATE UNIQUE INDEX bank_statement_once ON bank_statement (establishment_id, sha256);

CREATE TABLE bank_line (
  line_id {id} NOT NULL PRIMARY KEY,
  establishment_id {id} NOT NULL,
  statement_id {id} NOT NULL,
  fingerprint {key} NOT NULL,
  ordinal BIGINT NOT NULL,
  day BIGINT NOT NULL,
  label {text} NOT NULL,
  reference {text} NOT NULL,
  amount BIGINT NOT NULL,
  state {key} NOT NULL,
  rule {key} NOT NULL,
  reasons {key} NOT NULL,
  payout_id {key} NOT NULL,
  gap BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX bank_line_once ON bank_line (establishment_id, fingerprint, ordinal);
CREATE INDEX bank_line_by_day ON bank_line (establishment_id, day);
CREATE INDEX bank_line_by_state ON bank_line (establishment_id, state);
