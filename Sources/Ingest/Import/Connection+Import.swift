import MariaDBClient

/// Bytes in memory as the source of a LOAD DATA.
private struct MemoryBulkSource: BulkSource {
  let bytes: [UInt8]
  var position = 0

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count - position)
    bytes.withUnsafeBytes {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
    }
    position += count
    return count
  }
}

/// What the procedures need to know about an import run.
struct ImportRun: Sendable {
  let importID: Int64
  let source: String
  let file: FileMapping
  let stagingColumns: [String]

  /// The call that applies staged records.
  var call: (sql: String, parameters: [SQLValue]) {
    switch file.target {
    case .accounts: ("CALL import_accounts(?, ?, ?, ?)", [])
    case .customers: ("CALL import_customers(?, ?, ?, ?)", [])
    case .settlements:
      (
        "CALL import_settlements(?, ?, ?, ?, ?, ?)",
        [
          .integer(file.amountUnit == .minor ? 1 : 0),
          file.referenceSource.map { .text($0) } ?? .null,
        ]
      )
    case .logins:
      (
        "CALL import_logins(?, ?, ?, ?, ?)", [file.referenceSource.map { .text($0) } ?? .null]
      )
    case .statusCounts, .responseCodeCounts:
      ("CALL import_counts(?, ?, ?, ?, ?)", [.text(file.target.rawValue)])
    case .transactions:
      (
        "CALL import_transactions(?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
          .integer(file.columns.contains { $0.to == "transaction_id" } ? 1 : 0),
          .integer(file.amountUnit == .minor ? 1 : 0),
          .integer(file.repeatedKeys == .separate ? 1 : 0),
          file.newAccounts.map { .text($0.currency) } ?? .null,
          file.newAccounts.map { .text($0.country) } ?? .null,
        ]
      )
    }
  }
}

extension Connection {
  /// Creates the staging tables and fills the lookup tables of the procedures.
  func prepareImport(_ layout: BatchReader.Layout) throws {
    try execute("CALL create_import_staging()")
    for (target, header) in layout.headers {
      try execute(
        "INSERT INTO import_columns (target_column, file_column) VALUES (?, ?)",
        [.text(target), .text(String(header.prefix(64)))])
    }
    guard layout.file.target.hasStates else { return }
    for (status, state) in (layout.file.states ?? [:]).sorted(by: { $0.key < $1.key }) {
      try execute(
        "INSERT INTO import_states (source_status, state) VALUES (?, ?)",
        [.text(status), .text(state)])
    }
    if let name = layout.file.stateMapping {
      let count = try execute(
        """
        INSERT IGNORE INTO import_states (source_status, state)
        SELECT m.source_status, m.state FROM status_mappings AS m WHERE m.mapping_name = ?
        """, [.text(name)])
      guard count > 0 || layout.file.states != nil else {
        throw ImportError(
          .badMapping, "table status_mappings has no rows for mapping \(name)",
          hint: "add them, or name the states in the mapping under states")
      }
    } else if layout.file.states == nil {
      try execute(
        "INSERT INTO import_states (source_status, state) "
          + "SELECT s.state, s.state FROM payment_states AS s")
    }
  }

  /// Applies a batch: all of it, or nothing.
  ///
  /// When the database refuses the batch because of single records, the batch is halved until those
  /// records are found; they go to the quarantine.
  func apply(_ batch: ImportBatch, of run: ImportRun) throws -> ImportCounts {
    try execute("TRUNCATE TABLE \(run.file.target.stagingTable)")
    try execute("DELETE FROM import_refused")
    try stage(
      batch.rows, count: batch.rowCount, into: run.file.target.stagingTable,
      columns: run.stagingColumns)
    try stage(
      batch.refused, count: batch.refusedCount, into: "import_refused",
      columns: ["line_number", "column_name", "reason", "raw_hex"])
    var counts = ImportCounts()
    if batch.rowCount > 0 {
      counts = try applyRecords(batch.firstRecord, batch.lastRecord, of: run, attempts: 5)
    }
    if batch.refusedCount > 0 {
      counts.add(
        try transaction { connection in
          try connection.counts("CALL quarantine_refused_records(?)", [.integer(run.importID)])
        })
    }
    return counts
  }

  private func stage(_ bytes: [UInt8], count: Int64, into table: String, columns: [String]) throws {
    guard count > 0 else { return }
    var source = MemoryBulkSource(bytes: bytes)
    let fields = columns.map { $0 == "external_id" ? "@natural_key" : $0 }
    let assignment =
      fields == columns ? "" : " SET external_id = \(KeyDigest.expression)"
    try loadData(
      """
      LOAD DATA LOCAL INFILE 'import' INTO TABLE \(table) CHARACTER SET utf8mb4
      FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'
      (\(fields.joined(separator: ", ")))\(assignment)
      """, from: &source)
    // LOAD DATA LOCAL turns errors into warnings, so count the rows.
    let warnings = lastWarningCount
    let arrived = try query("SELECT COUNT(*) AS n FROM \(table)").rows.first?.integer("n") ?? 0
    guard warnings == 0, arrived == count else {
      throw ImportError(
        .mismatch,
        "the staging table took \(arrived) of \(count) records, with \(warnings) warnings")
    }
  }

  private func applyRecords(
    _ first: Int64, _ last: Int64, of run: ImportRun, attempts: Int
  ) throws -> ImportCounts {
    let (sql, extra) = run.call
    do {
      return try transaction { connection in
        try connection.counts(
          sql,
          [.integer(run.importID), .integer(first), .integer(last), .text(run.source)] + extra)
      }
    } catch let error as DatabaseError {
      // Deadlock, lock wait timeout, changed record, replaced routines: the transaction is rolled
      // back and can be retried.
      if [1213, 1205, 1020, 1615].contains(error.errno), attempts > 1 {
        return try applyRecords(first, last, of: run, attempts: attempts - 1)
      }
      guard error.isRefusalOfData else { throw error }
      if first == last {
        try execute(
          "UPDATE \(run.file.target.stagingTable) SET reason = ? WHERE record_number = ?",
          [.text("the database refuses the record: error \(error.errno)"), .integer(first)])
        return try applyRecords(first, last, of: run, attempts: 1)
      }
      let middle = first + (last - first) / 2
      var counts = try applyRecords(first, middle, of: run, attempts: attempts)
      counts.add(try applyRecords(middle + 1, last, of: run, attempts: attempts))
      return counts
    }
  }

  func counts(_ sql: String, _ parameters: [SQLValue]) throws -> ImportCounts {
    guard let row = try query(sql, parameters).rows.first else {
      throw ImportError(.mismatch, "the database returned no counts")
    }
    let counts = ImportCounts(
      read: row.integer("read_count") ?? 0, loaded: row.integer("loaded_count") ?? 0,
      updated: row.integer("updated_count") ?? 0, duplicate: row.integer("duplicate_count") ?? 0,
      quarantined: row.integer("quarantined_count") ?? 0)
    guard counts.addsUp else {
      throw ImportError(.mismatch, "the counts of the database do not add up")
    }
    return counts
  }
}

extension DatabaseError {
  /// Whether single records cause the error: constraints, ranges, or a trigger that refuses them.
  var isRefusalOfData: Bool {
    switch errno {
    case 1048, 1062, 1264, 1265, 1292, 1366, 1406, 1452, 1644, 1690, 3819, 4025: true
    // A trigger of the database's owner; the procedures of the import itself use 30800 to 30809.
    case 30_000...30_999: !(30_800...30_809).contains(errno)
    default: false
    }
  }
}
