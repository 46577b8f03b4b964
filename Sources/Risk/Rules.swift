package import MariaDBClient
package import PayopsCore
package import Tabular

/// Rules, their versions, and their hits.
package enum Rules {
  /// The rules with their parameters and the counts of their hits.
  package static func list(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT rule_id, rule_name, risk_level, rule_version, points, is_enabled, hit_count_30d,"
          + " customer_count_30d, parameters, last_error FROM risk_rule_catalog ORDER BY rule_id")
    ).roles([
      "rule_name": .key, "risk_level": .minor, "rule_version": .minor, "hit_count_30d": .key,
      "customer_count_30d": .minor, "parameters": .text(atLeast: 20),
    ])
  }

  /// Finds new hits, updates the scores and opens cases.
  ///
  /// - Returns: the counts of the run, and a sentence for each rule that failed
  package static func evaluate(
    on connection: Connection
  ) async throws -> (run: DataTable, failures: [String]) {
    let run = try await connection.query("CALL evaluate_rules(NULL)")
    _ = try await connection.query("CALL apply_risk_scores(NULL)")
    _ = try await connection.query("CALL open_risk_cases(NULL)")
    let failures = try await connection.query(
      "SELECT rule_id, error_number, error_message FROM risk_rule_runs"
        + " WHERE run_id = ? AND error_number IS NOT NULL ORDER BY rule_id",
      [.integer(run.rows.first?.integer("run_id") ?? 0)])
    return (
      DataTable(run),
      failures.rows.map { "rule \($0["rule_id"] ?? "") failed: \($0["error_message"] ?? "")" }
    )
  }

  /// The hits that a rule would have with other parameters, beside those of the active version.
  package static func whatIf(
    _ rule: String, _ parameters: RuleParameters, from: CivilDate, to: CivilDate,
    on connection: Connection
  ) async throws -> DataTable {
    let table = DataTable(
      try await connection.query(
        "CALL rule_whatif(?, ?, ?, ?)",
        [
          .text(rule), .text(parameters.json), .text(from.description), .text(to.description),
        ]))
    let currency = try? await connection.query("SELECT base_currency FROM exposure_total").rows
      .first?["base_currency"]
    return table.roles(["amount": .key, "common_count": .minor, "hits_per_day": .minor])
      .measures(["amount": .amount(currency)])
  }

  /// Creates a draft with other parameters.
  ///
  /// - Parameters:
  ///   - rule: the rule
  ///   - parameters: the parameters that differ
  ///   - points: points of a hit; nil for those of the active version
  ///   - connection: connection with the schema selected
  /// - Returns: the number of the version
  package static func propose(
    _ rule: String, _ parameters: RuleParameters, points: Int?, on connection: Connection
  ) async throws -> Int64? {
    _ = try await connection.query(
      "CALL propose_rule_version(?, ?, ?, @payops_version)",
      [.text(rule), .text(parameters.json), points.map { .integer(Int64($0)) } ?? .null])
    return try await connection.query("SELECT @payops_version AS version").rows.first?
      .integer("version")
  }

  /// Makes a draft the active version.
  package static func activate(
    _ rule: String, version: Int64, on connection: Connection
  ) async throws {
    _ = try await connection.query(
      "CALL activate_rule_version(?, ?)", [.text(rule), .integer(version)])
  }
}
