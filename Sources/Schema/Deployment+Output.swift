package import Tabular

extension [Deployment.Step] {
  /// A row for each step.
  package var table: DataTable {
    DataTable(
      columns: [.init(name: "action"), .init(name: "object")],
      rows: map { [$0.action.rawValue, $0.path] })
  }
}

extension Deployment.Step {
  /// The statements as the program `mariadb` reads them.
  package var script: String {
    // The delimiter lets the mariadb client read bodies with semicolons in them.
    "-- \(action.rawValue) \(path)\nDELIMITER $$\n" + statements.map { $0 + "\n$$\n" }.joined()
      + "DELIMITER ;\n"
  }
}

extension Manifest {
  /// The files of an empty schema as the programs `mariadb` and `mysql` read them.
  ///
  /// - Parameter dialect: that of the server
  package func script(in dialect: Dialect) -> String {
    written(in: dialect).objects.filter { $0.kind != .migration }.map { object in
      Deployment.Step(
        action: object.kind == .reference ? .load : .create, path: object.path,
        statements: object.statements
      ).script
    }.joined()
  }
}

extension [Drift] {
  /// A row for each object that differs.
  package var table: DataTable {
    DataTable(
      columns: ["drift", "kind", "name"].map { .init(name: $0, role: .key) }
        + [.init(name: "details", role: .text)],
      rows: map { difference in
        [
          difference.kind.rawValue, difference.objectKind, difference.name,
          difference.details.isEmpty ? nil : difference.details.joined(separator: ", "),
        ]
      })
  }
}

extension [DatabaseRoles.Difference] {
  /// A row for each difference.
  ///
  /// - Parameter isFixed: whether to say what was done about it, in place of what was found
  package func table(isFixed: Bool) -> DataTable {
    DataTable(
      columns: [
        .init(name: isFixed ? "done" : "difference"), .init(name: "grantee"),
        .init(name: "privilege", role: .text(atLeast: 16)), .init(name: "object"),
      ],
      rows: map {
        [isFixed ? $0.done : $0.kind.rawValue, $0.grantee, $0.privilege, $0.object]
      })
  }
}

extension DatabaseRoles.Difference {
  /// What was done about it, in a word.
  fileprivate var done: String {
    switch kind {
    case .missing: privilege == nil ? "made" : "granted"
    case .excess: "revoked"
    case .unlimited: "limited"
    case .inactive: "activated"
    }
  }
}
