// Written by scripts/catalogue from sql/catalogue.

/// A state of a payment.
package enum PaymentState: String, Sendable, CaseIterable {
  /// Asked for, not yet confirmed by the payer.
  case created
  /// Confirmed, waiting for an answer or for processing.
  case pending
  /// Approved by the issuer, money not yet taken.
  case authorized
  /// Approved and taken.
  case completed
  /// Technical decline: connectivity, switch or message.
  case failed
  /// Business decline: funds, limit, credentials, risk.
  case denied
  /// Withdrawn before it was sent or taken.
  case cancelled
  /// Taken, then undone by us or the acquirer.
  case reversed
  /// Taken, then paid back by the merchant.
  case refunded
  /// Taken, then disputed and paid back by the scheme.
  case chargedBack = "charged_back"
}
