import MariaDBClient
import TestSupport

/// Deployed schemas for the tests of imports.
enum Deployed {
  /// Runs a body with a connection to a deployed schema of its own.
  static func withSchema(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { try await body($0) }
  }
}
