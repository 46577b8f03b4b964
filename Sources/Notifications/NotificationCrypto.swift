internal import CSodium

/// The state of libsodium.
enum NotificationCrypto {
  /// Initialises libsodium; once in the life of the process.
  static let isReady = sodium_init() >= 0
}
