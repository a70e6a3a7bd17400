#pragma once
// Sessions keep pages of the database for their next transaction; a process at rest has no need of
// them.

namespace preau::db {

/// Gives back what all sessions of this process hold and no transaction uses just now. Safe at any
/// time, from any thread.
void release_idle_memory();

}  // namespace preau::db
