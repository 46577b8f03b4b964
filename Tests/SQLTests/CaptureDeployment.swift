import MariaDBClient
import Schema

/// Installs the project's SQL on a private server of a test.
enum CaptureDeployment {
  static func deploy(_ connection: Connection) async throws {
    try await Deployment(connection: connection).deploy()
  }
}
