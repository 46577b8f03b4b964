import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Tabular

/// `payops restore`: brings a backup back.
struct RestoreCommand: DatabaseVerb {
  static let latest = Flag("latest", help: "restore the newest verified backup")
  static let nextGood = Flag(
    "next-good", help: "with --latest: when that one is damaged, take the next good one")
  static let noCompare = Flag(
    "no-compare", help: "do not compare what was restored with what was backed up")
  static let into = Option.text("as", "SCHEMA", "restore into this schema")
  static let tables = Option.text("tables", "NAMES", "restore these tables only (a,b,c)")
    .repeatable
  static let replace = Flag("replace", help: "replace the schema if it is not empty")
  static let confirm = Option.text("confirm", "NAME", "the name of the schema to be replaced")
  static let noSafetyBackup = Flag(
    "no-safety-backup", help: "with --replace: do not back up what is replaced first")
  static let to = Option.date("to", "replay the archived binary logs up to this moment")
  static let toGTID = Option.text("to-gtid", "GTID", "replay them up to this transaction id")
  static let finish = Flag(
    "finish", help: "complete a restore that was interrupted; the schema knows of which backup")
  static let dryRun = Flag("dry-run", help: "check the backup and show what would be done")

  let name = "restore"
  let summary = "restore a backup"
  let discussion = """
    Restores into an empty or new schema. An existing one is replaced only with --replace
    and its name typed again (or given with --confirm), after a safety backup. The file is
    checked to its last byte before the first statement; tables are loaded beside the old
    ones and exchanged with them in one step, so that readers see the one or the other.

    With --to or --to-gtid the binary logs that `payops backup archive-logs` copied are
    replayed first, on a private server: what happened before that moment is there. The
    result is a backup of its own, which is then restored.

    A restore that was killed is completed with --finish. When the tables were exchanged
    already, they stay as they are now; otherwise nothing had changed, and it begins anew.
    """
  let positionals = [
    Positional(name: "ID", help: "name of the backup, as list prints it", arity: .optional)
  ]
  let options = [
    latest.declaration, nextGood.declaration, into.declaration, tables.declaration,
    replace.declaration,
    confirm.declaration, noSafetyBackup.declaration, to.declaration, toGTID.declaration,
    noCompare.declaration, finish.declaration, dryRun.declaration,
    BackupOptions.dir.declaration, BackupOptions.key.declaration,
    BackupOptions.connections.declaration, BackupOptions.trusted.declaration,
    BackupOptions.unsealed.declaration, BackupOptions.anchor.declaration,
    BackupOptions.missingDefiners.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    guard !invocation[Self.finish] else {
      try checkFinish(invocation)
      var restore = try await restore(invocation, nil, gauge)
      return try show(try await restore.finish(), on: invocation.console, gauge)
    }
    let moment = try Self.moment(invocation)
    let candidates = try RestoreCandidates(
      in: invocation.backupFolder, id: invocation[BackupOptions.id],
      isLatest: invocation[Self.latest], takesNext: invocation[Self.nextGood],
      schema: try DatabaseTarget(for: invocation).database, before: moment,
      note: { invocation.console.note($0) })
    var restore = try await restore(invocation, moment, gauge)
    return try show(try await restore.run(candidates), on: invocation.console, gauge)
  }

  private func restore(
    _ invocation: Invocation, _ moment: RestoreMoment?, _ gauge: ByteGauge
  ) async throws -> RestoreRun {
    let plan = try await plan(invocation)
    var request = RestoreRun.Request()
    request.isLatest = invocation[Self.latest]
    request.moment = moment
    request.isDryRun = invocation[Self.dryRun]
    request.makesSafetyBackup = !invocation[Self.noSafetyBackup]
    return RestoreRun(
      from: invocation.backupFolder, key: try invocation.backupKey(), plan: plan,
      proof: try invocation.backupProof(options: plan.options), request: request,
      confirmedName: { Self.confirmedName(plan.schema, invocation) },
      onEvent: { invocation.console.show($0, on: gauge) })
  }

  /// What the options ask for.
  private func plan(_ invocation: Invocation) async throws -> RestorePlan {
    let target = try DatabaseTarget(for: invocation)
    var plan = RestorePlan(
      options: try await target.connectionOptions(),
      schema: invocation[Self.into] ?? target.database)
    plan.connections = invocation[BackupOptions.connections] ?? 2
    plan.replaces = invocation[Self.replace]
    plan.comparesContent = !invocation[Self.noCompare]
    plan.trust = invocation[BackupOptions.trusted] ? .source : .none
    plan.allowsUnsealed = invocation[BackupOptions.unsealed]
    plan.missingDefiners = invocation.missingDefiners
    let names = invocation.all(Self.tables).flatMap { $0.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    plan.tables = names.isEmpty ? nil : Set(names)
    return plan
  }

  /// The moment asked for.
  private static func moment(_ invocation: Invocation) throws -> RestoreMoment? {
    switch (invocation[to], invocation[toGTID]) {
    case (nil, nil): return nil
    case (let instant?, nil): return .instant(Int64(instant.secondsSinceEpoch))
    case (nil, let gtid?):
      guard gtid.wholeMatch(of: /[0-9]+-[0-9]+-[0-9]+(,[0-9]+-[0-9]+-[0-9]+)*/) != nil else {
        throw Fault.usage("option --to-gtid: \(gtid) is no GTID such as 0-1-42")
      }
      return .gtid(gtid)
    default: throw Fault.usage("--to and --to-gtid exclude each other")
    }
  }

  /// The name of the schema to be replaced, as it was given, or is typed now.
  private static func confirmedName(_ schema: String, _ invocation: Invocation) -> String? {
    if let name = invocation[confirm] { return name }
    guard isatty(STDIN_FILENO) == 1, !invocation.console.isJSON else { return nil }
    try? Console.write(
      "Everything in schema \(schema) will be replaced. Type its name to continue: ",
      to: STDERR_FILENO)
    return readLine(strippingNewline: true)
  }

  private func checkFinish(_ invocation: Invocation) throws {
    let others = [
      invocation[BackupOptions.id] != nil, invocation[Self.latest], invocation[Self.nextGood],
      !invocation.all(Self.tables).isEmpty, invocation[Self.to] != nil,
      invocation[Self.toGTID] != nil,
    ]
    guard !others.contains(true) else {
      throw Fault.usage(
        "--finish goes with no backup, table or moment: those of the interrupted restore count")
    }
  }

  private func show(
    _ outcome: RestoreRun.Outcome, on console: Console, _ gauge: ByteGauge
  ) throws -> ExitCode {
    gauge.finish()
    switch outcome {
    case .preview(let preview, let missing):
      try console.write(console.isJSON ? preview.json.lines : console.wrapped(preview.text))
      console.note(RestoreNotes.missing(missing))
    case .wouldFinish(let text, let missing):
      try console.write(text)
      console.note(RestoreNotes.missing(missing))
    case .restored(let report):
      console.note(report.notes)
      try console.write(console.isJSON ? report.json.lines : report.text)
      return report.isWhole ? .ok : .finding
    }
    return .ok
  }
}
