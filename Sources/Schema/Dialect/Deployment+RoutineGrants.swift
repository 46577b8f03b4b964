import MariaDBClient

extension Deployment {
  /// Statements that grant again what a step takes away by dropping a routine.
  ///
  /// MariaDB replaces a routine and keeps its grants. MySQL drops it, and its grants with it. An
  /// account that may not read the grants could not give them either: `payops roles` shows what is
  /// missing afterwards.
  ///
  /// - Parameter step: what is going to be done
  /// - Returns: the statements, to be run after the step
  func grantsLost(by step: Step) async throws -> [String] {
    guard dialect == .mySQL, step.statements.contains(where: { $0.hasPrefix("DROP ") }),
      let object = manifest.objects.first(where: { $0.path == step.path }),
      object.kind == .procedure || object.kind == .function
    else { return [] }
    let kind = object.kind.rawValue.uppercased()
    let rows: [Row]
    do throws(DatabaseError) {
      rows = try await connection.query(
        """
        SELECT p.User AS user_name, p.Host AS host_name, p.Proc_priv AS privileges
        FROM mysql.procs_priv AS p
        WHERE p.Db = DATABASE() AND p.Routine_name = ? AND p.Routine_type = ?
        """, [.text(object.name), .text(kind)]
      ).rows
    } catch {
      guard error.code == .accessDenied else { throw error }
      return []
    }
    return rows.compactMap { row in
      guard let user = row["user_name"], let host = row["host_name"] else { return nil }
      let privileges = (row["privileges"] ?? "").uppercased().split(separator: ",")
      let given = privileges.filter { $0 != "GRANT" }
      let account = "\(RoleGrant.quoted(user))@\(RoleGrant.quoted(host))"
      return "GRANT \(given.isEmpty ? "USAGE" : given.joined(separator: ", "))"
        + " ON \(kind) \(RoleGrant.quoted(object.name)) TO \(account)"
        + (privileges.contains("GRANT") ? " WITH GRANT OPTION" : "")
    }
  }
}
