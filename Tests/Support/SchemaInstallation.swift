internal import MariaDBClient
internal import Schema

/// Installs the project's own tables, views and routines.
enum SchemaInstallation {
  static func install(on connection: Connection) async throws {
    try await Deployment(connection: connection).deploy()
  }
}
