import MariaDBClient
internal import PayopsCore
package import Schema

extension Check {
  /// The objects of the schema.
  package static let objectChecks: [Check] = [
    Check(name: "deployment") { deployment($0.schema, database: $0.database) },
    Check(name: "drift", needsSchema: true, examine: drift),
    Check(name: "views", needsSchema: true, examine: views),
    Check(name: "definers", needsSchema: true, examine: definers),
  ]

  /// Judges whether the schema is deployed.
  package static func deployment(_ schema: Examination.Schema, database: String) -> Finding {
    switch schema {
    case .deployed: .ok("schema \(database) is deployed")
    case .missing: .failure("there is no schema \(database)", "run `payops deploy`")
    case .notDeployed:
      .failure("schema \(database) is not deployed", "run `payops deploy`")
    case .forbidden:
      .failure(
        "the account may not read schema \(database)",
        "grant the account its privileges on the schema, or use another account")
    }
  }

  private static func drift(_ examination: Examination) async throws -> Finding {
    let deployment = try Deployment(
      connection: examination.connection, version: Version.current)
    let hidden = try await deployment.missingToCompare()
    guard hidden.isEmpty else {
      return .unknown(
        "the account cannot see every definition: it lacks \(hidden.joined(separator: ", "))",
        "run `payops doctor` as the account that deploys")
    }
    // The check restore reports the tables of an interrupted restore.
    return judge(
      try await deployment.drift()
        .filter { $0.kind != .extra || !$0.name.hasPrefix(Deployment.restorePrefix) })
  }

  /// Judges differences between the schema and this program.
  ///
  /// - Parameter drift: the differences
  /// - Returns: the finding
  package static func judge(_ drift: [Drift]) -> Finding {
    let hidden = drift.filter { $0.kind == .hidden }
    let rest = drift.filter { !hidden.contains($0) }
    func names(_ kinds: [Drift.Kind]) -> [String] {
      rest.filter { kinds.contains($0.kind) }.map(\.description)
    }
    let broken = names([.missing, .changed])
    let other = names([.outdated, .unrecorded, .extra])
    let hasAlteredTable = rest.contains { $0.kind == .changed && $0.objectKind == "table" }
    if !broken.isEmpty {
      return .failure(
        Examination.list(broken + other),
        hasAlteredTable
          ? "undo the manual changes of tables, then run `payops deploy`"
          : "run `payops deploy`, which restores the objects")
    }
    if !other.isEmpty {
      let onlyExtra = rest.allSatisfy { $0.kind == .extra }
      return .warning(
        Examination.list(other),
        onlyExtra
          ? "move your own objects to another schema" : "run `payops deploy` to update the schema")
    }
    guard hidden.isEmpty else {
      return .unknown(
        "the bodies of \(hidden.count) routines are hidden from the account",
        "run `payops doctor` as the account that deploys, or grant SELECT on mysql.proc")
    }
    return .ok("every object is as this version deploys it")
  }

  private static func views(_ examination: Examination) async throws -> Finding {
    let connection = examination.connection
    let names = try await connection.query(
      "SELECT TABLE_NAME AS name FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ?"
        + " AND TABLE_NAME NOT LIKE 'int\\_%' ORDER BY TABLE_NAME",
      [.text(examination.database)]
    ).rows.compactMap { $0["name"] }
    guard !names.isEmpty else {
      return .failure("the schema has no published views", "run `payops deploy`")
    }
    var broken: [String] = []
    var denied: [String] = []
    var lacking = ""
    var reason = ""
    for name in names {
      do throws(DatabaseError) {
        _ = try await connection.query("SELECT * FROM \(Examination.quoted(name)) LIMIT 0")
      } catch {
        // A view whose functions the account may not call is not broken either.
        if error.code == .accessDenied {
          denied.append(name)
          if lacking.isEmpty { lacking = error.denial?.description ?? "" }
        } else if error.code == .connectionLost || error.code == .interrupted {
          throw error
        } else {
          if broken.isEmpty { reason = error.serverMessage }
          broken.append(name)
        }
      }
    }
    guard broken.isEmpty else {
      return .failure(
        "\(broken.count) of \(names.count) cannot be read: \(Examination.list(broken))"
          + (reason.isEmpty ? "" : " (\(reason))"),
        "see the checks drift and definers, then run `payops deploy`")
    }
    guard denied.isEmpty else {
      return .unknown(
        "the account may not read \(denied.count) of \(names.count):"
          + " \(Examination.list(denied))" + (lacking.isEmpty ? "" : "; it lacks \(lacking)"),
        "give the account a role that reads them (`payops roles apply`, then GRANT the role), or run"
          + " `payops doctor` as another account")
    }
    return .ok("all \(names.count) published views can be read")
  }

