import MariaDBClient

/// Rows of a live load go in by INSERT … VALUES, as those of an application do: a load or an INSERT
/// … SELECT holds the counter of the table's keys to its end (`innodb_autoinc_lock_mode` 0 and 1),
/// and payments of other writers would wait for it. RETURNING gives the key of each row, since
/// other writers get keys in between. On MySQL, which lacks it, the rows of one statement have keys
/// in a row.
extension Connection {
  /// Inserts payments.
  ///
  /// - Returns: the key of each.
  func insertLive(_ payments: [Payment], format: PaymentFormat) throws -> [Int] {
    try insertNumbered(
      "transactions", key: PaymentFormat.columns[0],
      columns: Array(PaymentFormat.columns.dropFirst()), count: payments.count
    ) { position, row in
      format.writeLive(payments[position], to: row)
    }
  }

  /// Inserts settlements of payments given by their keys.
  ///
  /// - Returns: the key of each.
  func insertLive(_ settlements: [Settlement], rates: ExchangeRates) throws -> [Int] {
    let format = SettlementFormat(firstSettlementId: 0, firstTransactionId: 0, rates: rates)
    return try insertNumbered(
      "settlements", key: SettlementFormat.columns[0],
      columns: Array(SettlementFormat.columns.dropFirst()), count: settlements.count
    ) { position, row in
      format.writeLive(settlements[position], to: row)
    }
  }

  /// Rows of a statement: some 300 KB, far below the least `max_allowed_packet` that servers have.
  private static let rowsPerStatement = 1_000

  private func insertNumbered(
    _ table: String, key: String, columns: [String], count: Int,
    write: (Int, RowBuffer) -> Void
  ) throws -> [Int] {
    var keys: [Int] = []
    let buffer = RowBuffer()
    for first in stride(from: 0, to: count, by: Self.rowsPerStatement) {
      let last = min(first + Self.rowsPerStatement, count)
      buffer.clear()
      for position in first..<last { write(position, buffer) }
      let statement =
        "INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES "
        + buffer.valueLists()
      let found: [Int]
      if serverVersion.isMariaDB {
        found = try query(statement + " RETURNING \(key)").rows
          .compactMap { $0.integer(key).map(Int.init) }
      } else {
        let written = try execute(statement)
        let row = try query(
          "SELECT LAST_INSERT_ID() AS first_key, @@auto_increment_increment AS step"
        ).rows.first
        let begin = Int(row?.integer("first_key") ?? 0)
        found = (0..<Int(written)).map { begin + $0 * Int(row?.integer("step") ?? 1) }
      }
      try expect(Int64(found.count), last - first, table)
      keys += found
    }
    return keys
  }
}

extension RowBuffer {
  /// The rows of a buffer with tabs as lists of SQL values: `('17','2026-01-05',NULL),(…)`.
  ///
  /// Texts are escaped by backslashes already, which mean the same in SQL; quotes are doubled.
  func valueLists() -> String {
    var text: [UInt8] = []
    text.reserveCapacity(count * 3 / 2)
    let quote = UInt8(ascii: "'")
    var begin = 0
    var isFirstCell = true
    var isEscaped = false
    let bytes = written
    for (position, byte) in bytes.enumerated() {
      let wasEscaped = isEscaped
      isEscaped = byte == 0x5C && !wasEscaped
      guard byte == 0x09 || byte == 0x0A, !wasEscaped else { continue }
      text.append(UInt8(ascii: isFirstCell ? "(" : ","))
      let cell = bytes[begin..<position]
      if cell.elementsEqual([0x5C, 0x4E]) {
        text += Array("NULL".utf8)
      } else {
        text.append(quote)
        for byte in cell {
          if byte == quote { text.append(quote) }
          text.append(byte)
        }
        text.append(quote)
      }
      isFirstCell = byte == 0x0A
      begin = position + 1
      if isFirstCell {
        text.append(UInt8(ascii: ")"))
        if begin < bytes.count { text.append(UInt8(ascii: ",")) }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
