package import PayopsCore

/// Kinds of planted operational incidents.
package enum IncidentKind: String, CaseIterable, Sendable, Hashable {
  /// An acquirer answers most payments with technical declines.
  case acquirerOutage = "acquirer_outage"
  /// A channel becomes slower over hours.
  case latencyCreep = "latency_creep"
  /// The issuers of a card scheme decline many more payments.
  case declineSpike = "decline_spike"
  /// A rail settles nothing for a while.
  case settlementStall = "settlement_stall"
  /// Payments are posted twice.
  case duplicatePosting = "duplicate_posting"
  /// Most payments are missing, without any error.
  case volumeDrop = "volume_drop"
}

/// Kinds of planted money-laundering typologies.
package enum TypologyKind: String, CaseIterable, Sendable, Hashable {
  /// Cash deposits kept below the reporting threshold.
  case structuring
  /// Many senders to one account.
  case fanIn = "fan_in"
  /// One account to many receivers.
  case fanOut = "fan_out"
  /// Money that returns to its origin.
  case cycle
  /// One account to several, and from those to one other.
  case scatterGather = "scatter_gather"
  /// Money that leaves soon after it arrives.
  case rapidInOut = "rapid_in_out"
  /// An account that was idle for long and then moves large amounts.
  case dormantReactivation = "dormant_reactivation"
  /// Receipts from strangers passed on at once, less a commission.
  case mule
  /// Failed logins, a success, and an emptied account.
  case accountTakeover = "account_takeover"
}

/// Everything that determines generated data: the same parameters and generator version give the
/// same bytes.
package struct SimulationParameters: Sendable, Equatable {
  /// Version of the generator, changed whenever the same parameters would give other data.
  package static let generatorVersion = "1"

  /// Payments, exactly.
  package var transactions: Int
  /// Days of history up to ``end``.
  package var days: Int
  /// First instant after the history; nil for the present minute.
  package var end: CivilInstant?
  /// Seed of all random streams.
  package var seed: UInt64
  /// Customers; nil for a number in proportion to the payments.
  package var customers: Int?
  /// Planted incidents by kind; nil for one of each that fits.
  package var incidents: [IncidentKind: Int]?
  /// Planted typologies by kind; nil for a number in proportion to the payments.
  package var typologies: [TypologyKind: Int]?
  /// Whether incidents may fall into the last 24 hours.
  package var recentIncidents: Bool
  /// Whether an outage of the day before, and one that lasts to the end, are planted as well.
  package var hasOpenIncident: Bool
  /// Demand at the end against that at the beginning, beside the seasons: 1 for none.
  package var growth: Double
  /// Share of card payments that have a settlement of their own, percent; the others are netted by
  /// the scheme.
  package var cardSettlementPct: Int

  /// Describes a run; omitted parameters have defaults.
  package init(
    transactions: Int = 120_000, days: Int = 90, end: CivilInstant? = nil, seed: UInt64 = 42,
    customers: Int? = nil, incidents: [IncidentKind: Int]? = nil,
    typologies: [TypologyKind: Int]? = nil, recentIncidents: Bool = false,
    hasOpenIncident: Bool = false, growth: Double = 1, cardSettlementPct: Int = 25
  ) {
    self.transactions = transactions
    self.days = days
    self.end = end
    self.seed = seed
    self.customers = customers
    self.incidents = incidents
    self.typologies = typologies
    self.recentIncidents = recentIncidents
    self.hasOpenIncident = hasOpenIncident
    self.growth = growth
    self.cardSettlementPct = cardSettlementPct
  }

  /// Customers of the run.
  package var customerCount: Int {
    customers ?? min(max(transactions / 500, 2000), 20_000)
  }

  /// Accounts of the run: five for every four customers.
  package var accountCount: Int { customerCount + customerCount / 4 }

  /// Planted incidents of a kind.
  package func count(of kind: IncidentKind) -> Int {
    incidents.map { $0[kind] ?? 0 } ?? 1
  }

  /// Planted typologies of a kind.
  package func count(of kind: TypologyKind) -> Int {
    typologies.map { $0[kind] ?? 0 } ?? min(max(transactions / 150_000, 1), 40)
  }

  /// Checks that the parameters can be met.
  ///
  /// - Throws: ``SimulationError``.
  package func validate() throws(SimulationError) {
    func require(_ condition: Bool, _ message: String, _ hint: String) throws(SimulationError) {
      guard condition else { throw SimulationError(.unusableParameter, message, hint: hint) }
    }
    try require(
      (100...10_000_000_000).contains(transactions), "number of transactions is out of range",
      "ask for 100 to 10G")
    try require((1...3660).contains(days), "number of days is out of range", "ask for 1 to 3660")
    try require(
      (100...1_000_000).contains(customerCount), "number of customers is out of range",
      "ask for 100 to 1M")
    try require(
      (0...100).contains(cardSettlementPct), "card settlement share is out of range",
      "ask for 0 to 100 percent")
    try require(
      (0.01...100).contains(growth), "growth is out of range", "ask for 0.01 to 100")
    let planted =
      IncidentKind.allCases.map(count(of:)) + TypologyKind.allCases.map(count(of:))
    try require(
      planted.allSatisfy { (0...1000).contains($0) }, "number of planted events is out of range",
      "ask for 0 to 1000 of a kind")
  }

  /// The parameters without the end, as JSON with sorted keys.
  var shape: String {
    let incidents = IncidentKind.allCases.map { "\"\($0.rawValue)\":\(count(of: $0))" }
    let typologies = TypologyKind.allCases.map { "\"\($0.rawValue)\":\(count(of: $0))" }
    // Only what is asked for: runs of before keep their checksums.
    let more =
      (hasOpenIncident ? ",\"open_incident\":true" : "")
      + (growth == 1 ? "" : ",\"growth\":\(growth)")
    return "\"card_settlement_pct\":\(cardSettlementPct),\"customers\":\(customerCount),"
      + "\"days\":\(days),\"incidents\":{\(incidents.sorted().joined(separator: ","))},"
      + "\"recent_incidents\":\(recentIncidents),\"seed\":\(seed),"
      + "\"transactions\":\(transactions),"
      + "\"typologies\":{\(typologies.sorted().joined(separator: ","))}\(more)"
  }

  /// FNV-1a 64 of all parameters.
  package var checksum: String {
    FNV1a64.hexadecimal(of: "\(end?.description ?? "") \(shape)")
  }

  /// FNV-1a 64 of everything but the end.
  package var shapeChecksum: String { FNV1a64.hexadecimal(of: shape) }
}
