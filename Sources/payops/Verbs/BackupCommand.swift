import Backup
import Foundation
import MariaDBClient
import PayopsCore

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
    BackupUnpin(), BackupCheck(), BackupArchiveLogs(), BackupKeygen(),
  ]
}

/// `payops backup create`.
struct BackupCreate: Verb {
  static let noVerify = Flag("no-verify", help: "do not restore the backup to prove it")
  static let encrypt = Option.path("encrypt", "KEYFILE", "encrypt with the key in this file")
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
      BackupOptions.connections.declaration,
    ] + BackupOptions.policy
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let key = try invocation[Self.encrypt].map { try EncryptionKey(file: $0) }
    var backup = try await Self.create(invocation, folder: folder, key: key)
    if !invocation[Self.noVerify] {
      backup = try await BackupVerify.verify(backup, invocation, folder: folder, key: key)
    }
    await invocation.recordBackups()
    try BackupShow.show(backup, in: folder, on: invocation.console)
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
      key: key, readsChecksums: !invocation[noVerify], payopsVersion: VersionCommand.version)
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await creation.run { progress in
      gauge.update("dump", done: progress.rawBytes, total: progress.expectedBytes)
    }
  }
}

/// `payops backup verify`.
struct BackupVerify: Verb {
  static let latest = Flag("latest", help: "verify the newest backup")
  static let all = Flag("all", help: "verify every backup of the folder")

  let name = "verify"
  let summary = "restore a backup into a scratch schema and compare it"
  let discussion = """
    Checks size, SHA-256 and the end of the file, restores it into a scratch schema that
    is dropped afterwards, and compares rows, checksums, objects and the published views
    with what the snapshot held. The outcome and the time that the restore took are kept
    in the manifest. Exits with 1 when a backup is not good.
    """
  let positionals = [
    Positional(name: "ID", help: "name of the backup, as list prints it", arity: .optional)
  ]
  let options = [
    latest.declaration, all.declaration, BackupOptions.dir.declaration,
    BackupOptions.key.declaration, BackupOptions.on.declaration,
    BackupOptions.connections.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let key = try invocation.backupKey()
    let chosen = try chosen(invocation, folder)
    var isGood = true
    var done: [BackupManifest] = []
    for backup in chosen {
      let verified = try await Self.verify(backup, invocation, folder: folder, key: key)
      isGood = isGood && verified.isVerified
      done.append(verified)
      if !invocation.console.isJSON {
        try BackupShow.show(verified, in: folder, on: invocation.console)
      }
    }
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.array(done.map { BackupListing.json($0, dataPath: folder.dataPath(of: $0)) }).lines)
    }
    await invocation.recordBackups()
    return isGood ? .ok : .finding
  }

  private func chosen(_ invocation: Invocation, _ folder: BackupFolder) throws -> [BackupManifest] {
    let id = invocation[BackupOptions.id]
    let ways = [id != nil, invocation[Self.latest], invocation[Self.all]].filter { $0 }.count
    guard ways == 1 else {
      throw Failure.usage("say which: a name, --latest or --all")
    }
    if let id { return [try folder.backup(id)] }
    let backups = try folder.contents().backups
    guard let newest = backups.last else {
      throw BackupError(
        .notFound, "there is no backup in \(folder.path)", hint: "run `payops backup create`")
    }
    return invocation[Self.all] ? backups : [newest]
  }

  /// Verifies a backup, with a bar.
  static func verify(
    _ backup: BackupManifest, _ invocation: Invocation, folder: BackupFolder, key: EncryptionKey?
  ) async throws -> BackupManifest {
    let verification = BackupVerification(
      folder: folder, key: key, place: try await invocation.scratchPlace(),
      connections: invocation[BackupOptions.connections] ?? 2)
    let gauge = ByteGauge(invocation.console)
    defer { gauge.finish() }
    return try await verification.run(backup) { progress in
      gauge.update("verify: \(progress.phase)", done: progress.rawBytes, total: progress.totalBytes)
    }
  }
}

/// `payops backup list`.
struct BackupList: Verb {
  let name = "list"
  let summary = "list the backups of the folder"
  let options = [BackupOptions.dir.declaration, OutputFormat.option.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let folder = invocation.backupFolder
    let contents = try folder.contents()
    let console = invocation.console
    let now = Int64(Date().timeIntervalSince1970)
    if console.isJSON || invocation.format != nil {
      try console.write(
        BackupListing.table(contents.backups, now: now), as: invocation.format)
    } else if !contents.backups.isEmpty {
      try console.write(BackupListing.short(contents.backups, now: now))
    } else {
      console.note("no backups in \(folder.path)")
    }
    for (name, reason) in contents.unreadable {
      console.note("note: \(name) is no usable backup: \(reason)")
    }
    return contents.unreadable.isEmpty ? .ok : .finding
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
      console.isJSON
        ? BackupListing.json(backup, dataPath: path).lines
        : BackupListing.page(backup, dataPath: path, style: console.style))
  }
}

