import Backup
import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

/// A schema whose backups are tested, on a server of its own, with a folder for the backups and one
/// for everything temporary, so that leftovers are noticed.
struct BackupFixture: Sendable {
  /// Name of the schema.
  static let schema = "shop"
  /// The server.
  let server: PrivateServer
  /// The folder with everything else.
  let root: URL
  /// A variable that only the processes of this fixture have in their environment.
  let mark = UUID().uuidString
  let sharedMemory = Self.filesInSharedMemory()

  /// The folder of the backups.
  var folder: String { root.appending(path: "backups").path }

  var temporary: String { root.appending(path: "tmp").path }

  /// How to connect as the owner, with the schema.
  var options: ConnectionOptions {
    var options = server.connectionOptions
    options.database = Self.schema
    return options
  }

  /// Runs a test with a fixture.
  ///
  /// - Parameters:
  ///   - options: further options of the server.
  ///   - body: the test.
  static func open<Value>(
    options: [String] = [], _ body: (BackupFixture) async throws -> Value
  ) async throws -> Value {
    let root = try TemporaryDirectory.make("shop")
    defer { TemporaryDirectory.remove(root) }
    let server = try await TestServer.privateServer(options: speed + options)
    let fixture = BackupFixture(server: server, root: root)
    let result: Result<Value, any Error>
    do {
      try FileManager.default.createDirectory(
        atPath: fixture.temporary, withIntermediateDirectories: true)
      let administrator = try await Connection.open(fixture.server.connectionOptions)
      try await administrator.execute("CREATE DATABASE \(schema) \(TextDefaults.clause)")
      await administrator.close()
      try await fixture.execute(tables + programs)
      result = .success(try await body(fixture))
    } catch {
      result = .failure(error)
    }
    for (pid, _) in fixture.processes() { kill(pid, SIGKILL) }
    try await fixture.server.remove()
    return try result.get()
  }

  /// A killed server loses nothing by this; only a crash of the machine would.
  static let speed = ["--debug-no-sync", "--innodb-flush-method=nosync"]

  /// The dump of `notes` is longer than the head of a dump; `zones` is the last table.
  static let tables = [
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

  /// The first view by name reads the other one.
  static let programs = [
    """
    CREATE VIEW totals AS
    SELECT account_id, SUM(amount) AS total FROM payments GROUP BY account_id
    """,
    "CREATE VIEW largest AS SELECT account_id FROM totals WHERE total > 3000",
    "CREATE FUNCTION twice(in_value INT) RETURNS INT DETERMINISTIC RETURN in_value * 2",
    "CREATE PROCEDURE list_zones() SELECT zone_id FROM zones",
    "CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR STARTS '2037-01-01' DO DO 1",
  ]

  /// Changes everything that a restore restores.
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

  /// The contents of a schema by name, without the working objects of restores.
  struct State: Equatable {
    /// Rows of each table, the state of each sequence.
    var rows: [String: [String]] = [:]
    /// Definitions of all objects.
    var definitions: [String: [String]] = [:]

    /// The differences, for readable messages.
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
        // A server loses the counter in a crash.
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

  /// Checks that the schema is unchanged.
  func expectUnchanged(
    since before: State, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let changes = try await state().changes(from: before)
    #expect(changes == [], sourceLocation: sourceLocation)
  }

  /// Checks that every view can be read.
  func expectViewsWork(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for view in ["totals", "largest"] {
      await #expect(throws: Never.self, sourceLocation: sourceLocation) {
        _ = try await rows("SELECT * FROM \(Self.schema).\(view)")
      }
    }
  }

  // MARK: - Runs of payops

  func environment(_ fault: String?) -> [String: String] {
    var variables = [
      "PAYOPS_DATABASE": Self.schema, "PAYOPS_BACKUP_DIR": folder, "TMPDIR": temporary,
      "PAYOPS_TEST_MARK": mark,
    ]
    variables["PAYOPS_SOCKET"] = server.connectionOptions.socket
    variables["PAYOPS_USER"] = server.connectionOptions.user
    variables["PAYOPS_FAULT"] = fault
    return variables
  }

  /// Runs payops on the fixture.
  ///
  /// - Parameters:
  ///   - arguments: the arguments.
  ///   - fault: the fault point and the action there; nil for none.
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

  /// A run of payops in progress, which the test observes.
  final class Running: Sendable {
    private struct State {
      var pid: Int32?
      var hasEnded = false
    }

    private let state = Mutex(State())
    /// The file that exists while the run is paused, in a folder that is removed at the end.
    fileprivate let marker: URL

    fileprivate init(_ root: URL) throws {
      let gate = root.appending(path: "gate-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: gate, withIntermediateDirectories: true)
      marker = gate.appending(path: "paused")
    }

    /// Whether the process has ended.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Whether the process waits at the fault point.
    var isPaused: Bool { access(marker.path, F_OK) == 0 }

    fileprivate func began(_ pid: Int32) { state.withLock { $0.pid = pid } }

    fileprivate func ended() { state.withLock { $0.hasEnded = true } }

    /// Sends a signal to the process, and waits until it has received it.
    func signal(_ number: Int32) async throws {
      try await BackupFixture.eventually("payops has a number") { state.withLock { $0.pid } != nil }
      state.withLock { state in
        if let pid = state.pid, !state.hasEnded { kill(pid, number) }
      }
      try await BackupFixture.eventually("payops takes the signal") { !isPending(number) }
    }

    private func isPending(_ number: Int32) -> Bool {
      guard let pid = state.withLock({ $0.hasEnded ? nil : $0.pid }),
        let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("ShdPnd:") }),
        let pending = line.split(separator: "\t").last.flatMap({ UInt64($0, radix: 16) })
      else { return false }
      return pending & (1 << UInt64(number - 1)) != 0
    }

    /// Waits until the process pauses.
    func waitUntilPaused() async throws {
      try await BackupFixture.eventually("payops pauses or ends") { isPaused || hasEnded }
    }

    /// Lets the process continue to the end without further pauses.
    func resume() { try? FileManager.default.removeItem(at: marker.deletingLastPathComponent()) }

    /// Lets the process continue to the next pause at the same point.
    func step() async throws {
      unlink(marker.path)
      try await waitUntilPaused()
    }

    /// Waits for the end of the process.
    func waitUntilEnded() async throws {
      try await BackupFixture.eventually("payops ends") { hasEnded }
    }
  }

  /// Runs payops, runs a body when it pauses at a fault point, and lets it continue.
  ///
  /// - Parameters:
  ///   - arguments: the arguments.
  ///   - point: the fault point; nil to start the body at once.
  ///   - body: the action; it may end or resume the run itself.
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
}
