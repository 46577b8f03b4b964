import MariaDBClient
import PayopsCore

extension Connection {
  /// Keeps other generators of the schema out until the connection ends.
  func lockGenerator() throws {
    let row = try query(
      "SELECT GET_LOCK(CONCAT('payops.generate.', LEFT(DATABASE(), 40)), 10) AS granted"
    ).rows.first
    guard row?.integer("granted") == 1 else {
      throw SimulationError(
        .busy, "another generator is loading into this schema",
        hint: "wait until it has finished")
    }
  }

  /// Finds the run of the parameters, or registers it.
  ///
  /// - Parameters:
  ///   - parameters: what to generate; without an end, a run with the same other parameters
  ///     matches.
  ///   - end: first instant after the history of a new run.
  ///   - settlementLimit: most settlements that the run can have.
  func registerRun(
    _ parameters: SimulationParameters, end: CivilInstant, settlementLimit: Int
  ) throws -> SimulationRun {
    if let run = try findRun(parameters) { return run }
    var run = SimulationRun(end: end)
    // Other writers get keys beyond those of the run.
    run.firstTransactionId = try reserve("transactions", "transaction_id", parameters.transactions)
    run.firstCustomerId = try reserve("customers", "customer_id", parameters.customerCount)
    run.firstLocationId = try reserve(
      "customer_locations", "location_id", parameters.customerCount)
    run.firstAccountId = try reserve("accounts", "account_id", parameters.accountCount)
    run.firstSettlementId = try reserve("settlements", "settlement_id", settlementLimit)
    run.firstLoginId = try reserve(
      "login_activity", "login_id", parameters.transactions)
    var dated = parameters
    dated.end = end
    try execute(
      "INSERT INTO simulation_runs (parameter_checksum, generator_version, parameters, state,"
        + " first_transaction_id, started_at) VALUES (?, ?, ?, 'running', ?, UTC_TIMESTAMP())",
      [
        .text(dated.checksum), .text(SimulationParameters.generatorVersion),
        .text(run.json(parameters: parameters)), .integer(run.firstTransactionId),
      ])
    guard let found = try findRun(dated) else {
      throw SimulationError(
        .damagedRun, "the run was not registered", hint: "look at simulation_runs")
    }
    return found
  }

  /// The registered run of the parameters; without an end, one with the same other parameters.
  func findRun(_ parameters: SimulationParameters) throws -> SimulationRun? {
    let keys = [
      "first_account_id", "first_customer_id", "first_location_id", "first_login_id",
      "first_settlement_id", "end",
    ]
    let condition =
      parameters.end == nil ? "JSON_VALUE(parameters, '$.shape') = ?" : "parameter_checksum = ?"
    let row = try query(
      "SELECT simulation_id, state, first_transaction_id, "
        + keys.map { "JSON_VALUE(parameters, '$.\($0)') AS `\($0)`" }.joined(separator: ", ")
        + " FROM simulation_runs WHERE generator_version = ? AND \(condition)"
        + " ORDER BY simulation_id DESC LIMIT 1",
      [
        .text(SimulationParameters.generatorVersion),
        .text(parameters.end == nil ? parameters.shapeChecksum : parameters.checksum),
      ]
    ).rows.first
    guard let row else { return nil }
    guard let end = row["end"].flatMap({ CivilInstant($0) }) else {
      throw SimulationError(
        .damagedRun, "a registered run has no readable parameters",
        hint: "generate with another seed")
    }
    func key(_ name: String) -> Int { Int(row.integer(name) ?? 1) }
    return SimulationRun(
      id: key("simulation_id"), isCompleted: row["state"] == "completed", end: end,
      firstTransactionId: key("first_transaction_id"), firstCustomerId: key("first_customer_id"),
      firstLocationId: key("first_location_id"), firstAccountId: key("first_account_id"),
      firstSettlementId: key("first_settlement_id"), firstLoginId: key("first_login_id"))
  }

