import Backup
import EmbeddedServer
import Integrity
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
struct AuditList: DatabaseVerb {
  static let kind = Option.text(
    "kind", "KIND", "only what is of this kind, such as setting or rule")
  static let limit = Option.count("limit", "N", from: 1, "most entries to print (default 20)")

  let name = "list"
  let summary = "print entries, the latest first"
  let options = [kind.declaration, limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let kind = invocation[Self.kind]
    return try await invocation.show(
      empty: "no entries\(kind.map { " of the kind '\($0)'" } ?? "")"
    ) {
      try await AuditLog.entries(
        of: kind, limit: invocation[Self.limit] ?? 20, isWide: $1, on: $0)
    }
  }
}

/// `payops audit head`.
struct AuditHeadVerb: DatabaseVerb {
  let name = "head"
  let summary = "print the last entry's number and hash, to be kept elsewhere"

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let text = try await invocation.withConnection { try await AuditLog.head(on: $0) }
    try invocation.console.write(
      invocation.console.isJSON ? JSON.string(text).compact + "\n" : text + "\n")
    return .ok
  }
}

/// `payops audit verify`.
struct AuditVerify: DatabaseVerb {
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

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let anchors =
      try invocation.all(Self.anchor).map(AuditLog.Anchor.init) + fromBackups(invocation)
    let (problems, count) = try await invocation.withConnection {
      try await AuditLog.verify(against: anchors, on: $0)
    }
    let console = invocation.console
    let isWhole = problems.rows.isEmpty
    if console.isJSON || !isWhole { try console.write(problems) }
    console.note(
      isWhole
        ? "\(count) entries are whole, \(anchors.count) heads kept elsewhere agree"
        : "\(problems.rows.count) problems in \(count) entries")
    return isWhole ? .ok : .finding
  }

  private func fromBackups(_ invocation: Invocation) throws -> [AuditLog.Anchor] {
    let schema = try DatabaseTarget(for: invocation).database
    let backups = (try? invocation.backupFolder.contents().backups) ?? []
    return backups.filter { $0.schema == schema }.compactMap { backup in
      backup.auditHead.map {
        AuditLog.Anchor(id: $0.id, hash: $0.hash, source: "backup \(backup.id)")
      }
    }
  }
}
