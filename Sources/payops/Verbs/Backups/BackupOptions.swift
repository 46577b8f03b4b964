import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Tabular

/// The options that the verbs around backups share, and what they stand for.
enum BackupOptions {
  static let usualFolder = "payops-backups"

  static let dir = Option.path(
    "dir", "DIR", "folder of the backups (default $PAYOPS_BACKUP_DIR or payops-backups)",
    completion: .directory)
  static let key = Option.path(
    "key", "FILE", "key file of encrypted backups (default $PAYOPS_BACKUP_KEY)")
  static let on = Option.choice(
    "on", "WHERE", ["private", "server"],
    "verify on a private server made for it (default), or in a scratch schema on the server")
  static let trusted = Flag(
    "trusted",
    help: "definitions may name other schemas and administer the server: you know who made it")
  static let connections = Option.integer(
    "connections", "N", in: 1...16, "connections that load rows (default 2)")

  static let missingDefiners = Option.choice(
    "missing-definers", "HOW", MissingDefiners.allCases.map(\.rawValue),
    "definers that do not exist: name them and continue (report, the default), or stop (refuse)")

  static let unsealed = Flag(
    "unsealed", help: "accept an encrypted backup of an older version, which has no seal")
  static let anchor = Option.path(
    "anchor", "FILE", "what `payops backup anchor` printed: the backups that must be there")

  static let checksum = Flag(
    "checksum", help: "read the data to their end and compare SHA-256, too")

  static let keepDays = Option.integer(
    "keep-days", "N", in: 0...36_500,
    "keep every backup of the N days before the newest verified one (default 7)")
  static let daily = Option.integer(
    "daily", "N", in: 0...36_500, "keep one verified backup for each of the last N days")
  static let weekly = Option.integer(
    "weekly", "N", in: 0...5200, "keep one verified backup for each of the last N weeks")
  static let monthly = Option.integer(
    "monthly", "N", in: 0...1200, "keep one verified backup for each of the last N months")
  static let minimum = Option.integer(
    "minimum", "N", in: 1...10_000, "never keep fewer verified backups than N (default 3)")

  /// The options of a policy.
  static let policy: [OptionDeclaration] = [
    keepDays.declaration, daily.declaration, weekly.declaration, monthly.declaration,
    minimum.declaration,
  ]

  /// The backup that a verb is about.
  static let id = Positional(name: "ID", help: "name of the backup, as list prints it")
}

extension Invocation {
  /// The folder of the backups.
  var backupFolder: BackupFolder {
    let named = ProcessInfo.processInfo.environment["PAYOPS_BACKUP_DIR"].flatMap {
      $0.isEmpty ? nil : $0
    }
    return BackupFolder(path: self[BackupOptions.dir] ?? named ?? BackupOptions.usualFolder)
  }

  /// The key of encrypted backups, when one is named.
  func backupKey() throws -> EncryptionKey? {
    try (self[BackupOptions.key] ?? Self.usualKey).map { try EncryptionKey(file: $0) }
  }

  /// The key file that the environment names, so that jobs encrypt, too; the path is no secret.
  static var usualKey: String? {
    ProcessInfo.processInfo.environment["PAYOPS_BACKUP_KEY"].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What is done about definers that do not exist.
  var missingDefiners: MissingDefiners {
    self[BackupOptions.missingDefiners].flatMap(MissingDefiners.init) ?? .report
  }

  /// The policy asked for.
  var retentionPolicy: RetentionPolicy {
    RetentionPolicy(
      keepDays: self[BackupOptions.keepDays] ?? 7, daily: self[BackupOptions.daily] ?? 0,
      weekly: self[BackupOptions.weekly] ?? 0, monthly: self[BackupOptions.monthly] ?? 0,
      minimumVerified: self[BackupOptions.minimum] ?? 3)
  }

  /// Where backups are verified.
  func scratchPlace() async throws -> ScratchPlace {
    guard self[BackupOptions.on] == "server" else { return .privateServer }
    return .server(try await DatabaseTarget(for: self).connectionOptions())
  }

  /// What is known of backups beyond their folder.
  ///
  /// - Parameter options: how to reach the database; nil when it cannot be reached
  func backupProof(options: ConnectionOptions?) throws -> BackupProof {
    BackupProof(
      folder: backupFolder, key: try backupKey(), allowsUnsealed: self[BackupOptions.unsealed],
      anchors: all(BackupOptions.anchor), options: options)
  }

  /// Writes the folder's backups into the table `backups`, when the database can be reached.
  func recordBackups() async {
    await record { [folder = backupFolder, policy = retentionPolicy] in
      try await BackupRegister($0).record(folder, policy: policy)
    }
  }

  /// Writes how far the archive has come into the table `log_archives`, when the database can be
  /// reached.
  func recordLogs(_ archive: BinaryLogArchive) async {
    await record {
      try await LogRegister($0).record(archive, of: DatabaseTarget(for: self).database)
    }
  }

  /// Writes what a folder holds into the database. The folder is the truth; a database that is down
  /// is no reason to fail.
  private func record(_ body: (Connection) async throws -> Void) async {
    do {
      try await withConnection(body)
    } catch let error as DatabaseError where error.code == .unknownObject {
      // A schema that is not payops' has no such table.
    } catch {
      // Whoever is told to end need not hear of this.
      guard !Task.isCancelled else { return }
      console.note(
        "note: the view ops_backup_status was not brought up to date: \(Fault(error).message)")
    }
  }
}

extension Console {
  /// Shows what is to be said while a backup is made, verified or restored.
  func show(_ event: BackupEvent, on gauge: ByteGauge) {
    switch event {
    case .note(let text):
      gauge.finish()
      note(text)
    case .progress(let phase, let done, let total): gauge.update(phase, done: done, total: total)
    }
  }
}
