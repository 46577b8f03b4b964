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

  /// Names the version of the source: FNV-1a 64, hexadecimal.
  package var sourceChecksum: String { FNV1a64.hexadecimal(of: source) }

  /// Reads kind and name from a path; nil when the folder is not one of the package's.
  init?(path: String, source: String) {
    let parts = path.split(separator: "/")
    guard parts.count >= 3, let file = parts.last, file.hasSuffix(".sql") else { return nil }
    switch (parts[0], parts[1]) {
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
  var shape: TableShape? { TableShape(source) }

  /// The statements of the file, in order, without the client's DELIMITER commands.
  package var statements: [String] { StatementSplitter.statements(of: source) }
}
