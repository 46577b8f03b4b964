package import Backup
package import MariaDBClient

/// The subject of the checks: a connection, and the facts that several checks need.
package struct Examination: Sendable {
  /// The state of the schema.
  package enum Schema: Sendable, Equatable {
    /// The server has no schema of the name, as far as the account can see.
    case missing
    /// The account may not use the schema.
    case forbidden
    /// The schema has no record of a deployment.
    case notDeployed
    /// The schema is deployed.
    case deployed
  }

  /// The connection; the schema is selected if it exists.
  package let connection: Connection
  /// The name of the schema.
  package let database: String
  /// The state of the schema.
  package let schema: Schema
  /// The server's global variables.
  package let variables: ServerVariables
  /// The privileges of the account.
  package let grants: Grants
  /// The backups of the schema; nil when their folder is not on this machine.
  package var backups: BackupHealth?

  /// Reads the facts and selects the schema.
  ///
  /// - Parameters:
  ///   - connection: a connection of its own
  ///   - database: the schema
  /// - Throws: `DatabaseError`
  package init(of connection: Connection, database: String) async throws {
    self.connection = connection
    self.database = database
    schema = try await Self.select(database, on: connection)
    variables = try await ServerVariables.read(from: connection)
    grants = try await Grants.read(from: connection)
  }

  private static func select(
    _ database: String, on connection: Connection
  ) async throws -> Schema {
    do throws(DatabaseError) {
      try await connection.execute("USE \(quoted(database))")
    } catch {
      switch error.errno {
      case 1049: return .missing
      case 1044, 1045: return .forbidden
      default: throw error
      }
    }
    do throws(DatabaseError) {
      let rows = try await connection.query("SELECT 1 AS one FROM deployed_objects LIMIT 1").rows
      return rows.isEmpty ? .notDeployed : .deployed
    } catch {
      switch error.errno {
      case 1146: return .notDeployed
      // The server does not reveal to an account without privileges whether the table exists.
      case 1142, 1143: return .forbidden
      default: throw error
      }
    }
  }

  /// An identifier in backquotes.
  ///
  /// - Parameter identifier: the name
  /// - Returns: the name, quoted
  package static func quoted(_ identifier: String) -> String {
    "`" + identifier.replacing("`", with: "``") + "`"
  }

  /// A list of names, shortened.
  ///
  /// - Parameters:
  ///   - names: the names
  ///   - limit: how many are named
  /// - Returns: `a, b, c and 4 more`
  package static func list(_ names: [String], limit: Int = 4) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
