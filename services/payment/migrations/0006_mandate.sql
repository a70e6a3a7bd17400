ALTER TABLE merchant_account ADD COLUMN mandate_ref {text} NOT NULL DEFAULT '';
ALTER TABLE merchant_account ADD COLUMN mandate_on BIGINT NOT NULL DEFAULT 0;
ALTER TABLE merchant_account ADD COLUMN restricted {key} NOT NULL DEFAULT '';