  /// The parameters of the history that the schema holds: of the latest complete run, else of one
  /// that was interrupted; nil when nothing was generated.
  package func existingHistory() throws -> SimulationParameters? {
    let row = try query(
      "SELECT parameters FROM simulation_runs WHERE generator_version = ?"
        + " ORDER BY state = 'completed' DESC, simulation_id DESC LIMIT 1",
      [.text(SimulationParameters.generatorVersion)]
    ).rows.first
    guard let text = row?["parameters"] else { return nil }
    guard let parameters = SimulationParameters(stored: text) else {
      throw SimulationError(
        .damagedRun, "a registered run has no readable parameters",
        hint: "name the history with --transactions, --days and --seed")
    }
    return parameters
  }

  /// Reserves keys after the greatest of a table, and moves its counter past them.
  ///
  /// The counter moves only when no transaction is open on the table. So a writer that used one of
  /// the keys before is visible afterwards, and other keys are reserved. An account without the
  /// ALTER privilege cannot move it.
  ///
  /// - Returns: the first of the keys.
  private func reserve(_ table: String, _ column: String, _ count: Int) throws -> Int {
    func nextKey() throws -> Int {
      let row = try query("SELECT COALESCE(MAX(\(column)), 0) + 1 AS next_key FROM \(table)")
        .rows.first
      return Int(row?.integer("next_key") ?? 1)
    }
    var first = try nextKey()
    for _ in 1...10 {
      do throws(DatabaseError) {
        try execute("ALTER TABLE \(table) AUTO_INCREMENT = \(first + count)")
      } catch {
        guard error.errno == 1142 else { throw error }
        return first
      }
      let existing = try query(
        "SELECT MAX(\(column)) AS key_found FROM \(table)"
          + " WHERE \(column) BETWEEN \(first) AND \(first + count - 1)"
      ).rows.first
      if existing?.integer("key_found") == nil { return first }
      first = try nextKey()
    }
    throw SimulationError(
      .busy, "other writers use the keys of \(table) faster than they can be reserved",
      hint: "generate again")
  }

  /// Sets what the bulk path needs: our rows are consistent by construction.
  ///
  /// `unique_checks` stays on: off, and with foreign keys unchecked, InnoDB fills an empty table in
  /// a mode in which a later statement of the same transaction silently rolled everything back
  /// (seen on MariaDB 10.11.19). No table filled here has unique keys that cost anything.
  func prepareBulkSession() throws {
    try execute("SET SESSION foreign_key_checks = 0")
    try execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try execute("CALL begin_bulk_load()")
  }

  /// Places the detail window at the end of the history, so that detail of the days before is not
  /// written first and deleted by the next refresh.
  func keepDetail(until end: CivilInstant) throws {
    try execute("CALL lock_rollup_state()")
    try execute("CALL advance_detail_window(?)", [.text("\(end.date)")])
  }

  /// Chunks of a run that are committed.
  func committedChunks(of run: SimulationRun) throws -> Set<Int> {
    let rows = try query(
      "SELECT chunk_number FROM simulation_chunks WHERE simulation_id = ?", [.integer(run.id)]
    ).rows
    return Set(rows.compactMap { $0.integer("chunk_number").map(Int.init) })
  }

  /// Marks a run as complete if it is.
  func completeRun(_ run: SimulationRun, expected: Int) throws {
    let changed = try execute(
      "UPDATE simulation_runs SET state = 'completed', finished_at = UTC_TIMESTAMP()"
        + " WHERE simulation_id = ? AND payment_count = ?",
      [.integer(run.id), .integer(expected)])
    guard changed == 1 else {
      throw SimulationError(
        .damagedRun, "the run does not hold the payments that were asked for",
        hint: "look at simulation_chunks")
    }
  }

  /// The totals of a run.
  func report(
    _ run: SimulationRun, parameters: SimulationParameters, added: Int, wasAlreadyThere: Bool
  ) throws -> SimulationReport {
    let row = try query(
      "SELECT payment_count, settlement_count, (SELECT COUNT(*) FROM simulation_answer_key AS a"
        + " WHERE a.simulation_id = r.simulation_id) AS answer_count"
        + " FROM simulation_runs AS r WHERE simulation_id = ?", [.integer(run.id)]
    ).rows.first
    return SimulationReport(
      simulationId: run.id, payments: Int(row?.integer("payment_count") ?? 0),
      settlements: Int(row?.integer("settlement_count") ?? 0), addedPayments: added,
      wasAlreadyThere: wasAlreadyThere, answers: Int(row?.integer("answer_count") ?? 0))
  }
}
