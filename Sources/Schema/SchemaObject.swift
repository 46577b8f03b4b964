internal import MariaDBClient
import PayopsCore

/// One file of the manifest: an object of the schema, or reference data.
package struct SchemaObject: Sendable, Equatable {
  /// Kind of an object, by the folder of its file.
  package enum Kind: String, Sendable, CaseIterable {
    case table, trigger, view, function, procedure, event, reference, migration, earlier
  }

  /// Path below the root of the package, as in the manifest.
  package let path: String
  /// The kind of object that the file creates.
  package let kind: Kind
  /// Name of the object, which is the name of the file.
  package let name: String
  /// Text of the file.
  package let source: String

  /// The server's dialect, in which ``statements`` are.
  private(set) var dialect = Dialect.mariaDB

  /// Names the version of the source: FNV-1a 64, hexadecimal.
  ///
  /// In another dialect than that of the file it covers what was made of it, so that a deployment
  /// notices a rule that changed. Migrations of tables refer to the files.
  package var sourceChecksum: String {
    dialect == .mariaDB || [.table, .migration, .earlier].contains(kind)
      ? FNV1a64.hexadecimal(of: source)
      : FNV1a64.hexadecimal(of: statements.joined(separator: "\n"))
  }

  /// Reads kind and name from a path; nil when the folder is not one of the package's.
  init?(path: String, source: String) {
    let parts = path.split(separator: "/")
    guard parts.count >= 3, let file = parts.last, file.hasSuffix(".sql") else { return nil }
    switch (parts[0], parts[1]) {
    case ("sql", "mysql") where parts[2] == "tables": kind = .table
    case ("sql", "mysql"): kind = .function
    case ("sql", "tables"): kind = .table
    case ("sql", "triggers"): kind = .trigger
    case ("sql", "views"): kind = .view
    case ("sql", "events"): kind = .event
    case ("sql", "reference"): kind = .reference
    case ("sql", "migrations"): kind = .migration
    case ("sql", "earlier"): kind = .earlier
    case ("procedures", "functions"): kind = .function
    case ("procedures", _): kind = .procedure
    default: return nil
    }
    self.path = path
    // Earlier versions of a table lie in a folder of its name.
    name = kind == .earlier ? String(parts[2]) : String(file.dropLast(4))
    self.source = source
  }

  /// Checksum of the definition that the server reports for a trigger created from the file; nil
  /// when the file creates none.
  var triggerChecksum: String? {
    let head = "CREATE OR REPLACE TRIGGER "
    guard kind == .trigger, let statement = statements.first(where: { $0.contains(head) }),
      let range = statement.firstRange(of: head)
    else { return nil }
    return FNV1a64.hexadecimal(of: "CREATE TRIGGER " + statement[range.upperBound...])
  }

  /// The shape of the table that the file creates; nil when it creates none.
  var shape: TableShape? {
    TableShape(dialect == .mariaDB ? source : statements.joined(separator: ";\n"))
  }

  /// The statements of the file, in order, without the client's DELIMITER commands.
  package var statements: [String] {
    let statements = StatementSplitter.statements(of: source)
    return dialect == .mariaDB ? statements : MySQLText(name: name).respelled(statements)
  }

  /// The object in the dialect of a server.
  func written(in dialect: Dialect) -> SchemaObject {
    var copy = self
    copy.dialect = dialect
    return copy
  }
}
