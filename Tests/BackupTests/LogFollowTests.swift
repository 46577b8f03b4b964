import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// Following a server that writes, rotates, crashes and restarts.
@Suite("Following the binary log", .serialized, .timeLimit(.minutes(10)))
struct LogFollowTests {
  /// The reports of a follower.
  private final class Diary: Sendable {
    private let state = Mutex<(status: LogArchiveStatus?, words: [String])>((nil, []))

    func take(_ event: BinaryLogArchive.FollowEvent) {
      state.withLock { state in
        switch event {
        case .reached(let status, _): state.status = status
        case .away: state.words.append("away")
        case .back: state.words.append("back")
        }
      }
    }

    var status: LogArchiveStatus? { state.withLock { $0.status } }
    var words: [String] { state.withLock { $0.words } }
  }

  /// Waits until everything that the server has written is archived.
  private func waitUntilReached(_ diary: Diary, _ connection: Connection) async throws {
    let last = try #require(try await connection.query("SHOW MASTER STATUS").rows.first)
    let log = try #require(last.text(at: 0))
    let position = try #require(last.text(at: 1).flatMap { Int64($0) })
    try await BackupSample.eventually {
      guard let status = diary.status else { return false }
      return status.log > log || (status.log == log && status.position >= position)
    }
  }

  @Test(
    "a follower archives everything written, across rotations and a crash",
    arguments: [false, true])
  func follow(isEncrypted: Bool) async throws {
    let site = try await LogSite.make()
    let key = isEncrypted ? try BackupSample.newKey() : nil
    let backup = try await site.backUp(key: key)
    let archive = BinaryLogArchive(folder: site.folder, key: key)
    let diary = Diary()
    let options = site.options
    let task = Task {
      try await archive.follow(options, every: .milliseconds(20), partsPerMerge: 4) {
        diary.take($0)
      }
    }
    var expected = ["order 1 before", "order 2 before too"]
    func write(_ count: Int, from first: Int, on connection: Connection) async throws {
      for number in first..<first + count {
        try await connection.runScript(
          "SET TIMESTAMP = \(site.base + Int64(number));"
            + "INSERT INTO orders (item) VALUES ('\(number)')")
        expected.append("order \(number) \(number)")
        try await waitUntilReached(diary, connection)
      }
    }
    try await write(12, from: 3, on: site.connection)
    #expect(try site.files().count { $0.contains("-") } < 12, "parts are joined")
    // The folder may change while a follower runs; a second follower is refused.
    let second = try await site.backUp(key: key)
    #expect(second.position != nil)
    #expect(try await archive.run(options, flushes: false) == nil)
    await #expect(throws: BackupError.self) {
      try await archive.follow(options, every: .milliseconds(20)) { _ in }
    }
    try await site.connection.execute("FLUSH BINARY LOGS")
    try await write(3, from: 15, on: site.connection)

    await site.connection.close()
    try await site.server.kill()
    try await BackupSample.eventually { diary.words.contains("away") }
    try await site.server.restart()
    let again = try await Connection.open(options)
    try await write(3, from: 18, on: again)
    #expect(diary.words == ["away", "back"])
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    let names = try FileManager.default.contentsOfDirectory(atPath: site.logs)
    #expect(names.filter { $0.hasPrefix(".") } == [], "nothing unfinished is left")

    // Every log equals the server's, and the open one up to the end of the archive.
    let logs = archive.logs(of: "binlog")
    #expect(
      logs.map(\.name)
        == (try await again.query("SHOW BINARY LOGS").rows.map {
          $0.text(at: 0) ?? ""
        }))
    for log in logs {
      var data = Data()
      try archive.reader.read(log) { data.append(contentsOf: $0) }
      let original = try site.original(log.name)
      #expect(Int64(data.count) == log.end)
      // The server marks a log that is open, or was open at a crash, and omits the mark when it
      // sends it.
      #expect(data.dropFirst(30) == original.prefix(data.count).dropFirst(30), "\(log.name)")
    }
    // A later run continues, and the archive is replayed to its last transaction.
    let gtid = try #require(
      try await again.query("SELECT @@gtid_binlog_pos AS gtid").rows.first?["gtid"])
    await again.close()
    let result = try await PointInTime(
      backup, in: site.folder, key: key, moment: .gtid(gtid), connections: 1,
      payopsVersion: "test"
    ).run()
    #expect(result.backup.tables.first { $0.name == "orders" }?.rows == Int64(expected.count))
    let present = try await archive.run(options, flushes: false)
    #expect(present?.copied == [])
    try await site.server.remove()
  }

  @Test("a follower ends at once on an error that waiting cannot solve")
  func endings() async throws {
    let site = try await LogSite.make()
    try await site.archive(flushes: false, key: try BackupSample.newKey())
    let archive = BinaryLogArchive(folder: site.folder)
    let error = await #expect(throws: BackupError.self) {
      try await archive.follow(site.options, every: .milliseconds(20)) { _ in }
    }
    #expect(error?.code == .keyNeeded)
    try await site.connection.runScript("CREATE USER reader IDENTIFIED BY 'x'")
    var options = site.options
    options.user = "reader"
    options.password = Secret("x")
    options.database = nil
    let refused = await #expect(throws: BackupError.self) {
      _ = try await BinaryLogArchive(folder: BackupSample.newFolder()).run(
        options, flushes: false)
    }
    #expect(refused?.code == .missingPrivilege && refused?.message.contains("MONITOR") == true)
    try await site.connection.runScript("GRANT BINLOG MONITOR ON *.* TO reader")
    let tool = await #expect(throws: BackupError.self) {
      _ = try await BinaryLogArchive(folder: BackupSample.newFolder()).run(
        options, flushes: false)
    }
    #expect(tool?.code == .missingPrivilege && tool?.message.contains("SLAVE") == true)
    try await site.remove()
  }
}
