import PayopsCore

/// One sampled settlement, before it becomes a row of text.
struct Settlement: Sendable {
  /// Position in the run, from 0.
  var index: Int
  /// Position of the payment.
  var payment: Int
  var cents: Int
  var acceptedSecond: Int
  /// Second due; nil when the database computes it.
  var dueSecond: Int?
  /// Second settled or failed; nil while pending.
  var settledSecond: Int?
  var rail: Rail
  var status: SettlementStatus
  var currency: Currency
}

/// Draws the settlements of payments.
struct SettlementSampler: Sendable {
  let schedule: DueSchedule
  let stalls: [Incident]
  /// The present: later events have not happened yet.
  let endSecond: Int
  let cardSettlementPct: Int
  let normal: NormalTable

  /// The rail on which a payment settles; nil for one without a settlement.
  static func rail(of payment: Payment) -> Rail? {
    switch payment.type {
    case .cardPayment, .atmWithdrawal: .card
    case .transfer: payment.currency == .usd ? .ach : .sepaTransfer
    case .instantTransfer: .sepaInstant
    case .directDebit: payment.currency == .usd ? .ach : .sepaDirectDebit
    case .upiPerson, .upiMerchant: .upi
    case .wire: .wire
    case .deposit, .cashDeposit: nil
    }
  }

  /// The settlement of a payment; nil when it has none.
  func settlement(
    of payment: Payment, index: Int, using random: inout SeededRandom
  ) -> Settlement? {
    guard payment.status.isCaptured, let rail = SettlementSampler.rail(of: payment) else {
      return nil
    }
    if rail == .card, random.below(100) >= cardSettlementPct { return nil }
    let accepted = payment.second + max(0, Int(payment.durationMs)) / 1000
    let due = schedule.due(rail, acceptedSecond: accepted)
    let lag = Rail.nominalLagDays[Int(rail.rawValue)]
    let expected = due ?? accepted + (lag == 0 ? 10 : lag * 86_400)
    let isInstant = expected - accepted < 3600 && rail == .sepaInstant
    var settled: Int
    let lot = random.unit()
    let late = Rail.lateShare[Int(rail.rawValue)]
    if lot < late {
      let delay = normal.logNormal(
        random.next(), median: isInstant ? 25 : 6 * 3600, sigma: isInstant ? 1.4 : 1.3)
      settled = expected + 1 + Int(min(delay, 30 * 86_400))
    } else if isInstant {
      settled = accepted + 1 + random.below(8)
    } else {
      settled = max(accepted + 1, expected - 300 - random.below(3 * 3600))
    }
    let fate = random.below(10_000)
    if let stall = stalls.first(where: { $0.member == rail.rawValue && $0.contains(settled) }) {
      settled = stall.endSecond + 1 + random.below(6 * 3600)
    }
    var status: SettlementStatus = fate < 40 ? .failed : .settled
    if settled >= endSecond || fate >= 9992 { status = .pending }
    return Settlement(
      index: index, payment: payment.index, cents: payment.cents, acceptedSecond: accepted,
      dueSecond: due, settledSecond: status == .pending ? nil : settled, rail: rail,
      status: status, currency: payment.currency)
  }
}
