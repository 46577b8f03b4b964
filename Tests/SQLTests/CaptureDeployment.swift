import MariaDBClient
import Schema

/// Installs the project's SQL on a server of a test's own.
enum CaptureDeployment {
  static func deploy(_ connection: Connection) async throws {
    try await Deployment(connection: connection).deploy()
  }
}
