import Backup
import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

/// A schema whose backups are tested: on a server of its own, with a folder for the backups and one
/// for everything temporary, so that nothing that is left behind goes unseen.
struct BackupShop: Sendable {
  /// Name of the schema.
  static let schema = "shop"
  /// The server.
  let server: PrivateServer
  /// The folder that holds everything else.
  let root: URL
  /// What the processes of this shop have in their environment, and no others.
  private let mark = UUID().uuidString
  private let sharedMemory = Self.filesInSharedMemory()

  /// The folder of the backups.
  var folder: String { root.appending(path: "backups").path }

  private var temporary: String { root.appending(path: "tmp").path }

  /// How to connect as the owner, with the schema.
  var options: ConnectionOptions {
    var options = server.connectionOptions
    options.database = Self.schema
    return options
  }

  /// Opens a shop for a test.
  ///
  /// - Parameters:
  ///   - options: further options of the server.
  ///   - body: the test.
  static func open<Value>(
    options: [String] = [], _ body: (BackupShop) async throws -> Value
  ) async throws -> Value {
    let root = try TemporaryDirectory.make("shop")
    defer { TemporaryDirectory.remove(root) }
    let server = try await TestServer.privateServer(options: speed + options)
    let shop = BackupShop(server: server, root: root)
    let result: Result<Value, any Error>
    do {
      try FileManager.default.createDirectory(
        atPath: shop.temporary, withIntermediateDirectories: true)
      let administrator = try await Connection.open(shop.server.connectionOptions)
      try await administrator.execute("CREATE DATABASE \(schema) CHARACTER SET utf8mb4")
      await administrator.close()
      try await shop.execute(tables + programs)
      result = .success(try await body(shop))
    } catch {
      result = .failure(error)
    }
    for (pid, _) in shop.processes() { kill(pid, SIGKILL) }
    try await shop.server.remove()
    return try result.get()
  }

  /// A server that is killed loses nothing by this; only the machine would.
  private static let speed = ["--debug-no-sync", "--innodb-flush-method=nosync"]

  /// The dump of `notes` is longer than the head of a dump; `zones` is the last table.
  private static let tables = [
    "CREATE SEQUENCE numbers",
    """
    CREATE TABLE accounts (
      account_id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(40) NOT NULL, UNIQUE KEY uq_name (name)
    )
    """,
    """
    CREATE TABLE payments (
      payment_id INT PRIMARY KEY AUTO_INCREMENT, account_id INT NOT NULL, amount DECIMAL(19,4),
      KEY idx_amount (amount),
      CONSTRAINT fk_payments_account FOREIGN KEY (account_id) REFERENCES accounts (account_id)
    )
    """,
    "CREATE TABLE entries (entry_id INT PRIMARY KEY AUTO_INCREMENT, payment_id INT NOT NULL)",
    "CREATE TABLE notes (note_id INT PRIMARY KEY AUTO_INCREMENT, note TEXT)",
    "CREATE TABLE zones (zone_id INT PRIMARY KEY, name VARCHAR(40))",
    """
    CREATE TRIGGER payments_entry AFTER INSERT ON payments
    FOR EACH ROW INSERT INTO entries (payment_id) VALUES (NEW.payment_id)
    """,
    // A sequence is durable with the next commit.
    "DO NEXTVAL(numbers)",
    "INSERT INTO accounts (name) VALUES ('Zoë'), ('東京'), ('it''s; \\\\ \"x\"')",
    "INSERT INTO payments (account_id, amount) SELECT 1 + seq % 3, seq / 4 FROM seq_1_to_300",
    "INSERT INTO notes (note) SELECT REPEAT(CHAR(97 + seq % 26), 400) FROM seq_1_to_40",
    "INSERT INTO zones VALUES (1, 'here'), (2, 'there')",
  ]

  /// The view that comes first by its name reads the other one.
  private static let programs = [
    """
    CREATE VIEW totals AS
    SELECT account_id, SUM(amount) AS total FROM payments GROUP BY account_id
    """,
    "CREATE VIEW largest AS SELECT account_id FROM totals WHERE total > 3000",
    "CREATE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN in_value * 2",
    "CREATE PROCEDURE list_zones() SELECT zone_id FROM zones",
    "CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1",
  ]

  /// Changes everything that a restore brings back.
  func change() async throws {
    try await execute([
      "SELECT COUNT(NEXTVAL(numbers)) FROM seq_1_to_3000",
      "INSERT INTO accounts (name) VALUES ('later')",
      "INSERT INTO payments (account_id, amount) SELECT 4, 1 FROM seq_1_to_20",
      "DELETE FROM payments WHERE payment_id <= 10",
      "UPDATE zones SET name = 'nowhere'",
      "CREATE TABLE later (later_id INT PRIMARY KEY)",
      "INSERT INTO later VALUES (1)",
      "CREATE OR REPLACE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN in_value + 2",
    ])
  }

  // MARK: - Statements

