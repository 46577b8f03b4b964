/// An IP network, such as `10.1.0.0/16`.
package struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
  /// An address of the network.
  package let address: IPAddress
  /// How many leading bits its addresses share: 0 to 32 for IPv4, 0 to 128 for IPv6.
  package let prefixLength: Int

  /// Reads a network in CIDR notation; a lone address is the network of that address.
  ///
  /// - Throws: ``NotificationError/Code/notANetwork``, also when bits behind the prefix are set,
  ///   which is usually a mistake.
  package init(_ text: String) throws(NotificationError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = IPAddress(String(parts[0])) else {
      throw NotificationError(
        .notANetwork, "'\(text)' is not a network", hint: "write it as 10.1.0.0/16 or fd00::/8")
    }
    let longest = address.bytes.count * 8
    var length = longest
    if parts.count == 2 {
      guard parts[1].utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(parts[1]),
        number <= longest
      else {
        throw NotificationError(
          .notANetwork, "'\(text)' has no prefix length of 0 to \(longest)",
          hint: "write it as 10.1.0.0/16 or fd00::/8")
      }
      length = number
    }
    self.address = address
    prefixLength = length
    guard masked(address.bytes) == address.bytes else {
      throw NotificationError(
        .notANetwork, "'\(text)' has bits behind its prefix",
        hint: IPAddress(bytes: masked(address.bytes)).map { "did you mean \($0)/\(length)?" })
    }
  }

  /// Whether an address lies in the network.
  package func contains(_ other: IPAddress) -> Bool {
    other.bytes.count == address.bytes.count && masked(other.bytes) == masked(address.bytes)
  }

  private func masked(_ bytes: [UInt8]) -> [UInt8] {
    bytes.enumerated().map { index, byte in
      let kept = min(8, max(0, prefixLength - index * 8))
      return kept == 0 ? 0 : byte & (0xff << UInt8(8 - kept))
    }
  }

  /// CIDR notation.
  package var description: String { "\(address)/\(prefixLength)" }
}
