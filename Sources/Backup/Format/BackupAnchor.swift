internal import Foundation
package import MariaDBClient

/// Records of backups kept outside their folder: number and hash of each manifest.
///
/// A folder alone cannot prove that its newest backup is the newest: anyone with write access can
/// remove newer ones. The register in the database, its audit log, and saved anchor files can.
package struct BackupAnchor: Sendable {
  /// One backup.
  package struct Entry: Sendable, Equatable {
    /// Name.
    package let id: String
    /// Number; nil when unknown.
    package let sequence: Int?
    /// SHA-256 of the facts of the manifest; nil when it was recorded by an older version.
    package let hash: String?
    /// Whether it may be missing: rotation removed it, it never was good, or is not regular.
    package let mayBeMissing: Bool
    /// The source of this record, for messages.
    package let source: String
  }

  private var entries: [Entry] = []

  /// An anchor without records.
  package init() {}

  /// Adds the records of a file: lines `ID SEQUENCE HASH`, as `payops backup anchor` prints them.
  ///
  /// - Throws: ``BackupError/Code/unreadableManifest`` for a file that is not an anchor.
  package mutating func add(file path: String) throws(BackupError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw BackupFolder.failure("read", path)
    }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 3, BackupName.isOne(String(parts[0])), let number = Int(parts[1]),
        parts[2].count == 64
      else {
        throw BackupError(
          .unreadableManifest, "\(path) is not a list of backups",
          hint: "write one with `payops backup anchor`")
      }
      entries.append(
        Entry(
          id: String(parts[0]), sequence: number, hash: String(parts[2]), mayBeMissing: false,
          source: path))
    }
  }

  /// Adds the records of the selected schema's register and audit log.
  ///
  /// - Returns: false when the schema has no register.
  @discardableResult
  package mutating func add(registerOn connection: Connection, schema: String) async throws -> Bool
  {
    let columns = try await connection.query(
      "SELECT table_name AS name, column_name AS col FROM information_schema.columns"
        + " WHERE table_schema = DATABASE() AND table_name IN ('backups', 'audit_log')"
    ).rows.map { "\($0["name"] ?? "").\($0["col"] ?? "")" }
    guard columns.contains("backups.manifest_hash") else { return false }
    let rows = try await connection.query(
      "SELECT backup_id AS id, backup_sequence AS sequence, manifest_hash AS hash, state"
        + " FROM backups WHERE schema_name = ?", [.text(schema)]
    ).rows
    for row in rows {
      entries.append(
        Entry(
          id: row["id"] ?? "", sequence: row.integer("sequence").map { Int($0) },
          hash: row["hash"], mayBeMissing: row["state"] != "verified",
          source: "the register of the database"))
    }
    if columns.contains("audit_log.new_values") {
      let logged = try await connection.query(
        "SELECT subject AS id, JSON_VALUE(new_values, '$.manifest_hash') AS hash FROM audit_log"
          + " WHERE subject_kind = 'backup' AND audit_action = 'created'"
      ).rows
      for row in logged {
        guard let hash = row["hash"] else { continue }
        entries.append(
          Entry(
            id: row["id"] ?? "", sequence: nil, hash: hash, mayBeMissing: true,
            source: "the audit log of the database"))
      }
    }
    return true
  }

  /// Whether it has records.
  package var isEmpty: Bool { entries.isEmpty }

  /// Checks that a manifest is the recorded one.
  ///
  /// - Returns: whether the backup has a record at all.
  /// - Throws: ``BackupError/Code/unauthentic``.
  @discardableResult
  package func check(_ manifest: BackupManifest) throws(BackupError) -> Bool {
    let known = entries.filter { $0.id == manifest.id && $0.hash != nil }
    let hash = try manifest.hash
    if let other = known.first(where: { $0.hash != hash }) {
      throw BackupError(
        .unauthentic,
        "the manifest of \(manifest.id) is not the one that \(other.source) records",
        hint: "somebody changed the manifest or the record of it; find out which before restoring")
    }
    return !known.isEmpty
  }

  /// Checks that no record is newer than the backup that was chosen as the newest.
  ///
  /// - Parameter isThere: whether the folder still has a backup of a name.
  /// - Throws: ``BackupError/Code/unauthentic``.
  package func checkNewest(
    _ manifest: BackupManifest, isThere: (String) -> Bool
  ) throws(BackupError) {
    let newer = entries.filter {
      !$0.mayBeMissing && $0.sequence ?? 0 > manifest.sequence && !isThere($0.id)
    }
    guard let lost = newer.max(by: { $0.sequence ?? 0 < $1.sequence ?? 0 }) else { return }
    throw BackupError(
      .unauthentic,
      "\(lost.source) records a newer backup, \(lost.id), which is not in the folder",
      hint: "find it, or restore an older one by its name")
  }
}
