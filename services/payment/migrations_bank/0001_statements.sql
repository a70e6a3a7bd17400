ALTER TABLE bank_statement ADD COLUMN format {key} NOT NULL DEFAULT 'csv';
ALTER TABLE bank_statement ADD COLUMN account {key} NOT NULL DEFAULT '';
ALTER TABLE bank_statement ADD COLUMN opening BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bank_statement ADD COLUMN closing BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bank_statement ADD COLUMN has_opening BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bank_statement ADD COLUMN has_closing BIGINT NOT NULL DEFAULT 0;

CREATE TABLE bank_account (
  establishment_id {id} NOT NULL PRIMARY KEY,
  account {key} NOT NULL,
  dedicated BIGINT NOT NULL,
  registered_at BIGINT NOT NULL,
  registered_by {key} NOT NULL
) {clustered};
CREATE UNIQUE INDEX bank_account_once ON bank_account (account);

CREATE TABLE csv_profile (
  establishment_id {id} NOT NULL PRIMARY KEY,
  details {json} NOT NULL
) {clustered};
