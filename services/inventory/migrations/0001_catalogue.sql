CREATE TABLE establishment (
    establishment_id {id} NOT NULL PRIMARY KEY,
    body_id {id} NOT NULL,
    uai {key} NOT NULL,
    siret {key},
    slug {key} NOT NULL,
    name {text} NOT NULL,
    kind {key} NOT NULL,
    academie {text} NOT NULL,
    demonstration BIGINT NOT NULL,
    search_words {text} NOT NULL,
    version BIGINT NOT NULL
) {table};
CREATE UNIQUE INDEX establishment_uai ON establishment (uai);
CREATE UNIQUE INDEX establishment_slug ON establishment (slug);
CREATE INDEX establishment_body ON establishment (body_id);

CREATE TABLE site (
    site_id {id} NOT NULL PRIMARY KEY,
    establishment_id {id} NOT NULL,
    address {text} NOT NULL,
    postcode {key} NOT NULL,
    commune_insee {key} NOT NULL,
    commune_name {text} NOT NULL,
    departement {key} NOT NULL,
    lat_e6 BIGINT NOT NULL,
    lon_e6 BIGINT NOT NULL,
    zone {key} NOT NULL,
    school_zone {key} NOT NULL,
    territory {key} NOT NULL
) {table};
CREATE UNIQUE INDEX site_establishment ON site (establishment_id);

CREATE TABLE space (
    space_id {id} NOT NULL PRIMARY KEY,
    body_id {id} NOT NULL,
    establishment_id {id} NOT NULL,
    site_id {id} NOT NULL,
    slug {key} NOT NULL,
    name {text} NOT NULL,
    kind {key} NOT NULL,
    capacity_seated BIGINT NOT NULL,
    capacity_standing BIGINT NOT NULL,
    area_m2 BIGINT NOT NULL,
    step_free BIGINT NOT NULL,
    equipment {json} NOT NULL,
    purposes {json} NOT NULL,
    published BIGINT NOT NULL,
    demonstration BIGINT NOT NULL,
    pending_holds BIGINT NOT NULL,
    opening {json} NOT NULL,
    version BIGINT NOT NULL
) {table};
CREATE UNIQUE INDEX space_slug ON space (slug);
CREATE INDEX space_establishment ON space (establishment_id);
CREATE INDEX space_body ON space (body_id);

CREATE TABLE part (
    part_id {id} NOT NULL PRIMARY KEY,
    space_id {id} NOT NULL,
    position BIGINT NOT NULL,
    name {text} NOT NULL
) {table};
CREATE INDEX part_space ON part (space_id);

CREATE TABLE offer (
    offer_id {id} NOT NULL PRIMARY KEY,
    space_id {id} NOT NULL,
    position BIGINT NOT NULL,
    name {text} NOT NULL,
    capacity BIGINT NOT NULL,
    tariff_kind {key} NOT NULL,
    grid_min BIGINT NOT NULL,
    duration_min_min BIGINT NOT NULL,
    duration_max_min BIGINT NOT NULL,
    notice_days BIGINT NOT NULL,
    horizon_days BIGINT NOT NULL,
    buffer_before_min BIGINT NOT NULL,
    buffer_after_min BIGINT NOT NULL,
    instant BIGINT NOT NULL,
    active BIGINT NOT NULL
) {table};
CREATE INDEX offer_space ON offer (space_id);

CREATE TABLE offer_part (
    offer_id {id} NOT NULL,
    part_id {id} NOT NULL,
    PRIMARY KEY (offer_id, part_id)
) {clustered};

CREATE TABLE calendar (
    calendar_id {key} NOT NULL PRIMARY KEY,
    kind {key} NOT NULL,
    facts {json} NOT NULL,
    version BIGINT NOT NULL
) {table};

CREATE TABLE tariff (
    tariff_id {id} NOT NULL PRIMARY KEY,
    body_id {id} NOT NULL,
    establishment_id {id},
    version_no BIGINT NOT NULL,
    voted_on {key} NOT NULL,
    executory_from {key} NOT NULL,
    vat_note {text} NOT NULL,
    version BIGINT NOT NULL
) {table};
CREATE INDEX tariff_body ON tariff (body_id);

CREATE TABLE tariff_line (
    tariff_id {id} NOT NULL,
    tariff_kind {key} NOT NULL,
    category {key} NOT NULL,
    unit {key} NOT NULL,
    amount_cents BIGINT NOT NULL,
    PRIMARY KEY (tariff_id, tariff_kind, category, unit)
) {clustered};
