import Testing

@testable import Notifications

@Suite("Address guard")
struct AddressGuardTests {
  /// Addresses of every blocked range, including its first and last.
  static let inner = [
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
    "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "169.254.255.255",
    "172.16.0.0", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1",
    "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255",
    "100.100.100.200", "168.63.129.16",
    "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.1.2.3",
    "::ffff:169.254.169.254", "64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:0:7f00:1::", "2001:1ff:ffff::1", "2001:db8::1", "2002:7f00:1::",
    "2002:a9fe:a9fe::", "3fff::1", "3fff:fff:ffff::", "4000::1", "5f00::1", "fc00::1",
    "fd00:ec2::254", "fdff::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1", "ff02::1",
    "ff0e::1", "1fff::1",
  ]

  @Test("addresses that are not public are refused", arguments: inner)
  func refuses(text: String) throws {
    #expect(!AddressGuard().allows(try #require(IPAddress(text))))
  }

  @Test(
    "public addresses are allowed, even next to a blocked range",
    arguments: [
      "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
      "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
      "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
      "223.255.255.255", "168.63.129.15", "::ffff:8.8.8.8", "2001:200::1", "2001:4860:4860::8888",
      "2001:db7::1", "2001:db9::1", "2003::1", "2606:4700:4700::1111", "3ffe::1", "3fff:1000::1",
    ])
  func allows(text: String) throws {
    #expect(AddressGuard().allows(try #require(IPAddress(text))))
  }

  @Test("a channel's allowed networks are reachable, and nothing else")
  func exceptions() throws {
    let guarded = AddressGuard(
      allowed: [try IPNetwork("10.1.0.0/16"), try IPNetwork("fd12::/16"), try IPNetwork("::1")])
    for text in ["10.1.2.3", "::ffff:10.1.2.3", "fd12:3::1", "::1"] {
      #expect(guarded.allows(try #require(IPAddress(text))), "\(text)")
    }
    for text in ["10.2.0.0", "fd13::1", "127.0.0.1", "::2"] {
      #expect(!guarded.allows(try #require(IPAddress(text))), "\(text)")
    }
  }

  @Test("the addresses of cloud credentials are allowed only when named exactly")
  func metadata() throws {
    let credentials = try #require(IPAddress("169.254.169.254"))
    #expect(!AddressGuard(allowed: [try IPNetwork("169.254.0.0/16")]).allows(credentials))
    #expect(!AddressGuard(allowed: [try IPNetwork("0.0.0.0/0")]).allows(credentials))
    #expect(AddressGuard(allowed: [try IPNetwork("169.254.169.254")]).allows(credentials))
    let other = try #require(IPAddress("169.254.1.1"))
    #expect(AddressGuard(allowed: [try IPNetwork("169.254.0.0/16")]).allows(other))
  }

  @Test("every blocked network matches its own addresses")
  func networks() {
    #expect(AddressGuard.metadata.count == 10)
    #expect(AddressGuard.reserved.count == 19)
  }
}

@Suite("Network")
struct IPNetworkTests {
  @Test(
    "a network is read in CIDR notation",
    arguments: [
      ("10.1.0.0/16", "10.1.0.0/16"), ("192.0.2.1", "192.0.2.1/32"), ("0.0.0.0/0", "0.0.0.0/0"),
      ("2001:DB8::/33", "2001:db8::/33"), ("::1", "::1/128"), ("10.0.0.2/31", "10.0.0.2/31"),
    ])
  func good(text: String, shown: String) throws {
    #expect(try IPNetwork(text).description == shown)
  }

  @Test(
    "an invalid network is refused",
    arguments: [
      "", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/", "10.1/16", "10.1.0.0/16/1", "host/8",
      "::/129", "10.1.0.1/16", "2001:db8::1/32", "10.1.0.0/+8", "01.2.3.4", "::ffff:10.0.0.0/104",
    ])
  func bad(text: String) {
    let error = #expect(throws: NotificationError.self) { try IPNetwork(text) }
    #expect(error?.code == .notANetwork)
  }
}
