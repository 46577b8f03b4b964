/// Character set and collation of what payops creates and of its sessions.
///
/// They are never left to the server: a session of MariaDB 11.8 and a schema made there have
/// another collation by default, and texts of two collations cannot be compared.
package enum TextDefaults {
  /// The collation of the sessions, and of every text that states no other.
  package static let collation = "utf8mb4_general_ci"
  /// What a `CREATE DATABASE` or `ALTER DATABASE` ends with.
  package static let clause = "CHARACTER SET utf8mb4 COLLATE \(collation)"
}
