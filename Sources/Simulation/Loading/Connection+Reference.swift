import MariaDBClient
import PayopsCore

extension Connection {
  /// Reads the acceptance windows of a period with some days around it.
  func dueSchedule(from startSecond: Int, to endSecond: Int) throws -> DueSchedule {
    var schedule = DueSchedule()
    let windows = try query(
      "SELECT rail, accepted_from, due_at FROM settlement_windows"
        + " WHERE accepted_from BETWEEN ? AND ? ORDER BY rail, accepted_from",
      [
        .text("\(CivilInstant(secondsSinceEpoch: startSecond - 40 * 86_400))"),
        .text("\(CivilInstant(secondsSinceEpoch: endSecond))"),
      ])
    for row in windows.rows {
      guard let rail = row["rail"], let from = row["accepted_from"].flatMap({ CivilInstant($0) }),
        let due = row["due_at"].flatMap({ CivilInstant($0) })
      else { continue }
      schedule.addWindow(rail: rail, acceptedFrom: from, due: due)
    }
    let instant = try query(
      "SELECT rail, instant_seconds FROM rails WHERE instant_seconds IS NOT NULL")
    for row in instant.rows {
      if let rail = row["rail"], let seconds = row.integer("instant_seconds") {
        schedule.setInstant(rail: rail, seconds: Int(seconds))
      }
    }
    let known = Set(try query("SELECT rail FROM rails").rows.compactMap { $0["rail"] })
    let missing = Rail.codes.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw SimulationError(
        .missingReference, "rails are missing: \(missing.joined(separator: ", "))",
        hint: "deploy the reference data first")
    }
    return schedule
  }

  /// Reads the dated rates to the base currency.
  func exchangeRates() throws -> ExchangeRates {
    var rates = ExchangeRates()
    let rows = try query(
      "SELECT currency, rate_date, rate_to_base FROM fx_rates ORDER BY currency, rate_date"
    ).rows
    for row in rows {
      if let currency = row["currency"], let rate = row["rate_to_base"],
        let date = row["rate_date"].flatMap({ CivilDate($0) })
      {
        rates.add(currency: currency, from: date, rate: rate)
      }
    }
    let known = Set(try query("SELECT currency FROM currencies").rows.compactMap { $0["currency"] })
    let missing = Currency.codes.filter { !known.contains($0) }
    guard missing.isEmpty else {
      throw SimulationError(
        .missingReference, "currencies are missing: \(missing.joined(separator: ", "))",
        hint: "deploy the reference data first")
    }
    return rates
  }

  /// Writes customers, accounts and the answer key as chunk -1 into the open transaction.
  ///
  /// The accounts get the balance that they have at the end of the run.
  func writeCustomers(run: SimulationRun, plan: SimulationPlan) throws {
    let balances = try skip(PaymentSampler(plan: plan), toHour: plan.demand.hourCount).balances
    let population = plan.population
    let format = CustomerFormat(
      plan: plan, firstCustomerId: run.firstCustomerId, firstLocationId: run.firstLocationId,
      firstAccountId: run.firstAccountId)
    let customers = population.customerCount
    try loadRows("customers", CustomerFormat.customerColumns, count: customers) {
      format.writeCustomer($0, to: $1)
    }
    try loadRows("customer_locations", CustomerFormat.locationColumns, count: customers) {
      format.writeLocation($0, to: $1)
    }
    let accounts = population.accountCount
    try loadRows("accounts", CustomerFormat.accountColumns, count: accounts) {
      format.writeAccount($0, cents: balances[$0], to: $1)
    }
    let handles = (0..<accounts).filter { !population.accountHandles[$0].isEmpty }
    try loadRows("payment_handles", CustomerFormat.handleColumns, count: handles.count) {
      format.writeHandle(handles[$0], to: $1)
    }
    for (number, answer) in plan.answers.enumerated() {
      try execute(
        "INSERT INTO simulation_answer_key (simulation_id, answer_number, kind, label, starts_at,"
          + " ends_at, dimension, member, account_id, magnitude)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ROUND(?, 4))",
        [
          .integer(run.id), .integer(number), .text(answer.kind), .text(answer.label),
          .text("\(CivilInstant(secondsSinceEpoch: answer.startSecond))"),
          .text("\(CivilInstant(secondsSinceEpoch: answer.endSecond))"),
          .optional(answer.dimension), .optional(answer.member),
          .optional(answer.account.map { Int64(run.firstAccountId + $0) }),
          .optional(answer.magnitude),
        ])
    }
    try execute(
      "INSERT INTO simulation_chunks"
        + " (simulation_id, chunk_number, payment_count, settlement_count) VALUES (?, -1, 0, 0)",
      [.integer(run.id)])
  }
}