  /// Runs statements on a connection of their own.
  func execute(_ statements: [String]) async throws {
    let connection = try await Connection.open(options)
    do {
      for statement in statements { try await connection.execute(statement) }
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  /// The rows of a query, their values joined.
  func rows(_ sql: String) async throws -> [String] {
    let connection = try await Connection.open(server.connectionOptions)
    do {
      let rows = try await connection.query(sql).rows
      await connection.close()
      return rows.map { row in row.values.map { $0 ?? "NULL" }.joined(separator: "|") }
    } catch {
      await connection.close()
      throw error
    }
  }

  /// What a schema holds, by name; what restores put there for themselves is left out.
  struct State: Equatable {
    /// Rows of each table, the state of each sequence.
    var rows: [String: [String]] = [:]
    /// Definitions of all objects.
    var definitions: [String: [String]] = [:]

    /// What differs, for messages that can be read.
    func changes(from other: State) -> [String] {
      let names = { (one: [String: [String]], two: [String: [String]]) in
        Set(one.keys).union(two.keys).sorted().filter { one[$0] != two[$0] }
      }
      return names(rows, other.rows).map { name in
        "rows of \(name): \(rows[name].map { "\($0.suffix(2))" } ?? "none"),"
          + " not \(other.rows[name].map { "\($0.suffix(2))" } ?? "none")"
      } + names(definitions, other.definitions).map { "definition of \($0)" }
    }
  }

  /// Reads a schema.
  func state(of schema: String = Self.schema) async throws -> State {
    var state = State()
    let own = "LEFT(table_name, 8) <> '_payops_' AND table_schema = '\(schema)'"
    let tables = try await rows(
      "SELECT table_name, table_type FROM information_schema.tables WHERE \(own)")
    for entry in tables {
      let (name, type) = (String(entry.prefix { $0 != "|" }), entry.drop { $0 != "|" }.dropFirst())
      if type != "VIEW" {
        let columns = type == "SEQUENCE" ? "next_not_cached_value" : "*"
        do {
          state.rows[name] = try await rows(
            "SELECT \(columns) FROM `\(schema)`.`\(name)` ORDER BY 1")
        } catch let error as DatabaseError {
          state.rows[name] = [error.debugDescription]
        }
      }
      state.definitions[name] = try await rows(
        "SHOW CREATE \(type == "VIEW" ? "VIEW" : "TABLE") `\(schema)`.`\(name)`"
      ).map {
        // The counter is not part of what a server keeps over a crash.
        $0.replacing("`\(schema)`.", with: "").replacing(#/ AUTO_INCREMENT=\d+/#, with: "")
      }
    }
    for (kind, sql) in [
      (
        "trigger",
        "trigger_name, event_object_table, action_timing, action_statement, definer"
          + " FROM information_schema.triggers WHERE trigger_schema"
      ),
      (
        "routine",
        "routine_name, routine_definition, definer FROM information_schema.routines"
          + " WHERE routine_schema"
      ),
      (
        "event",
        "event_name, event_definition, status, starts, definer FROM information_schema.events"
          + " WHERE event_schema"
      ),
    ] {
      let found = try await rows("SELECT \(sql) = '\(schema)'").sorted()
      state.definitions[kind] = found.filter { !$0.hasPrefix("_payops_") }
    }
    return state
  }

  /// Makes sure that the schema is what it was.
  func expectUnchanged(
    since before: State, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let changes = try await state().changes(from: before)
    #expect(changes == [], sourceLocation: sourceLocation)
  }

  /// Makes sure that every view can be read.
  func expectViewsWork(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for view in ["totals", "largest"] {
      await #expect(throws: Never.self, sourceLocation: sourceLocation) {
        _ = try await rows("SELECT * FROM \(Self.schema).\(view)")
      }
    }
  }

  // MARK: - Runs of payops

  private func environment(_ fault: String?) -> [String: String] {
    var variables = [
      "PAYOPS_DATABASE": Self.schema, "PAYOPS_BACKUP_DIR": folder, "TMPDIR": temporary,
      "PAYOPS_TEST_MARK": mark,
    ]
    variables["PAYOPS_SOCKET"] = server.connectionOptions.socket
    variables["PAYOPS_USER"] = server.connectionOptions.user
    variables["PAYOPS_FAULT"] = fault
    return variables
  }

  /// Runs payops on the shop.
  ///
  /// - Parameters:
  ///   - arguments: the arguments.
  ///   - fault: the fault point and what happens there; nil for none.
  ///   - variables: further variables of the environment.
  ///   - wrapper: a program with its arguments that starts payops; none when empty.
  func payops(
    _ arguments: [String], fault: String? = nil, variables: [String: String] = [:],
    wrapper: [String] = [], deadline: Duration = .seconds(120),
    whileRunning: (@Sendable (Int32) async -> Void)? = nil
  ) async throws -> ProgramRun {
    let words = wrapper + [try ProgramRun.binary.path] + arguments
    return try await ProgramRun.run(
      URL(filePath: words[0]), Array(words.dropFirst()),
      environment: environment(fault).merging(variables) { $1 }, deadline: deadline,
      whileRunning: whileRunning)
  }

  /// A run of payops that goes on while the test looks at it.
  final class Running: Sendable {
    private struct State {
      var pid: Int32?
      var hasEnded = false
    }

    private let state = Mutex(State())
    /// The file that is there while the run is paused; in a folder that is removed at the end.
    fileprivate let marker: URL

    fileprivate init(_ root: URL) throws {
      let gate = root.appending(path: "gate-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: gate, withIntermediateDirectories: true)
      marker = gate.appending(path: "paused")
    }

    /// Whether the process is over.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Whether the process waits at the fault point.
    var isPaused: Bool { access(marker.path, F_OK) == 0 }

    fileprivate func began(_ pid: Int32) { state.withLock { $0.pid = pid } }

    fileprivate func ended() { state.withLock { $0.hasEnded = true } }

    /// Sends a signal to the process.
    func signal(_ number: Int32) async throws {
      try await BackupShop.eventually("payops has a number") { state.withLock { $0.pid } != nil }
      state.withLock { state in
        if let pid = state.pid, !state.hasEnded { kill(pid, number) }
      }
    }

    /// Waits until the process pauses.
    func waitUntilPaused() async throws {
      try await BackupShop.eventually("payops pauses or ends") { isPaused || hasEnded }
    }

    /// Lets the process go on to the end; it pauses nowhere any more.
    func resume() { try? FileManager.default.removeItem(at: marker.deletingLastPathComponent()) }

    /// Lets the process go on to the next pause at the same point.
    func step() async throws {
      unlink(marker.path)
      try await waitUntilPaused()
    }

    /// Waits for the end of the process.
    func waitUntilEnded() async throws {
      try await BackupShop.eventually("payops ends") { hasEnded }
    }
  }

  /// Runs payops, does something when it pauses at a fault point, and lets it go on.
  ///
  /// - Parameters:
  ///   - arguments: the arguments.
  ///   - point: the fault point; nil to start the body at once.
  ///   - body: what is done; it may end or resume the run itself.
  func payops(
    _ arguments: [String], pausedAt point: String?, variables: [String: String] = [:],
    deadline: Duration = .seconds(120),
    _ body: (Running) async throws -> Void
  ) async throws -> ProgramRun {
    let running = try Running(root)
    let task = Task {
      defer { running.ended() }
      return try await payops(
        arguments, fault: point.map { "\($0)=pause:\(running.marker.path)" },
        variables: variables, deadline: deadline
      ) { running.began($0) }
    }
    do {
      if let point {
        try await running.waitUntilPaused()
        try #require(running.isPaused, "\(arguments) did not come to \(point)")
      }
      try await body(running)
    } catch {
      try? await running.signal(SIGKILL)
      running.resume()
      Issue.record("\(arguments): \((try? await task.value).map { "\($0)" } ?? "")")
      throw error
    }
    running.resume()
    return try await task.value
  }

  /// Runs payops and kills it at a fault point.
  func runKilled(
    at point: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let killed = try await payops(arguments, fault: "\(point)=kill")
    #expect(killed.status == 128 + SIGKILL, "\(killed)", sourceLocation: sourceLocation)
  }

  /// Runs `payops backup create` until mariadb-dump waits for the rows of the last table, which
  /// somebody else has locked, and then a body.
  ///
  /// - Parameters:
  ///   - arguments: further options of create.
  ///   - variables: further variables of the environment.
  ///   - connection: the connection that locks; nil for one of its own.
  ///   - body: gets the run and the number of the dump tool's process; afterwards the table is free.
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
      // Waits for the backup's own locks, and so comes before the dump's reading of the table.
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

  /// Makes a backup that is verified.
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

  // MARK: - What is there

  /// The state of each backup that is listed, by name.
  func backups(sourceLocation: SourceLocation = #_sourceLocation) async throws -> [String: String] {
    let run = try await payops(["backup", "list", "--json"])
    #expect(run.status == 0, "\(run)", sourceLocation: sourceLocation)
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]],
      "\(run)", sourceLocation: sourceLocation)
    return Dictionary(
      uniqueKeysWithValues: list.compactMap { backup in
        (backup["id"] as? String).map { ($0, backup["state"] as? String ?? "") }
      })
  }