/// `payops backup prune`.
struct BackupPrune: Verb {
  static let dryRun = Flag("dry-run", help: "only show what would be kept and deleted")

  let name = "prune"
  let summary = "delete the backups that the policy lets go"
  let discussion = """
    Keeps every backup of the last days, the newest verified one of each day, week and
    month asked for, the minimum number of verified ones, and what is pinned. A backup
    goes only when a newer one has been verified. What payops did not make is left alone.
    """
  let options =
    [BackupOptions.dir.declaration, dryRun.declaration] + BackupOptions.policy
    + [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let isDryRun = invocation[Self.dryRun]
    if !isDryRun { try await invocation.checkJobFence() }
    let rotation = Rotation(folder: invocation.backupFolder, policy: invocation.retentionPolicy)
    let now = Int64(Date().timeIntervalSince1970)
    let decisions = try isDryRun ? rotation.plan(now: now) : rotation.run(now: now)
    let rows = decisions.map { decision -> [String?] in
      [
        decision.backup.id, decision.isKept ? "keep" : isDryRun ? "would delete" : "deleted",
        decision.reasons.map(\.rawValue).joined(separator: ", "),
      ]
    }
    let columns = ["backup", "decision", "because"].map { DataTable.Column(name: $0) }
    if !rows.isEmpty || console.isJSON || invocation.format != nil {
      try console.write(DataTable(columns: columns, rows: rows), as: invocation.format)
    }
    let count = decisions.filter { !$0.isKept }.count
    console.note(
      "\(count) \(isDryRun ? "would be deleted" : "deleted"), \(rows.count - count) kept")
    if !isDryRun, count > 0 { await invocation.recordBackups() }
    return .ok
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

/// `payops backup check`.
struct BackupCheck: Verb {
  static let maxAge = Option(
    "max-age", placeholder: "AGE", help: "oldest that is still good (default 26h)",
    expectation: "an age such as 90m, 26h or 2d"
  ) { text -> Int64? in
    let units: [Character: Int64] = ["m": 60, "h": 3600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
      number > 0, number < 1_000_000
    else { return nil }
    return number * unit
  }

  let name = "check"
  let summary = "tell in one line whether there is a good, recent backup"
  let discussion = """
    For monitoring: prints one line, and exits with 0 when the newest verified backup of
    the schema is young enough and no later one has failed its verification; with 1
    otherwise.
    """
  let options = [BackupOptions.dir.declaration, maxAge.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let schema = try DatabaseTarget(for: invocation).database
    let limit = invocation[Self.maxAge] ?? 26 * 3600
    let backups = try invocation.backupFolder.contents().backups.filter { $0.schema == schema }
    let health = BackupHealth(
      backups, maximumAge: limit, now: Int64(Date().timeIntervalSince1970))
    let console = invocation.console
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "ok": .bool(health.isGood), "message": .string(health.message),
          "newest_verified": health.newestVerified.map { .string($0.id) } ?? .null,
          "age_seconds": health.ageSeconds.map { .integer($0) } ?? .null,
          "max_age_seconds": .integer(limit),
        ]).lines)
    } else {
      let mark = health.isGood ? console.style.green("OK") : console.style.red("CRITICAL")
      try console.write("\(mark): \(health.message)\n")
    }
    return health.isGood ? .ok : .finding
  }
}

/// `payops backup archive-logs`.
struct BackupArchiveLogs: Verb {
  static let flush = Flag(
    "flush", help: "let the server begin a new log first, so that all until now is copied")

  let name = "archive-logs"
  let summary = "copy closed binary logs beside the backups"
  let discussion = """
    With them `payops restore --to TIME` brings the schema to any moment after a backup.
    Logs that are there already are left alone. The account needs REPLICATION SLAVE and
    BINLOG MONITOR, with --flush also RELOAD.
    """
  let options = [BackupOptions.dir.declaration, flush.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let options = try await DatabaseTarget(for: invocation).connectionOptions()
    let outcome = try await BinaryLogArchive(folder: invocation.backupFolder).run(
      options, flushes: invocation[Self.flush])
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.pairs([
          "copied": .array(outcome.copied.map(JSON.string)), "present": .integer(outcome.present),
          "bytes": .integer(outcome.bytes),
        ]).lines)
    } else {
      try invocation.console.write(
        "\(outcome.copied.count) logs copied (\(byteText(outcome.bytes))),"
          + " \(outcome.present) were there\n")
    }
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
