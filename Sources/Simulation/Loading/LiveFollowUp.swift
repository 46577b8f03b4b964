import MariaDBClient

/// Writes what follows a live payment: its settlement, its outcome, and the completion of instant
/// settlements.
struct LiveFollowUp: Sendable {
  let rates: ExchangeRates

  /// Works through batches until there are no more.
  ///
  /// - Returns: the numbers of outcomes and settlements.
  func perform(
    on connection: Connection, batches: AsyncStream<LiveBatch>
  ) async throws -> LiveProgress {
    var done = LiveProgress()
    var open: [Int] = []
    var settling: [Int] = []
    for await batch in batches {
      var settlements = batch.settlements
      for index in settlements.indices {
        settlements[index].payment = batch.keys[settlements[index].payment]
      }
      let settled = try await connection.insertLive(settlements, rates: rates)
      done.settlements += settlements.count
      settling += settlements.indices.filter { settlements[$0].rail == .sepaInstant }
        .map { settled[$0] }
      // An open payment waits for at least one batch.
      let ready = open.count
      open += batch.open.map { batch.keys[$0] }
      if ready > 0 {
        let ids = Array(open[..<ready])
        open.removeFirst(ready)
        try await connection.decide(ids)
        done.updates += ids.count
      }
      if settling.count >= 200 {
        let ids = settling
        settling = []
        try await connection.settle(ids)
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

  /// Marks settlements as settled now.
  func settle(_ ids: [Int]) throws {
    let list = ids.map(String.init).joined(separator: ",")
    try execute(
      "UPDATE settlements SET settlement_status = 'settled', settlement_date = UTC_TIMESTAMP()"
        + " WHERE settlement_id IN (\(list))")
  }
}
