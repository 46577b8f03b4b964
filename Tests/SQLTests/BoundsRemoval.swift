import MariaDBClient
import Testing

/// A schema as before bounds were introduced: no write into the tables is refused.
enum BoundsRemoval {
  private static let names = [
    "transactions_before_insert_derive", "transactions_before_update_derive",
    "settlements_before_insert_derive", "settlements_before_update_derive",
    "login_activity_after_insert_capture", "login_activity_after_update_capture",
  ]

  /// The capture triggers, which a plain client may have created without NO_ZERO_DATE.
  private static let capturing = [
    "transactions_after_insert_capture", "transactions_after_update_capture",
    "transactions_after_delete_capture", "settlements_after_insert_capture",
    "settlements_after_update_capture", "settlements_after_delete_capture",
    "login_activity_after_delete_capture",
  ]

  /// The text of each trigger that has bounds.
  static func triggers(_ connection: Connection) async throws -> [(name: String, text: String)] {
    try await triggers(names, connection)
  }

  private static func triggers(
    _ names: [String], _ connection: Connection
  ) async throws -> [(name: String, text: String)] {
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return try await connection.query(
      """
      SELECT trigger_name AS name, CONCAT('CREATE TRIGGER ', trigger_name, ' ',
          action_timing, ' ', event_manipulation, ' ON ', event_object_table, ' FOR EACH ROW ',
          action_statement) AS text
      FROM information_schema.triggers
      WHERE trigger_schema = DATABASE() AND trigger_name IN (\(list))
      """
    ).rows.map { (name: $0.text("name") ?? "", text: $0.text("text") ?? "") }
  }

  /// Replaces the triggers by ones that accept every time and every amount, in the mode of a client
  /// that allows 0000-00-00; the session keeps that mode.
  static func run(_ connection: Connection) async throws {
    let found = try await triggers(connection)
    try await connection.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'")
    for (name, text) in try await triggers(capturing, connection) {
      try await connection.execute("DROP TRIGGER \(name)")
      try await connection.execute(text)
    }
    try #require(found.count == names.count)
    for (name, text) in found {
      let open =
        text
        .replacing("IS NOT TRUE", with: "IS NULL AND FALSE")
        .replacing(">= 100000000000000", with: ">= 1e40")
      try #require(open != text, "\(name)")
      try await connection.execute("DROP TRIGGER \(name)")
      try await connection.execute(open)
    }
  }
}
