internal import MariaDBClient
internal import PayopsCore

/// Connections of one account for one kind of work, made when they are needed.
actor ConnectionPool {
  private let options: ConnectionOptions
  private let size: Int
  private let statementSeconds: Int
  private let waitLimit: Duration
  private var idle: [Connection] = []
  private var inUse = 0
  private var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
  private var lastId = 0

  /// Makes a pool.
  ///
  /// - Parameters:
  ///   - options: how to connect
  ///   - size: the most connections
  ///   - statementSeconds: the longest time of a statement
  ///   - waitLimit: the longest time that work waits for a connection
  init(_ options: ConnectionOptions, size: Int, statementSeconds: Int, waitLimit: Duration) {
    self.options = options
    self.size = size
    self.statementSeconds = statementSeconds
    self.waitLimit = waitLimit
  }

  /// Runs work on a connection; a connection whose work failed is closed, whatever state it is in.
  ///
  /// - Throws: the work's error, or a `Fault` when all connections stay busy
  func use<Value: Sendable>(
    _ body: @Sendable (Connection) async throws -> Value
  ) async throws -> Value {
    try await enter()
    var connection = idle.popLast()
    do {
      let open: Connection
      if let connection { open = connection } else { open = try await makeConnection() }
      connection = open
      let value = try await body(open)
      idle.append(open)
      leave()
      return value
    } catch {
      await connection?.close()
      leave()
      throw error
    }
  }

  /// Closes the connections that nobody uses.
  func close() async {
    let connections = idle
    idle = []
    for connection in connections { await connection.close() }
  }

  private func makeConnection() async throws -> Connection {
    let connection = try await Connection.open(options)
    try await connection.limitStatements(toSeconds: statementSeconds)
    try await connection.execute("SET SESSION lock_wait_timeout = \(statementSeconds)")
    return connection
  }

  private func enter() async throws {
    guard inUse >= size else {
      inUse += 1
      return
    }
    lastId += 1
    let id = lastId
    let limit = waitLimit
    let timer = Task {
      try await Task.sleep(for: limit)
      self.giveUp(id)
    }
    defer { timer.cancel() }
    try await withCheckedThrowingContinuation { waiting.append((id: id, continuation: $0)) }
  }

  /// Passes the place on to who waits longest.
  private func leave() {
    if waiting.isEmpty { inUse -= 1 } else { waiting.removeFirst().continuation.resume() }
  }

  private func giveUp(_ id: Int) {
    guard let place = waiting.firstIndex(where: { $0.id == id }) else { return }
    waiting.remove(at: place).continuation.resume(
      throwing: Fault(
        .temporary, "all connections to the database are busy", hint: "try again in a moment",
        code: "api.busy"))
  }
}
