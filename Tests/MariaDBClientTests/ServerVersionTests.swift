import Testing

@testable import MariaDBClient

@Suite("Server version")
struct ServerVersionTests {
  @Test(
    "a server version is read from the server's text, and missing numbers are 0",
    arguments: [
      ("10.11.6-MariaDB-0+deb12u1", [10, 11, 6], true), ("8.4.0", [8, 4, 0], false),
      ("11.8-MariaDB", [11, 8, 0], true), ("10", [10, 0, 0], false), ("", [0, 0, 0], false),
      ("5.5.5-10.11.6-MariaDB", [10, 11, 6], true),
    ])
  func reading(text: String, numbers: [Int], isMariaDB: Bool) {
    let version = ServerVersion(text)
    #expect([version.major, version.minor, version.patch] == numbers)
    #expect(version.isMariaDB == isMariaDB)
  }

  @Test("server versions are ordered by their three numbers")
  func order() {
    let sorted = ["8.4.9", "10.6.20", "10.11.6", "10.11.7", "11.0.0"].map { ServerVersion($0) }
    for (position, version) in sorted.enumerated() {
      for (other, further) in sorted.enumerated() {
        #expect((version < further) == (position < other), "\(version) \(further)")
      }
    }
  }
}
