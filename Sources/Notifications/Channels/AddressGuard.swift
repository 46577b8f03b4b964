/// Decides to which addresses a channel may connect.
///
/// Only public addresses are allowed, so that a configured URL, or a name that resolves to another
/// address later, cannot reach services that only this machine can reach. A channel can name
/// private networks that it may reach as well.
package struct AddressGuard: Sendable, Equatable {
  /// Networks that are allowed although they are not public.
  package let allowed: [IPNetwork]

  /// Makes a guard with exceptions.
  package init(allowed: [IPNetwork] = []) {
    self.allowed = allowed
  }

  /// Whether a channel may connect to an address.
  ///
  /// - Returns: true for public addresses and those in an allowed network. The metadata addresses,
  ///   at which clouds give credentials to any caller, must be named one by one.
  package func allows(_ address: IPAddress) -> Bool {
    let metadata = Self.metadata.contains { $0.contains(address) }
    if allowed.contains(where: { network in
      network.contains(address)
        && (!metadata || network.prefixLength == network.address.bytes.count * 8)
    }) {
      return true
    }
    return !metadata && Self.isPublic(address)
  }

  private static func isPublic(_ address: IPAddress) -> Bool {
    // Only 2000::/3 of IPv6 is allocated for public addresses.
    if address.bytes.count == 16, address.bytes[0] & 0xe0 != 0x20 { return false }
    return !reserved.contains { $0.contains(address) }
  }

  private static func networks(_ texts: [String]) -> [IPNetwork] {
    texts.compactMap { try? IPNetwork($0) }
  }

  /// The metadata addresses of clouds, which give credentials to their own machines.
  static let metadata = networks([
    "169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16",
    "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fe80::a9fe:a9fe",
  ])

  /// The networks that IANA reserves (special-purpose address registries, RFC 6890), with
  /// multicast.
  static let reserved = networks([
    "0.0.0.0/8",  // this network, unspecified
    "10.0.0.0/8",  // private
    "100.64.0.0/10",  // shared by carriers
    "127.0.0.0/8",  // loopback
    "169.254.0.0/16",  // link-local
    "172.16.0.0/12",  // private
    "192.0.0.0/24",  // protocols
    "192.0.2.0/24",  // documentation
    "192.88.99.0/24",  // relays of 6to4
    "192.168.0.0/16",  // private
    "198.18.0.0/15",  // benchmarks
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",  // documentation
    "224.0.0.0/4",  // multicast
    "240.0.0.0/4",  // reserved, broadcast
    // Networks outside 2000::/3 (loopback, link-local, unique local, NAT64, multicast) are not
    // public anyway.
    "2001::/23",  // protocols, with Teredo, which holds addresses of IPv4
    "2001:db8::/32",  // documentation
    "2002::/16",  // 6to4, which holds addresses of IPv4
    "3fff::/20",  // documentation
  ])
}
