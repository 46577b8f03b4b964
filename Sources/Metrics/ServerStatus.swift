import MariaDBClient

/// What the database server counts about itself, from SHOW GLOBAL STATUS, which needs no privilege.
enum ServerStatus {
  private struct Variable {
    let name: String
    let metric: String
    let kind: MetricFamily.Kind
    let help: String

    init(_ name: String, _ metric: String, _ kind: MetricFamily.Kind, _ help: String) {
      self.name = name
      self.metric = metric
      self.kind = kind
      self.help = help
    }
  }

  private static let variables = [
    Variable("Uptime", "uptime_seconds", .gauge, "how long the server runs"),
    Variable("Threads_connected", "connections", .gauge, "open connections"),
    Variable("Threads_running", "running_threads", .gauge, "threads that are not idle"),
    Variable("Connections", "connection_attempts_total", .counter, "attempts to connect"),
    Variable("Aborted_connects", "aborted_connects_total", .counter, "attempts that failed"),
    Variable("Aborted_clients", "aborted_clients_total", .counter, "connections not closed"),
    Variable("Questions", "statements_total", .counter, "statements of clients"),
    Variable("Slow_queries", "slow_queries_total", .counter, "statements above long_query_time"),
    Variable(
      "Created_tmp_disk_tables", "disk_temporary_tables_total", .counter,
      "temporary tables written to disk"),
    Variable(
      "Innodb_row_lock_waits", "row_lock_waits_total", .counter, "waits for the lock of a row"),
    Variable("Innodb_deadlocks", "deadlocks_total", .counter, "deadlocks"),
    Variable(
      "Innodb_buffer_pool_reads", "buffer_pool_misses_total", .counter,
      "pages that had to be read from disk"),
    Variable(
      "Innodb_buffer_pool_read_requests", "buffer_pool_requests_total", .counter,
      "pages that were asked for"),
    Variable(
      "Innodb_history_list_length", "history_list_length", .gauge,
      "undo records that are not purged"),
    Variable("Bytes_received", "received_bytes_total", .counter, "bytes from clients"),
    Variable("Bytes_sent", "sent_bytes_total", .counter, "bytes to clients"),
  ]

  /// Reads the families.
  ///
  /// - Throws: `DatabaseError`
  static func read(on connection: Connection) async throws -> [MetricFamily] {
    let names = variables.map { "'\($0.name)'" }.joined(separator: ", ")
    let rows = try await connection.query(
      "SHOW GLOBAL STATUS WHERE Variable_name IN (\(names))"
    ).rows
    let values = Dictionary(
      rows.map { ($0.text(at: 0)?.lowercased() ?? "", $0.text(at: 1).flatMap(Double.init)) },
      uniquingKeysWith: { first, _ in first })
    return variables.compactMap { variable in
      guard let value = values[variable.name.lowercased()] ?? nil else { return nil }
      return MetricFamily(
        "payops_database_" + variable.metric, variable.kind,
        help: "\(variable.help) (\(variable.name))", value: value)
    }
  }
}
