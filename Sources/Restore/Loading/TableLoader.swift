internal import Backup
internal import MariaDBClient

/// A connection that loads rows: the server runs one statement while the next one waits.
actor TableLoader {
  private static let depth = 2

  private let connection: Connection
  /// Whether the server accepts LOAD DATA; otherwise rows are inserted.
  private let takesData: Bool
  private var settings = SettingQueue()
  private var running: [(table: String, task: Task<Int64, any Error>)] = []
  /// Number of loaded rows by table.
  private(set) var rows: [String: Int64] = [:]

  /// Opens the connection.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - schema: the schema to load into.
  init(_ options: ConnectionOptions, schema: String) async throws {
    var options = options
    options.database = schema
    connection = try await Connection.openLasting(options)
    do {
      takesData =
        try await connection.query("SELECT @@local_infile AS is_on").rows.first?
        .integer("is_on") == 1
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Runs a statement after the pending ones.
  func run(_ statement: [UInt8]) async throws {
    try await completePending()
    try await connection.execute(bytes: statement)
  }

  /// Sets variables before the next statement.
  func set(_ statement: [UInt8]) { settings.add(statement) }

  /// Completes all pending statements and settings.
  private func completePending() async throws {
    try await drain()
    var waiting = settings
    settings = SettingQueue()
    try await waiting.send(on: connection)
  }

  /// Starts loading the rows of a statement, once the number of pending statements allows it.
  ///
  /// - Parameters:
  ///   - statement: an INSERT statement of the dump.
  ///   - table: the table's name, under which its rows are counted.
  ///   - staging: the table to load into.
  ///   - columns: see ``RowLoad``.
  func load(
    _ statement: DumpStatement, of table: String, into staging: String, columns: [String]?
  ) async throws {
    if !settings.isEmpty { try await completePending() }
    if running.count >= Self.depth { try await collect() }
    let connection = connection
    let columns = takesData ? columns : nil
    let task = Task {
      if let rows = RowLoad(statement.bytes, into: staging, columns: columns),
        let count = try await rows.run(statement.bytes, on: connection)
      {
        return count
      }
      guard InsertText.isPlain(statement.bytes, hasEscapes: true) else {
        throw BackupError(
          .refusedContent, "an INSERT into table \(table) of the backup holds more than values",
          hint: "nothing was changed; find out who wrote it, and restore another backup")
      }
      return try await connection.execute(bytes: statement.insert(into: staging))
    }
    running.append((table, task))
  }

  /// Waits until all pending statements are done.
  func drain() async throws {
    while !running.isEmpty { try await collect() }
  }

  private func collect() async throws {
    let (table, task) = running.removeFirst()
    rows[table, default: 0] += try await task.value
  }

  /// Adds keys until none is left.
  func addKeys(_ work: KeyWork) async throws {
    try await completePending()
    try await connection.execute(RestoreTarget.leniency(on: connection.serverVersion))
    while let statement = await work.next() {
      try await connection.executeCancellable(bytes: statement.bytes)
    }
  }

  /// Closes the connection; a running statement is cancelled first.
  func close() async {
    if !running.isEmpty { try? await connection.cancelRunningStatement() }
    for (_, task) in running { _ = await task.result }
    running = []
    await connection.close()
  }
}

/// Statements that add keys, given one by one to connections that have loaded their tables.
actor KeyWork {
  private var rest: ArraySlice<String> = []
  private var loading: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// - Parameter loading: how many connections load tables.
  init(loading: Int) { self.loading = loading }

  /// Adds the statements of a connection that has loaded its tables, or has failed.
  ///
  /// - Returns: whether it was the last connection.
  @discardableResult
  func add(_ statements: [String]) -> Bool {
    rest += statements
    loading -= 1
    for task in waiting { task.resume() }
    waiting = []
    return loading == 0
  }

  /// The next statement; nil when all are given out and no more will follow.
  func next() async -> String? {
    while rest.isEmpty, loading > 0 {
      await withCheckedContinuation { waiting.append($0) }
    }
    return rest.popFirst()
  }
}
