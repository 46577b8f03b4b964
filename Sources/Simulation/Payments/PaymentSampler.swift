import PayopsCore

/// Draws the payments of a run, hour by hour in time order.
///
/// The state is a value, so a copy can be resumed. Payments are drawn in sequence because
/// balances, retries and duplicates depend on what came before; drawing is far cheaper than
/// writing, so that several writers can each draw everything and write their own part.
struct PaymentSampler: Sendable {
  let plan: SimulationPlan
  let settlements: SettlementSampler
  /// Next hour to draw, as a position in the run.
  private(set) var hour = 0
  /// Payments drawn so far.
  private(set) var paymentCount = 0
  /// Settlements drawn so far.
  private(set) var settlementCount = 0
  /// Balances by account, in the smallest coin.
  private(set) var balances: [Int]
  private var followUps = FollowUpQueue()
  private var backgroundLeft: Int
  private var draft: PaymentDraft

  /// Starts at the first hour.
  init(plan: SimulationPlan, schedule: DueSchedule = DueSchedule()) {
    self.plan = plan
    settlements = SettlementSampler(
      schedule: schedule, stalls: plan.incidents.filter { $0.kind == .settlementStall },
      endSecond: plan.endSecond, cardSettlementPct: plan.parameters.cardSettlementPct,
      normal: plan.normal)
    balances = plan.population.openingCents
    backgroundLeft = plan.parameters.transactions - plan.planned.count
    draft = PaymentDraft(population: plan.population, normal: plan.normal)
  }

  /// Whether all hours are drawn.
  var isAtEnd: Bool { hour >= plan.demand.hourCount }

  /// Draws the next hour.
  ///
  /// - Parameters:
  ///   - payments: receives the payments of the hour; emptied first.
  ///   - drawnSettlements: receives their settlements; not emptied.
  mutating func nextHour(
    payments: inout [Payment], settlements drawnSettlements: inout [Settlement]
  ) {
    payments.removeAll(keepingCapacity: true)
    let hourSecond = (plan.demand.firstHour + hour) * 3600
    var random = SeededRandom(seed: plan.parameters.seed, stream: "payments", number: hour)
    let seconds = drawSeconds(using: &random)
    let shares = plan.demand.curve.cumulativeShares(position: hour)
    let active = plan.incidents.filter {
      $0.startSecond < hourSecond + 3600 && $0.endSecond >= hourSecond
    }
    var next = plan.plannedStart[hour]
    let plannedEnd = plan.plannedStart[hour + 1]
    for offset in 0..<3600 {
      let second = hourSecond + offset
      while next < plannedEnd, plan.planned[next].second <= second {
        var payment = draft.planned(plan.planned[next], using: &random)
        payment.second = second
        finish(&payment, into: &payments)
        next += 1
      }
      for _ in 0..<seconds[offset] {
        var payment: Payment
        if let followUp = followUps.next(at: second, isLast: backgroundLeft <= followUps.count) {
          payment = draft.following(followUp, second: second, using: &random)
        } else {
          payment = draft.background(
            second: second, shares: shares, balances: balances, using: &random)
          draft.decideOutcome(
            of: &payment, endSecond: plan.endSecond, incidents: active, using: &random)
        }
        payment.index = paymentCount
        backgroundLeft -= 1
        if backgroundLeft > followUps.count + 1 {
          followUps.consider(&payment, incidents: active, using: &random)
        }
        finish(&payment, into: &payments)
      }
    }
    drawSettlements(of: payments, into: &drawnSettlements)
    hour += 1
  }

  /// How many background payments fall into each second of the hour.
  private func drawSeconds(using random: inout SeededRandom) -> [UInt32] {
    var seconds = [UInt32](repeating: 0, count: 3600)
    let weights = plan.demand.minuteWeights(position: hour)
    let highest = weights.max() ?? 0
    guard highest > 0 else {
      seconds[0] = UInt32(plan.demand.counts[hour])
      return seconds
    }
    let thresholds = weights.map { UInt32(min($0 / highest * 0x1p32, 0x1p32 - 1)) }
    for _ in 0..<plan.demand.counts[hour] {
      while true {
        let bits = random.next()
        let second = Int(((bits &>> 40) &* 3600) &>> 24)
        if UInt32(truncatingIfNeeded: bits) <= thresholds[second / 60], thresholds[second / 60] > 0
        {
          seconds[second] += 1
          break
        }
      }
    }
    return seconds
  }

  /// Updates the balance and appends the payment.
  private mutating func finish(_ payment: inout Payment, into payments: inout [Payment]) {
    payment.index = paymentCount
    paymentCount += 1
    let account = Int(payment.account)
    if payment.isEffective {
      balances[account] += payment.type.isIncoming ? payment.cents : -payment.cents
    }
    payment.balanceAfter = balances[account]
    payments.append(payment)
  }

  private mutating func drawSettlements(of payments: [Payment], into result: inout [Settlement]) {
    var random = SeededRandom(seed: plan.parameters.seed, stream: "settlements", number: hour)
    for payment in payments {
      if let settlement = settlements.settlement(
        of: payment, index: settlementCount, using: &random)
      {
        result.append(settlement)
        settlementCount += 1
      }
    }
  }
}
