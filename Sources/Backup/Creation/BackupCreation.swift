internal import Foundation
package import MariaDBClient

/// Makes a backup: one consistent dump with the facts that prove it, published when it is complete.
package struct BackupCreation: Sendable {
  /// How far a dump has come.
  package struct Progress: Sendable {
    /// Bytes of the dump so far.
    package let rawBytes: Int64
    /// Bytes written so far.
    package let storedBytes: Int64
    /// Expected size of the dump, estimated from the last one or the size of the tables.
    package let expectedBytes: Int64?
  }

  private let options: ConnectionOptions
  private let folder: BackupFolder
  private let compression: CompressionSettings
  private let key: EncryptionKey?
  private let kind: BackupKind
  private let readsChecksums: Bool
  private let missingDefiners: MissingDefiners
  private let acceptsRounding: Bool
  private let payopsVersion: String
  private let now: @Sendable () -> Int64

  /// Prepares a backup.
  ///
  /// - Parameters:
  ///   - options: how to connect; with the schema.
  ///   - folder: where backups are kept.
  ///   - compression: how the dump is packed.
  ///   - key: encrypts the dump; nil for none.
  ///   - kind: why it is made; only scheduled and manual backups form the regular sequence.
  ///   - readsChecksums: whether the server computes a checksum of every table in the snapshot,
  ///     which adds a third to the time of the dump. Without it, a verification dumps the rows
  ///     again and compares these.
  ///   - missingDefiners: how objects whose definer does not exist are handled.
  ///   - acceptsRounding: whether FLOAT values may be those that the dump tool writes, rounded to 6
  ///     digits; then a verification compares the dumped rows of their tables.
  ///   - payopsVersion: version of payops, for the manifest.
  ///   - now: seconds since 1970; a parameter so that tests can set the clock back.
  package init(
    options: ConnectionOptions, folder: BackupFolder,
    compression: CompressionSettings = CompressionSettings(), key: EncryptionKey? = nil,
    kind: BackupKind = .manual, readsChecksums: Bool = true,
    missingDefiners: MissingDefiners = .report, acceptsRounding: Bool = false,
    payopsVersion: String,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) {
    self.options = options
    self.folder = folder
    self.compression = compression
    self.key = key
    self.kind = kind
    self.readsChecksums = readsChecksums
    self.missingDefiners = missingDefiners
    self.acceptsRounding = acceptsRounding
    self.payopsVersion = payopsVersion
    self.now = now
  }

  /// Makes the backup; verification is a separate step.
  ///
  /// - Parameter progress: called with each piece of the dump.
  /// - Returns: the manifest of the published backup.
  /// - Throws: ``BackupError``; `DatabaseError` when the server cannot be used.
  package func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws
    -> BackupManifest
  {
    let lock = try folder.lock()
    defer { _ = lock }
    let schema = options.database ?? ""
    let contents = try folder.contents()
    let earlier = contents.backups
    let preflight = try await BackupPreflight.run(options, missingDefiners: missingDefiners)
    let last = earlier.last { $0.schema == schema }
    try checkSpace(last: last)
    let tool = try await ClientProgram.dump(ofMySQL: preflight.isMySQL)
    let prepared = try await Snapshot.prepare(options)
    do {
      let manifest = try await dump(
        prepared, with: tool, preflight: preflight,
        sequence: max(contents.lastSequence, lock.record.last) + 1,
        expected: last?.data.rawBytes ?? preflight.tableBytes, progress: progress)
      lock.record = lock.record.with(manifest)
      await prepared.close()
      return manifest
    } catch {
      await prepared.close()
      throw error
    }
  }

  private func checkSpace(last: BackupManifest?) throws(BackupError) {
    guard let last, let free = folder.freeBytes else { return }
    let needed = last.data.storedBytes + last.data.storedBytes / 5
    guard free >= needed else {
      throw BackupError(
        .noSpace,
        "\(folder.path) has \(free >> 20) MiB free; the last backup took"
          + " \(last.data.storedBytes >> 20) MiB",
        hint: "free some space, prune backups, or name another folder with --dir")
    }
  }

  private func dump(
    _ prepared: Snapshot.Preparation, with tool: ClientProgram, preflight: BackupPreflight,
    sequence: Int,
    expected: Int64?, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> BackupManifest {
    let clock = ContinuousClock()
    let began = clock.now
    let created = now()
    let id = BackupName.make(
      schema: options.database ?? "", timestamp: Timestamp.compact(created), sequence: sequence)
    let unfinished = try folder.makeUnfinished(id)
    do {
      let file = key == nil ? BackupName.dataFile : BackupName.encryptedDataFile
      let pump = DumpPump(
        writer: try BackupWriter(
          path: "\(unfinished)/\(file)", id: id, compression: compression, key: key)
      ) { raw, stored in
        progress(Progress(rawBytes: raw, storedBytes: stored, expectedBytes: expected))
      }
      let (snapshot, facts, lossyColumns, lockSeconds) = try await stream(
        prepared, tool, into: pump, hasHistory: preflight.hasHistory,
        hidden: preflight.hiddenViews)
      let auditHead = try await Self.auditHead(snapshot)
      FaultPoint.reach("create.dumped")
      let data = try pump.finish()
      try await snapshot.checkObjects()
      var manifest = BackupManifest(
        id: id, sequence: sequence, schema: options.database ?? "",
        characterSet: preflight.characterSet, collation: preflight.collation,
        createdAt: Timestamp.text(created), createdEpoch: created, payopsVersion: payopsVersion,
        schemaVersion: preflight.schemaVersion,
        serverVersion: snapshot.reader.serverVersion.description, dumpTool: tool.version,
        position: snapshot.position,
        data: BackupManifest.StoredData(
          file: file, storedBytes: data.storedBytes, rawBytes: data.rawBytes, sha256: data.sha256,
          keyId: key?.id),
        tables: facts.tables.map { table in
          var table = table
          table.rowDigest = data.rows.digest(of: table.name)
          table.dumpBytes = data.rows.bytes(of: table.name)
          return table
        }, objects: snapshot.objects, sequences: snapshot.sequences, views: facts.views,
        auditHead: auditHead, dumpSeconds: (clock.now - began).inSeconds,
        lossyColumns: lossyColumns.isEmpty ? nil : lossyColumns,
        orphans: preflight.orphans.isEmpty ? nil : preflight.orphans, kind: kind)
      manifest.lockSeconds = lockSeconds
      if let key { manifest.seal = try BackupSeal.make(manifest, key: key) }
      try folder.publish(manifest)
      return manifest
    } catch {
      folder.discardUnfinished(id)
      throw error
    }
  }

  /// The end of the audit log in the snapshot.
  private static func auditHead(_ snapshot: Snapshot) async throws -> BackupManifest.AuditHead? {
    guard snapshot.objects.contains(where: { $0.kind == "table" && $0.name == "audit_head" }),
      let row = try await snapshot.reader.query("SELECT audit_id, entry_hash FROM audit_head")
        .rows.first, let id = row.integer("audit_id"), let hash = row["entry_hash"]
    else { return nil }
    return BackupManifest.AuditHead(id: id, hash: hash)
  }

  /// The columns that the dump tool cannot write; those that it only rounds may be accepted.
  private func lossyColumns(_ snapshot: Snapshot) async throws -> [BackupManifest.LossyColumn] {
    var columns = try await SnapshotFacts.lossyColumns(
      on: snapshot.reader, tables: snapshot.tables)
    for index in columns.indices where acceptsRounding && columns[index].type == "float" {
      columns[index].isAccepted = true
    }
    return columns
  }

  /// Starts the dump tool, opens the snapshot, lets the tool run and reads the facts meanwhile.
  private func stream(
    _ prepared: Snapshot.Preparation, _ tool: ClientProgram, into pump: DumpPump, hasHistory: Bool,
    hidden: [HiddenView]
  ) async throws -> (
    Snapshot, SnapshotFacts, lossy: [BackupManifest.LossyColumn], lockSeconds: Double?
  ) {
    let options = options
    let gate = StartGate()
    let arguments = Self.arguments(
      schema: options.database ?? "", hasHistory: hasHistory, isMySQL: tool.isMySQL,
      leftOut: prepared.leftOut + hidden.map(\.name))
    let appendix = try hidden.map { view throws(BackupError) in try view.dump() }.joined()
    let dumping = Task {
      defer { pump.end() }
      try await tool.run(arguments, options: options, gate: gate) { try pump.take($0) }
      if !appendix.isEmpty { try pump.append(appendix + HiddenView.lastLine) }
    }
    var opened: Snapshot?
    do {
      let snapshot = try await Snapshot.open(prepared)
      opened = snapshot
      return try await withTaskCancellationHandler {
        FaultPoint.reach("create.snapshot")
        gate.open()
        try await waitUntilBegun(pump, snapshot)
        FaultPoint.reach("create.dumping")
        let lockSeconds = try await snapshot.releaseTables()
        let lossy = try await lossyColumns(snapshot)
        // The server's checksum is that of the values before they are rounded.
        let facts = try await SnapshotFacts.read(
          from: snapshot.reader, tables: snapshot.tables,
          // Rows of MySQL's dump share a line, so that a digest of lines depends on their lengths.
          checksums: readsChecksums || tool.isMySQL ? .all : .whereNeeded,
          accepting: Set(lossy.filter { $0.isAccepted == true }.map(\.table)),
          asOf: snapshot.asOf)
        try await dumping.value
        return (snapshot, facts, lossy, lockSeconds)
      } onCancel: {
        dumping.cancel()
        Task { try? await snapshot.reader.cancelRunningStatement() }
      }
    } catch {
      // The tool's own failure says more than the errors that follow from it.
      dumping.cancel()
      var cause = error
      if case .failure(let failure) = await dumping.result, opened != nil,
        !(failure is CancellationError)
      {
        cause = failure
      }
      if let opened { try await Self.checkObjects(of: opened, after: cause) }
      throw cause
    }
  }

  /// When a statement fails because a table changed, that change is the better explanation.
  private static func checkObjects(of snapshot: Snapshot, after cause: any Error) async throws {
    let isOfServer = cause is DatabaseError || (cause as? BackupError)?.code == .toolFailed
    guard isOfServer, !Task.isCancelled else { return }
    do {
      try await snapshot.checkObjects()
    } catch let changed as BackupError {
      if changed.code == .schemaChanged { throw changed }
    } catch {
      // The server is unreachable, as the cause says.
    }
  }

  /// Waits until the dump tool has opened its snapshot.
  ///
  /// A statement that changes a table waits for our locks, and the tool waits behind it: a
  /// deadlock that the server does not see.
  private func waitUntilBegun(_ pump: DumpPump, _ snapshot: Snapshot) async throws {
    var polls = 0
    var heldUp = 0
    while !pump.hasBegun {
      // Payments wait until then, so the check is frequent.
      try await Task.sleep(for: .milliseconds(2))
      polls += 1
      guard polls % 100 == 0 else { continue }
      heldUp = try await snapshot.isReaderHeldUp() ? heldUp + 1 : 0
      guard heldUp < 5 else {
        throw BackupError(
          .busy, "a statement is waiting to change a table of schema \(options.database ?? "")",
          hint: "nothing was published; let that statement finish, then run the same command again")
      }
    }
  }

  private static func arguments(
    schema: String, hasHistory: Bool, isMySQL: Bool, leftOut: [String]
  ) -> [String] {
    rowArguments(hasHistory: hasHistory, isMySQL: isMySQL)
      + leftOut.map { "--ignore-table=\(schema).\($0)" }
      + ["--routines", "--events", "--triggers", "--skip-dump-date", "--", schema]
  }

  /// The options on which the text of a row depends.
  package static func rowArguments(hasHistory: Bool, isMySQL: Bool) -> [String] {
    [
      "--single-transaction", "--quick", "--hex-blob", "--default-character-set=utf8mb4",
      "--tz-utc", "--max-allowed-packet=1G",
      // On by default since 11.8: it would switch autocommit around the rows of each table.
      "--skip-no-autocommit",
    ] + (hasHistory ? ["--dump-history"] : [])
      // Neither is restored into a schema, and both take privileges on the server.
      + (isMySQL ? ["--set-gtid-purged=OFF", "--no-tablespaces"] : [])
  }
}
