internal import Backup
internal import MariaDBClient

/// Settings of a session that are sent together, before the next statement that runs under them.
///
/// A dump sets and puts back a dozen variables around each definition. One by one they cost more
/// round trips than everything else of a restore.
struct SettingQueue: Sendable {
  /// As many as are sent at once, whatever comes next.
  private static let limit = 200

  private var waiting: [[UInt8]] = []

  var isEmpty: Bool { waiting.isEmpty }

  /// Adds a statement that only sets variables.
  mutating func add(_ statement: [UInt8]) { waiting.append(statement) }

  /// Sends what waits, in order.
  ///
  /// - Throws: `DatabaseError` of the first that is refused; those after it are not run.
  mutating func send(on connection: Connection) async throws {
    defer { waiting = [] }
    var rest = waiting[...]
    while let first = rest.first {
      // One with a semicolon goes alone, where the server takes nothing but one statement.
      let part = rest.prefix(Self.limit).prefix { !$0.contains(UInt8(ascii: ";")) }
      rest = rest.dropFirst(max(1, part.count))
      if part.count <= 1 {
        try await connection.execute(bytes: first)
      } else {
        // On a line of its own, as a statement may end with a comment.
        try await connection.runScript(bytes: Array(part.joined(separator: Array("\n;\n".utf8))))
      }
    }
  }
}
