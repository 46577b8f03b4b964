import Backup
import Foundation
import MariaDBClient

/// `payops restore`: brings a backup back.
struct RestoreCommand: Verb {
  static let latest = Flag("latest", help: "restore the newest verified backup")
  static let into = Option.text("as", "SCHEMA", "restore into this schema")
  static let tables = Option.text("tables", "NAMES", "restore these tables only (a,b,c)")
    .repeatable
  static let replace = Flag("replace", help: "replace the schema if it is not empty")
  static let confirm = Option.text("confirm", "NAME", "the name of the schema to be replaced")
  static let noSafetyBackup = Flag(
    "no-safety-backup", help: "with --replace: do not back up what is replaced first")
  static let dryRun = Flag("dry-run", help: "check the backup and show what would be done")

  let name = "restore"
  let summary = "restore a backup"
  let discussion = """
    Restores into an empty or new schema. An existing one is replaced only with --replace
    and its name typed again (or given with --confirm), after a safety backup. The file is
    checked to its last byte before the first statement; tables are loaded beside the old
    ones and exchanged with them in one step, so that readers see the one or the other.
    """
  let positionals = [
    Positional(name: "ID", help: "name of the backup, as list prints it", arity: .optional)
  ]
  let options = [
    latest.declaration, into.declaration, tables.declaration, replace.declaration,
    confirm.declaration, noSafetyBackup.declaration, dryRun.declaration,
    BackupOptions.dir.declaration, BackupOptions.key.declaration,
    BackupOptions.connections.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let backup = try invocation.backup(orLatest: Self.latest)
    let key = try invocation.backupKey()
    let target = try DatabaseTarget(for: invocation)
    var plan = RestorePlan(
      options: try await target.connectionOptions(),
      schema: invocation[Self.into] ?? target.database)
    plan.connections = invocation[BackupOptions.connections] ?? 2
    plan.replaces = invocation[Self.replace]
    let names = invocation.all(Self.tables).flatMap { $0.split(separator: ",") }
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    plan.tables = names.isEmpty ? nil : Set(names)
    if !backup.isVerified {
      invocation.console.note(
        "note: \(backup.id) is not known to be good (\(backup.verification.state.rawValue))")
    }
    let preview = try await RestorePreview.read(backup, plan: plan)
    if invocation[Self.dryRun] {
      try await Restore(backup, in: folder, key: key, plan: plan).checkFile()
      try invocation.console.write(
        invocation.console.isJSON ? preview.json.lines : preview.text)
      return .ok
    }
    if preview.replacesSomething {
      try Self.confirmReplacement(of: plan, invocation)
      if !invocation[Self.noSafetyBackup] {
        try await Self.makeSafetyBackup(plan, invocation, folder: folder, key: key)
      }
    }
    let seconds = try await Self.restore(backup, in: folder, key: key, plan: plan, invocation)
    try report(backup, plan, seconds, invocation.console)
    return .ok
  }

  private static func restore(
    _ backup: BackupManifest, in folder: BackupFolder, key: EncryptionKey?, plan: RestorePlan,
    _ invocation: Invocation
  ) async throws -> Double {
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await Restore(backup, in: folder, key: key, plan: plan).run { progress in
      gauge.update(progress.phase, done: progress.rawBytes, total: progress.totalBytes)
    }
  }

  private func report(
    _ backup: BackupManifest, _ plan: RestorePlan, _ seconds: Double, _ console: Console
  ) throws {
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "id": .string(backup.id), "schema": .string(plan.schema),
          "tables": .integer(plan.tables?.count ?? backup.tables.count),
          "seconds": .number(String(format: "%.3f", seconds)),
        ]).lines)
    } else {
      try console.write(
        "restored \(backup.id) into \(plan.schema) in \(durationText(seconds))\n")
    }
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
      options: options, folder: folder, key: key, payopsVersion: VersionCommand.version)
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
