/// A file of `sql/migrations`: statements that lead a table from one version of its file to another,
/// with its rows.
///
/// The file begins with the lines `-- table: NAME`, `-- from: CHECKSUM` and `-- to: CHECKSUM`, the
/// checksums being those that `deployed_objects` records. A migration that is interrupted is run
/// again from its first statement, so each one says IF EXISTS or IF NOT EXISTS, and is such that the
/// routines of the version before go on working.
struct Migration: Sendable, Equatable {
  /// Name of the table.
  let table: String
  /// Checksum of the file that is deployed.
  let from: String
  /// Checksum of the file that it leads to.
  let to: String
  /// The file.
  let object: SchemaObject

  /// Reads a file; throws when its head is not complete.
  init(_ object: SchemaObject) throws(SchemaError) {
    func value(_ key: String) throws(SchemaError) -> String {
      let mark = "-- \(key): "
      guard let line = object.source.split(separator: "\n").first(where: { $0.hasPrefix(mark) })
      else {
        throw SchemaError(
          code: .manifest, context: "\(object.path) has no line that begins with '\(mark)'")
      }
      return String(line.dropFirst(mark.count))
    }
    table = try value("table")
    from = try value("from")
    to = try value("to")
    self.object = object
  }

  /// The migrations that lead a table from one version to another, in order.
  ///
  /// - Returns: nil when none lead there.
  static func path(of table: String, from: String, to: String, in all: [Migration]) -> [Migration]?
  {
    var reached: [String: [Migration]] = [from: []]
    var open = [from]
    while !open.isEmpty {
      let version = open.removeFirst()
      for step in all where step.table == table && step.from == version {
        guard reached[step.to] == nil else { continue }
        reached[step.to] = (reached[version] ?? []) + [step]
        open.append(step.to)
      }
    }
    return reached[to]
  }
}
