/// A file of `sql/migrations`: statements that bring a table and its rows from one version of its
/// file to another.
///
/// The file begins with the lines `-- table: NAME`, `-- from: CHECKSUM` (one for each version that
/// it starts from) and `-- to: CHECKSUM`, the checksums being those that `deployed_objects`
/// records. Rows that would stop it are looked for before any change: a line `-- check: SELECT …`,
/// which must find nothing, followed by a line `-- otherwise: ` with what to say when it does. A
/// migration that is interrupted is run again from its first statement, so each one says IF EXISTS
/// or IF NOT EXISTS, and is such that the routines of the previous version keep working.
struct Migration: Sendable, Equatable {
  /// Name of the table.
  let table: String
  /// A query that must find no row.
  struct Check: Sendable, Equatable {
    /// The statement.
    let query: String
    /// What is wrong when it finds a row.
    let message: String
  }

  /// Checksums of the files that it starts from.
  let from: [String]
  /// Checksum of the file that it results in.
  let to: String
  /// What must hold before it starts.
  let checks: [Check]
  /// The file.
  let object: SchemaObject

  /// Reads a file; throws when its head is not complete.
  init(_ object: SchemaObject) throws(SchemaError) {
    let lines = object.source.split(separator: "\n")
    func values(_ key: String) -> [String] {
      let mark = "-- \(key): "
      return lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
    func value(_ key: String) throws(SchemaError) -> String {
      guard let value = values(key).first else {
        throw SchemaError(
          code: .manifest, context: "\(object.path) has no line that begins with '-- \(key): '")
      }
      return value
    }
    table = try value("table")
    _ = try value("from")
    from = values("from")
    to = try value("to")
    let (queries, messages) = (values("check"), values("otherwise"))
    guard queries.count == messages.count else {
      throw SchemaError(
        code: .manifest, context: "\(object.path) has a check without a line '-- otherwise: '")
    }
    checks = zip(queries, messages).map { Check(query: $0, message: $1) }
    self.object = object
  }

  /// The migrations that bring a table from one version to another, in order.
  ///
  /// - Returns: nil if no path exists.
  static func path(of table: String, from: String, to: String, in all: [Migration]) -> [Migration]?
  {
    var reached: [String: [Migration]] = [from: []]
    var open = [from]
    while !open.isEmpty {
      let version = open.removeFirst()
      for step in all where step.table == table && step.from.contains(version) {
        guard reached[step.to] == nil else { continue }
        reached[step.to] = (reached[version] ?? []) + [step]
        open.append(step.to)
      }
    }
    return reached[to]
  }
}
