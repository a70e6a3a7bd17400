CREATE TABLE part_version (
  part_id {id} NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL
) {clustered};

CREATE TABLE pair_version (
  organisation_id {id} NOT NULL,
  body_id {id} NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (organisation_id, body_id)
) {clustered};

CREATE TABLE booking (
  booking_id {id} NOT NULL PRIMARY KEY,
  reference {key} NOT NULL,
  version BIGINT NOT NULL,
  state {key} NOT NULL,
  held {key} NOT NULL,
  origin {key} NOT NULL,
  channel {key} NOT NULL,
  body_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  site_id {id} NOT NULL,
  space_id {id} NOT NULL,
  offer_id {id} NOT NULL,
  organisation_id {id} NOT NULL,
  requester_id {key} NOT NULL,
  category {key} NOT NULL,
  free_ground {text} NOT NULL,
  payment_kind {key} NOT NULL,
  request_hash {key} NOT NULL,
  submitted_at BIGINT NOT NULL,
  answer_by BIGINT NOT NULL,
  first_start BIGINT NOT NULL,
  last_start BIGINT NOT NULL,
  last_end BIGINT NOT NULL,
  dates_count BIGINT NOT NULL,
  decided_role {key} NOT NULL,
  decided_by {key} NOT NULL,
  decided_at BIGINT NOT NULL,
  reason_code {key} NOT NULL,
  reason_text {text} NOT NULL,
  details {json} NOT NULL
) {clustered};
CREATE UNIQUE INDEX booking_by_reference ON booking (reference);
CREATE INDEX booking_by_organisation ON booking (organisation_id, submitted_at);
CREATE INDEX booking_by_establishment ON booking (establishment_id, submitted_at);
CREATE INDEX booking_to_decide ON booking (establishment_id, state, answer_by);
CREATE INDEX booking_of_body ON booking (body_id, state, answer_by);
CREATE INDEX booking_by_space ON booking (space_id, state);
CREATE INDEX booking_unanswered ON booking (state, last_start);
CREATE INDEX booking_ended ON booking (state, last_end);

CREATE TABLE booking_occurrence (
  booking_id {id} NOT NULL,
  occurrence_id {id} NOT NULL,
  local_date BIGINT NOT NULL,
  start_minute BIGINT NOT NULL,
  end_minute BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  state {key} NOT NULL,
  reason {text} NOT NULL,
  buffer_before_s BIGINT NOT NULL,
  buffer_after_s BIGINT NOT NULL,
  PRIMARY KEY (booking_id, occurrence_id)
) {clustered};

CREATE TABLE occupied_cell (
  part_id {id} NOT NULL,
  cell BIGINT NOT NULL,
  booking_id {id} NOT NULL,
  PRIMARY KEY (part_id, cell)
) {clustered};
CREATE INDEX occupied_cell_by_booking ON occupied_cell (booking_id);

CREATE TABLE occupied_interval (
  part_id {id} NOT NULL,
  start_at BIGINT NOT NULL,
  booking_id {id} NOT NULL,
  end_at BIGINT NOT NULL,
  buffer_before_s BIGINT NOT NULL,
  buffer_after_s BIGINT NOT NULL,
  organisation_id {id} NOT NULL,
  offer_id {id} NOT NULL,
  pending BIGINT NOT NULL,
  PRIMARY KEY (part_id, start_at, booking_id)
) {clustered};
CREATE INDEX occupied_interval_by_booking ON occupied_interval (booking_id);

CREATE TABLE deferred_effect (
  booking_id {id} NOT NULL PRIMARY KEY,
  act {key} NOT NULL,
  previous_state {key} NOT NULL,
  previous_held {key} NOT NULL,
  effective_at BIGINT NOT NULL
) {clustered};
CREATE INDEX deferred_effect_by_time ON deferred_effect (effective_at);

CREATE TABLE booking_history (
  line {bigauto},
  booking_id {id} NOT NULL,
  happened_at BIGINT NOT NULL,
  actor_role {key} NOT NULL,
  actor_id {key} NOT NULL,
  act {key} NOT NULL,
  from_state {key} NOT NULL,
  to_state {key} NOT NULL,
  version BIGINT NOT NULL,
  reason_code {key} NOT NULL,
  reason_text {text} NOT NULL
) {table};
CREATE INDEX booking_history_by_booking ON booking_history (booking_id, line);

CREATE TABLE closure (
  closure_id {id} NOT NULL PRIMARY KEY,
  body_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  site_id {id} NOT NULL,
  kind {key} NOT NULL,
  reason {text} NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT NOT NULL,
  start_minute BIGINT NOT NULL,
  end_minute BIGINT NOT NULL,
  last_end BIGINT NOT NULL,
  zone {key} NOT NULL,
  active BIGINT NOT NULL,
  version BIGINT NOT NULL,
  created_by {key} NOT NULL,
  created_at BIGINT NOT NULL
) {clustered};
CREATE INDEX closure_by_site ON closure (site_id, active);

CREATE TABLE closure_interval (
  part_id {id} NOT NULL,
  start_at BIGINT NOT NULL,
  closure_id {id} NOT NULL,
  end_at BIGINT NOT NULL,
  PRIMARY KEY (part_id, start_at, closure_id)
) {clustered};
CREATE INDEX closure_interval_by_closure ON closure_interval (closure_id);
