ALTER TABLE establishment_projection DROP COLUMN demonstration;