  /// Makes sure that every backup is good and that some are still there.
  func expectAllGood(
    including kept: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let listed = try await backups(sourceLocation: sourceLocation)
    for id in kept { #expect(listed[id] != nil, "\(id) is lost", sourceLocation: sourceLocation) }
    let run = try await payops(["backup", "verify", "--all", "--on", "server"])
    #expect(run.status == 0, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
  }

  /// Makes sure that nothing is left of any run.
  func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    // A process that was killed, and a session of it or of the last look, need a moment to end.
    var left: [String] = []
    try? await Self.eventually("nothing is left", within: .seconds(10)) {
      left = try await leftovers()
      return left.isEmpty
    }
    #expect(left == [], sourceLocation: sourceLocation)
  }

  /// Everything that runs have left behind.
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
    // Where the installer of a private server finds a directory with a long name.
    let links = "/tmp/payops-\(geteuid())"
    for name in (try? manager.contentsOfDirectory(atPath: links)) ?? [] {
      let target = try? manager.destinationOfSymbolicLink(atPath: "\(links)/\(name)/root")
      if let target, target.hasPrefix(root.path) { left.append("link to \(target)") }
    }
    left += try await rows(
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
    return left
  }

  /// The processes that runs have started and that are still there, and runs themselves.
  func processes() -> [(pid: Int32, name: String)] {
    let manager = FileManager.default
    let pids = ((try? manager.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    return pids.compactMap { pid in
      guard let environment = manager.contents(atPath: "/proc/\(pid)/environ"),
        environment.firstRange(of: Data(mark.utf8)) != nil
      else { return nil }
      let name = manager.contents(atPath: "/proc/\(pid)/comm") ?? Data()
      return (pid, String(decoding: name, as: UTF8.self).trimmingCharacters(in: .newlines))
    }
  }

  /// Waits until the server has noticed that runs are over.
  func waitForSessions() async throws {
    try await Self.eventually("sessions end") { try await sessions().isEmpty }
  }

  private func sessions() async throws -> [String] {
    try await rows(
      """
      SELECT CONCAT('session: ', command, ' ', IFNULL(info, ''))
      FROM information_schema.processlist
      WHERE id <> CONNECTION_ID() AND command NOT IN ('Daemon', 'Quit')
      """)
  }

  private static func filesInSharedMemory() -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")) ?? []
    return Set(names.filter { $0.hasPrefix("payops-") && !$0.hasPrefix("payops-test-") })
  }

  private func newInSharedMemory() -> Set<String> {
    Self.filesInSharedMemory().subtracting(sharedMemory)
  }

  // MARK: - Waiting

  /// A state that did not come.
  struct NeverHappened: Error, CustomStringConvertible {
    let description: String
  }

  /// Waits for a state of the world.
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

/// The fault points of the sources, each with the tests that kill payops there.
private enum FaultPoints {
  static let create = [
    "create.snapshot", "create.dumping", "create.dumped", "create.before-publish",
    "create.published",
  ]
  static let verify = ["verify.restored", "verify.compared", "manifest.before-rename"]
  static let restore = [
    "restore.loading", "restore.loaded", "restore.before-switch", "restore.switched",
  ]
  static let prune = ["prune.renamed", "prune.deleted"]
  static let archive = ["archive.copied"]
}

@Suite("Backups when payops is killed", .timeLimit(.minutes(10)))
struct BackupKillTests {
  @Test("every fault point of the sources is tried")
  func points() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Backup").standardizedFileURL
    var found: Set<String> = []
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for match in text.matches(of: #/FaultPoint\.reach\(\s*"([^"]+)"/#) {
        found.insert(String(match.1))
      }
    }
    let tried = [
      FaultPoints.create, FaultPoints.verify, FaultPoints.restore, FaultPoints.prune,
      FaultPoints.archive,
    ].joined()
    #expect(found == Set(tried))
  }

