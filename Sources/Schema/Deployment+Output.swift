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

extension [Drift] {
  /// A row for each object that differs.
  package var table: DataTable {
    DataTable(
      columns: ["drift", "kind", "name", "details"].map { .init(name: $0) },
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
  package var table: DataTable {
    DataTable(
      columns: ["difference", "grantee", "privilege", "object"].map { .init(name: $0) },
      rows: map { [$0.kind.rawValue, $0.grantee, $0.privilege, $0.object] })
  }
}
