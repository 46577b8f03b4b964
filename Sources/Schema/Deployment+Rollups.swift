import MariaDBClient

extension Deployment {
  /// The rollups that a deployment creates in a schema that already has payments.
  ///
  /// - Returns: paths of their tables; empty when there is nothing to count
  func newRollups(in steps: [Step], of inventory: Inventory) async throws -> Set<String> {
    let made = steps.filter { step in
      step.path.hasPrefix("sql/tables/")
        && (step.action == .create || (step.action == .adopt && !inventory.recorded.isEmpty))
    }
    guard !made.isEmpty, inventory.shapes["transactions"] != nil,
      try await !connection.query("SELECT 1 FROM transactions LIMIT 1").rows.isEmpty
    else { return [] }
    let names = rollupNames()
    return Set(
      made.map(\.path).filter { path in
        manifest.objects.contains { $0.path == path && names.contains($0.name) }
      })
  }

  /// Names of the rollups, as the routine that describes them lists them.
  private func rollupNames() -> Set<String> {
    guard let routine = manifest.objects.first(where: { $0.name == "describe_rollups" }) else {
      return []
    }
    let literals = routine.source.matches(of: /'([a-z_]+)'/).map { String($0.1) }
    let tables = Set(manifest.objects.filter { $0.kind == .table }.map(\.name))
    return tables.intersection(literals)
  }

  /// Fills new rollups from the existing payments, and records them.
  func fill(_ paths: Set<String>) async throws {
    guard !paths.isEmpty else { return }
    let days = try await connection.query(
      """
      SELECT MIN(d.first_day) AS first_day, MAX(d.last_day) AS last_day
      FROM (
        SELECT DATE(MIN(t.transaction_time)) AS first_day,
          DATE(MAX(t.transaction_time)) AS last_day
        FROM transactions AS t
        UNION ALL
        SELECT DATE(MIN(s.due_at)), DATE(MAX(s.due_at)) FROM settlements AS s
        UNION ALL
        SELECT DATE(MIN(l.login_time)), DATE(MAX(l.login_time)) FROM login_activity AS l
      ) AS d
      """
    ).rows.first
    if let first = days?["first_day"], let last = days?["last_day"] {
      _ = try await connection.queryAll("CALL rebuild_rollups('\(first)', '\(last)')")
    }
    for object in manifest.objects where paths.contains(object.path) { try await record(object) }
  }
}
