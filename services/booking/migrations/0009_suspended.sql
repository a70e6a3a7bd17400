ALTER TABLE booking ADD COLUMN suspended_from BIGINT NOT NULL DEFAULT 0;
CREATE INDEX booking_suspended ON booking (suspended_from);
