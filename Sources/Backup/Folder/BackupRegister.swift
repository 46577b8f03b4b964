internal import Foundation
package import MariaDBClient
package import PayopsCore

/// Mirrors a folder of backups into the table `backups`, for BI tools.
///
/// Only regular backups are mirrored: a safety copy, or the result of a point-in-time restore,
/// says nothing about how much a loss would cost.
package struct BackupRegister: Sendable {
  private let connection: Connection

  /// - Parameter connection: a connection with the payops schema selected.
  package init(_ connection: Connection) { self.connection = connection }

  /// Writes the contents of a folder; missing backups become deleted, and unreadable ones stay as
  /// they were.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - policy: determines when rotation will remove each backup.
  ///   - now: seconds since 1970.
  package func record(
    _ folder: BackupFolder, policy: RetentionPolicy,
    now: Int64 = Int64(Date().timeIntervalSince1970)
  ) async throws {
    let contents = try folder.contents()
    let backups = contents.backups.filter(\.isInOrder)
    let path = URL(filePath: folder.path).standardizedFileURL.path(percentEncoded: false)
    // Rotation handles each schema separately.
    var next: [String: Int64] = [:]
    for group in Dictionary(grouping: backups, by: \.schema).values {
      if let (id, instant) = policy.nextDeletion(for: group.map(\.retained), after: now) {
        next[id] = instant
      }
    }
    let hasHash = try await connection.query(
      "SELECT 1 AS found FROM information_schema.columns WHERE table_schema = DATABASE()"
        + " AND table_name = 'backups' AND column_name = 'manifest_hash'")
    // A schema deployed by an older version has no such column.
    let columns = Self.columns + (hasHash.rows.isEmpty ? [] : ["manifest_hash"])
    let upsert = Self.upsert(columns)
    let rows = try backups.map { backup in
      try Self.values(of: backup, path: path, nextDeletion: next[backup.id])
        + (hasHash.rows.isEmpty ? [] : [.text(backup.hash)])
    }
    let kept = (backups.map(\.id) + contents.unreadable.map(\.name)).map { SQLValue.text($0) }
    try await connection.transaction { connection in
      if connection.options.jobFence != nil { try connection.execute("CALL check_job_fence()") }
      for row in rows { try connection.execute(upsert, row) }
      let list = kept.isEmpty ? "" : " AND backup_id NOT IN (\(Self.marks(kept.count)))"
      try connection.execute(
        "UPDATE backups SET state = 'deleted', deleted_at = UTC_TIMESTAMP(),"
          + " next_deletion_at = NULL WHERE folder = ? AND state <> 'deleted'" + list,
        [.text(path)] + kept)
    }
  }

  private static func marks(_ count: Int) -> String {
    Array(repeating: "?", count: count).joined(separator: ", ")
  }

  private static let columns = [
    "recorded_at", "backup_id", "backup_sequence", "schema_name", "created_at", "state",
    "verified_at",
    "dump_seconds", "restore_seconds", "raw_bytes", "stored_bytes", "is_encrypted", "is_pinned",
    "gtid_position", "next_deletion_at", "folder",
  ]

  /// The hash of a manifest is written once, so that a later change of the manifest shows.
  private static func upsert(_ columns: [String]) -> String {
    "INSERT INTO backups (\(columns.joined(separator: ", "))) VALUES"
      + " (UTC_TIMESTAMP(), \(marks(columns.count - 1))) ON DUPLICATE KEY UPDATE "
      + columns.filter { $0 != "backup_id" }.map { column in
        column == "manifest_hash"
          ? "manifest_hash = COALESCE(manifest_hash, VALUES(manifest_hash))"
          : "\(column) = VALUES(\(column))"
      }.joined(separator: ", ") + ", deleted_at = NULL"
  }

  private static func values(
    of backup: BackupManifest, path: String, nextDeletion: Int64?
  ) -> [SQLValue] {
    let verification = backup.verification
    return [
      .text(backup.id), .integer(backup.sequence), .text(backup.schema),
      .text(stored(backup.createdAt)), .text(verification.state.rawValue),
      .optional(verification.verifiedAt.map(stored)), .double(backup.dumpSeconds),
      .optional(verification.restoreSeconds), .integer(backup.data.rawBytes),
      .integer(backup.data.storedBytes), .integer(backup.data.keyId == nil ? 0 : 1),
      .integer(backup.isPinned ? 1 : 0),
      .optional(backup.position.flatMap { $0.gtid.isEmpty ? nil : $0.gtid }),
      .optional(nextDeletion.map { stored(Timestamp.text($0)) }), .text(path),
    ]
  }

  /// An instant as an SQL literal.
  private static func stored(_ text: String) -> String {
    text.replacing("T", with: " ").replacing("Z", with: "")
  }
}

extension BackupManifest {
  /// The facts that rotation needs.
  package var retained: RetentionPolicy.Backup {
    RetentionPolicy.Backup(
      id: id, sequence: sequence, createdAt: createdEpoch, isVerified: isVerified,
      isPinned: isPinned, isInOrder: isInOrder)
  }
}