  @Test("create", arguments: FaultPoints.create)
  func create(point: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let before = try await shop.state()
      try await shop.runKilled(at: point, ["backup", "create", "--on", "server"])
      try await shop.expectUnchanged(since: before)
      let listed = try await shop.backups()
      #expect(listed[good] == "verified")
      #expect(listed.filter { $0.value == "verified" }.count == 1)
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: Array(listed.keys))
      try await shop.expectUnchanged(since: before)
    }
  }

  @Test("verify", arguments: FaultPoints.verify, ["server", "private"])
  func verify(point: String, place: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let made = try await shop.payops(["backup", "create", "--no-verify"])
      #expect(made.status == 0, "\(made)")
      let before = try await shop.state()
      let command = ["backup", "verify", "--latest", "--on", place]
      try await shop.runKilled(at: point, command)
      try await shop.expectUnchanged(since: before)
      let listed = try await shop.backups()
      #expect(listed.count == 2)
      #expect(listed[good] == "verified")
      #expect(listed.values.contains("unverified"))
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: Array(listed.keys))
      try await shop.expectUnchanged(since: before)
    }
  }

  @Test("verify while its private server is made")
  func verifyInstalling() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let command = ["backup", "verify", good, "--on", "private"]
      let killed = try await shop.payops(command, pausedAt: nil) { running in
        try await BackupShop.eventually("a server is installed") {
          let manager = FileManager.default
          let names = try manager.contentsOfDirectory(atPath: shop.folder)
          return running.hasEnded
            || names.contains {
              $0.hasPrefix(".verify-")
                && manager.fileExists(atPath: "\(shop.folder)/\($0)/data.installing")
            }
        }
        try await running.signal(SIGKILL)
      }
      #expect(killed.status == 128 + SIGKILL)
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("the server of a killed verification goes")
  func verifyLeftServer() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let left = "\(shop.folder)/.verify-3fvjgr4a7bpco"
      try FileManager.default.createDirectory(
        atPath: "\(left)/data", withIntermediateDirectories: true)
      let run = try await shop.payops(["backup", "verify", good, "--on", "private"])
      #expect(run.status == 0, "\(run)")
      try await shop.expectNothingLeft()
    }
  }

  @Test("pin")
  func pin() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.runKilled(at: "manifest.before-rename", ["backup", "pin", good])
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(["backup", "pin", good])
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("prune", arguments: FaultPoints.prune)
  func prune(point: String) async throws {
    try await BackupShop.open { shop in
      let before = try await shop.state()
      let oldest = try await shop.makeGoodBackup()
      let old = try await shop.makeGoodBackup()
      let newest = try await shop.makeGoodBackup()
      let command = ["backup", "prune", "--keep-days", "0"]
      try await shop.runKilled(at: point, command)
      #expect(try await shop.backups() == [old: "verified", newest: "verified"])
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(!again.output.contains(oldest))
      #expect(try await shop.backups() == [newest: "verified"])
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [newest])
      try await shop.expectUnchanged(since: before)
    }
  }

  @Test("restore into a new schema", arguments: FaultPoints.restore)
  func restoreAside(point: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let backedUp = try await shop.state()
      try await shop.change()
      let before = try await shop.state()
      let command = ["restore", good, "--as", "copy"]
      try await shop.runKilled(at: point, command)
      try await shop.expectUnchanged(since: before)
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await shop.state(of: "copy").changes(from: backedUp) == [])
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
      try await shop.expectUnchanged(since: before)
    }
  }

  @Test("restore of some tables into a new schema", arguments: FaultPoints.restore)
  func restoreSomeAside(point: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let backedUp = try await shop.state()
      let command = ["restore", good, "--as", "copy", "--tables", "accounts,payments"]
      try await shop.runKilled(at: point, command)
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      let rows = try await shop.state(of: "copy").rows
      #expect(rows == backedUp.rows.filter { ["accounts", "payments"].contains($0.key) })
      try await shop.expectNothingLeft()
    }
  }

  @Test("restore in place of what is there", arguments: FaultPoints.restore)
  func restoreInPlace(point: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let new = try await shop.state()
      try await shop.change()
      let old = try await shop.state()
      let command = ["restore", good, "--replace", "--confirm", BackupShop.schema]
      try await shop.runKilled(at: point, command)
      let now = try await shop.state()
      let expected = point == "restore.switched" ? new : old
      #expect(now.changes(from: expected).filter { $0.hasPrefix("rows") } == [])
      if point != "restore.switched" { try await shop.expectUnchanged(since: old) }
      try await shop.expectViewsWork()
      // Without leave to replace it is refused, and what was moved away stays.
      let left = try await shop.leftovers()
      let refused = try await shop.payops(["restore", good])
      #expect(refused.status == 64, "\(refused)")
      #expect(try await shop.leftovers() == left)
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await shop.state().changes(from: new) == [])
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("restore while rows are loaded", arguments: ["copy", BackupShop.schema])
  func restoreHalfLoaded(target: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let new = try await shop.state()
      try await shop.change()
      let old = try await shop.state()
      let command = ["restore", good] + Self.words(for: target)
      let killed = try await shop.payops(command, pausedAt: "restore.loading") { running in
        try await BackupShop.eventually("the last table is being loaded") {
          let begun = try await shop.rows(
            "SELECT 1 FROM information_schema.tables WHERE table_schema = '\(target)'"
              + " AND table_name = '_payops_new_zones'")
          if begun.isEmpty { try await running.step() }
          return !begun.isEmpty
        }
        try await running.signal(SIGKILL)
        try await running.waitUntilEnded()
      }
      #expect(killed.status == 128 + SIGKILL)
      try await shop.expectUnchanged(since: old)
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await shop.state(of: target).changes(from: new) == [])
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("restore while the exchange waits for a reader: all tables are there at any time")
  func restoreExchanging() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let new = try await shop.state()
      try await shop.change()
      let old = try await shop.state()
      let reader = try await Connection.open(shop.options)
      let command = ["restore", good, "--replace", "--confirm", BackupShop.schema]
      let killed = try await shop.payops(command, pausedAt: "restore.before-switch") { running in
        // Only a statement that puts the new tables in place waits for this.
        try await reader.execute("START TRANSACTION")
        _ = try await reader.query("SELECT * FROM _payops_new_zones")
        running.resume()
        try await shop.waitForStatement("RENAME TABLE%")
        let names = Set(
          try await shop.rows(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop'"))
        #expect(names.isSuperset(of: old.rows.keys))
        try await running.signal(SIGKILL)
        try await running.waitUntilEnded()
        await reader.close()
      }
      #expect(killed.status == 128 + SIGKILL)
      try await shop.waitForSessions()
      let now = try await shop.state()
      #expect(now.rows == old.rows || now.rows == new.rows)
      try await shop.expectViewsWork()
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      #expect(try await shop.state().changes(from: new) == [])
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a backup that is made after a killed restore is good", arguments: FaultPoints.restore)
  func backupAfterKilledRestore(point: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.runKilled(
        at: point, ["restore", good, "--replace", "--confirm", BackupShop.schema])
      let made = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(made.status == 0, "\(made)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("archive-logs", arguments: FaultPoints.archive)
  func archive(point: String) async throws {
    try await BackupShop.open(options: ["--log-bin", "--server-id=1", "--binlog-format=ROW"]) {
      shop in
      let good = try await shop.makeGoodBackup()
      let before = try await shop.state()
      let command = ["backup", "archive-logs", "--flush"]
      try await shop.runKilled(at: point, command)
      try await shop.expectUnchanged(since: before)
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      let logs = try FileManager.default.contentsOfDirectory(atPath: "\(shop.folder)/binary-logs")
      let known = try await shop.rows("SHOW BINARY LOGS").map { $0.prefix { $0 != "|" } }
      #expect(Set(logs) == Set(known.dropLast().map(String.init)))
      try await shop.expectAllGood(including: [good])
    }
  }

  private static func words(for target: String) -> [String] {
    target == BackupShop.schema ? ["--replace", "--confirm", target] : ["--as", target]
  }

  /// What is killed while the dump runs.
  enum Victim: String, CaseIterable {
    case payops, dumpTool, server
  }

  @Test("a process is killed while the rows are dumped", arguments: Victim.allCases)
  func dumping(victim: Victim) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let before = try await shop.state()
      let run = try await shop.createWithHeldDump { running, tool in
        switch victim {
        case .payops:
          try await running.signal(SIGKILL)
          try await running.waitUntilEnded()
        case .dumpTool: kill(tool, SIGKILL)
        case .server: try await shop.server.kill()
        }
      }
      if victim == .server { try await shop.server.restart() }
      switch victim {
      case .payops: #expect(run.status == 128 + SIGKILL)
      case .dumpTool: #expect(run.status == 74, "\(run)")
      case .server: #expect([69, 74].contains(run.status), "\(run)")
      }
      try await shop.expectUnchanged(since: before)
      #expect(try await shop.backups() == [good: "verified"])
      if victim != .payops { try await shop.expectNothingLeft() }
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
      try await shop.expectUnchanged(since: before)
    }
  }
}

@Suite("Backups when the server goes away", .timeLimit(.minutes(10)))
struct BackupServerLossTests {
  private static let replace = ["restore", "ID", "--replace", "--confirm", BackupShop.schema]
  private static let aside = ["restore", "ID", "--as", "copy"]

  @Test(
    "at a fault point",
    arguments: [
      ("create.snapshot", ["backup", "create", "--on", "server"]),
      ("create.dumping", ["backup", "create", "--on", "server"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "server"]),
      ("restore.loading", aside), ("restore.before-switch", aside),
      ("restore.loading", replace), ("restore.loaded", replace),
      ("restore.before-switch", replace), ("restore.switched", replace),
    ])
  func lost(point: String, command: [String]) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let command = command.map { $0 == "ID" ? good : $0 }
      let new = try await shop.state()
      try await shop.change()
      let old = try await shop.state()
      let run = try await shop.payops(command, pausedAt: point) { _ in
        try await shop.server.kill()
      }
      #expect([69, 74].contains(run.status), "\(run)")
      try await shop.server.restart()
      if point == "restore.switched" {
        #expect(try await shop.state().rows == new.rows)
      } else {
        try await shop.expectUnchanged(since: old)
      }
      try await shop.expectViewsWork()
      #expect(try await shop.backups()[good] == "verified")
      let again = try await shop.payops(command)
      #expect(again.status == 0, "\(again)")
      if command.contains("--as") {
        #expect(try await shop.state(of: "copy").changes(from: new) == [])
      }
      if command.contains("--replace") {
        #expect(try await shop.state().changes(from: new) == [])
      } else {
        try await shop.expectUnchanged(since: old)
      }
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
    }
  }
}

