// Written by scripts/catalogue from sql/catalogue.

/// A dimension by which the rollups count payments.
package enum Dimension: String, Sendable, CaseIterable {
  /// Every payment, without a split.
  case all
  /// Type of payment.
  case transactionType = "transaction_type"
  /// Category of the merchant.
  case merchantCategory = "merchant_category"
  /// City where the payment was made.
  case location
  /// Device.
  case deviceType = "device_type"
  /// Channel.
  case channel
  /// Product of the bank.
  case product
  /// Acquirer or payment service provider.
  case acquirer
  /// Card scheme.
  case cardScheme = "card_scheme"
  /// Answer of the issuer or switch.
  case responseCode = "response_code"

  /// The most characters that a member has.
  package var maximumLength: Int {
    switch self {
    case .all: 3
    case .transactionType, .channel: 24
    case .merchantCategory, .acquirer: 40
    case .location: 64
    case .deviceType, .cardScheme: 16
    case .product: 32
    case .responseCode: 8
    }
  }

  /// Whether payments may have no member.
  package var isOptional: Bool {
    switch self {
    case .all, .transactionType: false
    case .merchantCategory, .location, .deviceType, .channel, .product, .acquirer, .cardScheme,
      .responseCode:
      true
    }
  }

  /// Whether members are ASCII.
  package var isASCII: Bool {
    switch self {
    case .all, .transactionType, .deviceType, .channel, .cardScheme, .responseCode: true
    case .merchantCategory, .location, .product, .acquirer: false
    }
  }
}
