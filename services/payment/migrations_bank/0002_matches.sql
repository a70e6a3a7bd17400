CREATE TABLE bank_match (
  match_id {id} NOT NULL PRIMARY KEY,
  establishment_id {id} NOT NULL,
  line_id {id} NOT NULL,
  state {key} NOT NULL,
  rule {key} NOT NULL,
  reasons {key} NOT NULL,
  note {text} NOT NULL,
  actor {key} NOT NULL,
  made_at BIGINT NOT NULL,
  undone_by {key} NOT NULL,
  undone_at BIGINT NOT NULL
) {clustered};
CREATE INDEX bank_match_by_line ON bank_match (line_id);
CREATE INDEX bank_match_by_state ON bank_match (establishment_id, state);

CREATE TABLE bank_match_item (
  match_id {id} NOT NULL,
  n BIGINT NOT NULL,
  kind {key} NOT NULL,
  subject {key} NOT NULL,
  reference {key} NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (match_id, n)
) {clustered};
CREATE INDEX bank_match_item_by_subject ON bank_match_item (subject);

CREATE TABLE bank_receipt (
  payment_id {id} NOT NULL PRIMARY KEY,
  received BIGINT NOT NULL,
  granted BIGINT NOT NULL,
  settled BIGINT NOT NULL,
  seen BIGINT NOT NULL
) {clustered};

INSERT INTO bank_match (match_id, establishment_id, line_id, state, rule, reasons, note, actor, made_at, undone_by, undone_at)
  SELECT line_id, establishment_id, line_id, 'made', rule, reasons, '', 'system', 0, '', 0 FROM bank_line WHERE state = 'matched';
INSERT INTO bank_match_item (match_id, n, kind, subject, reference, amount)
  SELECT line_id, 0, 'payout', payout_id, payout_id, amount FROM bank_line WHERE state = 'matched';
