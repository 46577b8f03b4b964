package import MariaDBClient

/// Global variables of a server, by lower-case name.
package struct ServerVariables: Sendable, Equatable {
  /// The values as the server writes them.
  package var values: [String: String]

  /// Reads all global variables.
  ///
  /// - Parameter connection: any connection; no privilege is needed
  /// - Returns: the variables
  package static func read(from connection: Connection) async throws -> ServerVariables {
    let rows = try await connection.query("SHOW GLOBAL VARIABLES").rows
    var values: [String: String] = [:]
    for row in rows {
      if let name = row["Variable_name"], let value = row["Value"] {
        values[name.lowercased()] = value
      }
    }
    return ServerVariables(values: values)
  }

  /// The value of a variable; nil when the server does not have it.
  package subscript(_ name: String) -> String? { values[name] }

  /// The value of a number.
  ///
  /// - Parameter name: the variable
  /// - Returns: the number; nil without a numeric value
  package func integer(_ name: String) -> Int? { values[name].flatMap { Int($0) } }

  /// Whether a switch is on.
  ///
  /// - Parameter name: the variable
  /// - Returns: whether its value is ON or 1
  package func isOn(_ name: String) -> Bool {
    ["ON", "1"].contains(values[name]?.uppercased())
  }
}