@Suite("Backups that are interrupted", .timeLimit(.minutes(10)))
struct BackupInterruptionTests {
  @Test("during the dump, by either signal", arguments: [SIGINT, SIGTERM])
  func dump(signal: Int32) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let before = try await shop.state()
      let run = try await shop.createWithHeldDump { running, _ in
        try await running.signal(signal)
        try await running.waitUntilEnded()
      }
      #expect(run.status == 128 + signal, "\(run)")
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
      try await shop.expectAllGood(including: [good])
      #expect(try await shop.backups().count == 1)
    }
  }

  @Test(
    "at a fault point",
    arguments: [
      ("create.snapshot", ["backup", "create", "--on", "server"]),
      ("create.dumping", ["backup", "create", "--on", "server"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "server"]),
      ("verify.restored", ["backup", "verify", "--latest", "--on", "private"]),
      ("restore.loading", ["restore", "ID", "--as", "copy"]),
      ("restore.loaded", ["restore", "ID", "--as", "copy"]),
      ("restore.loading", ["restore", "ID", "--replace", "--confirm", BackupShop.schema]),
      ("restore.loaded", ["restore", "ID", "--replace", "--confirm", BackupShop.schema]),
    ])
  func interrupted(point: String, command: [String]) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.change()
      let before = try await shop.state()
      let run = try await shop.payops(
        command.map { $0 == "ID" ? good : $0 }, pausedAt: point
      ) { running in
        try await running.signal(SIGINT)
      }
      #expect(run.status == 130, "\(run)")
      #expect(run.errors.hasSuffix("payops: interrupted\n"))
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
      #expect(
        try await shop.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = 'copy'")
          == [])
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("while the private server of a verification is made")
  func privateServer() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let command = ["backup", "verify", good, "--on", "private"]
      let run = try await shop.payops(command, pausedAt: nil) { running in
        try await BackupShop.eventually("a server is made") {
          let names = try FileManager.default.contentsOfDirectory(atPath: shop.folder)
          return running.hasEnded || names.contains { $0.hasPrefix(".verify-") }
        }
        try await running.signal(SIGINT)
      }
      #expect(run.status == 130, "\(run)")
      try await shop.expectNothingLeft()
      #expect(try await shop.backups() == [good: "verified"])
    }
  }

  @Test("while the exchange of the tables waits for a reader")
  func exchange() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      try await shop.change()
      let before = try await shop.state()
      let reader = try await Connection.open(shop.options)
      try await reader.execute("START TRANSACTION")
      _ = try await reader.query("SELECT * FROM zones")
      let run = try await shop.payops(
        [
          "restore", good, "--replace", "--confirm", BackupShop.schema, "--no-safety-backup",
        ], pausedAt: nil
      ) { running in
        try await shop.waitForStatement("RENAME TABLE%")
        try await running.signal(SIGINT)
        try await running.waitUntilEnded()
      }
      await reader.close()
      #expect(run.status == 130, "\(run)")
      try await shop.expectNothingLeft()
      try await shop.expectUnchanged(since: before)
    }
  }
}

