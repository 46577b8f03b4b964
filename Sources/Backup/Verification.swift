internal import Foundation
internal import MariaDBClient
internal import Synchronization

/// What a verification compares; each catches something that the others do not.
package enum VerificationCheck: String, CaseIterable, Sendable {
  /// Size and SHA-256 of the file.
  case file
  /// The restore: decryption, unpacking, the last line, every statement accepted by a server.
  case restore
  /// Number of rows of each table.
  case rows
  /// Checksum over the rows of each table.
  case checksums
  /// Rows of the history of versioned tables.
  case history
  /// Objects that are missing or too many, by kind.
  case objects
  /// Definitions of the objects.
  case definitions
  /// Character set and collation of the schema.
  case characterSet
  /// Every view can be queried, every routine read.
  case queries
  /// The published views give what they gave in the snapshot.
  case views
}

/// Proves a backup: restores it into a scratch schema and compares what is there with the manifest.
package struct BackupVerification: Sendable {
  private let folder: BackupFolder
  private let key: EncryptionKey?
  private let place: ScratchPlace
  private let connections: Int
  private let checks: Set<VerificationCheck>
  private let now: @Sendable () -> Int64

  /// Prepares a verification.
  ///
  /// - Parameters:
  ///   - folder: where the backup is.
  ///   - key: the key of an encrypted backup.
  ///   - place: where it is restored.
  ///   - connections: connections that load rows.
  ///   - checks: what is compared; fewer only where a test shows what each is good for.
  ///   - now: seconds since 1970.
  package init(
    folder: BackupFolder, key: EncryptionKey? = nil, place: ScratchPlace = .privateServer,
    connections: Int = 2, checks: Set<VerificationCheck> = Set(VerificationCheck.allCases),
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) {
    self.folder = folder
    self.key = key
    self.place = place
    self.connections = connections
    self.checks = checks
    self.now = now
  }

  /// Verifies a backup and writes the outcome into its manifest.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - progress: called as rows are loaded.
  /// - Returns: the manifest with the outcome; look at its state.
  /// - Throws: when the backup could not be looked at: no key, no server, no space. The outcome of
  ///   an earlier verification then stays as it was.
  package func run(
    _ manifest: BackupManifest,
    progress: @escaping @Sendable (Restore.Progress) -> Void = { _ in }
  ) async throws -> BackupManifest {
    let lock = try folder.lock()
    defer { _ = lock }
    // Somebody may have pinned it, or removed it, since it was listed.
    var manifest = try folder.backup(manifest.id)
    let outcome = try await examine(manifest, progress: progress)
    manifest.verification = outcome
    FaultPoint.reach("verify.compared")
    try folder.update(manifest)
    return manifest
  }

  /// Looks at a backup without recording anything.
  package func examine(
    _ manifest: BackupManifest,
    progress: @escaping @Sendable (Restore.Progress) -> Void = { _ in }
  ) async throws -> BackupManifest.Verification {
    let scratch = try await Scratch.make(place, in: folder)
    do {
      var outcome = try await examine(manifest, in: scratch, progress: progress)
      await scratch.remove()
      outcome.verifiedAt = Timestamp.text(now())
      outcome.state = outcome.findings.isEmpty ? .verified : .failed
      return outcome
    } catch {
      await scratch.remove()
      throw error
    }
  }

  private func examine(
    _ manifest: BackupManifest, in scratch: Scratch,
    progress: @escaping @Sendable (Restore.Progress) -> Void
  ) async throws -> BackupManifest.Verification {
    var outcome = BackupManifest.Verification()
    var plan = RestorePlan(options: scratch.options, schema: scratch.schema)
    plan.connections = connections
    plan.definers = .current
    plan.checksHash = checks.contains(.file)
    // The comparison below says which table and by how much.
    plan.checksRows = false
    do {
      outcome.restoreSeconds = try await Restore(manifest, in: folder, key: key, plan: plan)
        .run(progress: progress)
    } catch let error as BackupError {
      guard let check = Self.check(for: error) else { throw error }
      if checks.contains(check) {
        outcome.findings.append(
          VerificationFinding(check: check.rawValue, message: error.message))
      }
      return outcome
    }
    FaultPoint.reach("verify.restored")
    progress(Restore.Progress(phase: "compare", rawBytes: 0, totalBytes: 0))
    let connection = try await Connection.open(scratch.options)
    do {
      outcome.serverVersion = connection.serverVersion.description
      let comparison = BackupComparison(manifest: manifest, connection: connection)
      let found = try await comparison.run(checks)
      outcome.findings += found
      await connection.close()
      return outcome
    } catch {
      await connection.close()
      throw error
    }
  }

  /// The check that an error of the restore belongs to; nil when it says nothing of the backup.
  private static func check(for error: BackupError) -> VerificationCheck? {
    switch error.code {
    case .damaged:
      error.message.contains("SHA-256") || error.message.contains(" bytes, not ")
        ? .file : .restore
    case .refusedStatement, .mismatch: .restore
    default: nil
    }
  }
}

