import Foundation
import MariaDBClient
import TestSupport
import Testing

/// Every view over arbitrary rows, compared with checksums of each of its columns.
///
/// The tests of single views show why a figure is right; this one notices that a view treats some
/// row differently. `PAYOPS_UPDATE_SNAPSHOTS=1` renews the golden file.
@Suite("Figures over made-up rows", .timeLimit(.minutes(10)))
struct MadeUpRowsTests {
  /// Columns about the installation.
  private static let unsteady: Set<String> = [
    "deployed_objects", "audit_log", "audit_head", "ops_audit_entries", "erasure_keys",
    "ops_objects", "space_samples",
    "ops_space_forecast", "ops_revision", "customer_counterparties.counterparty_key",
    // A sequence, and on MySQL a table.
    "bulk_loads",
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  @Test("no view changes unnoticed over arbitrary rows or an installation without rows")
  func figures() async throws {
    for isFilled in [true, false] {
      try await hold(isFilled: isFilled)
    }
  }

  private func hold(isFilled: Bool) async throws {
    try await TestServer.withSchema { connection in
      if isFilled { try await MadeUpRows.fill(connection) }
      // Views that read the clock of the server read this value.
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('\(MadeUpRows.present)')")
      try await connection.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      var found: [String] = []
      let sources = try await Figures.sources(connection, without: Self.unsteady)
      for source in sources where isFilled || source.isView {
        do {
          found += Figures.lines(of: source, [try await Figures.values(of: source, connection)])
        } catch let error as DatabaseError {
          found.append("\(source.name) error \(error.errno)")
        }
      }
      try Figures.hold(
        found,
        to: Self.folder.appending(
          path: isFilled ? "made_up_figures.txt" : "empty_figures.txt"))
    }
  }
}
