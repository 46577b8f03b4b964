import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// The archive of binary logs: the contents of its files, and what it refuses.
@Suite("Archive of binary logs", .serialized, .timeLimit(.minutes(10)))
struct LogArchiveTests {
  /// The newest complete log as a reader with a key gets it.
  private func code(
    _ site: LogSite, key: EncryptionKey?, allowsPlain: Bool = false
  ) -> BackupError.Code? {
    let archive = BinaryLogArchive(folder: site.folder, key: key, allowsPlain: allowsPlain)
    do {
      for log in archive.logs(of: "binlog") {
        _ = try archive.read(log)
      }
      return nil
    } catch {
      return (error as? BackupError)?.code
    }
  }

  private func contents(_ site: LogSite, of log: ArchivedLog, key: EncryptionKey?) throws -> Data {
    var data = Data()
    try BinaryLogArchive(folder: site.folder, key: key).reader.read(log) {
      data.append(contentsOf: $0)
    }
    return data
  }

  @Test(
    "the archive holds each log byte by byte, compressed, and encrypted with a key",
    arguments: [false, true])
  func bytes(isEncrypted: Bool) async throws {
    let site = try await LogSite.make()
    let key = isEncrypted ? try BackupSample.newKey() : nil
    let secret = "kept from everybody"
    try await site.run(at: 1, "INSERT INTO orders (item) VALUES ('\(secret)')")
    // Parts of an open log, which are joined when it is closed.
    try await site.archive(flushes: false, key: key)
    try await site.run(at: 2, "INSERT INTO orders (item) VALUES (REPEAT('x', 19))")
    try await site.archive(flushes: false, key: key)
    #expect(try site.files().count { $0.contains("-") } >= 2, "parts")
    let outcome = try await site.archive(key: key)
    #expect(!outcome.copied.isEmpty)
    let closed = try await site.onServer().dropLast()
    let archived = BinaryLogArchive(folder: site.folder, key: key).logs(of: "binlog")
    #expect(archived.dropLast().map(\.name) == Array(closed))
    for log in archived.dropLast() {
      #expect(log.isWhole && log.rest.isEmpty)
      #expect(try contents(site, of: log, key: key) == site.original(log.name))
    }
    for name in try site.files() {
      #expect(name.hasSuffix(isEncrypted ? ".zst.enc" : ".zst"))
      let stored = try Data(contentsOf: URL(filePath: "\(site.logs)/\(name)"))
      if isEncrypted { #expect(stored.firstRange(of: Data(secret.utf8)) == nil) }
    }
    if isEncrypted {
      #expect(code(site, key: key) == nil)
      #expect(code(site, key: nil) == .keyNeeded)
      #expect(code(site, key: try BackupSample.newKey()) == .wrongKey)
      await #expect(throws: BackupError.self, "nothing plain is added") {
        try await site.archive()
      }
      #expect(try site.files().allSatisfy { $0.hasSuffix(".enc") })
    } else {
      #expect(code(site, key: nil) == nil)
      #expect(code(site, key: try BackupSample.newKey()) == .unauthentic)
    }
    try await site.remove()
  }

