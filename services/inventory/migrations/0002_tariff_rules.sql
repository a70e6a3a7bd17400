ALTER TABLE tariff_line ADD COLUMN vat_basis_points BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tariff_line ADD COLUMN vat_note {text} NOT NULL DEFAULT '';
ALTER TABLE tariff ADD COLUMN rules {json} NOT NULL DEFAULT '{}';
