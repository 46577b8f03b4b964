package import MariaDBClient
package import Tabular

/// Payments that people flagged by hand.
package enum PaymentFlags {
  /// Flags, the newest first.
  ///
  /// - Parameters:
  ///   - all: whether removed ones are listed, too
  ///   - limit: most rows
  ///   - connection: connection with the schema selected
  package static func list(
    all: Bool, limit: Int, on connection: Connection
  ) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT transaction_id, customer_id, flag_level, flagged_by, flagged_at, removed_at, reason"
          + " FROM risk_payment_flags WHERE removed_at IS NULL OR ?"
          + " ORDER BY flagged_at DESC, flag_id DESC LIMIT ?",
        [.integer(all ? 1 : 0), .integer(Int64(limit))])
    ).roles(["customer_id": .key, "flag_level": .key, "removed_at": .minor])
  }

  /// Flags a payment; the next evaluation of the rules makes a hit of it, which opens a case.
  ///
  /// - Parameters:
  ///   - payment: number of the payment
  ///   - level: Low, Medium or High
  ///   - reason: why, in words
  ///   - connection: connection with the schema selected
  /// - Throws: 30403 without such a payment, 30508 when it is flagged
  package static func add(
    to payment: Int64, level: String, reason: String, on connection: Connection
  ) async throws {
    _ = try await connection.query(
      "CALL flag_payment(?, ?, ?)", [.integer(payment), .text(level), .text(reason)])
  }

  /// Removes the flag of a payment, and what it counts for.
  ///
  /// - Throws: 30509 when it is not flagged
  package static func remove(
    from payment: Int64, reason: String, on connection: Connection
  ) async throws {
    _ = try await connection.query(
      "CALL unflag_payment(?, ?)", [.integer(payment), .text(reason)])
    _ = try await connection.query("CALL apply_risk_scores(NULL)")
  }
}
