internal import CSodium

/// The state of libsodium.
package enum SodiumLibrary {
  /// Initialises libsodium, once in the life of the process: it finds the source of random numbers
  /// and the quickest code for this processor. False when there is no source of random numbers.
  package static let isReady = sodium_init() >= 0
}
