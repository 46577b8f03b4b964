import MariaDBClient
import PayopsCore

/// The chunks of a run that one of several workers loads.
struct ChunkJob: Sendable {
  /// The most attempts at a chunk before its error is thrown.
  private static let attempts = 8

  let options: ConnectionOptions
  let run: SimulationRun
  let plan: SimulationPlan
  let schedule: DueSchedule
  let rates: ExchangeRates
  let done: Set<Int>

  /// Loads every chunk of a worker that is not loaded yet.
  ///
  /// - Parameters:
  ///   - worker: number of the worker, from 0.
  ///   - workers: number of workers; a worker loads the chunks whose number modulo this is its own.
  ///   - committed: called with the payments of each committed chunk.
  func perform(
    worker: Int, of workers: Int, committed: @Sendable (Int) -> Void
  ) async throws {
    var sampler = PaymentSampler(plan: plan, schedule: schedule)
    let mine = plan.chunks.filter { $0.number % workers == worker && !done.contains($0.number) }
    guard !mine.isEmpty else { return }
    var connection = try await open()
    do {
      for chunk in mine {
        sampler = try await connection.skip(sampler, toHour: chunk.hours.lowerBound)
        var attempt = 1
        while true {
          try Task.checkCancellation()
          do {
            sampler = try await connection.transaction { [sampler] connection in
              try connection.writeChunk(chunk, from: sampler, run: run, plan: plan, rates: rates)
            }
            break
          } catch let error as DatabaseError where error.isRetryable && attempt < Self.attempts {
            attempt += 1
            try await Task.sleep(for: .milliseconds(20 * attempt))
            if error.errno == 2006 || error.errno == 2013 {
              await connection.close()
              connection = try await open()
              // The COMMIT may have succeeded and only its answer been lost.
              if try await connection.committedChunks(of: run).contains(chunk.number) {
                sampler = try await connection.skip(sampler, toHour: chunk.hours.upperBound)
                break
              }
            }
          }
        }
        committed(chunk.paymentCount)
      }
    } catch {
      await connection.close()
      throw error
    }
    await connection.close()
  }

  private func open() async throws -> Connection {
    let connection = try await Connection.open(options)
    try await connection.prepareBulkSession()
    return connection
  }
}

extension Connection {
  /// Draws and discards payments up to an hour, on the connection's own thread.
  func skip(_ sampler: PaymentSampler, toHour hour: Int) throws -> PaymentSampler {
    var sampler = sampler
    var payments: [Payment] = []
    var settlements: [Settlement] = []
    while sampler.hour < hour {
      try Task.checkCancellation()
      settlements.removeAll(keepingCapacity: true)
      sampler.nextHour(payments: &payments, settlements: &settlements)
    }
    return sampler
  }

  /// Writes the rows of a chunk into the open transaction.
  ///
  /// - Returns: the sampler after the chunk.
  func writeChunk(
    _ chunk: Chunk, from sampler: PaymentSampler, run: SimulationRun, plan: SimulationPlan,
    rates: ExchangeRates
  ) throws -> PaymentSampler {
    var source = ChunkSource(
      sampler: sampler, endHour: chunk.hours.upperBound,
      format: PaymentFormat(
        plan: plan, firstTransactionId: run.firstTransactionId,
        firstAccountId: run.firstAccountId, rates: rates))
    let payments = try loadData(
      Connection.loadStatement("transactions", PaymentFormat.columns), from: &source)
    try expect(payments, chunk.paymentCount, "transactions")

    let settlements = source.settlements
    let settlementFormat = SettlementFormat(
      firstSettlementId: run.firstSettlementId, firstTransactionId: run.firstTransactionId,
      rates: rates)
    try loadRows(
      "settlements", SettlementFormat.columns, count: settlements.count
    ) { position, row in
      settlementFormat.write(settlements[position], to: row)
    }

    let loginFormat = LoginFormat(
      firstLoginId: run.firstLoginId, firstCustomerId: run.firstCustomerId,
      population: plan.population)
    let logins = chunk.hours.flatMap { plan.logins.logins(position: $0, plan: plan) }
    try loadRows(
      "login_activity", LoginFormat.columns, count: logins.count
    ) { position, row in
      loginFormat.write(logins[position], index: chunk.firstLogin + position, to: row)
    }

    try insertAnswers(source.answers, run: run)
    try applyBulkLoad(
      "transactions", first: run.firstTransactionId + chunk.firstPayment,
      count: chunk.paymentCount)
    try applyBulkLoad(
      "settlements", first: run.firstSettlementId + sampler.settlementCount,
      count: settlements.count)
    try applyBulkLoad(
      "logins", first: run.firstLoginId + chunk.firstLogin, count: chunk.loginCount)
    try execute(
      "INSERT INTO simulation_chunks"
        + " (simulation_id, chunk_number, payment_count, settlement_count) VALUES (?, ?, ?, ?)",
      [
        .integer(run.id), .integer(chunk.number), .integer(chunk.paymentCount),
        .integer(settlements.count),
      ])
    try execute(
      "UPDATE simulation_runs SET payment_count = payment_count + ?,"
        + " settlement_count = settlement_count + ? WHERE simulation_id = ?",
      [.integer(chunk.paymentCount), .integer(settlements.count), .integer(run.id)])
    return source.sampler
  }

  /// The statement that loads columns of a table.
  static func loadStatement(_ table: String, _ columns: [String]) -> String {
    "LOAD DATA LOCAL INFILE 'generated' INTO TABLE \(table) CHARACTER SET utf8mb4"
      + " (\(columns.joined(separator: ", ")))"
  }

  /// Loads rows that are written one by one.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - columns: its columns, in the order in which they are written.
  ///   - count: number of rows.
  ///   - isCancellable: whether a cancelled task ends the load; a short load may as well finish.
  ///   - write: writes the row of a position.
  func loadRows(
    _ table: String, _ columns: [String], count: Int, isCancellable: Bool = true,
    write: @escaping (Int, RowBuffer) -> Void
  ) throws {
    guard count > 0 else { return }
    var source = RowSource(count: count, isCancellable: isCancellable, write: write)
    try expect(
      try loadData(Connection.loadStatement(table, columns), from: &source), count, table)
  }

  /// Checks that every row was loaded: LOAD DATA LOCAL turns errors of rows into warnings.
  func expect(_ loaded: Int64, _ expected: Int, _ table: String) throws {
    guard loaded == Int64(expected) else {
      throw SimulationError(
        .damagedRun, "\(table) took \(loaded) of \(expected) generated rows",
        hint: "another writer may use the same keys; generate again with another seed")
    }
  }

  private func applyBulkLoad(_ table: String, first: Int, count: Int) throws {
    guard count > 0 else { return }
    try execute(
      "CALL apply_bulk_load(?, ?, ?, ?)",
      [.text(table), .integer(first), .integer(first + count - 1), .integer(count)])
  }

  private func insertAnswers(_ answers: [(payment: Int, answer: Int)], run: SimulationRun) throws {
    guard !answers.isEmpty else { return }
    let rows = answers.map {
      "(\(run.id), \(run.firstTransactionId + $0.payment), \($0.answer))"
    }
    try execute(
      "INSERT INTO simulation_answer_payments (simulation_id, transaction_id, answer_number)"
        + " VALUES \(rows.joined(separator: ", "))")
  }
}
