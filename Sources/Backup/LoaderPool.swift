internal import MariaDBClient

/// Connections that load rows side by side.
///
/// Each has at most two statements on the way: one that the server works on and one that waits.
struct LoaderPool {
  private static let depth = 2

  private let connections: [Connection]
  /// Whether the server takes rows as data; otherwise they are inserted.
  private let takesData: Bool
  private var running: [[(table: String, task: Task<Int64, any Error>)]]
  private var next = 0
  /// Rows that the server took, by table.
  private(set) var rows: [String: Int64] = [:]

  /// Opens the connections.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - options: how to connect; with the schema.
  init(count: Int, options: ConnectionOptions) async throws {
    var connections: [Connection] = []
    do {
      for _ in 0..<count { connections.append(try await Connection.openLasting(options)) }
      takesData =
        try await connections[0].query("SELECT @@local_infile AS is_on").rows.first?
        .integer("is_on") == 1
    } catch {
      for connection in connections { await connection.close() }
      throw error
    }
    self.connections = connections
    running = connections.map { _ in [] }
  }

  /// Runs a statement on every connection, after what it still has to do.
  mutating func broadcast(_ statement: [UInt8]) async throws {
    try await drain()
    for connection in connections { try await connection.execute(bytes: statement) }
  }

  /// Gives the rows of a statement to a connection that has room.
  ///
  /// - Parameters:
  ///   - statement: an INSERT statement of the dump.
  ///   - table: the table's name, under which its rows are counted.
  ///   - staging: the table to load into.
  ///   - columns: see ``RowLoad``.
  mutating func load(
    _ statement: DumpStatement, of table: String, into staging: String, columns: [String]?
  ) async throws {
    let position = running.indices.min { running[$0].count < running[$1].count } ?? 0
    let chosen = running[position].count < Self.depth ? position : next
    next = (next + 1) % running.count
    if running[chosen].count >= Self.depth { try await collect(chosen) }
    let connection = connections[chosen]
    let columns = takesData ? columns : nil
    running[chosen].append(
      (
        table,
        Task {
          if let rows = RowLoad(statement.bytes, into: staging, columns: columns),
            let count = try await rows.run(statement.bytes, on: connection)
          {
            return count
          }
          return try await connection.execute(bytes: statement.insert(into: staging))
        }
      ))
  }

  /// Waits until everything that was given is done.
  mutating func drain() async throws {
    for position in running.indices {
      while !running[position].isEmpty { try await collect(position) }
    }
  }

  private mutating func collect(_ position: Int) async throws {
    let (table, task) = running[position].removeFirst()
    rows[table, default: 0] += try await task.value
  }

  /// Runs statements that do not depend on each other, the first ones first; each byte of them is
  /// one character.
  func runAll(_ statements: [String]) async throws {
    for connection in connections { try await connection.execute(RestoreTarget.leniency) }
    let queue = WorkQueue(statements)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for connection in connections {
        group.addTask {
          while let statement = await queue.next() {
            try await connection.executeCancellable(bytes: statement.bytes)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Ends the connections; whatever runs is cancelled first.
  func close() async {
    for (connection, tasks) in zip(connections, running) {
      if !tasks.isEmpty { try? await connection.cancelRunningStatement() }
      for (_, task) in tasks { _ = await task.result }
      await connection.close()
    }
  }
}

/// Hands out pieces of work one by one.
private actor WorkQueue {
  private var rest: ArraySlice<String>

  init(_ work: [String]) { rest = work[...] }

  func next() -> String? { rest.popFirst() }
}
