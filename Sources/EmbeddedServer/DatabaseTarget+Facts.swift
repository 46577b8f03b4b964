internal import MariaDBClient
internal import PayopsCore
internal import Schema

extension DatabaseTarget {
  /// The longest that somebody who only looks waits for a server, seconds.
  private static let patience = 3

  /// Which server answers there and whether it has the schema, without starting or changing
  /// anything; a server that cannot be reached is said to be so.
  package func facts() async -> [(name: String, value: String)] {
    var options: ConnectionOptions
    switch place {
    case .server:
      options = settings.options
      options.connectTimeoutSeconds = min(Self.patience, options.connectTimeoutSeconds)
    case .embedded(let server):
      switch await server.status() {
      case .running: options = server.connectionOptions
      case .starting: return [("server", "it is starting")]
      case .stopped: return [("server", "it is stopped; most verbs start it")]
      case .notInstalled: return [("server", "there is none in this directory")]
      }
    }
    options.database = nil
    do throws(DatabaseError) {
      let connection = try await Connection.open(options)
      let version = connection.serverVersion.short
      let state = try? await schemaState(on: connection)
      await connection.close()
      return [("server", version)] + (state.map { [("schema", $0)] } ?? [])
    } catch {
      return [("server", "not reached: \(error.description)")]
    }
  }

  private func schemaState(on connection: Connection) async throws -> String {
    guard try await SchemaLookup.exists(database, on: connection) else {
      return "\(database) does not exist"
    }
    return try await SchemaLookup.isDeployed(database, on: connection)
      ? "\(database) is deployed" : "\(database) exists, payops is not deployed in it"
  }
}
