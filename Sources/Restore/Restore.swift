package import Backup
internal import Foundation
internal import MariaDBClient
internal import Schema
internal import Synchronization

/// Restores a backup into a schema: loads into staging tables, then exchanges them.
///
/// Tables are loaded under other names in the target schema, without their secondary keys, over
/// several connections; then they get their keys, foreign keys and triggers, and one RENAME TABLE
/// puts them in place. Until that statement readers see the schema as it was.
package struct Restore: Sendable {
  /// How far a restore has come.
  package struct Progress: Sendable {
    /// The current phase.
    package let phase: String
    /// Bytes of the dump so far.
    package let rawBytes: Int64
    /// Bytes of the whole dump.
    package let totalBytes: Int64
  }

  let manifest: BackupManifest
  let dataPath: String
  let key: EncryptionKey?
  let plan: RestorePlan

  /// Prepares a restore.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - folder: where it is.
  ///   - key: the key of an encrypted backup.
  ///   - plan: the target and the options.
  package init(
    _ manifest: BackupManifest, in folder: BackupFolder, key: EncryptionKey?, plan: RestorePlan
  ) {
    self.manifest = manifest
    dataPath = folder.dataPath(of: manifest)
    self.key = key
    self.plan = plan
  }

  /// The outcome of a restore.
  package struct Outcome: Sendable {
    /// Seconds from the first statement to the last.
    package let seconds: Double
    /// Differences from the backup although every statement was accepted; never rows.
    package let findings: [VerificationFinding]
    /// The replay of erasures of personal data that were made after the backup; nil for a schema
    /// without erasures.
    package let erasures: ErasureReplay?
  }

  /// How far definitions are trusted: a holder of the key is trusted fully.
  func trust() throws(BackupError) -> BackupTrust {
    let isSealed = try BackupSeal.check(
      manifest, key: key, allowsUnsealed: plan.allowsUnsealed)
    return isSealed ? .source : plan.trust
  }

  /// Restores.
  ///
  /// - Parameters:
  ///   - isChecked: whether the file has just been read to its end (``checkFile()``), and the
  ///     definers were looked up.
  ///   - progress: called as rows are loaded.
  /// - Throws: ``BackupError``; the schema is then unchanged.
  @discardableResult
  package func run(
    isChecked: Bool = false, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) async throws -> Outcome {
    try checkTables()
    if !isChecked { try await lookForDefiners(of: try await checkFile()) }
    let clock = ContinuousClock()
    let began = clock.now
    let target = try await RestoreTarget.open(plan, manifest: manifest)
    do {
      let loaded = try await load(into: target, progress: progress)
      FaultPoint.reach("restore.loaded")
      try Task.checkCancellation()
      if plan.comparesContent {
        progress(Progress(phase: "compare", rawBytes: 0, totalBytes: 0))
        try await compareRows()
      }
      progress(Progress(phase: "switch", rawBytes: 0, totalBytes: 0))
      let erasures = try await target.put(loaded, inPlaceOf: plan.tables)
      let findings = plan.comparesContent ? try await changedObjects() : []
      await target.close()
      return Outcome(
        seconds: (clock.now - began).inSeconds, findings: findings, erasures: erasures)
    } catch {
      await target.discardStaging()
      await target.close()
      throw Self.explained(error)
    }
  }

  private func checkTables() throws(BackupError) {
    guard let wanted = plan.tables else { return }
    let known = Set(manifest.tables.map(\.name))
    if let name = wanted.subtracting(known).sorted().first {
      throw BackupError(.notFound, "there is no table \(name) in \(manifest.id)")
    }
  }

  /// Reads the whole file once before the first statement, so that neither damaged data nor
  /// statements that ``DumpGuard`` refuses reach a server.
  ///
  /// - Returns: the objects that have a definer.
  @discardableResult
  package func checkFile() async throws -> [DefinedObject] {
    let (path, manifest, key, checks) = (dataPath, manifest, key, plan.checksHash)
    let trust = try trust()
    let result: Result<[DefinedObject], any Error> = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var tail: [UInt8] = []
        var splitter = StatementSplitter(.tool)
        var guardian = DumpGuard(manifest, trust: trust)
        // Damage of the file takes precedence over an error in its statements.
        var refusal: (any Error)?
        var objects: [DefinedObject] = []
        func look(_ bytes: [UInt8]) throws {
          guard refusal == nil else { return }
          do {
            let statement = DumpStatement(bytes)
            try guardian.check(statement)
            if let object = DefinedObject(statement) { objects.append(object) }
          } catch {
            refusal = error
          }
        }
        do {
          try BackupReader.read(path, manifest: manifest, key: key, checksHash: checks) { bytes in
            tail = Array((tail + bytes.suffix(80)).suffix(80))
            try splitter.update(bytes, look)
          }
          let trailer = Array("-- Dump completed".utf8)
          guard tail.indices.contains(where: { tail[$0...].starts(with: trailer) }) else {
            throw BackupError(
              .damaged, "the dump in \(manifest.id) has no last line: it was cut off")
          }
          try splitter.finishDump(look)
          if let refusal { throw refusal }
          continuation.resume(returning: .success(objects))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    let objects = try result.get()
    try Task.checkCancellation()
    return objects
  }

  private func load(
    into target: RestoreTarget, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> LoadedDump {
    let (path, manifest, key, plan) = (dataPath, manifest, key, plan)
    let trust = try trust()
    let bytes = Mutex<Int64>(0)
    let report = { @Sendable (phase: String, count: Int) in
      let sum = bytes.withLock { bytes in
        bytes += Int64(count)
        return bytes
      }
      progress(Progress(phase: phase, rawBytes: sum, totalBytes: manifest.data.rawBytes))
    }
    let load = ParallelLoad(
      manifest, plan: plan,
      open: { isFirst in
        // One reader that checks the hash is enough.
        DumpSource.start(
          path, manifest: manifest, key: key, checksHash: plan.checksHash && isFirst,
          trust: trust, readers: plan.connections)
      }, loaded: { report("load", $0) })
    let (dump, rows) = try await load.run(into: target) { report("index", 0) }
    if plan.checksRows { try check(rows) }
    return dump
  }

  /// Compares the number of loaded rows with that of the snapshot.
  private func check(_ rows: [String: Int64]) throws(BackupError) {
    for table in manifest.tables where plan.tables?.contains(table.name) ?? true {
      let expected = table.historyRows ?? table.rows
      let taken = rows[table.name] ?? 0
      guard taken == expected else {
        throw BackupError(
          .mismatch, "table \(table.name): \(taken) rows were restored, \(expected) backed up")
      }
    }
  }

  /// Compares the rows while they have other names, so that wrong rows never replace anything.
  private func compareRows() async throws {
    let findings = try await comparison { connection in
      var comparison = BackupComparison(manifest: manifest, connection: connection)
      comparison.isStaged = true
      comparison.wanted = plan.tables
      return try await comparison.run(BackupComparison.rowChecks)
    }
    guard let first = findings.first else { return }
    let others = findings.count > 1 ? " (and \(findings.count - 1) more differences)" : ""
    throw BackupError(
      .mismatch, "\(first.message)\(others)",
      hint: "nothing was changed; to restore it anyway, add --no-compare")
  }

  /// Compares the definitions; rows may have changed again by now.
  func changedObjects() async throws -> [VerificationFinding] {
    guard plan.tables == nil else { return [] }
    return try await comparison { connection in
      try await BackupComparison(manifest: manifest, connection: connection)
        .run([.characterSet, .objects, .definitions])
    }
  }

  /// Runs a comparison on a new connection, whose session settings the dump has not changed.
  private func comparison(
    _ body: (Connection) async throws -> [VerificationFinding]
  ) async throws -> [VerificationFinding] {
    var options = plan.options
    options.database = plan.schema
    let connection = try await Connection.openLasting(options)
    do {
      let findings = try await body(connection)
      await connection.close()
      return findings
    } catch {
      await connection.close()
      throw error
    }
  }

  private static func explained(_ error: any Error) -> any Error {
    guard let refused = error as? DatabaseError, !refused.isOfSurroundings else { return error }
    return BackupError(
      .refusedStatement,
      "the server refused a statement of the backup: \(refused.debugDescription)",
      hint: "nothing was changed; is the server as new as the one that was backed up?")
  }
}
