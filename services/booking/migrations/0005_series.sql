-- What an act changed, date by date and field by field: old and new. Empty where it changed none.
ALTER TABLE booking_history ADD COLUMN changes {json} NOT NULL DEFAULT '';
