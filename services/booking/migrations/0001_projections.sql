CREATE TABLE space_projection (
  space_id {id} NOT NULL PRIMARY KEY,
  site_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  body_id {id} NOT NULL,
  version BIGINT NOT NULL,
  facts {json} NOT NULL
) {clustered};
CREATE INDEX space_projection_by_site ON space_projection (site_id);
CREATE INDEX space_projection_by_establishment ON space_projection (establishment_id);

CREATE TABLE offer_projection (
  offer_id {id} NOT NULL PRIMARY KEY,
  space_id {id} NOT NULL
) {clustered};

CREATE TABLE part_projection (
  part_id {id} NOT NULL,
  space_id {id} NOT NULL,
  PRIMARY KEY (part_id, space_id)
) {clustered};
CREATE INDEX part_projection_by_space ON part_projection (space_id);

CREATE TABLE calendar_projection (
  calendar_id {key} NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  facts {json} NOT NULL
) {clustered};

CREATE TABLE establishment_projection (
  establishment_id {id} NOT NULL PRIMARY KEY,
  body_id {id} NOT NULL,
  site_id {id} NOT NULL,
  version BIGINT NOT NULL
) {clustered};

CREATE TABLE affiliation_projection (
  organisation_id {id} NOT NULL,
  body_id {id} NOT NULL,
  affiliation_id {id} NOT NULL,
  category {key} NOT NULL,
  category_ground {text} NOT NULL,
  status {key} NOT NULL,
  contract_signed_on {key} NOT NULL,
  insurance_valid_until {key} NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, body_id)
) {clustered};
