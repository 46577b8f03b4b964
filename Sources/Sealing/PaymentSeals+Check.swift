internal import MariaDBClient

extension PaymentSeals {
  /// Compares every sealed payment with its seal, and the batches with their chain.
  ///
  /// - Returns: every difference from what was sealed; a note for what could not be compared.
  package func check() async throws -> SealReport {
    var report = SealReport()
    let batches = try await batches(after: 0)
    try checkHead(batches, &report)
    var expected: Int64 = 1
    var previous = SealBatch.noMAC
    var unknownKeys: [String: Int] = [:]
    for batch in batches {
      if batch.id != expected {
        let last = batch.id - 1
        report.find(
          expected == last ? "batch \(last)" : "batches \(expected) to \(last)",
          "removed from the database")
      } else if batch.previousMAC != previous {
        report.find("batch \(batch.id)", "does not follow the batch before it")
      }
      expected = batch.id + 1
      previous = batch.mac
      if let key = keys.key(id: batch.keyId) {
        try await check(batch, key, &report)
      } else {
        unknownKeys[batch.keyId, default: 0] += 1
      }
    }
    for (key, count) in unknownKeys.sorted(by: { $0.key < $1.key }) {
      report.notes.append(
        "\(count) batches cannot be checked: their key \(key) is not in the file of keys")
    }
    try await checkUnsealed(upTo: batches.map(\.lastRequestId).max() ?? 0, &report)
    return report
  }

  private func checkHead(_ batches: [SealBatch], _ report: inout SealReport) throws {
    guard let head = SealHead.read(SealHead.path(keys: keys, schema: schema)) else {
      if !batches.isEmpty {
        report.notes.append(
          "nothing is kept here about the last batch, so that nobody can say whether newer ones"
            + " were removed")
      }
      return
    }
    let last = batches.last?.id ?? 0
    if last < head.batch {
      report.find(
        last + 1 == head.batch ? "batch \(head.batch)" : "batches \(last + 1) to \(head.batch)",
        "removed from the end, or an older state was restored")
    }
    if let batch = batches.first(where: { $0.id == head.batch }), batch.mac != head.mac {
      report.find("batch \(batch.id)", "not the one that was sealed from here")
    }
  }

  private func check(
    _ batch: SealBatch, _ key: SealKeys.Key, _ report: inout SealReport
  ) async throws {
    let rows = try await connection.query(Self.sealedFacts, [.integer(batch.id)]).rows
    var mac = batch.beginMAC(key: key)
    for row in rows {
      let (kind, id) = (row["subject_kind"] ?? "", row.integer("subject_id") ?? 0)
      for text in [kind, "\(id)", row["seal"] ?? ""] { mac.add(text) }
      report.compared += 1
      let subject = "\(kind) \(id)"
      guard let facts = row["facts"] else {
        if kind == "payment", row["is_dropped"] == "1" {
          report.notes.append("\(subject) was dropped with its month of the archive")
        } else {
          report.find(subject, "deleted, or its seal is not its own")
        }
        continue
      }
      let seal = SealBatch.seal(kind: kind, id: id, batch: batch.id, facts: facts, key: key)
      if seal != row["seal"] { report.find(subject, "changed after it was sealed") }
    }
    if Int64(rows.count) != batch.subjectCount {
      report.find(
        "batch \(batch.id)", "has \(rows.count) seals, and was made with \(batch.subjectCount)")
    }
    if mac.finish() != batch.mac {
      report.find("batch \(batch.id)", "its seals or its row were changed")
    }
  }

  /// Finds requests of a sealed range without a seal, and entries that belong to no request.
  private func checkUnsealed(upTo last: Int64, _ report: inout SealReport) async throws {
    for (kind, problem, sql) in Self.unsealed {
      let values: [SQLValue] = kind == "entry" ? [] : [.integer(last)]
      for row in try await connection.query(sql, values).rows {
        report.find("\(kind) \(row.integer("id") ?? 0)", problem)
      }
    }
  }

  private static let sealedFacts = """
    SELECT
        s.subject_kind, s.subject_id, s.seal,
        CASE s.subject_kind
            WHEN 'account' THEN f.fact_digest
            WHEN 'request' THEN r.fact_digest
            ELSE COALESCE(p.fact_digest, a.fact_digest)
        END AS facts,
        s.subject_kind = 'payment' AND EXISTS (
            SELECT 1
            FROM payment_requests AS q
            INNER JOIN archive_months AS m
                ON m.month_start = DATE_FORMAT(q.requested_at, '%Y-%m-01')
            WHERE q.transaction_id = s.subject_id AND m.archive_state = 'dropped'
        ) AS is_dropped
    FROM payment_seals AS s
    LEFT JOIN int_account_facts AS f
        ON s.subject_kind = 'account' AND f.account_id = s.subject_id
    LEFT JOIN int_request_facts AS r
        ON s.subject_kind = 'request' AND r.request_id = s.subject_id
    LEFT JOIN int_payment_facts AS p
        ON s.subject_kind = 'payment' AND p.transaction_id = s.subject_id
    LEFT JOIN int_archived_payment_facts AS a
        ON s.subject_kind = 'payment' AND a.transaction_id = s.subject_id
            AND p.transaction_id IS NULL
    WHERE s.batch_id = ?
    ORDER BY s.subject_kind, s.subject_id
    """

  private static let unsealed = [
    (
      "request", "appeared after its range was sealed, or its seal was removed",
      """
      SELECT r.request_id AS id
      FROM payment_requests AS r
      LEFT JOIN payment_seals AS s ON s.subject_kind = 'request' AND s.subject_id = r.request_id
      WHERE r.request_id <= ? AND s.subject_id IS NULL
      ORDER BY r.request_id
      """
    ),
    (
      "payment", "final without a seal: its seal was removed",
      """
      SELECT r.final_transaction_id AS id
      FROM int_request_facts AS r
      LEFT JOIN payment_seals AS s
          ON s.subject_kind = 'payment' AND s.subject_id = r.final_transaction_id
      WHERE r.request_id <= ? AND r.final_transaction_id IS NOT NULL AND s.subject_id IS NULL
      ORDER BY r.final_transaction_id
      """
    ),
    (
      "entry", "in the ledger without a request",
      """
      SELECT e.entry_id AS id
      FROM ledger_entries AS e
      LEFT JOIN payment_requests AS r ON r.request_id = e.request_id
      WHERE r.request_id IS NULL
      ORDER BY e.entry_id
      """
    ),
  ]
}
