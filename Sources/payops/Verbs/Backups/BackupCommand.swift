import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Restore
import Tabular

/// `payops backup …`: backups that are known to restore.
struct BackupCommand: Verb {
  let name = "backup"
  let summary = "make, prove, list and rotate backups"
  let discussion = """
    A backup is one consistent dump of the schema, packed with zstd and, when asked,
    encrypted, with a manifest that says what the snapshot held. It is verified by being
    restored: rows, checksums, definitions and the published views are compared with the
    manifest. Only a verified backup counts as good.
    """
  let subverbs: [any Verb] = [
    BackupCreate(), BackupVerify(), BackupList(), BackupShow(), BackupPrune(), BackupPin(),
    BackupUnpin(), BackupCheck(), BackupArchiveLogs(), BackupAnchorVerb(),
    BackupKeygen(),
  ]
}

/// `payops backup create`.
struct BackupCreate: DatabaseVerb {
  static let noVerify = Flag("no-verify", help: "do not restore the backup to prove it")
  static let encrypt = Option.path(
    "encrypt", "KEYFILE", "encrypt with the key in this file (default $PAYOPS_BACKUP_KEY)")
  static let acceptRounding = Flag(
    "accept-rounding",
    help: "FLOAT values may be rounded to 6 digits, as mariadb-dump does; the backup names them")
  static let level = Option.integer(
    "level", "N", in: 1...19, "zstd level (default: tuned for dumps)")
  static let threads = Option.integer("threads", "N", in: 0...64, "threads that pack (default 1)")

  let name = "create"
  let summary = "make a backup and prove it by restoring it"
  let discussion = """
    Dumps the schema in one snapshot with mariadb-dump, publishes the backup when it is
    whole, and verifies it as `payops backup verify` does. Exits with 1 when it is not
    good. A run that is interrupted leaves nothing behind but what the next one removes.
    """
  let options =
    [
      BackupOptions.dir.declaration, noVerify.declaration, encrypt.declaration,
      level.declaration, threads.declaration, BackupOptions.on.declaration,
      BackupOptions.connections.declaration, BackupOptions.missingDefiners.declaration,
      acceptRounding.declaration,
    ] + BackupOptions.policy

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let key = try (invocation[Self.encrypt] ?? Invocation.usualKey).map {
      try EncryptionKey(file: $0)
    }
    var backup = try await Self.create(invocation, folder: folder, key: key)
    if !invocation[Self.noVerify] {
      // What this process has dumped itself may name other schemas.
      backup = try await BackupVerify.verify(
        backup, invocation, folder: folder, key: key, trust: .source)
    }
    await invocation.recordBackups()
    try BackupShow.show(backup, in: folder, on: invocation.console)
    for column in backup.lossyColumns ?? [] {
      let outcome =
        column.isAccepted == true
        ? ""
        : ": no backup of it can be verified"
          + (column.type == "float" ? ", except with --accept-rounding" : "")
          + ", see docs/backup.md"
      invocation.console.note("note: \(column.sentence)\(outcome)")
    }
    invocation.console.note(RestoreNotes.orphans(backup.orphans ?? []))
    return backup.verification.state == .failed ? .finding : .ok
  }

  /// Makes a backup, with a bar.
  static func create(
    _ invocation: Invocation, folder: BackupFolder, key: EncryptionKey?
  ) async throws -> BackupManifest {
    let options = try await DatabaseTarget(for: invocation).connectionOptions()
    let creation = BackupCreation(
      options: options, folder: folder,
      compression: CompressionSettings(
        level: invocation[level].map { Int32($0) }, threads: Int32(invocation[threads] ?? 1)),
      key: key, kind: options.jobFence == nil ? .manual : .scheduled,
      readsChecksums: !invocation[noVerify], missingDefiners: invocation.missingDefiners,
      acceptsRounding: invocation[acceptRounding], payopsVersion: Version.current)
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await creation.run { progress in
      gauge.update("dump", done: progress.rawBytes, total: progress.expectedBytes)
    }
  }
}

/// `payops backup show`.
struct BackupShow: Verb {
  let name = "show"
  let summary = "show one backup"
  let positionals = [BackupOptions.id]
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let backup = try folder.backup(try invocation.required(BackupOptions.id))
    try Self.show(backup, in: folder, on: invocation.console)
    return backup.verification.state == .failed ? .finding : .ok
  }

  /// Prints a backup.
  static func show(
    _ backup: BackupManifest, in folder: BackupFolder, on console: Console
  ) throws {
    let path = folder.dataPath(of: backup)
    try console.write(
      BackupListing.page(backup, dataPath: path, style: console.style),
      json: BackupListing.json(backup, dataPath: path))
  }
}

/// `payops backup pin`.
struct BackupPin: Verb {
  let name = "pin"
  let summary = "keep a backup whatever the policy says"
  let positionals = [BackupOptions.id]
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let id = try invocation.required(BackupOptions.id)
    let backup = try invocation.backupFolder.setPinned(true, of: id)
    invocation.console.note("\(backup.id) is pinned")
    return .ok
  }
}

/// `payops backup unpin`.
struct BackupUnpin: Verb {
  let name = "unpin"
  let summary = "let the policy decide about a backup again"
  let positionals = [BackupOptions.id]
  let options = [BackupOptions.dir.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let id = try invocation.required(BackupOptions.id)
    let backup = try invocation.backupFolder.setPinned(false, of: id)
    invocation.console.note("\(backup.id) is not pinned any more")
    return .ok
  }
}

/// `payops backup keygen`.
struct BackupKeygen: Verb {
  let name = "keygen"
  let summary = "make a key file for encrypted backups"
  let discussion = """
    Writes 32 random bytes as hexadecimal digits into a new file that only its owner can
    read. Without the key an encrypted backup is lost: keep a copy elsewhere.
    """
  let positionals = [Positional(name: "FILE", help: "the file to make", completion: .file)]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let path = try invocation.required(positionals[0])
    let key = try EncryptionKey.make(file: path)
    try invocation.console.write("key \(key.id) in \(path)\n")
    return .ok
  }
}
