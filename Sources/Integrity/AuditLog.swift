package import MariaDBClient
package import PayopsCore
package import Tabular

/// The audit log: who changed what, in a chain of hashes that shows whether the log was altered.
package enum AuditLog {
  /// A head of the log that is stored outside of it.
  package struct Anchor: Sendable {
    /// Number of the entry.
    package let id: Int64
    /// Its hash.
    package let hash: String
    /// Where it is stored, in words.
    package let source: String

    /// Makes a head.
    package init(id: Int64, hash: String, source: String) {
      self.id = id
      self.hash = hash
      self.source = source
    }

    /// Reads a head as ``AuditLog/head(on:)`` writes it.
    ///
    /// - Throws: a usage error for any other text
    package init(_ text: String) throws(Fault) {
      let parts = text.split(separator: ":")
      guard parts.count == 2, let id = Int64(parts[0]), parts[1].count == 64 else {
        throw .usage("'\(text)' is not a head", hint: "write it as `payops audit head` does")
      }
      self.init(id: id, hash: String(parts[1]), source: "the head given")
    }
  }

  /// Entries, the latest first.
  ///
  /// - Parameters:
  ///   - kind: only entries about this kind of subject; nil for all
  ///   - limit: most rows
  ///   - isWide: whether to return every column, for programs
  ///   - connection: connection with the schema selected
  package static func entries(
    of kind: String?, limit: Int, isWide: Bool, on connection: Connection
  ) async throws -> DataTable {
    let columns =
      isWide
      ? "audit_id, recorded_at, actor, subject_kind, subject, audit_action, old_values,"
        + " new_values, entry_hash"
      : "audit_id, CAST(recorded_at AS DATETIME) AS recorded_at, SUBSTRING_INDEX(actor, '@', 1)"
        + " AS actor, audit_action AS action, CONCAT(subject_kind, ' ', subject) AS subject"
    return DataTable(
      try await connection.query(
        "SELECT \(columns) FROM audit_log WHERE subject_kind = COALESCE(?, subject_kind)"
          + " ORDER BY audit_id DESC LIMIT ?", [.optional(kind), .integer(Int64(limit))])
    ).roles(["subject": .key, "actor": .minor, "action": .minor])
  }

  /// The number and hash of the last entry, to be stored outside of the log.
  package static func head(on connection: Connection) async throws -> String {
    let row = try await connection.query("SELECT audit_id, entry_hash FROM audit_head").rows.first
    return row.map { "\($0["audit_id"] ?? ""):\($0["entry_hash"] ?? "")" } ?? "0:"
  }

  /// Recomputes the chain and compares it with heads that are stored outside of the log.
  ///
  /// - Returns: the problems by entry, and the number of entries
  package static func verify(
    against anchors: [Anchor], on connection: Connection
  ) async throws -> (problems: DataTable, count: Int64) {
    var problems = try await connection.query("CALL verify_audit()").rows.map {
      [$0["audit_id"], $0["problem"]]
    }
    for anchor in anchors where anchor.id > 0 {
      let row = try await connection.query(
        "SELECT entry_hash FROM audit_log WHERE audit_id = ?", [.integer(anchor.id)]
      ).rows.first
      guard row?["entry_hash"] != anchor.hash else { continue }
      problems.append([
        "\(anchor.id)",
        "it is \(row == nil ? "missing, but" : "not the entry that")"
          + " \(anchor.source) holds\(row == nil ? " it" : "")",
      ])
    }
    let count = try await connection.query("SELECT COUNT(*) AS n FROM audit_log").rows.first
    return (
      DataTable(
        columns: [.init(name: "audit_id"), .init(name: "problem", role: .text)], rows: problems),
      count?.integer("n") ?? 0
    )
  }
}
