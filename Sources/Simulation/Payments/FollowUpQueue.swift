import PayopsCore

/// A payment that follows from an earlier one.
struct FollowUp: Sendable {
  enum Kind: Sendable {
    /// The customer tries a declined card payment again.
    case retry
    /// The receiving side of a transfer between two of our accounts.
    case receipt
    /// The same payment posted a second time by mistake.
    case duplicate
  }

  let kind: Kind
  let dueSecond: Int
  let original: Payment
  /// Attempts made so far.
  let attempt: Int
}

/// Future payments caused by earlier ones, in the order of their causes.
struct FollowUpQueue: Sendable {
  private var items: [FollowUp] = []
  private var head = 0
  /// Attempts of the payment returned last.
  private var lastAttempt = 1

  /// Payments that are still to come.
  var count: Int { items.count - head }

  /// Removes and returns the first one if it is due.
  ///
  /// - Parameters:
  ///   - second: the present.
  ///   - isLast: whether the run is about to end, so that nothing may wait any longer.
  mutating func next(at second: Int, isLast: Bool) -> FollowUp? {
    lastAttempt = 1
    guard head < items.count, items[head].dueSecond <= second || isLast else { return nil }
    defer {
      head += 1
      if head > 64, head * 2 > items.count {
        items.removeFirst(head)
        head = 0
      }
    }
    lastAttempt = items[head].kind == .retry ? items[head].attempt + 1 : .max
    return items[head]
  }

  /// Decides whether a payment that is being written causes another one.
  mutating func consider(
    _ payment: inout Payment, incidents: [Incident], using random: inout SeededRandom
  ) {
    if payment.type == .cardPayment, payment.status == .denied || payment.status == .failed,
      lastAttempt < 4, random.below(100) < (payment.channel == .ecommerce ? 52 : 30)
    {
      payment.isFinalAttempt = false
      if payment.order < 0 { payment.order = payment.index }
      append(.retry, payment, after: random.within(15...240), attempt: lastAttempt)
    } else if payment.type == .transfer || payment.type == .instantTransfer,
      payment.counterpartyAccount >= 0, payment.status == .completed, lastAttempt == 1
    {
      append(.receipt, payment, after: random.within(1...20), attempt: 1)
    } else if !incidents.isEmpty, payment.status == .completed, lastAttempt == 1,
      !payment.type.isIncoming,
      let incident = incidents.first(where: {
        $0.kind == .duplicatePosting && $0.contains(payment.second)
      }), random.chance(incident.magnitude)
    {
      append(.duplicate, payment, after: random.within(1...45), attempt: 1)
    }
  }

  private mutating func append(
    _ kind: FollowUp.Kind, _ payment: Payment, after seconds: Int, attempt: Int
  ) {
    items.append(
      FollowUp(
        kind: kind, dueSecond: payment.second + seconds, original: payment, attempt: attempt))
  }
}
