-- Bookings of several rooms that were asked for in one request; the first is one of them.
CREATE TABLE joint_request (
  booking_id {id} NOT NULL PRIMARY KEY,
  first_id {id} NOT NULL
) {clustered};
CREATE INDEX joint_request_by_first ON joint_request (first_id);
