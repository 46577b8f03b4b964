internal import CSodium
internal import PayopsCore

/// The bytes of a key: never copied or printed, and overwritten when no longer used.
package final class SecretKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  /// Written only by `init` and `deinit`, so any thread may read it.
  private nonisolated(unsafe) let memory: UnsafeMutablePointer<UInt8>
  private let count: Int

  /// Takes ownership of the bytes of a key.
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

  /// Reads a key from hexadecimal digits; nil for any other text.
  ///
  /// - Parameters:
  ///   - text: two digits for each byte.
  ///   - length: the length that the key must have, bytes.
  package static func reading(_ text: some StringProtocol, length: Int) -> SecretKey? {
    guard var bytes = Hexadecimal.bytes(text), bytes.count == length else { return nil }
    defer { sodium_memzero(&bytes, bytes.count) }
    return SecretKey(bytes)
  }

  /// The key as hexadecimal digits, for its file.
  package var reveal: String { Hexadecimal.text(UnsafeBufferPointer(start: memory, count: count)) }

  /// Gives access to the bytes during a call.
  func withBytes<R>(_ use: (UnsafePointer<UInt8>, Int) -> R) -> R {
    use(memory, count)
  }

  /// Whether two keys are equal, compared in a time that does not depend on their bytes.
  package static func == (one: SecretKey, other: SecretKey) -> Bool {
    one.count == other.count && sodium_memcmp(one.memory, other.memory, one.count) == 0
  }

  /// Always `***`.
  package var description: String { "***" }

  /// A mirror without children, so that `dump` shows nothing.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
