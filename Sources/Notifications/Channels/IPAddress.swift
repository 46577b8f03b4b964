internal import Foundation

/// An IP address; an IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) becomes the IPv4 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  /// The bytes in network order: 4 for IPv4, 16 for IPv6.
  package let bytes: [UInt8]

  /// Makes an address from its bytes.
  ///
  /// - Parameter bytes: 4 or 16 bytes; any other number gives nil.
  package init?(bytes: [UInt8]) {
    let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff]
    switch bytes.count {
    case 4: self.bytes = bytes
    case 16: self.bytes = bytes.starts(with: mapped) ? Array(bytes[12...]) : bytes
    default: return nil
    }
  }

  /// Reads `192.0.2.1` or `2001:db8::1`; nil for anything else.
  package init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      self.init(bytes: withUnsafeBytes(of: &four) { Array($0) })
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      self.init(bytes: withUnsafeBytes(of: &six) { Array($0) })
    } else {
      return nil
    }
  }

  /// Makes an address from a socket address.
  ///
  /// - Parameter address: a socket address of `length` readable bytes.
  /// - Returns: nil for families other than IPv4 and IPv6.
  init?(socketAddress address: UnsafeRawPointer, length: Int) {
    guard length >= MemoryLayout<sa_family_t>.size else { return nil }
    let family = Int32(address.loadUnaligned(as: sa_family_t.self))
    if family == AF_INET, length >= MemoryLayout<sockaddr_in>.size {
      var address = address.loadUnaligned(as: sockaddr_in.self).sin_addr
      self.init(bytes: withUnsafeBytes(of: &address) { Array($0) })
    } else if family == AF_INET6, length >= MemoryLayout<sockaddr_in6>.size {
      var address = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
      self.init(bytes: withUnsafeBytes(of: &address) { Array($0) })
    } else {
      return nil
    }
  }

  /// Whether it is a loopback address.
  package var isLoopback: Bool {
    bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
  }

  /// The usual notation.
  package var description: String {
    var text = [CChar](repeating: 0, count: 64)
    let family = bytes.count == 4 ? AF_INET : AF_INET6
    guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
