-- What every new request looks up among all bookings of its organisation: the same request, and how many
-- stand unanswered at the body.
CREATE INDEX booking_by_request ON booking (organisation_id, request_hash);
CREATE INDEX booking_of_pair ON booking (organisation_id, body_id, state);