  @Test("a changed or renamed file of the archive is refused by name", arguments: [false, true])
  func damage(isEncrypted: Bool) async throws {
    let site = try await LogSite.make()
    let key = isEncrypted ? try BackupSample.newKey() : nil
    try await site.archive(key: key)
    try await site.run(at: 2, "INSERT INTO orders (item) VALUES ('x')")
    try await site.archive(key: key)
    #expect(code(site, key: key) == nil)
    let archive = BinaryLogArchive(folder: site.folder, key: key)
    let name = try #require(try site.files().first)
    let path = "\(site.logs)/\(name)"
    let whole = try Data(contentsOf: URL(filePath: path))
    func refusal() -> String? {
      do {
        let log = try #require(archive.logs(of: "binlog").first)
        _ = try archive.read(log)
        return nil
      } catch {
        guard let error = error as? BackupError, error.code == .damaged else { return nil }
        return error.message
      }
    }
    #expect(refusal() == nil)
    for position in [whole.count / 2, whole.count - 1] {
      var changed = whole
      changed[position] ^= 1
      try changed.write(to: URL(filePath: path))
      #expect(refusal()?.contains(name) == true, "byte \(position)")
    }
    try whole.dropLast(7).write(to: URL(filePath: path))
    #expect(refusal()?.contains(name) == true, "cut")
    try Data().write(to: URL(filePath: path))
    #expect(refusal()?.contains(name) == true, "empty")
    // Another log, or a part, under the name of this one.
    let second = try #require(try site.files().first { $0.hasPrefix("binlog.000002.") })
    try Data(contentsOf: URL(filePath: "\(site.logs)/\(second)")).write(to: URL(filePath: path))
    #expect(refusal()?.contains(name) == true, "another log")
    try whole.write(to: URL(filePath: path))
    #expect(refusal() == nil)

    // A part in the place of another of equal length.
    // Most are: a few events give their time more exactly.
    var twins: (ArchivedPiece, ArchivedPiece)?
    var open = try #require(archive.logs(of: "binlog").last)
    for _ in 1...20 where twins == nil {
      try await site.run(at: 3, "INSERT INTO orders (item) VALUES ('1')")
      try await site.archive(flushes: false, key: key)
      open = try #require(archive.logs(of: "binlog").last)
      let pair = open.pieces.suffix(2)
      if let one = pair.first, let other = pair.last, one != other, one.length == other.length {
        twins = (one, other)
      }
    }
    _ = try archive.read(open)
    let (one, other) = try #require(twins)
    let place = URL(filePath: "\(site.logs)/\(other.file)")
    try Data(contentsOf: URL(filePath: "\(site.logs)/\(one.file)")).write(to: place)
    let error = #expect(throws: BackupError.self) {
      // The key proves the position of each part; without a key the events give it.
      if isEncrypted { try archive.reader.read(other) { _ in } } else { _ = try archive.read(open) }
    }
    #expect(error?.code == .damaged)
    try await site.remove()
  }

  @Test("the archived part of the open log is replayed, and nothing after a gap")
  func openLog() async throws {
    let site = try await LogSite.make()
    let key = try BackupSample.newKey()
    let backup = try await site.backUp(key: key)
    for second in 1...4 {
      try await site.run(
        at: Int64(second * 10), "INSERT INTO orders (item) VALUES ('\(second)')")
      let outcome = try await site.archive(flushes: false, key: key)
      #expect(outcome.status?.eventEpoch == site.base + Int64(second * 10))
    }
    let rows = try await site.state(of: backup, at: .instant(site.base + 40), key: key)
    #expect(rows.contains("order 5 3"))
    #expect(!rows.contains { $0.hasPrefix("order 6") }, "before the moment, not at it")
    let archive = BinaryLogArchive(folder: site.folder, key: key)
    func refusal(at second: Int64) -> BackupError? {
      do {
        _ = try archive.logs(from: #require(backup.position), to: site.base + second)
        return nil
      } catch {
        return error as? BackupError
      }
    }
    #expect(refusal(at: 41)?.code == .logGap, "the logs end before the moment")
    // A part in the middle is missing.
    let parts = try #require(archive.logs(of: "binlog").last).pieces
    try #require(parts.count >= 4)
    let middle = parts[parts.count - 2]
    let path = "\(site.logs)/\(middle.file)"
    let kept = try Data(contentsOf: URL(filePath: path))
    unlink(path)
    let gap = try #require(refusal(at: 40))
    #expect(gap.code == .logGap && gap.message.contains("\(middle.from)"), "\(gap)")
    #expect(refusal(at: 20) == nil, "before the gap")
    // The newest part: nothing shows that it existed.
    try kept.write(to: URL(filePath: path))
    unlink("\(site.logs)/\(parts[parts.count - 1].file)")
    #expect(refusal(at: 30) == nil)
    #expect(refusal(at: 40)?.code == .logGap)
    // The next run archives it again.
    try await site.archive(flushes: false, key: key)
    #expect(refusal(at: 40) == nil)
    // A log that is not the newest must be complete.
    try await site.archive(key: key)
    let whole = try #require(archive.logs(of: "binlog").first { $0.name == middle.log }?.pieces[0])
    unlink("\(site.logs)/\(whole.file)")
    try kept.write(to: URL(filePath: path))
    #expect(refusal(at: 40)?.code == .logGap)
    try await site.remove()
  }

  @Test("logs archived by an earlier version are read, kept, and encrypted once there is a key")
  func plain() async throws {
    let site = try await LogSite.make()
    let key = try BackupSample.newKey()
    let backup = try await site.backUp()
    let sealed = try await site.backUp(key: key)
    try await site.run(at: 10, "INSERT INTO orders (item) VALUES ('at 10')")
    try await site.run(at: 20, "INSERT INTO orders (item) VALUES ('at 20')")
    try await site.connection.execute("FLUSH BINARY LOGS")
    try FileManager.default.createDirectory(
      atPath: site.logs, withIntermediateDirectories: true)
    let closed = try await Array(site.onServer().dropLast())
    for log in closed {
      try site.original(log).write(to: URL(filePath: "\(site.logs)/\(log)"))
    }
    #expect(
      try await site.state(of: backup, at: .instant(site.base + 20)).contains("order 3 at 10"))
    let outcome = try await site.archive(flushes: false)
    #expect(outcome.copied == [] && outcome.present == closed.count)
    #expect(try site.files().filter { !$0.hasSuffix(".zst") } == closed)

    func refusal(allowsUnsealed: Bool) async -> BackupError.Code? {
      do {
        _ = try await site.state(
          of: sealed, at: .instant(site.base + 20), key: key, allowsUnsealed: allowsUnsealed)
        return nil
      } catch {
        return (error as? BackupError)?.code
      }
    }
    #expect(await refusal(allowsUnsealed: false) == .unauthentic)
    #expect(await refusal(allowsUnsealed: true) == nil)
    #expect(try await site.archive(flushes: false, key: key).copied.contains(closed[0]))
    #expect(try site.files().allSatisfy { $0.hasSuffix(".enc") })
    #expect(await refusal(allowsUnsealed: false) == nil)
    try await site.remove()
  }

  @Test("logs expire in every form, and logs that no backup needs are not archived again")
  func expiry() async throws {
    let site = try await LogSite.make()
    try await site.archive()
    try await site.archive()
    let before = try await site.onServer()
    let archive = BinaryLogArchive(folder: site.folder)
    #expect(try archive.expire() == [], "no backup is there")
    let backup = try await site.backUp()
    let first = try #require(backup.position?.file)
    // A plain one and a part of expired logs.
    try site.original(before[0]).write(to: URL(filePath: "\(site.logs)/\(before[0])"))
    try Data([1]).write(to: URL(filePath: "\(site.logs)/\(before[1]).4-99.zst.enc"))
    try Data([1]).write(to: URL(filePath: "\(site.logs)/notes.txt"))
    #expect(try archive.expire() == before.filter { $0 < first })
    #expect(try site.files().allSatisfy { $0.hasPrefix(first) })
    let outcome = try await site.archive()
    #expect(outcome.copied == [first], "what expired is not copied again")
    #expect(FileManager.default.fileExists(atPath: "\(site.logs)/notes.txt"))
    #expect(try archive.expire() == [])
    try await site.remove()
  }

  @Test("the log of another server, or of one with reset numbers, is not added to the archive")
  func another() async throws {
    let site = try await LogSite.make()
    try await site.archive(flushes: false)
    try await site.connection.execute("RESET MASTER")
    // The clock of the server must be past the second in which the old log began.
    try await BackupSample.eventually {
      try await site.connection.execute("RESET MASTER")
      return try site.original("binlog.000001").dropFirst(4).prefix(4)
        != Self.head(site).dropFirst(4).prefix(4)
    }
    try await site.run(
      at: 1, "INSERT INTO orders (item) SELECT REPEAT('x', 19) FROM seq_1_to_900")
    let before = try site.files()
    let error = await #expect(throws: BackupError.self) {
      try await site.archive(flushes: false)
    }
    #expect(error?.code == .damaged, "known before anything is asked for")
    #expect(try site.files() == before)
    try await site.remove()
  }

  private static func head(_ site: LogSite) throws -> Data {
    let archive = BinaryLogArchive(folder: site.folder)
    var data = Data()
    try archive.reader.read(try #require(archive.logs(of: "binlog").first)) {
      data.append(contentsOf: $0)
    }
    return data
  }

  @Test("logs that the server purged too early are reported, and later ones archived")
  func purged() async throws {
    let site = try await LogSite.make()
    let backup = try await site.backUp()
    let first = try #require(backup.position?.file)
    try await site.archive(flushes: false)
    try await site.run(at: 1, "INSERT INTO orders (item) VALUES ('lost')")
    try await site.connection.execute("FLUSH BINARY LOGS")
    let second = try #require(try await site.onServer().last)
    // The server keeps a log as long as it needs the log itself.
    try await BackupSample.eventually {
      try await site.connection.execute("PURGE BINARY LOGS TO '\(second)'")
      return try await site.onServer().first == second
    }
    let outcome = try await site.archive()
    #expect(outcome.copied == [second])
    let archive = BinaryLogArchive(folder: site.folder)
    let health = try #require(LogArchiveHealth(archive, since: backup, now: 0))
    #expect(health.missing == [first])
    let error = #expect(throws: BackupError.self) {
      _ = try archive.logs(from: #require(backup.position), to: nil)
    }
    #expect(error?.code == .logGap && error?.message.contains(first) == true)
    try await site.remove()
  }

  @Test("a new key restarts the archive of the open log, once")
  func anotherKey() async throws {
    let site = try await LogSite.make()
    let keys = [try BackupSample.newKey(), try BackupSample.newKey()]
    for key in keys {
      #expect(try await site.archive(flushes: false, key: key).bytes > 0)
      #expect(code(site, key: key) == nil)
      #expect(try await site.archive(flushes: false, key: key).bytes == 0)
    }
    #expect(code(site, key: keys[0]) == .wrongKey)
    try await site.remove()
  }

  @Test("the status of the archive reports what would be lost, and which logs are missing")
  func health() async throws {
    let site = try await LogSite.make()
    let backup = try await site.backUp()
    let archive = BinaryLogArchive(folder: site.folder)
    func health(at now: Int64) -> LogArchiveHealth? {
      LogArchiveHealth(archive, since: backup, readsAll: true, now: now)
    }
    #expect(health(at: 0) == nil, "nothing is archived")
    for _ in 1...3 { try await site.archive() }
    let reached = try #require(health(at: 0)).status.reachedEpoch
    let good = try #require(health(at: reached + 7))
    #expect(good.ageSeconds == 7 && good.missing == [] && good.allProblems == [])
    let open = try #require(try await site.onServer().last)
    #expect(good.status.log == open)
    let start = try #require(backup.position?.file)
    for name in try site.files() where name.hasPrefix(start) { unlink("\(site.logs)/\(name)") }
    #expect(health(at: reached)?.missing == [start])
    #expect(health(at: reached)?.allProblems.first?.contains(start) == true)
    for name in try site.files() { unlink("\(site.logs)/\(name)") }
    #expect(health(at: reached) == nil)
    try Data([1]).write(to: URL(filePath: "\(site.logs)/binlog.000001.4.zst"))
    let old = try #require(
      LogArchiveHealth(
        archive, since: try await site.backUp(), now: reached))
    #expect(old.problems.count == 1)
    try await site.remove()
  }
}
