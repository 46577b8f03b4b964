import MariaDBClient

extension Connection {
  /// Loads payments in a transaction of their own.
  ///
  /// - Returns: the key of each.
  func loadLive(_ payments: [Payment], format: PaymentFormat, keys: KeyOrder) throws -> [Int] {
    try loadNumbered(
      "transactions", key: PaymentFormat.columns[0],
      columns: Array(PaymentFormat.columns.dropFirst()), count: payments.count, order: keys
    ) { position, row in
      format.writeLive(payments[position], to: row)
    }
  }

  /// Loads settlements, whose payments are named by their keys, in a transaction of their own.
  ///
  /// - Returns: the key of each.
  func loadLive(_ settlements: [Settlement], rates: ExchangeRates, keys: KeyOrder) throws -> [Int] {
    let format = SettlementFormat(firstSettlementId: 0, firstTransactionId: 0, rates: rates)
    return try loadNumbered(
      "settlements", key: SettlementFormat.columns[0],
      columns: Array(SettlementFormat.columns.dropFirst()), count: settlements.count, order: keys
    ) { position, row in
      format.writeLive(settlements[position], to: row)
    }
  }

  /// How the server numbers the rows of one statement.
  enum KeyOrder: Sendable {
    /// In a row, so many apart.
    case every(Int)
    /// With numbers of other statements in between.
    case mixed
  }

  /// Asks how the server numbers the rows of one statement.
  func keyOrder() throws -> KeyOrder {
    let row = try query(
      "SELECT @@innodb_autoinc_lock_mode AS lock_mode, @@auto_increment_increment AS step"
    ).rows.first
    guard let row, row.integer("lock_mode") != 2 else { return .mixed }
    return .every(Int(row.integer("step") ?? 1))
  }

  /// Loads rows that the database numbers.
  ///
  /// - Parameters:
  ///   - order: what ``keyOrder()`` said of this server. Where numbers are mixed, the rows go through
  ///     a temporary table, since only an INSERT can say which key each of its rows got.
  private func loadNumbered(
    _ table: String, key: String, columns: [String], count: Int, order: KeyOrder,
    write: @escaping (Int, RowBuffer) -> Void
  ) throws -> [Int] {
    guard count > 0 else { return [] }
    switch order {
    case .every(let step):
      try loadRows(table, columns, count: count, isCancellable: false, write: write)
      let row = try query("SELECT LAST_INSERT_ID() AS first_key").rows.first
      let first = Int(row?.integer("first_key") ?? 0)
      return (0..<count).map { first + $0 * step }
    case .mixed:
      let list = columns.joined(separator: ", ")
      let buffer = "live_\(table)"
      try execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS \(buffer)"
          + " (live_position BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY)"
          + " SELECT \(list) FROM \(table) LIMIT 0")
      try loadRows(buffer, columns, count: count, isCancellable: false, write: write)
      let keys = try query(
        "INSERT INTO \(table) (\(list)) SELECT \(list) FROM \(buffer) ORDER BY live_position"
          + " RETURNING \(key)"
      ).rows.compactMap { $0.integer(key).map(Int.init) }
      try execute("DELETE FROM \(buffer)")
      try expect(Int64(keys.count), count, table)
      return keys
    }
  }
}
