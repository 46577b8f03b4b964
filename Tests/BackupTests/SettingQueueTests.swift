import MariaDBClient
import Testing

@testable import Backup
@testable import Restore

@Suite("Session settings sent together", .timeLimit(.minutes(5)))
struct SettingQueueTests {
  private func queue(_ statements: [String]) -> SettingQueue {
    var queue = SettingQueue()
    for statement in statements { queue.add(Array(statement.utf8)) }
    return queue
  }

  @Test("queued settings are all set, in order, whatever comments and texts they hold")
  func order() async throws {
    try await BackupSample.withSchema { connection in
      var queue = queue([
        "SET @a = 1", "SET @b = @a + 1 -- a comment", "SET @c = 'x;y'", "SET @d = @b + 1",
        "/*!40101 SET @a = 9 */",
      ])
      try await queue.send(on: connection)
      #expect(queue.isEmpty)
      let row = try await connection.query("SELECT CONCAT_WS(' ', @a, @b, @c, @d) AS t").rows.first
      #expect(row?["t"] == "9 2 x;y 3")
    }
  }

  @Test("a queued setting cannot hide a second statement")
  func stacked() async throws {
    try await BackupSample.withSchema { connection in
      var queue = queue(["SET @a = 1", "SET @b = 2; SET @c = 3", "SET @d = 4"])
      let error = await #expect(throws: DatabaseError.self) {
        try await queue.send(on: connection)
      }
      #expect(error?.errno == 1064)
      let row = try await connection.query("SELECT @a AS a, @b AS b, @c AS c, @d AS d").rows.first
      #expect(row?["a"] == "1")
      #expect(row?["b"] == nil && row?["c"] == nil && row?["d"] == nil)
    }
  }
}
