CREATE TABLE insurance (
  insurance_id {id} NOT NULL PRIMARY KEY,
  affiliation_id {id} NOT NULL,
  insurer VARCHAR(120) NOT NULL,
  policy_number VARCHAR(60) NOT NULL,
  valid_until VARCHAR(10) NOT NULL,
  declared_by {key} NOT NULL,
  declared_at BIGINT NOT NULL,
  FOREIGN KEY (affiliation_id) REFERENCES affiliation (affiliation_id)
) {table};
CREATE INDEX insurance_affiliation ON insurance (affiliation_id);
CREATE TABLE contract_signature (
  signature_id {id} NOT NULL PRIMARY KEY,
  affiliation_id {id} NOT NULL,
  contract_version VARCHAR(20) NOT NULL,
  signed_on VARCHAR(10) NOT NULL,
  on_paper BIGINT NOT NULL,
  recorded_by {key} NOT NULL,
  recorded_at BIGINT NOT NULL,
  FOREIGN KEY (affiliation_id) REFERENCES affiliation (affiliation_id)
) {table};
CREATE INDEX contract_signature_affiliation ON contract_signature (affiliation_id);
