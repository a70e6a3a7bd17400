ALTER TABLE space ADD COLUMN two_levels BIGINT NOT NULL DEFAULT 0;
ALTER TABLE space ADD COLUMN auto_accept BIGINT NOT NULL DEFAULT 0;

CREATE TABLE deliberation (
    deliberation_id {id} NOT NULL PRIMARY KEY,
    establishment_id {id} NOT NULL,
    act_number {key} NOT NULL,
    voted_on {key} NOT NULL,
    valid_from {key} NOT NULL,
    valid_until {key} NOT NULL,
    space_ids {json} NOT NULL,
    recorded_by {key} NOT NULL,
    recorded_at BIGINT NOT NULL
) {table};
CREATE INDEX deliberation_establishment ON deliberation (establishment_id);
