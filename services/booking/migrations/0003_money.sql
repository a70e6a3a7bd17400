CREATE TABLE tariff_projection (
  tariff_id {id} NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  facts {json} NOT NULL
) {clustered};

CREATE TABLE payment_projection (
  payment_id {id} NOT NULL PRIMARY KEY,
  booking_id {id} NOT NULL,
  status {key} NOT NULL,
  refund_state {key} NOT NULL,
  amount_cents BIGINT NOT NULL,
  refunded_cents BIGINT NOT NULL,
  public_ref {key} NOT NULL,
  version BIGINT NOT NULL
) {clustered};
CREATE INDEX payment_projection_by_booking ON payment_projection (booking_id);

CREATE TABLE price_quote (
  quote_id {id} NOT NULL PRIMARY KEY,
  organisation_id {id} NOT NULL,
  offer_id {id} NOT NULL,
  category {key} NOT NULL,
  slots_hash {key} NOT NULL,
  price {json} NOT NULL,
  created_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL
) {clustered};
CREATE INDEX price_quote_by_dates ON price_quote (organisation_id, slots_hash, created_at);
CREATE INDEX price_quote_by_end ON price_quote (valid_until);

ALTER TABLE booking ADD COLUMN pay_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN pay_by_extended BIGINT NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN ask_payment_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE booking ADD COLUMN paid BIGINT NOT NULL DEFAULT 0;
CREATE INDEX booking_unpaid ON booking (state, payment_kind, ask_payment_at);

CREATE TABLE refund_order (
  refund_id {id} NOT NULL PRIMARY KEY,
  booking_id {id} NOT NULL,
  payment_id {id} NOT NULL,
  amount_cents BIGINT NOT NULL,
  reason {key} NOT NULL,
  ordered_at BIGINT NOT NULL
) {clustered};
CREATE INDEX refund_order_by_booking ON refund_order (booking_id);

CREATE TABLE late_payment (
  payment_id {id} NOT NULL PRIMARY KEY,
  booking_id {id} NOT NULL,
  retaken BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
) {clustered};
