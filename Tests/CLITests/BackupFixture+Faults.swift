import Backup
import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

extension BackupFixture {
  /// Runs payops and kills it at a fault point.
  func runKilled(
    at point: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let killed = try await payops(arguments, fault: "\(point)=kill")
    #expect(killed.status == 128 + SIGKILL, "\(killed)", sourceLocation: sourceLocation)
  }

  /// Runs `payops backup create` until mariadb-dump waits for the rows of the last table, which
  /// another session has locked, and then a body.
  ///
  /// - Parameters:
  ///   - arguments: further options of create.
  ///   - variables: further variables of the environment.
  ///   - connection: the connection that locks; nil for one of its own.
  ///   - body: receives the run and the process id of the dump tool; afterwards the table is
  ///     unlocked.
  func createWithHeldDump(
    arguments: [String] = [], variables: [String: String] = [:], by connection: Connection? = nil,
    _ body: (Running, _ tool: Int32) async throws -> Void
  ) async throws -> ProgramRun {
    let holder: Connection
    if let connection { holder = connection } else { holder = try await Connection.open(options) }
    let run = try await payops(
      ["backup", "create", "--no-verify"] + arguments, pausedAt: "create.snapshot",
      variables: variables
    ) { running in
      // Waits for the backup's own locks, and so comes before the dump reads the table.
      let locking = Task { _ = try await holder.execute("LOCK TABLES zones WRITE") }
      try await waitForStatement("LOCK TABLES zones%")
      running.resume()
      try await locking.value
      try await waitForStatement("SELECT /*!40001 SQL_NO_CACHE */%zones%")
      let tool = try #require(processes().first { $0.name == "mariadb-dump" }, "no dump tool")
      try await body(running, tool.pid)
      await holder.close()
    }
    await holder.close()
    return run
  }

  /// Waits until a statement waits for a lock.
  func waitForStatement(_ pattern: String) async throws {
    try await Self.eventually("\(pattern) waits for a lock") {
      try await !rows(
        "SELECT 1 FROM information_schema.processlist"
          + " WHERE state LIKE 'Waiting for table%' AND info LIKE '\(pattern)'"
      ).isEmpty
    }
  }

  /// Creates a verified backup.
  ///
  /// - Returns: its name.
  func makeGoodBackup(
    _ options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let run = try await payops(["backup", "create", "--on", "server", "--json"] + options)
    try #require(run.status == 0, "\(run)", sourceLocation: sourceLocation)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return try #require(object["id"] as? String)
  }

  // MARK: - State

  /// The state of each backup that is listed, by name.
  ///
  /// - Parameter areWhole: whether all must exist with their data.
  func backups(
    areWhole: Bool = true, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String: String] {
    let run = try await payops(["backup", "list", "--json"])
    #expect(run.status == (areWhole ? 0 : 1), "\(run)", sourceLocation: sourceLocation)
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]],
      "\(run)", sourceLocation: sourceLocation)
    return Dictionary(
      uniqueKeysWithValues: list.compactMap { backup in
        (backup["id"] as? String).map { ($0, backup["state"] as? String ?? "") }
      })
  }

  /// Checks that every backup is valid and that some still exist.
  func expectAllGood(
    including kept: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let listed = try await backups(sourceLocation: sourceLocation)
    for id in kept { #expect(listed[id] != nil, "\(id) is lost", sourceLocation: sourceLocation) }
    let run = try await payops(["backup", "verify", "--all", "--on", "server"])
    #expect(run.status == 0, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
  }

  /// Checks that no run left remains.
  func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    // A killed process, and a session of it or of the last query, need a moment to end.
    var left: [String] = []
    try? await Self.eventually("nothing is left", within: .seconds(10)) {
      left = try await leftovers()
      return left.isEmpty
    }
    #expect(left == [], sourceLocation: sourceLocation)
  }

  /// All remains of runs.
  func leftovers() async throws -> [String] {
    let manager = FileManager.default
    var left = processes().map { "process \($0.name)" }
    left += try await sessions()
    left += newInSharedMemory().map { "/dev/shm/\($0)" }
    left += try manager.contentsOfDirectory(atPath: temporary).map { "temporary file \($0)" }
    for name in (try? manager.contentsOfDirectory(atPath: folder)) ?? [] where name != ".lock" {
      if name.hasPrefix(".") { left.append(name) }
      let files = (try? manager.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []
      left += files.filter { $0.hasPrefix(".") }.map { "\(name)/\($0)" }
    }
    // A short directory for the installer of a private server.
    let links = "/tmp/payops-\(geteuid())"
    for name in (try? manager.contentsOfDirectory(atPath: links)) ?? [] {
      let target = try? manager.destinationOfSymbolicLink(atPath: "\(links)/\(name)/root")
      if let target, target.hasPrefix(root.path) { left.append("link to \(target)") }
    }
    return try await left + objectsLeft()
  }

  /// Leftovers of a command in the server. Unlike the sessions of a killed command, which end a
  /// moment later, they stay until something removes them.
  func objectsLeft() async throws -> [String] {
    try await rows(
      """
      SELECT CONCAT('schema ', schema_name) FROM information_schema.schemata
      WHERE schema_name LIKE 'payops\\_verify\\_%'
      UNION ALL
      SELECT CONCAT('table ', table_name) FROM information_schema.tables
      WHERE table_name LIKE '\\_payops\\_%'
      UNION ALL
      SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
      WHERE trigger_name LIKE '\\_payops\\_%'
      UNION ALL
      SELECT CONCAT('constraint ', constraint_name) FROM information_schema.table_constraints
      WHERE constraint_name LIKE '\\_payops\\_%'
      """)
  }

  /// The runs and their child processes that still exist.
  func processes() -> [(pid: Int32, name: String)] {
    let manager = FileManager.default
    let pids = ((try? manager.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    return pids.compactMap { pid in
      guard let environment = manager.contents(atPath: "/proc/\(pid)/environ"),
        environment.firstRange(of: Data(mark.utf8)) != nil
      else { return nil }
      // The name that it gives itself, as programs of another release run under a dynamic linker.
      let words = manager.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
      let path = String(decoding: words.prefix { $0 != 0 }, as: UTF8.self)
      return (pid, URL(filePath: path).lastPathComponent)
    }
  }

  /// Waits until the server has noticed that runs have ended.
  func waitForSessions() async throws {
    try await Self.eventually("sessions end") { try await sessions().isEmpty }
  }

  func sessions() async throws -> [String] {
    try await rows(
      """
      SELECT CONCAT('session: ', command, ' ', IFNULL(info, ''))
      FROM information_schema.processlist
      WHERE id <> CONNECTION_ID() AND command NOT IN ('Daemon', 'Quit')
      """)
  }

  static func filesInSharedMemory() -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    return Set(names.filter { $0.hasPrefix("payops-") && !$0.hasPrefix("payops-test-") })
  }

  func newInSharedMemory() -> Set<String> {
    Self.filesInSharedMemory().subtracting(sharedMemory)
  }

  // MARK: - Waiting

  /// A condition that did not become true in time.
  struct NeverHappened: Error, CustomStringConvertible {
    let description: String
  }

  /// Waits until a condition holds.
  static func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ isSo: () async throws -> Bool
  ) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !isSo() {
      guard clock.now < end else {
        throw NeverHappened(description: "waited \(limit) in vain: \(what)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}
