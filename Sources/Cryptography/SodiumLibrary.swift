internal import CSodium

/// The state of libsodium.
package enum SodiumLibrary {
  /// Initialises libsodium, once per process: it finds the source of random numbers and the fastest
  /// code for this processor. False when there is no source of random numbers.
  package static let isReady = sodium_init() >= 0
}
