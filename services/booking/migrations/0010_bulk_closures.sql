-- One closure at many sites: what was ordered, and how far it has come.
CREATE TABLE bulk_closure (
  bulk_closure_id {id} NOT NULL PRIMARY KEY,
  body_id {id} NOT NULL,
  state {key} NOT NULL,
  version BIGINT NOT NULL,
  kind {key} NOT NULL,
  reason {text} NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT NOT NULL,
  start_minute BIGINT NOT NULL,
  end_minute BIGINT NOT NULL,
  forced BIGINT NOT NULL,
  created_by {key} NOT NULL,
  created_at BIGINT NOT NULL,
  undo_until BIGINT NOT NULL
) {clustered};
CREATE INDEX bulk_closure_of_body ON bulk_closure (body_id, created_at);
CREATE INDEX bulk_closure_by_state ON bulk_closure (state, undo_until);

CREATE TABLE bulk_closure_site (
  bulk_closure_id {id} NOT NULL,
  site_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  by_role {key} NOT NULL,
  state {key} NOT NULL,
  closure_id {key} NOT NULL,
  pushed_count BIGINT NOT NULL,
  restored_count BIGINT NOT NULL,
  PRIMARY KEY (bulk_closure_id, site_id)
) {clustered};
CREATE INDEX bulk_closure_site_by_state ON bulk_closure_site (state, bulk_closure_id);

ALTER TABLE closure ADD COLUMN bulk_closure_id {key} NOT NULL DEFAULT '';
ALTER TABLE deferred_effect ADD COLUMN bulk_closure_id {key} NOT NULL DEFAULT '';
CREATE INDEX deferred_effect_of_bulk_closure ON deferred_effect (bulk_closure_id);
