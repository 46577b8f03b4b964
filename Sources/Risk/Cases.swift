package import MariaDBClient
package import Tabular

/// The queue of cases.
package enum Cases {
  /// Cases, the earliest due first.
  ///
  /// - Parameters:
  ///   - state: open, assigned or closed; nil for all
  ///   - customer: number of the customer; nil for all
  ///   - limit: most rows
  ///   - connection: connection with the schema selected
  package static func list(
    state: String?, customer: Int? = nil, limit: Int, on connection: Connection
  ) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT case_id, customer_id, case_state, assignee, due_at, is_overdue, hit_count,"
          + " rule_count, points, disposition FROM risk_case_list"
          + " WHERE case_state = COALESCE(?, case_state)"
          + " AND customer_id = COALESCE(?, customer_id)"
          + " ORDER BY case_state = 'closed', due_at, case_id LIMIT ?",
        [
          state.map { .text($0) } ?? .null, customer.map { .integer(Int64($0)) } ?? .null,
          .integer(Int64(limit)),
        ])
    ).roles([
      "customer_id": .key, "case_state": .key, "due_at": .key, "assignee": .minor,
      "rule_count": .minor, "disposition": .minor,
    ])
  }

  /// Opens a case of a customer by hand, with the hits that are in no case.
  ///
  /// - Returns: number of the case
  /// - Throws: 30502 without such a customer, 30510 when the customer has a case that is not closed
  package static func open(
    of customer: Int64, reason: String, on connection: Connection
  ) async throws -> Int64? {
    _ = try await connection.query(
      "CALL open_case(?, ?, @payops_case)", [.integer(customer), .text(reason)])
    return try await connection.query("SELECT @payops_case AS case_id").rows.first?
      .integer("case_id")
  }

  /// How many hits of each rule were confirmed, and how many were false positives.
  package static func precision(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT rule_id, rule_version, hit_count, confirmed_count, false_positive_count,"
          + " undecided_count, case_count, hit_precision FROM risk_rule_precision"
          + " ORDER BY rule_id, rule_version")
    ).roles(["hit_precision": .key, "case_count": .minor, "undecided_count": .minor])
      .measures(["hit_precision": .ratio])
  }
}
