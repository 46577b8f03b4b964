import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Synchronization
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
    BackupProof.unsealed.declaration, BackupProof.anchor.declaration,
    BackupOptions.missingDefiners.declaration,
  ]

  /// What one command does once, however many backups it tries.
  struct Once {
    var isConfirmed = false
    var hasSafetyBackup = false
  }

  func run(_ invocation: Invocation) async throws -> ExitCode {
    var once = Once()
    if invocation[Self.finish] { return try await finishInterrupted(invocation, once: &once) }
    let moment = try Self.moment(invocation)
    var candidates = try RestoreCandidates(
      in: invocation.backupFolder, id: invocation[BackupOptions.id],
      isLatest: invocation[Self.latest], takesNext: invocation[Self.nextGood],
      schema: try DatabaseTarget(for: invocation).database, before: moment,
      note: { invocation.console.note($0) })
    let plan = try await plan(invocation)
    while true {
      do {
        return try await attempt(
          try candidates.current(), plan, moment, invocation, once: &once)
      } catch let error as BackupError {
        invocation.console.note(try candidates.passOver(error))
      }
    }
  }

  /// What the options ask for.
  func plan(_ invocation: Invocation) async throws -> RestorePlan {
    let target = try DatabaseTarget(for: invocation)
    var plan = RestorePlan(
      options: try await target.connectionOptions(),
      schema: invocation[Self.into] ?? target.database)
    plan.connections = invocation[BackupOptions.connections] ?? 2
    plan.replaces = invocation[Self.replace]
    plan.comparesContent = !invocation[Self.noCompare]
    plan.trust = invocation[BackupOptions.trusted] ? .source : .none
    plan.allowsUnsealed = invocation[BackupProof.unsealed]
    plan.missingDefiners = invocation.missingDefiners
    let names = invocation.all(Self.tables).flatMap { $0.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    plan.tables = names.isEmpty ? nil : Set(names)
    return plan
  }

  func attempt(
    _ chosen: BackupManifest, _ plan: RestorePlan, _ moment: RestoreMoment?,
    _ invocation: Invocation, once: inout Once
  ) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let key = try invocation.backupKey()
    try await BackupProof.check(chosen, isNewest: invocation[Self.latest], invocation)
    var backup = chosen
    if !backup.isVerified {
      invocation.console.note(
        "note: \(backup.id) is not known to be good (\(backup.verification.state.rawValue))")
    }
    if let kind = BackupListing.kindWords[backup.purpose] {
      invocation.console.note("note: \(backup.id) is a backup of the kind: \(kind)")
    }
    let pointInTime = moment.map {
      PointInTime(
        chosen, in: folder, key: key, moment: $0, connections: plan.connections,
        trust: plan.trust, allowsUnsealed: plan.allowsUnsealed,
        payopsVersion: Version.current)
    }
    try pointInTime?.check()
    let preview = try await RestorePreview.read(backup, plan: plan)
    if invocation[Self.dryRun] {
      let restore = Restore(backup, in: folder, key: key, plan: plan)
      let missing = try await restore.lookForDefiners(of: try await restore.checkFile())
      try invocation.console.write(
        invocation.console.isJSON ? preview.json.lines : preview.text)
      invocation.console.note(RestoreNotes.missing(missing))
      return .ok
    }
    if preview.replacesSomething, !once.isConfirmed {
      try Self.confirmReplacement(of: plan, invocation)
      once.isConfirmed = true
    }
    // A damaged one is known before anything is made.
    let checked = Restore(backup, in: folder, key: key, plan: plan)
    try await checked.lookForDefiners(of: try await checked.checkFile())
    if preview.replacesSomething, !invocation[Self.noSafetyBackup], !once.hasSafetyBackup {
      try await Self.makeSafetyBackup(plan, invocation, folder: folder, key: key)
      once.hasSafetyBackup = true
    }
    let replayed = try await Self.bringForward(pointInTime, &backup, invocation.console)
    let outcome = try await Self.restore(
      backup, in: folder, key: key, plan: plan, invocation
    ) { try await $0.run(isChecked: pointInTime == nil, progress: $1) }
    try invocation.console.write(RestoreReport(backup, plan, outcome, replayed: replayed))
    return outcome.isWhole ? .ok : .finding
  }

  /// Replays the logs; the backup to be restored is then the result.
  private static func bringForward(
    _ pointInTime: PointInTime?, _ backup: inout BackupManifest, _ console: Console
  ) async throws -> Int? {
    guard let pointInTime else { return nil }
    let gauge = ByteGauge(console)
    defer { gauge.finish() }
    let (result, statements) = try await pointInTime.run { progress in
      gauge.update(
        "replay: \(progress.phase)", done: progress.rawBytes, total: progress.totalBytes)
    }
    gauge.finish()
    console.note("the state at that moment is kept in \(result.id) (not verified)")
    backup = result
    return statements
  }

  /// The moment asked for.
  private static func moment(_ invocation: Invocation) throws -> RestoreMoment? {
    let moment: RestoreMoment?
    switch (invocation[to], invocation[toGTID]) {
    case (nil, nil): moment = nil
    case (let instant?, nil): moment = .instant(Int64(instant.secondsSinceEpoch))
    case (nil, let gtid?):
      guard gtid.wholeMatch(of: /[0-9]+-[0-9]+-[0-9]+(,[0-9]+-[0-9]+-[0-9]+)*/) != nil else {
        throw Fault.usage("option --to-gtid: \(gtid) is no GTID such as 0-1-42")
      }
      moment = .gtid(gtid)
    default: throw Fault.usage("--to and --to-gtid exclude each other")
    }
    return moment
  }

  /// Runs a restore, and names the objects that got another owner.
  ///
  /// - Parameter body: what is run: all of it, or its end.
  static func restore(
    _ backup: BackupManifest, in folder: BackupFolder, key: EncryptionKey?, plan: RestorePlan,
    _ invocation: Invocation,
    _ body: (Restore, @escaping @Sendable (Restore.Progress) -> Void) async throws
      -> Restore.Outcome
  ) async throws -> Restore.Outcome {
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    let missing = Mutex<Set<ReplacedDefiner>>([])
    var plan = plan
    plan.onReplacedDefiner = { object in missing.withLock { _ = $0.insert(object) } }
    let restore = Restore(backup, in: folder, key: key, plan: plan)
    let outcome = try await body(restore) {
      gauge.update($0.phase, done: $0.rawBytes, total: $0.totalBytes)
    }
    gauge.finish()
    invocation.console.note(RestoreNotes.replaced(missing.withLock { $0 }))
    return outcome
  }

  /// Makes sure that whoever runs this means the schema that is going to be replaced.
  private static func confirmReplacement(of plan: RestorePlan, _ invocation: Invocation) throws {
    var name = invocation[confirm]
    if name == nil, isatty(STDIN_FILENO) == 1, !invocation.console.isJSON {
      try? Console.write(
        "Everything in schema \(plan.schema) will be replaced. Type its name to go on: ",
        to: STDERR_FILENO)
      name = readLine(strippingNewline: true)
    }
    guard let name else {
      throw BackupError(
        .notConfirmed, "replacing schema \(plan.schema) was not confirmed",
        hint: "add --confirm \(plan.schema)")
    }
    guard name == plan.schema else {
      throw BackupError(
        .notConfirmed, "the name given is not \(plan.schema): nothing was changed")
    }
  }

  private static func makeSafetyBackup(
    _ plan: RestorePlan, _ invocation: Invocation, folder: BackupFolder, key: EncryptionKey?
  ) async throws {
    var options = plan.options
    options.database = plan.schema
    let creation = BackupCreation(
      options: options, folder: folder, key: key, kind: .safety, readsChecksums: false,
      payopsVersion: Version.current)
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    do {
      let safety = try await creation.run { progress in
        gauge.update("safety backup", done: progress.rawBytes, total: progress.expectedBytes)
      }
      gauge.finish()
      invocation.console.note("what is replaced is kept in \(safety.id) (not verified)")
    } catch let error as BackupError {
      throw BackupError(
        error.code, "no safety backup could be made: \(error.message)",
        hint: "mend that, or go on without one: --no-safety-backup")
    }
  }
}

extension Console {
  /// Notes what is to be noted of a restore, and writes what it came to.
  func write(_ report: RestoreReport) throws {
    note(report.notes)
    try write(isJSON ? report.json.lines : report.text)
  }
}
