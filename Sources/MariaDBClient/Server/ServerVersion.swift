/// The version of a server.
package struct ServerVersion: Sendable, Equatable, Comparable, CustomStringConvertible {
  /// First number.
  package let major: Int
  /// Second number.
  package let minor: Int
  /// Third number.
  package let patch: Int
  /// Whether the server is MariaDB rather than MySQL.
  package let isMariaDB: Bool
  /// The version as the server writes it.
  package let description: String

  /// The product and the three numbers: `MariaDB 10.11.19`.
  package var short: String { "\(isMariaDB ? "MariaDB" : "MySQL") \(major).\(minor).\(patch)" }

  /// Reads a version as a server writes it, such as `10.11.19-MariaDB-0+deb12u1`.
  ///
  /// - Parameter text: the server's text; missing numbers count as 0.
  package init(_ text: String) {
    var rest = Substring(text)
    // MariaDB puts this before its own version for old replicas.
    if rest.hasPrefix("5.5.5-") { rest = rest.dropFirst(6) }
    let numbers = rest.prefix { $0.isNumber || $0 == "." }.split(separator: ".").map {
      Int($0) ?? 0
    }
    major = numbers.count > 0 ? numbers[0] : 0
    minor = numbers.count > 1 ? numbers[1] : 0
    patch = numbers.count > 2 ? numbers[2] : 0
    isMariaDB = text.lowercased().contains("mariadb")
    description = String(rest)
  }

  /// Orders by the three numbers.
  package static func < (left: ServerVersion, right: ServerVersion) -> Bool {
    (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
  }
}