/// A small file system of its own.
private struct SmallDisk {
  let path: String

  /// Mounts one; nil when this user may not.
  init?(_ path: String, bytes: Int) async throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let mounted = try await ProgramRun.run(
      URL(filePath: "/usr/bin/mount"),
      ["-t", "tmpfs", "-o", "size=\(bytes),mode=0700", "tmpfs", path])
    guard mounted.status == 0 else { return nil }
  }

  func remove() async throws {
    _ = try await ProgramRun.run(URL(filePath: "/usr/bin/umount"), [path])
  }

  /// Fills the file system, but for some bytes.
  func fill(leaving bytes: Int = 0) throws {
    let file = FileManager.default
    let path = "\(path)/filler"
    _ = file.createFile(atPath: path, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    defer { try? handle.close() }
    while (try? handle.write(contentsOf: Data(repeating: 1, count: 4096))) != nil {}
    let size = try handle.offset()
    try handle.truncate(atOffset: size - UInt64(bytes))
  }

  func free() throws { try FileManager.default.removeItem(atPath: "\(path)/filler") }
}

@Suite("Backups in trouble", .timeLimit(.minutes(10)))
struct BackupTroubleTests {
  /// A table whose rows hardly shrink when they are packed.
  private static let bulk = [
    "CREATE TABLE bulk (bulk_id INT PRIMARY KEY, content VARCHAR(128))",
    "INSERT INTO bulk SELECT seq, SHA2(seq, 512) FROM seq_1_to_8000",
  ]

