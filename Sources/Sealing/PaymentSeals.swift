package import MariaDBClient

/// The seals of posted payments in a schema.
///
/// Payments never wait for seals: this program alone writes them, some time after the payment, from
/// committed rows that it reads without a lock.
package struct PaymentSeals: Sendable {
  /// The most requests, and the most accounts, of one batch.
  static let batchSize: Int64 = 5000

  let connection: Connection
  let keys: SealKeys
  let schema: String

  /// - Parameters:
  ///   - connection: connection with the schema selected.
  ///   - keys: keys outside the database.
  package init(connection: Connection, keys: SealKeys) async throws(DatabaseError) {
    self.connection = connection
    self.keys = keys
    schema = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"] ?? ""
    // The sealed facts are a text: the server must not cut the longest list of entries.
    try await connection.execute("SET SESSION group_concat_max_len = 1073741824")
  }

  /// Seals everything that is posted and not yet sealed.
  ///
  /// - Parameters:
  ///   - delaySeconds: how old a request must be: a transaction that is not committed yet may still
  ///     add one with a smaller number beside a younger request.
  ///   - acceptsHistory: accepts the batches in the database as they are, after a restore of an
  ///     older state.
  /// - Returns: how many subjects were sealed.
  /// - Throws: ``SealingError`` when the database lacks batches that were sealed from here.
  package func seal(delaySeconds: Int, acceptsHistory: Bool = false) async throws -> Int {
    let headPath = SealHead.path(keys: keys, schema: schema)
    var last = try await batches(after: try await count() - 1).last
    if !acceptsHistory, let head = SealHead.read(headPath) {
      let there = try await batches(after: head.batch - 1).first
      guard head.batch == 0 || (there?.id == head.batch && there?.mac == head.mac) else {
        throw SealingError(
          .otherHistory, "batch \(head.batch) that was sealed from here is not in the database",
          hint: "look with `payops integrity`; after a restore of an older state continue with"
            + " `payops seal --accept-history`")
      }
    }
    var total = 0
    while let batch = try await sealBatch(after: last, delaySeconds: delaySeconds) {
      total += Int(batch.subjectCount)
      last = batch
      try SealHead(batch: batch.id, mac: batch.mac).write(headPath)
    }
    if acceptsHistory, total == 0, let last {
      try SealHead(batch: last.id, mac: last.mac).write(headPath)
    }
    return total
  }

  /// Number of the last batch; 0 without one.
  func count() async throws -> Int64 {
    try await connection.query("SELECT COALESCE(MAX(batch_id), 0) AS n FROM payment_seal_batches")
      .rows.first?.integer("n") ?? 0
  }

  /// Batches with greater numbers, in ascending order.
  func batches(after id: Int64) async throws -> [SealBatch] {
    try await connection.query(
      """
      SELECT batch_id, last_request_id, subject_count, key_id, sealed_at, previous_mac, batch_mac
      FROM payment_seal_batches WHERE batch_id > ? ORDER BY batch_id
      """, [.integer(id)]
    ).rows.map { row in
      SealBatch(
        id: row.integer("batch_id") ?? 0, lastRequestId: row.integer("last_request_id") ?? 0,
        subjectCount: row.integer("subject_count") ?? 0, keyId: row["key_id"] ?? "",
        sealedAt: row["sealed_at"] ?? "", previousMAC: row["previous_mac"] ?? "",
        mac: row["batch_mac"] ?? "")
    }
  }

  private func sealBatch(after last: SealBatch?, delaySeconds: Int) async throws -> SealBatch? {
    let from = last?.lastRequestId ?? 0
    let upTo =
      try await connection.query(
        """
        SELECT COALESCE(MAX(q.request_id), ?) AS n
        FROM (
            SELECT r.request_id FROM payment_requests AS r
            WHERE r.request_id > ? AND r.requested_at <= server_clock() - INTERVAL ? SECOND
            ORDER BY r.request_id LIMIT ?
        ) AS q
        """,
        [
          .integer(from), .integer(from), .integer(Int64(delaySeconds)),
          .integer(Self.batchSize),
        ]
      ).rows.first?.integer("n") ?? from
    var subjects: [(kind: String, id: Int64, facts: String)] = []
    for (kind, sql, values) in [
      ("account", Self.newAccounts, [.integer(Int64(delaySeconds)), .integer(Self.batchSize)]),
      ("payment", Self.newPayments, [.integer(from), .integer(upTo)]),
      ("request", Self.newRequests, [.integer(from), .integer(upTo)]),
    ] as [(String, String, [SQLValue])] {
      subjects += try await connection.query(sql, values).rows.map {
        (kind, $0.integer("id") ?? 0, $0["facts"] ?? "")
      }
    }
    guard !subjects.isEmpty, let key = keys.keys.first else { return nil }
    let now =
      try await connection.query("SELECT server_clock() AS now").rows.first?["now"] ?? ""
    var batch = SealBatch(
      id: (last?.id ?? 0) + 1, lastRequestId: upTo, subjectCount: Int64(subjects.count),
      keyId: key.id, sealedAt: now, previousMAC: last?.mac ?? SealBatch.noMAC)
    var mac = batch.beginMAC(key: key)
    var rows: [String] = []
    for subject in subjects {
      let seal = SealBatch.seal(
        kind: subject.kind, id: subject.id, batch: batch.id, facts: subject.facts, key: key)
      for text in [subject.kind, "\(subject.id)", seal] { mac.add(text) }
      rows.append("('\(subject.kind)',\(subject.id),\(batch.id),'\(seal)')")
    }
    batch.mac = mac.finish()
    try await write(batch, rows)
    return batch
  }

  private func write(_ batch: SealBatch, _ rows: [String]) async throws {
    try await connection.transaction { connection in
      try connection.execute(
        """
        INSERT INTO payment_seal_batches (batch_id, last_request_id, subject_count, key_id,
            sealed_at, previous_mac, batch_mac)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .integer(batch.id), .integer(batch.lastRequestId), .integer(batch.subjectCount),
          .text(batch.keyId), .text(batch.sealedAt), .text(batch.previousMAC), .text(batch.mac),
        ])
      for start in stride(from: 0, to: rows.count, by: 1000) {
        try connection.execute(
          "INSERT INTO payment_seals (subject_kind, subject_id, batch_id, seal) VALUES "
            + rows[start..<min(start + 1000, rows.count)].joined(separator: ","))
      }
    }
  }

  private static let newAccounts = """
    SELECT f.account_id AS id, f.fact_digest AS facts
    FROM int_account_facts AS f
    INNER JOIN account_ledgers AS l ON l.account_id = f.account_id
    LEFT JOIN payment_seals AS s ON s.subject_kind = 'account' AND s.subject_id = f.account_id
    WHERE s.subject_id IS NULL AND l.opened_at <= server_clock() - INTERVAL ? SECOND
    ORDER BY f.account_id LIMIT ?
    """

  private static let newPayments = """
    SELECT DISTINCT
        r.final_transaction_id AS id, COALESCE(p.fact_digest, a.fact_digest, '') AS facts
    FROM int_request_facts AS r
    LEFT JOIN payment_seals AS s
        ON s.subject_kind = 'payment' AND s.subject_id = r.final_transaction_id
    LEFT JOIN int_payment_facts AS p ON p.transaction_id = r.final_transaction_id
    LEFT JOIN int_archived_payment_facts AS a
        ON a.transaction_id = r.final_transaction_id AND p.transaction_id IS NULL
    WHERE r.request_id > ? AND r.request_id <= ? AND r.final_transaction_id IS NOT NULL
        AND s.subject_id IS NULL
    ORDER BY r.final_transaction_id
    """

  private static let newRequests = """
    SELECT r.request_id AS id, r.fact_digest AS facts
    FROM int_request_facts AS r
    WHERE r.request_id > ? AND r.request_id <= ?
    ORDER BY r.request_id
    """
}