/// Compares a restored schema with the facts of a manifest.
struct BackupComparison: Sendable {
  let manifest: BackupManifest
  let connection: Connection

  /// Seconds that one view may take; more proves nothing about the backup.
  private static let viewSeconds = 60

  /// Compares.
  ///
  /// - Parameter checks: what is compared.
  /// - Returns: every difference.
  func run(_ checks: Set<VerificationCheck>) async throws -> [VerificationFinding] {
    var findings: [VerificationFinding] = []
    let objects = try await ObjectInventory.read(from: connection)
    let tables = objects.filter { $0.kind == "table" }.map(\.name)
    let known = Set(manifest.tables.map(\.name))
    // The rows first: a query of a view could not change them, but proves less without them.
    let summed = Set(manifest.tables.filter { $0.checksum != nil }.map(\.name))
    let facts = try await SnapshotFacts.read(
      from: connection, tables: tables.filter(known.contains), checksums: .of(summed), asOf: nil)
    if checks.contains(.characterSet) { findings += try await characterSet() }
    if checks.contains(.objects) { findings += missingObjects(objects) }
    if checks.contains(.definitions) {
      findings += changedDefinitions(objects)
      findings += earlierSequences(try await SnapshotFacts.sequences(objects, on: connection))
    }
    findings += changedTables(facts.tables, checks)
    let there = Set(tables).intersection(known)
    if checks.contains(.checksums) {
      findings += try await changedRows(.checksums, there.subtracting(summed))
    }
    // The server's checksum is of current rows alone.
    if checks.contains(.history) {
      findings += try await changedRows(.history, there.intersection(summed).filter(isVersioned))
    }
    if checks.contains(.queries) { findings += try await brokenObjects(objects) }
    if checks.contains(.views) { findings += try await changedViews() }
    return findings
  }

  private func finding(_ check: VerificationCheck, _ message: String) -> VerificationFinding {
    VerificationFinding(check: check.rawValue, message: message)
  }

  private func characterSet() async throws -> [VerificationFinding] {
    let row = try await connection.query(
      "SELECT @@character_set_database AS charset, @@collation_database AS collation"
    ).rows.first
    let found = "\(row?["charset"] ?? "") \(row?["collation"] ?? "")"
    let wanted = "\(manifest.characterSet) \(manifest.collation)"
    return found == wanted
      ? [] : [finding(.characterSet, "the schema has \(found), backed up with \(wanted)")]
  }

  private func missingObjects(_ found: [BackupManifest.ObjectFacts]) -> [VerificationFinding] {
    let wanted = Set(manifest.objects.map { "\($0.kind) \($0.name)" })
    let there = Set(found.map { "\($0.kind) \($0.name)" })
    return wanted.subtracting(there).sorted().map { finding(.objects, "\($0) is missing") }
      + there.subtracting(wanted).sorted().map { finding(.objects, "\($0) was not backed up") }
  }

  private func changedDefinitions(_ found: [BackupManifest.ObjectFacts]) -> [VerificationFinding] {
    let there = Dictionary(
      found.map { ("\($0.kind) \($0.name)", $0.checksum) }, uniquingKeysWith: { first, _ in first })
    return manifest.objects.compactMap { object in
      guard let checksum = there["\(object.kind) \(object.name)"], checksum != object.checksum
      else { return nil }
      return finding(.definitions, "\(object.kind) \(object.name) is defined differently")
    }
  }

  /// Sequences that would give a value again. They go on while the dump runs, so later is right.
  private func earlierSequences(_ found: [String: Int64]) -> [VerificationFinding] {
    manifest.sequences.sorted { $0.key < $1.key }.compactMap { name, wanted in
      guard let value = found[name], value < wanted else { return nil }
      return finding(
        .definitions, "sequence \(name) would go on at \(value), backed up at \(wanted)")
    }
  }

