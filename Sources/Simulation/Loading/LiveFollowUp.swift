import MariaDBClient
import PayopsCore

/// Writes what follows a live payment: its settlement, its outcome, and the completion of settlements
/// that fall due.
struct LiveFollowUp: Sendable {
  let rates: ExchangeRates
  /// The present, as a second.
  let now: @Sendable () -> Int

  /// Works through batches until there are no more.
  ///
  /// - Returns: the numbers of outcomes and settlements.
  func perform(
    on connection: Connection, batches: AsyncStream<LiveBatch>
  ) async throws -> LiveProgress {
    try await withThrowingTaskGroup { group in
      // Beside the batches: a settlement falls due whether or not another payment comes.
      group.addTask {
        while !Task.isCancelled {
          try await connection.settleDue(at: now())
          try? await Task.sleep(for: .seconds(2))
        }
      }
      let done = try await follow(batches, on: connection)
      group.cancelAll()
      try await group.waitForAll()
      try await connection.settleDue(at: now())
      return done
    }
  }

  private func follow(
    _ batches: AsyncStream<LiveBatch>, on connection: Connection
  ) async throws -> LiveProgress {
    var done = LiveProgress()
    var open: [Int] = []
    for await batch in batches {
      var settlements = batch.settlements
      for index in settlements.indices {
        settlements[index].payment = batch.keys[settlements[index].payment]
      }
      _ = try await connection.insertLive(settlements, rates: rates)
      done.settlements += settlements.count
      // An open payment waits for at least one batch.
      let ready = open.count
      open += batch.open.map { batch.keys[$0] }
      if ready > 0 {
        let ids = Array(open[..<ready])
        open.removeFirst(ready)
        try await connection.decide(ids)
        done.updates += ids.count
      }
    }
    return done
  }
}

extension Connection {
  /// Gives open payments their outcome: 94 in 100 are completed, the others declined.
  func decide(_ ids: [Int]) throws {
    let outcomes: [(status: String, code: String, ids: [Int])] = [
      ("completed", "00", ids.filter { $0 % 50 > 2 }),
      ("denied", "51", ids.filter { $0 % 50 == 1 || $0 % 50 == 2 }),
      ("failed", "91", ids.filter { $0 % 50 == 0 }),
    ]
    for outcome in outcomes where !outcome.ids.isEmpty {
      let list = outcome.ids.map(String.init).joined(separator: ",")
      try execute(
        "UPDATE transactions SET status = '\(outcome.status)',"
          + " response_code = '\(outcome.code)',"
          + " responded_at = COALESCE(responded_at, requested_at + INTERVAL 800000 MICROSECOND)"
          + " WHERE transaction_id IN (\(list))")
    }
  }

  /// Settles what falls due within five minutes, all but one in 1250, which stays open.
  ///
  /// - Parameter second: the present.
  func settleDue(at second: Int) throws {
    let moment = { (second: Int) in "'\(CivilInstant(secondsSinceEpoch: second))'" }
    let most = 1_000
    var found = most
    while found == most {
      // By keys: a range of the index would be locked, and payments could not add to it meanwhile.
      let ids = try query(
        """
        SELECT settlement_id
        FROM settlements
        WHERE settlement_status = 'pending'
            AND due_at BETWEEN \(moment(second)) AND \(moment(second + 300))
            AND settlement_id % 1250 <> 0
        LIMIT \(most)
        """
      ).rows.compactMap { $0["settlement_id"] }
      found = ids.count
      guard found > 0 else { return }
      try execute(
        """
        UPDATE settlements
        SET settlement_status = 'settled', settlement_date = \(moment(second))
        WHERE settlement_id IN (\(ids.joined(separator: ",")))
            AND settlement_status = 'pending'
        """)
    }
  }
}
