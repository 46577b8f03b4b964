import Backup
import MariaDBClient
import PayopsCore
import Tabular

/// `payops audit …`: who changed what, and the proof that nobody changed that.
struct AuditCommand: Verb {
  let name = "audit"
  let summary = "the log of who changed what, and its proof"
  let discussion = """
    Triggers log every change of settings, rules, targets, jobs and scores, and every
    decision of a person. Each entry holds the hash of the one before.
    """
  let subverbs: [any Verb] = [AuditList(), AuditVerify(), AuditHeadVerb()]
}

/// `payops audit list`.
struct AuditList: Verb {
  static let kind = Option.text(
    "kind", "KIND", "only what is of this kind, such as setting or rule")
  static let limit = Option.count("limit", "N", "most entries to print (default 20)")

  let name = "list"
  let summary = "print entries, the latest first"
  let options = [kind.declaration, limit.declaration, OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isWide = invocation.console.isJSON || invocation.format != nil
    let columns =
      isWide
      ? "audit_id, recorded_at, actor, subject_kind, subject, audit_action, old_values,"
        + " new_values, entry_hash"
      : "audit_id, CAST(recorded_at AS DATETIME) AS recorded_at, SUBSTRING_INDEX(actor, '@', 1)"
        + " AS actor, audit_action AS action, CONCAT(subject_kind, ' ', subject) AS subject"
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT \(columns) FROM audit_log WHERE subject_kind = COALESCE(?, subject_kind)"
            + " ORDER BY audit_id DESC LIMIT ?",
          [
            invocation[Self.kind].map { .text($0) } ?? .null,
            .integer(Int64(invocation[Self.limit] ?? 20)),
          ]))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops audit head`.
struct AuditHeadVerb: Verb {
  let name = "head"
  let summary = "print the last entry's number and hash, to be kept elsewhere"
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let row = try await invocation.withConnection { connection in
      try await connection.query("SELECT audit_id, entry_hash FROM audit_head").rows.first
    }
    let text = row.map { "\($0["audit_id"] ?? ""):\($0["entry_hash"] ?? "")" } ?? "0:"
    try invocation.console.write(
      invocation.console.isJSON ? JSON.string(text).compact + "\n" : text + "\n")
    return .ok
  }
}

/// `payops audit verify`.
struct AuditVerify: Verb {
  static let anchor = Option.text(
    "anchor", "ID:HASH", "a head kept elsewhere, as audit head prints it")

  let name = "verify"
  let summary = "prove that no entry was changed, removed or written anew"
  let discussion = """
    Recomputes the chain, and compares it with the heads that backups carry in their
    manifests and with those given: a chain that somebody wrote anew is whole in itself
    and differs from them. The daemon logs the head every hour. Exits with 1 when
    something is wrong.

      payops audit verify --dir /srv/backups
    """
  let options = [anchor.declaration, BackupOptions.dir.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let anchors = try given(invocation) + fromBackups(invocation)
    let (problems, count) = try await invocation.withConnection { connection in
      var problems = try await connection.query("CALL verify_audit()").rows.map {
        [$0["audit_id"], $0["problem"]]
      }
      for anchor in anchors where anchor.id > 0 {
        let row = try await connection.query(
          "SELECT entry_hash FROM audit_log WHERE audit_id = ?", [.integer(anchor.id)]
        ).rows.first
        if row?["entry_hash"] != anchor.hash {
          problems.append(
            [
              "\(anchor.id)",
              "it is \(row == nil ? "missing, but" : "not the entry that")"
                + " \(anchor.source) holds\(row == nil ? " it" : "")",
            ])
        }
      }
      let count = try await connection.query("SELECT COUNT(*) AS n FROM audit_log").rows.first
      return (problems, count?.integer("n") ?? 0)
    }
    let console = invocation.console
    let table = DataTable(
      columns: [.init(name: "audit_id"), .init(name: "problem")], rows: problems)
    if console.isJSON || !problems.isEmpty { try console.write(table, as: nil) }
    console.note(
      problems.isEmpty
        ? "\(count) entries are whole, \(anchors.count) heads kept elsewhere agree"
        : "\(problems.count) problems in \(count) entries")
    return problems.isEmpty ? .ok : .finding
  }

  private struct Anchor {
    let id: Int64
    let hash: String
    let source: String
  }

  private func given(_ invocation: Invocation) throws -> [Anchor] {
    try invocation.all(Self.anchor).map { text in
      let parts = text.split(separator: ":")
      guard parts.count == 2, let id = Int64(parts[0]), parts[1].count == 64 else {
        throw Fault.usage("'\(text)' is no head", hint: "write it as `payops audit head` does")
      }
      return Anchor(id: id, hash: String(parts[1]), source: "the head given")
    }
  }

  private func fromBackups(_ invocation: Invocation) throws -> [Anchor] {
    let schema = try DatabaseTarget(for: invocation).database
    let backups = (try? invocation.backupFolder.contents().backups) ?? []
    return backups.filter { $0.schema == schema }.compactMap { backup in
      backup.auditHead.map { Anchor(id: $0.id, hash: $0.hash, source: "backup \(backup.id)") }
    }
  }
}
