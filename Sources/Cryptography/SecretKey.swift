internal import CSodium
internal import PayopsCore

/// The bytes of a key: copied nowhere, never shown, and overwritten when nobody uses them any more.
package final class SecretKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// Written by `init` and `deinit` alone, so any thread may read it.
  private nonisolated(unsafe) let memory: UnsafeMutablePointer<UInt8>
  private let count: Int

  /// Takes over the bytes of a key.
  package init(_ bytes: [UInt8]) {
    count = bytes.count
    memory = .allocate(capacity: max(1, count))
    memory.initialize(from: bytes, count: count)
  }

  deinit {
    sodium_memzero(memory, count)
    memory.deallocate()
  }

  /// A new key; nil when the operating system has no source of random numbers.
  ///
  /// - Parameter length: its length, bytes.
  package static func random(length: Int) -> SecretKey? {
    guard var bytes = RandomBytes.make(length) else { return nil }
    defer { sodium_memzero(&bytes, bytes.count) }
    return SecretKey(bytes)
  }

  /// Reads a key from hexadecimal digits; nil when they are not those of a key.
  ///
  /// - Parameters:
  ///   - text: two digits for each byte.
  ///   - length: the length that the key must have, bytes.
  package static func reading(_ text: some StringProtocol, length: Int) -> SecretKey? {
    guard var bytes = Hexadecimal.bytes(text), bytes.count == length else { return nil }
    defer { sodium_memzero(&bytes, bytes.count) }
    return SecretKey(bytes)
  }

  /// The key as hexadecimal digits, to be written into its file.
  package var reveal: String { Hexadecimal.text(UnsafeBufferPointer(start: memory, count: count)) }

  /// Lends the bytes.
  func withBytes<R>(_ use: (UnsafePointer<UInt8>, Int) -> R) -> R {
    use(memory, count)
  }

  /// Whether two keys are the same, compared in a time that does not depend on their bytes.
  package static func == (one: SecretKey, other: SecretKey) -> Bool {
    one.count == other.count && sodium_memcmp(one.memory, other.memory, one.count) == 0
  }

  /// Always `***`.
  package var description: String { "***" }

  /// A mirror without children, so that `dump` shows nothing.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
