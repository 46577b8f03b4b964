internal import Foundation
package import MariaDBClient

/// Writes how far the archive of binary logs reaches into the table `log_archives`, for BI tools.
package struct LogRegister: Sendable {
  private let connection: Connection

  /// - Parameter connection: a connection with the payops schema selected.
  package init(_ connection: Connection) { self.connection = connection }

  /// Writes the state of an archive.
  ///
  /// - Parameters:
  ///   - archive: the archive.
  ///   - schema: the schema whose newest verified backup the logs must continue.
  ///   - now: seconds since 1970.
  package func record(
    _ archive: BinaryLogArchive, of schema: String,
    now: Int64 = Int64(Date().timeIntervalSince1970)
  ) async throws {
    let backup = try archive.folder.contents().inOrder(of: schema).last { $0.isVerified }
    guard let health = LogArchiveHealth(archive, since: backup, now: now) else { return }
    let path = URL(filePath: archive.folder.path).standardizedFileURL.path(percentEncoded: false)
    let status = health.status
    let columns = [
      "folder", "log_base", "log_name", "log_position", "missing_count", "event_at", "reached_at",
      "recorded_at",
    ]
    let values: [SQLValue] = [
      .text(path), .text(status.base), .text(status.log), .integer(status.position),
      .integer(Int64(health.missing.count)),
      .optional(status.eventEpoch.map { Self.stored($0) }), .text(Self.stored(status.reachedEpoch)),
    ]
    let upsert =
      "INSERT INTO log_archives (\(columns.joined(separator: ", ")))"
      + " VALUES (?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE "
      + columns.dropFirst(2).map { "\($0) = VALUES(\($0))" }.joined(separator: ", ")
    try await connection.transaction { connection in
      if connection.options.jobFence != nil { try connection.execute("CALL check_job_fence()") }
      try connection.execute(upsert, values)
    }
  }

  /// An instant as an SQL literal.
  private static func stored(_ epoch: Int64) -> String {
    Timestamp.text(epoch).replacing("T", with: " ").replacing("Z", with: "")
  }
}
