-- What every new request looks up among all bookings of its organisation: the same request, and how many
-- stand unanswered at the body.
CREATE INDEX booking_by_request ON booking (organisation_id, request_hash);
CREATE INDEX booking_of_pair ON booking (organisation_id, body_id, state);
-- The planning of a college: what has not ended before the days that are shown.
CREATE INDEX booking_to_come ON booking (establishment_id, last_end);
