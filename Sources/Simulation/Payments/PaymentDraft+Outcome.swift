import PayopsCore

extension PaymentDraft {
  /// Decides state, response code and time to an answer.
  ///
  /// - Parameters:
  ///   - payment: a payment without an outcome.
  ///   - endSecond: the present; later events have not happened yet.
  ///   - incidents: the incidents that overlap the hour.
  ///   - random: source of the draw.
  func decideOutcome(
    of payment: inout Payment, endSecond: Int, incidents: [Incident],
    using random: inout SeededRandom
  ) {
    let bits = random.next()
    let lot = Int(bits & 0xFFFF)
    payment.durationMs = latency(of: payment.channel, random.next())
    payment.status = PaymentDraft.settledStatus(of: payment, lot: lot, endSecond: endSecond)
    let age = endSecond - payment.second
    if payment.status == .completed, age < 5400 {
      let patience = payment.type == .instantTransfer ? 40.0 : 900.0
      let share = PortableMath.exp(-Double(age) / patience) * 0.5
      if Double((bits &>> 16) & 0xFFFF) < share * 65_536 {
        payment.status = PaymentDraft.openStatus(of: payment, lot: Int((bits &>> 32) & 0xFF))
      }
    }
    for incident in incidents where incident.contains(payment.second) {
      suffer(incident, &payment, using: &random)
    }
    let code = Int((bits &>> 40) & 0xFF)
    switch payment.status {
    case .completed, .reversed, .refunded, .chargedBack, .authorized:
      payment.responseCode = ResponseCode.approved
    case .denied where payment.responseCode == ResponseCode.none:
      payment.responseCode = ResponseCode.businessDeclines.first { code < $0.upTo }?.code ?? 2
    case .failed:
      payment.responseCode = ResponseCode.technicalDeclines.first { code < $0.upTo }?.code ?? 13
      if payment.responseCode == ResponseCode.timeout {
        payment.durationMs = 30_000 + Int32((bits &>> 48) & 0x3F)
      }
    case .created, .pending, .cancelled: payment.durationMs = -1
    default: break
    }
  }

  /// Decides the outcome of a payment that happens now.
  func decideLiveOutcome(
    of payment: inout Payment, second: Int, using random: inout SeededRandom
  ) {
    // Answered at once, and too recent for refunds and disputes.
    decideOutcome(of: &payment, endSecond: second + 6000, incidents: [], using: &random)
    if payment.status.isOpen || payment.status == .reversed {
      payment.status = .completed
      payment.responseCode = ResponseCode.approved
      payment.durationMs = max(payment.durationMs, 90)
    }
  }

  /// The state that a payment ends in.
  private static func settledStatus(of payment: Payment, lot: Int, endSecond: Int) -> PaymentStatus
  {
    let age = endSecond - payment.second
    let isMerchant = payment.category != MerchantCategory.none
    // Per 65,536: 3.1 % denied, 1.05 % failed, 0.5 % cancelled, 0.05 % stuck.
    if payment.type.isIncoming {
      return lot < 240 ? .failed : lot < 280 ? .reversed : lot < 310 ? .pending : .completed
    }
    if lot < 2200 { return .denied }
    if lot < 2920 { return .failed }
    if lot < 3250 { return .cancelled }
    if lot < 3288 { return openStatus(of: payment, lot: lot & 0xFF) }
    if lot < 3640 { return age > 3600 ? .reversed : .completed }
    if isMerchant {
      if lot < 4240 { return age > 86_400 ? .refunded : .completed }
      if payment.type == .cardPayment, lot < 4330 {
        return age > 5 * 86_400 ? .chargedBack : .completed
      }
    }
    return .completed
  }

  static func openStatus(of payment: Payment, lot: Int) -> PaymentStatus {
    payment.type == .cardPayment
      ? (lot < 200 ? .authorized : .pending) : (lot < 205 ? .pending : .created)
  }

  /// Applies an incident in progress to a payment.
  private func suffer(
    _ incident: Incident, _ payment: inout Payment, using random: inout SeededRandom
  ) {
    switch incident.kind {
    case .acquirerOutage:
      if payment.acquirer.rawValue == incident.member, random.chance(incident.magnitude) {
        payment.status = .failed
        payment.responseCode = ResponseCode.none
        payment.durationMs = min(29_000, payment.durationMs * 6)
      }
    case .declineSpike:
      if payment.scheme.rawValue == incident.member, random.chance(incident.magnitude) {
        payment.status = .denied
        payment.responseCode = ResponseCode.doNotHonour
      }
    case .latencyCreep:
      if payment.channel.rawValue == incident.member {
        let factor = incident.strength(at: payment.second)
        payment.durationMs = Int32(min(Double(payment.durationMs) * factor, 29_000))
      }
    case .settlementStall, .duplicatePosting, .volumeDrop: break
    }
  }
}
