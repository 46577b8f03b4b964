internal import Backup
internal import MariaDBClient
internal import Schema

/// Views, routines, events and triggers, once the tables are in place.
extension RestoreTarget {
  /// Defines everything, with the session settings before each definition.
  ///
  /// The dump lists views by name. One that reads a view which does not exist yet is retried
  /// after the others, as long as each round defines some of them.
  func define(_ statements: [DumpStatement]) async throws {
    var rest = statements
    while true {
      var waiting: [DumpStatement] = []
      var settings: [DumpStatement] = []
      var unsent = SettingQueue()
      var failure: DatabaseError?
      var views = 0
      for statement in rest {
        if case .session = statement.kind {
          settings.append(statement)
          unsent.add(statement.bytes)
          continue
        }
        try await unsent.send(on: connection)
        do {
          try await define(statement)
        } catch let error as DatabaseError {
          guard case .view = statement.kind, Self.isMissingObject(error) else { throw error }
          failure = error
          waiting += settings + [statement]
          views += 1
        }
        settings = []
      }
      try await unsent.send(on: connection)
      guard let failure else { return }
      let before = rest.count { if case .view = $0.kind { true } else { false } }
      guard views < before else { throw failure }
      rest = waiting
    }
  }

  /// No such table, column or function, or a view that reads one.
  private static func isMissingObject(_ error: DatabaseError) -> Bool {
    [1146, 1356, 1054, 1305].contains(error.errno)
  }

  private func define(_ statement: DumpStatement) async throws {
    switch statement.kind {
    case .trigger(let name, let table): try await nameTrigger(statement, name, table)
    case .view(let name): try await replace(statement, "view", name)
    case .routine(let kind, let name): try await replace(statement, kind, name)
    case .event(let name): try await replace(statement, "event", name)
    case .alterDatabase:
      // The dump names the original schema.
      try await run(
        statement.text.replacing(
          ObjectInventory.quoted(manifest.schema).asBytes,
          with: ObjectInventory.quoted(plan.schema).asBytes, maxReplacements: 1))
    default: try await connection.execute(bytes: statement.bytes)
    }
  }

  /// Defines an object in one step, so that it is never missing; unless it exists already.
  private func replace(_ statement: DumpStatement, _ kind: String, _ name: String) async throws {
    let wanted = manifest.objects.first { $0.kind == kind && $0.name == name }
    if let wanted, before.contains(wanted), !hasLostDefiner(statement) { return }
    var text = withDefiner(statement)
    if kind == "view" {
      text = ViewText.replacing(
        schema: manifest.schema.asBytes, in: text,
        with: ObjectInventory.quoted(plan.schema).asBytes + ".")
    }
    let isThere = before.contains { $0.kind == kind && $0.name == name }
    try await run(
      isThere ? text.replacing(#/CREATE\b/#, with: "CREATE OR REPLACE", maxReplacements: 1) : text)
  }

  /// Grants definers on a schema of another name the privileges that they have on the original.
  ///
  /// Must run before the definitions: a view that calls a function can only be made when its
  /// definer may call it.
  ///
  /// - Parameter statements: the definitions.
  func grantToDefiners(of statements: [DumpStatement]) async throws {
    guard plan.schema != manifest.schema else { return }
    for definer in Set(statements.compactMap { keptDefiner(of: $0) }).sorted() {
      guard let at = definer.lastIndex(of: "@") else { continue }
      let account =
        "\(ObjectInventory.quoted(String(definer[..<at])))@"
        + ObjectInventory.quoted(String(definer[definer.index(after: at)...]))
      let grants = try await connection.query("SHOW GRANTS FOR \(account)").rows
        .compactMap { $0.text(at: 0) }
      for grant in grants {
        guard
          let match = grant.firstMatch(of: #/ ON `(?<schema>(?:[^`]|``)*)`\.\* TO /#),
          match.output.schema.replacing("\\", with: "") == manifest.schema
        else { continue }
        let schema = plan.schema.replacing("_", with: "\\_").replacing("%", with: "\\%")
        try await connection.execute(
          grant.replacingCharacters(
            in: match.range, with: " ON \(ObjectInventory.quoted(schema)).* TO "))
      }
    }
  }
}
