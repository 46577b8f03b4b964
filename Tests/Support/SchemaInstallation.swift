internal import MariaDBClient

/// Installs the project's own tables, views and routines.
enum SchemaInstallation {
  static func install(on connection: Connection) async throws {
  }
}
