CREATE TABLE ledger_head (
  establishment_id {id} NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  hash {key} NOT NULL
) {clustered};

CREATE TABLE journal (
  establishment_id {id} NOT NULL,
  number BIGINT NOT NULL,
  event_key {key} NOT NULL,
  payment_id {key} NOT NULL,
  label {text} NOT NULL,
  happened_at BIGINT NOT NULL,
  day BIGINT NOT NULL,
  posted_at BIGINT NOT NULL,
  previous_hash {key} NOT NULL,
  hash {key} NOT NULL,
  PRIMARY KEY (establishment_id, number)
) {clustered};
CREATE UNIQUE INDEX journal_by_event ON journal (event_key);
CREATE INDEX journal_by_payment ON journal (payment_id);
CREATE INDEX journal_by_day ON journal (establishment_id, day);

CREATE TABLE posting (
  establishment_id {id} NOT NULL,
  number BIGINT NOT NULL,
  line BIGINT NOT NULL,
  account {key} NOT NULL,
  debit BIGINT NOT NULL,
  credit BIGINT NOT NULL,
  PRIMARY KEY (establishment_id, number, line)
) {clustered};
CREATE INDEX posting_by_account ON posting (establishment_id, account);

CREATE TABLE provider_txn (
  txn_id {key} NOT NULL PRIMARY KEY,
  account {key} NOT NULL,
  establishment_id {id} NOT NULL,
  type {key} NOT NULL,
  gross BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  source {key} NOT NULL,
  payment_id {key} NOT NULL,
  created_at BIGINT NOT NULL
) {clustered};
CREATE INDEX provider_txn_by_establishment ON provider_txn (establishment_id, created_at);
CREATE INDEX provider_txn_by_source ON provider_txn (source);

CREATE TABLE payout (
  payout_id {key} NOT NULL PRIMARY KEY,
  establishment_id {id} NOT NULL,
  account {key} NOT NULL,
  amount BIGINT NOT NULL,
  itemised BIGINT NOT NULL,
  status {key} NOT NULL,
  trace {key} NOT NULL,
  created_at BIGINT NOT NULL,
  arrival_at BIGINT NOT NULL
) {clustered};
CREATE INDEX payout_by_establishment ON payout (establishment_id, created_at);
CREATE INDEX payout_by_status ON payout (status);

CREATE TABLE payout_line (
  txn_id {key} NOT NULL PRIMARY KEY,
  payout_id {key} NOT NULL
) {clustered};
CREATE INDEX payout_line_by_payout ON payout_line (payout_id);

CREATE TRIGGER journal_keeps BEFORE UPDATE ON journal FOR EACH ROW {refuse};
CREATE TRIGGER journal_stays BEFORE DELETE ON journal FOR EACH ROW {refuse};
CREATE TRIGGER posting_keeps BEFORE UPDATE ON posting FOR EACH ROW {refuse};
CREATE TRIGGER posting_stays BEFORE DELETE ON posting FOR EACH ROW {refuse};
CREATE TRIGGER provider_txn_keeps BEFORE UPDATE ON provider_txn FOR EACH ROW {refuse};
CREATE TRIGGER provider_txn_stays BEFORE DELETE ON provider_txn FOR EACH ROW {refuse};