  /// Runs a body with a file system for the backups; nil when this user may not mount one.
  private func withSmallDisk<Value>(
    of bytes: Int, _ shop: BackupShop, _ body: (SmallDisk?) async throws -> Value
  ) async throws -> Value {
    let disk = try await SmallDisk(shop.folder, bytes: bytes)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(disk))
    } catch {
      result = .failure(error)
    }
    try await disk?.remove()
    return try result.get()
  }

  /// Starts a program with a limit on the size of files instead of the signal that goes with it.
  private static let limitingFiles = [
    "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=200000 \"$@\"", "sh",
  ]

  @Test("the disk is full in the middle of the dump", arguments: [true, false])
  func fullDisk(mounts: Bool) async throws {
    try await BackupShop.open { shop in
      try await withSmallDisk(of: mounts ? 400 << 10 : 64 << 20, shop) { disk in
        let isMounted = mounts && disk != nil
        let good = try await shop.makeGoodBackup()
        try await shop.execute(Self.bulk)
        let before = try await shop.state()
        let run = try await shop.payops(
          ["backup", "create", "--on", "server"], wrapper: isMounted ? [] : Self.limitingFiles)
        #expect(run.status == (isMounted ? 74 : 73), "\(run)")
        #expect(run.errors.contains("dump.sql.zst"))
        #expect(run.errors.contains(isMounted ? "No space left" : "File too large"))
        try await shop.expectNothingLeft()
        #expect(try await shop.backups() == [good: "verified"])
        try await shop.expectUnchanged(since: before)
        try await shop.expectAllGood(including: [good])
        try await shop.execute(["DELETE FROM bulk"])
        #expect(try await shop.payops(["backup", "create", "--on", "server"]).status == 0)
        try await shop.expectAllGood(including: [good])
      }
    }
  }

  @Test(
    "the disk is full when the manifest is written",
    arguments: [
      ("create.dumped", 0), ("create.dumped", 4096), ("verify.compared", 0),
      ("verify.compared", 4096),
    ])
  func fullDiskAtEnd(point: String, left: Int) async throws {
    try await BackupShop.open { shop in
      // More than a page of manifest.
      try await shop.execute((1...30).map { "CREATE TABLE table_\($0) (a INT)" })
      try await withSmallDisk(of: 1 << 20, shop) { disk in
        guard let disk else { return try await limitedManifest(shop, at: point) }
        let good = try await shop.makeGoodBackup()
        let run = try await shop.payops(
          ["backup", "create", "--on", "server"], pausedAt: point
        ) { _ in
          try disk.fill(leaving: left)
        }
        #expect(run.status == 74, "\(run)")
        #expect(run.errors.contains("No space left"), "\(run.errors)")
        #expect(try await shop.backups().values.filter { $0 == "verified" }.count == 1)
        try disk.free()
        let again = try await shop.payops(["backup", "create", "--on", "server"])
        #expect(again.status == 0, "\(again)")
        try await shop.expectAllGood(including: [good])
        try await shop.expectNothingLeft()
      }
    }
  }

  /// The same where no file system can be mounted: files may not become as long as the manifest.
  private func limitedManifest(_ shop: BackupShop, at point: String) async throws {
    let good = try await shop.makeGoodBackup()
    let files = try FileManager.default.attributesOfItem(
      atPath: "\(shop.folder)/\(good)/manifest.json")
    let size = try #require(files[.size] as? Int)
    let command =
      point == "create.dumped"
      ? ["backup", "create", "--no-verify"] : ["backup", "verify", "--latest", "--on", "server"]
    let run = try await shop.payops(
      command,
      wrapper: [
        "/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=\(size - 500) \"$@\"", "sh",
      ])
    #expect(run.status == 73, "\(run)")
    #expect(try await shop.backups() == [good: "verified"])
    #expect(try await shop.payops(command).status == 0)
    try await shop.expectAllGood(including: [good])
    try await shop.expectNothingLeft()
  }

  @Test("the folder cannot be written into")
  func readOnlyFolder() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      // Without this the owner root may write everywhere.
      let powers = "-dac_override,-dac_read_search"
      let wrapper =
        geteuid() == 0
        ? ["/usr/bin/setpriv", "--bounding-set", powers, "--inh-caps", powers] : []
      chmod(shop.folder, 0o500)
      for command in [
        ["backup", "create"], ["backup", "verify", good, "--on", "server"],
        ["backup", "prune", "--keep-days", "0"],
      ] {
        let run = try await shop.payops(command, wrapper: wrapper)
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("\(shop.folder): Permission denied"), "\(run.errors)")
        #expect(run.errors.contains("hint: check the owner and the mode of the folder"))
      }
      #expect(try await shop.backups() == [good: "verified"])
      chmod(shop.folder, 0o700)
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good])
      for place in ["/dev/null/backups", "/proc/backups"] {
        let run = try await shop.payops(["backup", "create", "--dir", place])
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("cannot make the folder \(place)"))
      }
    }
  }

  @Test("a second run in the same folder is told to wait, and changes nothing")
  func busy() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let old = try await shop.makeGoodBackup()
      let first = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        for command in [
          ["create", "--no-verify"], ["verify", good, "--on", "server"],
          ["prune", "--keep-days", "0"], ["pin", good], ["unpin", good],
        ] {
          let second = try await shop.payops(["backup"] + command)
          #expect(second.status == 75, "\(command) \(second)")
          #expect(
            second.errors == """
              payops: error: another payops is working in \(shop.folder)
              hint: wait until it ends, then run the same command again

              """)
        }
        #expect(try await shop.backups() == [good: "verified", old: "verified"])
      }
      #expect(first.status == 0, "\(first)")
      #expect(try await shop.backups().count == 3)
      #expect(try await shop.payops(["backup", "pin", good]).status == 0)
      try await shop.expectNothingLeft()
      try await shop.expectAllGood(including: [good, old])
    }
  }

  @Test(
    "an object that changes during the dump",
    arguments: [
      "CREATE OR REPLACE VIEW totals AS SELECT account_id, COUNT(*) AS total FROM payments"
        + " GROUP BY account_id",
      "CREATE TABLE later (later_id INT PRIMARY KEY)",
      "CREATE OR REPLACE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN 0",
      "DROP EVENT yearly",
    ])
  func changedObject(statement: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let run = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.dumping"
      ) { _ in
        try await shop.execute([statement])
      }
      #expect(run.status == 75, "\(run)")
      #expect(run.errors.contains("the schema changed during the dump"))
      try await shop.expectNothingLeft()
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a table that changes before the dump comes to its rows")
  func changedTable() async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let holder = try await Connection.open(shop.options)
      let run = try await shop.createWithHeldDump(by: holder) { _, _ in
        try await holder.execute("ALTER TABLE zones ADD COLUMN extra INT NOT NULL DEFAULT 7")
      }
      #expect(run.status != 0 && run.status < 128, "\(run)")
      try await shop.expectNothingLeft()
      #expect(try await shop.backups() == [good: "verified"])
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test(
    "a statement that waits for the backup's locks does not stop the backup, nor it the statement",
    arguments: ["ALTER TABLE accounts ADD COLUMN extra INT", "DROP TABLE zones"])
  func waitingStatement(statement: String) async throws {
    try await BackupShop.open { shop in
      let good = try await shop.makeGoodBackup()
      let run = try await shop.payops(
        ["backup", "create", "--on", "server"], pausedAt: "create.snapshot"
      ) { running in
        let waiting = Task { try await shop.execute([statement]) }
        try await shop.waitForStatement(statement)
        running.resume()
        // The snapshot is older than the statement, so the backup may have to give up.
        try await running.waitUntilEnded()
        try await waiting.value
      }
      #expect([0, 74, 75].contains(run.status), "\(run)")
      try await shop.expectNothingLeft()
      let again = try await shop.payops(["backup", "create", "--on", "server"])
      #expect(again.status == 0, "\(again)")
      try await shop.expectAllGood(including: [good])
    }
  }

  @Test("a server that ends silent connections soon does not end those of a long run")
  func silence() async throws {
    try await BackupShop.open(options: ["--wait-timeout=1"]) { shop in
      let good = try await shop.makeGoodBackup()
      for (point, command) in [
        ("create.dumped", ["backup", "create", "--no-verify"]),
        ("verify.restored", ["backup", "verify", good, "--on", "server"]),
        ("restore.loaded", ["restore", good, "--as", "copy"]),
      ] {
        let run = try await shop.payops(command, pausedAt: point) { _ in
          try await Task.sleep(for: .milliseconds(2500))
        }
        #expect(run.status == 0, "\(point) \(run)")
      }
      try await shop.expectNothingLeft()
    }
  }

  @Test("the backup waits for an open transaction that has written, and then holds what it wrote")
  func openTransaction() async throws {
    try await BackupShop.open { shop in
      let writer = try await Connection.open(shop.options)
      try await writer.execute("START TRANSACTION")
      try await writer.execute("INSERT INTO zones VALUES (3, 'written before the backup')")
      let run = try await shop.payops(
        ["backup", "create", "--on", "server", "--json"], pausedAt: nil
      ) { running in
        try await shop.waitForStatement("LOCK TABLES%")
        #expect(!running.hasEnded)
        try await writer.execute("COMMIT")
      }
      await writer.close()
      #expect(run.status == 0, "\(run)")
      let written = try await shop.state()
      let id = try #require(try await shop.backups().keys.first)
      #expect(try await shop.payops(["restore", id, "--as", "copy"]).status == 0)
      #expect(try await shop.state(of: "copy").changes(from: written) == [])
      try await shop.expectNothingLeft()
    }
  }

  @Test("writers wait while the snapshots are opened, and go on while the rows are dumped")
  func writers() async throws {
    try await BackupShop.open { shop in
      let before = try await shop.state()
      let write = [
        "SET SESSION lock_wait_timeout = 1", "INSERT INTO accounts (name) VALUES ('a new one')",
      ]
      let first = try await shop.payops(
        ["backup", "create", "--no-verify"], pausedAt: "create.snapshot"
      ) { _ in
        do {
          try await shop.execute(write)
          Issue.record("a row was written between the two snapshots")
        } catch let error as DatabaseError {
          #expect(error.code == .lockTimeout)
        }
      }
      #expect(first.status == 0, "\(first)")
      let second = try await shop.createWithHeldDump { running, _ in
        try await shop.execute(write)
        #expect(!running.hasEnded)
      }
      #expect(second.status == 0, "\(second)")
      try await shop.expectAllGood(including: [])
      for (position, id) in try await shop.backups().keys.sorted().enumerated() {
        let restored = try await shop.payops(["restore", id, "--as", "copy_\(position)"])
        #expect(restored.status == 0, "\(restored)")
        #expect(try await shop.state(of: "copy_\(position)").changes(from: before) == [])
      }
      try await shop.expectNothingLeft()
    }
  }
}