  private func changedTables(
    _ found: [BackupManifest.TableFacts], _ checks: Set<VerificationCheck>
  ) -> [VerificationFinding] {
    let there = Dictionary(
      found.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    var findings: [VerificationFinding] = []
    for table in manifest.tables {
      guard let now = there[table.name] else { continue }
      if checks.contains(.rows), now.rows != table.rows {
        findings.append(
          finding(.rows, "table \(table.name) has \(now.rows) rows, backed up with \(table.rows)"))
      }
      if checks.contains(.checksums), now.checksum != table.checksum {
        findings.append(
          finding(.checksums, "the rows of table \(table.name) are not those backed up"))
      }
      if checks.contains(.checksums), now.textBytes != table.textBytes {
        findings.append(
          finding(
            .checksums, "the texts of table \(table.name) have other bytes than those backed up"))
      }
      if checks.contains(.history), now.historyRows != table.historyRows {
        findings.append(
          finding(
            .history,
            "table \(table.name) has \(now.historyRows ?? 0) rows with its history, backed up with"
              + " \(table.historyRows ?? 0)"))
      }
    }
    return findings
  }

  private func isVersioned(_ table: String) -> Bool {
    manifest.tables.contains { $0.name == table && $0.historyRows != nil }
  }

  /// Dumps restored rows and compares them with the rows that were dumped.
  private func changedRows(
    _ check: VerificationCheck, _ tables: Set<String>
  ) async throws -> [VerificationFinding] {
    guard !tables.isEmpty else { return [] }
    let tool = try await ClientProgram.find(["mariadb-dump", "mysqldump"])
    let digest = Mutex(RowDigest())
    let arguments =
      BackupCreation.rowArguments(hasHistory: manifest.tables.contains { $0.historyRows != nil })
      + ["--no-create-info", "--skip-triggers", "--", connection.options.database ?? ""]
      + tables.sorted()
    try await tool.run(arguments, options: connection.options) { piece in
      nonisolated(unsafe) let piece = piece
      digest.withLock { $0.update(piece) }
    }
    let found = digest.withLock { $0 }
    return manifest.tables.compactMap { table in
      guard tables.contains(table.name), found.digest(of: table.name) != table.rowDigest else {
        return nil
      }
      return finding(check, "the rows of table \(table.name) are not those backed up")
    }
  }

  private func brokenObjects(_ objects: [BackupManifest.ObjectFacts]) async throws
    -> [VerificationFinding]
  {
    var findings: [VerificationFinding] = []
    for object in objects {
      try Task.checkCancellation()
      let statement: String
      switch object.kind {
      case "view":
        statement =
          "SET STATEMENT max_statement_time = \(Self.viewSeconds) FOR SELECT * FROM "
          + "\(ObjectInventory.quoted(object.name)) LIMIT 1"
      case "function", "procedure":
        // The server parses the body to answer.
        statement =
          "SELECT COUNT(*) FROM information_schema.parameters WHERE specific_schema = DATABASE()"
          + " AND specific_name = '\(object.name.replacing("'", with: "''"))'"
      default: continue
      }
      if let problem = try await problem(with: statement) {
        findings.append(
          finding(.queries, "\(object.kind) \(object.name) does not work: \(problem)"))
      }
    }
    return findings
  }

  /// What the server says against a statement; nil when nothing.
  private func problem(with statement: String) async throws -> String? {
    do {
      try await connection.execute(statement)
      return nil
    } catch {
      if error.code == .connectionLost { throw error }
      // The time limit: the view works, and is slow.
      return error.errno == 1969 ? nil : error.debugDescription
    }
  }

  private func changedViews() async throws -> [VerificationFinding] {
    guard let wanted = manifest.views else { return [] }
    do {
      let found = try await PublishedViews.read(on: connection, asOf: wanted.asOf)
      // Where one of the two sessions could not hold its clock, views that read it say nothing.
      let isHeld = wanted.isClockHeld == true && found?.isClockHeld == true
      let unsteady = try await UnsteadyViews.read(on: connection).names(clockIsHeld: isHeld)
      return wanted.digests.sorted { $0.key < $1.key }.compactMap { name, digest in
        found?.digests[name] == digest || unsteady.contains(name)
          ? nil : finding(.views, "view \(name) gives other rows than in the snapshot")
      }
    } catch let error as DatabaseError {
      if error.code == .connectionLost { throw error }
      return [finding(.views, "the published views cannot be queried: \(error.debugDescription)")]
    }
  }
}
