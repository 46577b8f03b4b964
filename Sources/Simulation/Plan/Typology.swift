import PayopsCore

/// A payment that is decided before the sampling begins.
struct PlannedPayment: Sendable, Equatable {
  var second: Int
  var account: Int32
  var cents: Int
  var type: PaymentType
  var channel: Channel
  var counterpartyAccount: Int32 = -1
  var counterpartyExternal: Int32 = -1
  var answer: Int32 = -1
}

/// A login that is decided before the sampling begins.
struct PlannedLogin: Sendable, Equatable {
  let second: Int
  let customer: Int32
  let isSuccess: Bool
}

/// A planted money-laundering typology.
struct Typology: Sendable, Equatable {
  let kind: TypologyKind
  /// Main account.
  let account: Int32
  var payments: [PlannedPayment] = []
  var logins: [PlannedLogin] = []

  /// First second with a payment or login of the typology.
  var startSecond: Int { (payments.map(\.second) + logins.map(\.second)).min() ?? 0 }
  /// Last second with one.
  var endSecond: Int { (payments.map(\.second) + logins.map(\.second)).max() ?? 0 }
}
