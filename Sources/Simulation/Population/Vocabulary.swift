import PayopsCore

/// Kind of payment; the name is that of `transaction_types`.
enum PaymentType: UInt8, CaseIterable, Sendable {
  case cardPayment, atmWithdrawal, transfer, instantTransfer, directDebit, upiPerson, upiMerchant
  case wire, deposit, cashDeposit

  static let names = ByteTable([
    "card_payment", "atm_withdrawal", "transfer", "instant_transfer", "direct_debit", "upi_p2p",
    "upi_merchant", "wire", "deposit", "cash_deposit",
  ])

  /// Whether money arrives on the account.
  var isIncoming: Bool { self == .deposit || self == .cashDeposit }
}

/// State of a payment, as in `payment_states`.
enum PaymentStatus: UInt8, CaseIterable, Sendable {
  case created, pending, authorized, completed, failed, denied, cancelled, reversed, refunded
  case chargedBack

  static let names = ByteTable(PaymentState.allCases.map(\.rawValue))

  /// Whether the money was moved, whatever happened after.
  var isCaptured: Bool {
    self == .completed || self == .reversed || self == .refunded || self == .chargedBack
  }

  /// Whether the payment is still open.
  var isOpen: Bool { self == .created || self == .pending || self == .authorized }
}

/// Where the customer made the payment.
enum Channel: UInt8, CaseIterable, Sendable {
  case cardPresent, ecommerce, mobileApp, onlineBanking, atm, branch, api

  static let names = ByteTable([
    "card_present", "ecommerce", "mobile_app", "online_banking", "atm", "branch", "api",
  ])
  /// Median time to an answer, ms.
  static let medianLatencyMs: [Double] = [210, 430, 280, 350, 680, 900, 140]
  /// Standard deviation of the logarithm of the time to an answer.
  static let latencySigma: [Double] = [0.45, 0.55, 0.5, 0.5, 0.5, 0.6, 0.4]
}

/// Kind of device.
enum Device: UInt8, CaseIterable, Sendable {
  case mobile, web, pos, atm, branch, none

  static let names = ByteTable(["mobile", "web", "pos", "atm", "branch"])
}

/// Acquirer or payment service provider; all but the switch are invented.
enum Acquirer: UInt8, CaseIterable, Sendable {
  case nordPay, acquira, bluePeak, meridian, npciSwitch, none

  static let names = ByteTable(["NordPay", "Acquira", "BluePeak", "Meridian", "NPCI Switch"])
}

/// Card scheme.
enum CardScheme: UInt8, CaseIterable, Sendable {
  case visa, mastercard, amex, rupay, none

  static let names = ByteTable(["visa", "mastercard", "amex", "rupay"])
}

/// Product of the bank.
enum Product: UInt8, CaseIterable, Sendable {
  case debitCard, creditCard, currentAccount, sepaTransfer, instantTransfer, directDebit, upi
  case internationalWire, cash

  static let names = ByteTable([
    "Debit Card", "Credit Card", "Current Account", "SEPA Transfer", "Instant Transfer",
    "Direct Debit", "UPI", "International Wire", "Cash",
  ])
}

/// Settlement rail, as in `rails`.
enum Rail: UInt8, CaseIterable, Sendable {
  case card, sepaTransfer, sepaInstant, sepaDirectDebit, upi, wire, ach

  static let codes = ["CARD", "SEPA_CT", "SEPA_INST", "SEPA_DD", "UPI", "WIRE", "ACH"]
  static let names = ByteTable(codes)
  /// Share of settlements that come after the due time.
  static let lateShare: [Double] = [0.020, 0.015, 0.010, 0.030, 0.010, 0.040, 0.030]
  /// Lag used when no settlement windows are known, days; 0 stands for ten seconds.
  static let nominalLagDays = [2, 1, 0, 2, 1, 0, 1]
}

/// State of a settlement.
enum SettlementStatus: UInt8, CaseIterable, Sendable {
  case pending, settled, failed

  static let names = ByteTable(["pending", "settled", "failed"])
}

/// Currency of an account; the first is the base currency.
enum Currency: UInt8, CaseIterable, Sendable {
  case eur, gbp, usd, pln, inr, chf, sek

  static let codes = ["EUR", "GBP", "USD", "PLN", "INR", "CHF", "SEK"]
  static let names = ByteTable(codes)
  /// Typical amount in the currency for what costs 1 EUR.
  static let priceLevel: [Double] = [1, 0.86, 1.09, 4.3, 1, 1.05, 11.2]
}

/// Answer of the issuer or switch (ISO 8583 field 39).
enum ResponseCode {
  static let codes = [
    "00", "05", "51", "54", "55", "57", "61", "62", "65", "14", "41", "43", "59", "91", "96", "68",
    "92", "06",
  ]
  static let names = ByteTable(codes)
  static let approved: UInt8 = 0
  static let doNotHonour: UInt8 = 1
  static let timeout: UInt8 = 15
  static let none: UInt8 = 255
  /// Business declines by frequency, cumulative per 256.
  static let businessDeclines: [(code: UInt8, upTo: Int)] = [
    (2, 104), (1, 158), (4, 182), (3, 196), (6, 210), (8, 221), (5, 232), (9, 240), (7, 246),
    (12, 251), (10, 254), (11, 256),
  ]
  /// Technical declines by frequency, cumulative per 256.
  static let technicalDeclines: [(code: UInt8, upTo: Int)] = [
    (13, 115), (14, 166), (15, 220), (16, 240), (17, 256),
  ]
}
