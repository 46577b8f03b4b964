import PayopsCore

/// Payments of one moment, with their future outcomes.
struct LiveBatch: Sendable {
  var payments: [Payment] = []
  /// Settlements; `payment` is the position in ``payments``.
  var settlements: [Settlement] = []
  /// Positions of payments that are open and get their outcome later.
  var open: [Int] = []
  /// Keys of the payments once they are inserted.
  var keys: [Int] = []
}

/// Draws the payments of the present.
struct LiveSampler: Sendable {
  private let plan: SimulationPlan
  private let settlements: SettlementSampler
  private let draft: PaymentDraft
  private let balances: [Int]
  /// Share of payments that stay open for some seconds.
  private let openShare: Double
  private var random: SeededRandom
  private var hour = Int.min
  private var shares: [UInt32] = []

  /// Prepares the draw.
  init(plan: SimulationPlan, schedule: DueSchedule, openShare: Double, second: Int) {
    self.plan = plan
    self.openShare = openShare
    draft = PaymentDraft(population: plan.population, normal: plan.normal)
    balances = plan.population.openingCents
    random = SeededRandom(seed: plan.parameters.seed, stream: "live", number: second)
    settlements = SettlementSampler(
      schedule: schedule, stalls: [], endSecond: Int.max,
      cardSettlementPct: plan.parameters.cardSettlementPct, normal: plan.normal)
  }

  /// Draws payments of a second.
  mutating func batch(count: Int, second: Int, millisecond: Int) -> LiveBatch {
    if second / 3600 != hour {
      hour = second / 3600
      shares = DemandCurve(firstHour: hour, hourCount: 1).cumulativeShares(position: 0)
    }
    var batch = LiveBatch()
    batch.payments.reserveCapacity(count)
    for position in 0..<count {
      var payment = draft.background(
        second: second, shares: shares, balances: balances, using: &random)
      draft.decideLiveOutcome(of: &payment, second: second, using: &random)
      payment.index = position
      payment.requestMs = Int32(millisecond)
      if payment.status == .completed, random.chance(openShare) {
        payment.status = PaymentDraft.openStatus(of: payment, lot: random.below(256))
        if payment.status != .authorized {
          payment.durationMs = -1
          payment.responseCode = ResponseCode.none
        }
        batch.open.append(position)
      }
      batch.payments.append(payment)
      if var settlement = settlements.settlement(
        of: payment, index: batch.settlements.count, using: &random)
      {
        // What happens later has not happened yet.
        settlement.status = .pending
        settlement.settledSecond = nil
        batch.settlements.append(settlement)
      }
    }
    return batch
  }
}