  private static func definers(_ examination: Examination) async throws -> Finding {
    let connection = examination.connection
    let rows = try await connection.query(
      """
      SELECT o.definer, COUNT(*) AS objects, MIN(o.name) AS example FROM (
        SELECT DEFINER AS definer, TABLE_NAME AS name FROM information_schema.VIEWS
        WHERE TABLE_SCHEMA = ?
        UNION ALL
        SELECT DEFINER, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?
        UNION ALL
        SELECT DEFINER, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = ?
        UNION ALL
        SELECT DEFINER, EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ?
      ) AS o GROUP BY o.definer ORDER BY o.definer
      """, Array(repeating: .text(examination.database), count: 4)
    ).rows
    let definers = rows.map {
      (name: $0["definer"] ?? "", objects: $0.integer("objects") ?? 0, example: $0["example"] ?? "")
    }
    let accounts: Set<String>
    let table = connection.serverVersion.isMariaDB ? "mysql.global_priv" : "mysql.user"
    do throws(DatabaseError) {
      accounts = Set(
        try await connection.query(
          "SELECT CONCAT(User, '@', Host) AS account FROM \(table)"
        ).rows.compactMap { $0["account"] })
    } catch {
      guard [1142, 1143, 1146].contains(error.errno) else { throw error }
      return .unknown(
        "the objects belong to \(Examination.list(definers.map(\.name))); the account may not see"
          + " whether these exist",
        "run `payops doctor` as an administrator, or grant SELECT on \(table)")
    }
    let gone = definers.filter { !accounts.contains($0.name) }
    guard gone.isEmpty else {
      let sentences = gone.map { "\($0.name) of \($0.objects) objects such as \($0.example)" }
      return .failure(
        "no account \(Examination.list(sentences)): they cannot run",
        "create the account again, locked (CREATE USER … ACCOUNT LOCK) and with its privileges on"
          + " the schema, or drop the objects and run `payops deploy`")
    }
    let schema = examination.database
    var excess: [String] = []
    for definer in definers {
      guard let grants = try await grants(of: definer.name, on: connection) else {
        return .unknown(
          "the account may not see the privileges of \(definer.name), which owns"
            + " \(definer.objects) objects",
          "run `payops doctor` as an administrator")
      }
      let outside = OutsideGrants.found(in: grants, schema: schema)
      if !outside.isEmpty {
        excess.append(
          "\(definer.name) of \(definer.objects) objects (\(Examination.list(outside)))")
      }
    }
    guard excess.isEmpty else {
      return .failure(
        "objects run with privileges outside of \(schema), those of \(Examination.list(excess)):"
          + " any account that may change an object has these privileges",
        "run `payops deploy` as an administrator, which gives the objects an owner of their own")
    }
    return .ok("every object belongs to an account that exists and has no privileges elsewhere")
  }

  /// The grants of an account or a role as the server shows them; nil when it does not show them.
  private static func grants(
    of definer: String, on connection: Connection
  ) async throws -> [String]? {
    let account: String
    if let at = definer.lastIndex(of: "@"), at != definer.index(before: definer.endIndex) {
      account =
        Examination.quoted(String(definer[..<at])) + "@"
        + Examination.quoted(String(definer[definer.index(after: at)...]))
    } else {
      account = Examination.quoted(definer.hasSuffix("@") ? String(definer.dropLast()) : definer)
    }
    do throws(DatabaseError) {
      return try await connection.query("SHOW GRANTS FOR \(account)").rows
        .compactMap { $0.values.first ?? nil }
    } catch {
      guard [1044, 1045, 1142, 1227].contains(error.errno) else { throw error }
      return nil
    }
  }
}
