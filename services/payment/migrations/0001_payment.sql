CREATE TABLE establishment_projection (
  establishment_id {id} NOT NULL PRIMARY KEY,
  body_id {id} NOT NULL,
  uai {key} NOT NULL,
  name {text} NOT NULL,
  zone {key} NOT NULL,
  demonstration BIGINT NOT NULL,
  version BIGINT NOT NULL
) {clustered};

CREATE TABLE merchant_account (
  establishment_id {id} NOT NULL PRIMARY KEY,
  account {key} NOT NULL,
  synced_until BIGINT NOT NULL,
  next_sync_at BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX merchant_account_by_account ON merchant_account (account);

CREATE TABLE payment (
  payment_id {id} NOT NULL PRIMARY KEY,
  public_ref {key} NOT NULL,
  booking_id {id} NOT NULL,
  booking_reference {key} NOT NULL,
  body_id {id} NOT NULL,
  establishment_id {id} NOT NULL,
  organisation_id {id} NOT NULL,
  requirement {key} NOT NULL,
  amount BIGINT NOT NULL,
  currency {key} NOT NULL,
  status {key} NOT NULL,
  refunded BIGINT NOT NULL,
  received_offline BIGINT NOT NULL,
  settlement {key} NOT NULL,
  booking_state {key} NOT NULL,
  pay_by BIGINT NOT NULL,
  paid_at BIGINT NOT NULL,
  method {key} NOT NULL,
  payout_id {key} NOT NULL,
  details {json} NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX payment_by_reference ON payment (public_ref);
CREATE UNIQUE INDEX payment_by_booking ON payment (booking_id);
CREATE INDEX payment_by_establishment ON payment (establishment_id, payment_id);
CREATE INDEX payment_by_organisation ON payment (organisation_id, payment_id);
CREATE INDEX payment_by_status ON payment (status, booking_state);

CREATE TABLE attempt (
  payment_id {id} NOT NULL,
  n BIGINT NOT NULL,
  establishment_id {id} NOT NULL,
  status {key} NOT NULL,
  declined BIGINT NOT NULL,
  processing BIGINT NOT NULL,
  session_id {key} NOT NULL,
  intent_id {key} NOT NULL,
  charge_id {key} NOT NULL,
  url {json} NOT NULL,
  received BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  PRIMARY KEY (payment_id, n)
) {clustered};
CREATE INDEX attempt_by_session ON attempt (session_id);
CREATE INDEX attempt_by_intent ON attempt (intent_id);
CREATE INDEX attempt_by_status ON attempt (status, looked_at);

CREATE TABLE refund (
  refund_id {id} NOT NULL PRIMARY KEY,
  payment_id {id} NOT NULL,
  refund_key {key} NOT NULL,
  amount BIGINT NOT NULL,
  reason {key} NOT NULL,
  status {key} NOT NULL,
  route {key} NOT NULL,
  attempt BIGINT NOT NULL,
  external_id {key} NOT NULL,
  requested_at BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX refund_by_key ON refund (refund_key);
CREATE INDEX refund_by_payment ON refund (payment_id);
CREATE INDEX refund_by_external ON refund (external_id);
CREATE INDEX refund_by_status ON refund (status, route);

CREATE TABLE provider_call (
  call_id {id} NOT NULL PRIMARY KEY,
  kind {key} NOT NULL,
  target {key} NOT NULL,
  payment_id {id} NOT NULL,
  account {key} NOT NULL,
  idem_key {key} NOT NULL,
  path {key} NOT NULL,
  body {json} NOT NULL,
  state {key} NOT NULL,
  tries BIGINT NOT NULL,
  http_status BIGINT NOT NULL,
  response {json} NOT NULL,
  first_sent_at BIGINT NOT NULL,
  next_try_at BIGINT NOT NULL
) {clustered};
CREATE UNIQUE INDEX provider_call_by_key ON provider_call (idem_key);
CREATE INDEX provider_call_due ON provider_call (state, next_try_at);
CREATE INDEX provider_call_by_target ON provider_call (target);

CREATE TABLE webhook_inbox (
  event_id {key} NOT NULL PRIMARY KEY,
  type {key} NOT NULL,
  account {key} NOT NULL,
  object_kind {key} NOT NULL,
  object_id {key} NOT NULL,
  raw {json} NOT NULL,
  received_at BIGINT NOT NULL,
  state {key} NOT NULL,
  tries BIGINT NOT NULL,
  next_try_at BIGINT NOT NULL,
  error {text} NOT NULL
) {clustered};
CREATE INDEX webhook_inbox_due ON webhook_inbox (state, next_try_at);

CREATE TABLE finding (
  kind {key} NOT NULL,
  subject {key} NOT NULL,
  reason {key} NOT NULL,
  establishment_id {id} NOT NULL,
  amount BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  resolved_at BIGINT NOT NULL,
  PRIMARY KEY (kind, subject, reason)
) {clustered};
CREATE INDEX finding_open ON finding (establishment_id, resolved_at);
