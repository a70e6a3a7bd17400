CREATE TABLE period (
  establishment_id {id} NOT NULL,
  month {key} NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by {key} NOT NULL,
  note {text} NOT NULL,
  numbers {json} NOT NULL,
  hashes {json} NOT NULL,
  PRIMARY KEY (establishment_id, month)
) {clustered};
CREATE TRIGGER period_keeps BEFORE UPDATE ON period FOR EACH ROW {refuse};
CREATE TRIGGER period_stays BEFORE DELETE ON period FOR EACH ROW {refuse};

CREATE TABLE refund_payee (
  refund_id {id} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  iban {key} NOT NULL
) {clustered};
