CREATE TABLE body (
  body_id {id} NOT NULL PRIMARY KEY,
  slug VARCHAR(64) NOT NULL,
  name VARCHAR(800) NOT NULL,
  contact_email VARCHAR(254) NOT NULL,
  contact_phone VARCHAR(40) NOT NULL,
  contact_hours VARCHAR(800) NOT NULL,
  texts {json} NOT NULL,
  demonstration BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (slug)
) {table};
CREATE TABLE person (
  person_id {id} NOT NULL PRIMARY KEY,
  name VARCHAR(800) NOT NULL,
  email VARCHAR(254),
  language VARCHAR(8) NOT NULL,
  active BIGINT NOT NULL,
  demonstration BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (email)
) {table};
CREATE TABLE credential (
  person_id {id} NOT NULL PRIMARY KEY,
  password_hash VARCHAR(200) NOT NULL,
  changed_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES person (person_id)
) {table};
CREATE TABLE password_token (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  expires_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES person (person_id)
) {table};
CREATE INDEX password_token_person ON password_token (person_id);
CREATE TABLE session (
  token_hash VARCHAR(64) NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES person (person_id)
) {table};
CREATE INDEX session_person ON session (person_id);
CREATE INDEX session_last_seen ON session (last_seen_at);
CREATE TABLE sign_in_tries (
  account_key VARCHAR(64) NOT NULL PRIMARY KEY,
  tries VARCHAR(200) NOT NULL,
  last_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) {table};
CREATE INDEX sign_in_tries_last ON sign_in_tries (last_at);
CREATE TABLE organisation (
  organisation_id {id} NOT NULL PRIMARY KEY,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(800) NOT NULL,
  rna VARCHAR(10),
  siren VARCHAR(9),
  siret VARCHAR(14),
  court_register VARCHAR(80),
  demonstration BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (rna),
  UNIQUE (siret)
) {table};
CREATE TABLE affiliation (
  affiliation_id {id} NOT NULL PRIMARY KEY,
  organisation_id {id} NOT NULL,
  body_id {id} NOT NULL,
  category VARCHAR(1) NOT NULL,
  category_ground VARCHAR(800) NOT NULL,
  status VARCHAR(16) NOT NULL,
  contract_signed_on VARCHAR(10) NOT NULL,
  insurance_valid_until VARCHAR(10) NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (organisation_id, body_id),
  FOREIGN KEY (organisation_id) REFERENCES organisation (organisation_id),
  FOREIGN KEY (body_id) REFERENCES body (body_id)
) {table};
CREATE INDEX affiliation_body ON affiliation (body_id);
CREATE TABLE membership (
  membership_id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  organisation_id {id} NOT NULL,
  role VARCHAR(16) NOT NULL,
  active BIGINT NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (person_id, organisation_id),
  FOREIGN KEY (person_id) REFERENCES person (person_id),
  FOREIGN KEY (organisation_id) REFERENCES organisation (organisation_id)
) {table};
CREATE INDEX membership_organisation ON membership (organisation_id);
CREATE TABLE staff_post (
  post_id {id} NOT NULL PRIMARY KEY,
  person_id {id} NOT NULL,
  body_id {id} NOT NULL,
  role VARCHAR(16) NOT NULL,
  active BIGINT NOT NULL,
  version BIGINT NOT NULL,
  FOREIGN KEY (person_id) REFERENCES person (person_id),
  FOREIGN KEY (body_id) REFERENCES body (body_id)
) {table};
CREATE INDEX staff_post_person ON staff_post (person_id);
CREATE INDEX staff_post_body ON staff_post (body_id);
CREATE TABLE staff_post_establishment (
  post_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  PRIMARY KEY (post_id, establishment_id),
  FOREIGN KEY (post_id) REFERENCES staff_post (post_id)
) {clustered};