@Suite("Backups when the clock jumps", .timeLimit(.minutes(5)))
struct BackupClockTests {
  private static let future: Int64 = 4_000_000_000

  /// Makes and verifies a backup at an instant.
  private func make(_ shop: BackupShop, at now: Int64) async throws -> String {
    let folder = BackupFolder(path: shop.folder)
    let made = try await BackupCreation(
      options: shop.options, folder: folder, payopsVersion: "test", now: { now }
    ).run()
    let verified = try await BackupVerification(
      folder: folder, place: .server(shop.options), now: { now }
    ).run(made)
    #expect(verified.isVerified)
    return made.id
  }

  @Test("the order of taking counts, not the clock")
  func back() async throws {
    try await BackupShop.open { shop in
      let ahead = try await make(shop, at: Self.future)
      try await shop.change()
      let newest = try await shop.state()
      let behind = try await make(shop, at: 1_000_000_000)
      let twin = try await make(shop, at: 1_000_000_000)
      #expect(Set([ahead, behind, twin]).count == 3)
      let list = try await shop.payops(["backup", "list", "--format", "csv"])
      #expect(
        list.output.split(separator: "\r\n").dropFirst().map { $0.prefix { $0 != "," } }
          == [ahead, behind, twin].map { $0[...] })
      let check = try await shop.payops(["backup", "check", "--json"])
      #expect(check.output.contains("\"newest_verified\": \"\(twin)\""), "\(check)")
      #expect(check.status == 1, "the backup that counts is old by the clock")
      let restored = try await shop.payops(["restore", "--latest", "--as", "copy"])
      #expect(restored.output.hasPrefix("restored \(twin) into copy"), "\(restored)")
      #expect(try await shop.state(of: "copy").changes(from: newest) == [])
      // An instant in the future has no age yet, so it is as recent as can be.
      let pruned = try await shop.payops(["backup", "prune", "--keep-days", "7"])
      #expect(pruned.status == 0, "\(pruned)")
      #expect(try await shop.backups() == [ahead: "verified", twin: "verified"])
      try await shop.expectNothingLeft()
    }
  }
}
