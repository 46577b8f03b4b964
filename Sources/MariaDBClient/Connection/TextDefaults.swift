/// Character set and collation of the schemas that payops creates and of its sessions.
///
/// They never depend on the server: in MariaDB 11.8 sessions and new schemas have another collation
/// by default, and texts of two collations cannot be compared.
package enum TextDefaults {
  /// The collation of the sessions, and of every text that states no other.
  package static let collation = "utf8mb4_general_ci"
  /// The last clause of a `CREATE DATABASE` or `ALTER DATABASE`.
  package static let clause = "CHARACTER SET utf8mb4 COLLATE \(collation)"
}
