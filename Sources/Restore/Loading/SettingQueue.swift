internal import Backup
internal import MariaDBClient

/// Session settings that are sent together, before the next statement that runs under them.
///
/// A dump sets and resets a dozen variables around each definition. Sent one by one they cost more
/// round trips than the rest of a restore.
struct SettingQueue: Sendable {
  /// The number of settings at which the queue is sent at once.
  private static let limit = 200

  private var waiting: [[UInt8]] = []

  var isEmpty: Bool { waiting.isEmpty }

  /// Adds a statement that only sets variables.
  mutating func add(_ statement: [UInt8]) { waiting.append(statement) }

  /// Sends the queued settings in order.
  ///
  /// - Throws: `DatabaseError` of the first refused setting; later ones are not run.
  mutating func send(on connection: Connection) async throws {
    defer { waiting = [] }
    var rest = waiting[...]
    while let first = rest.first {
      // A setting with a semicolon is sent alone, where the server accepts only one statement.
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
