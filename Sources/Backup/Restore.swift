internal import Foundation
internal import MariaDBClient
internal import Schema
internal import Synchronization

/// Restores a backup into a schema: loads beside, then switches.
///
/// Tables are loaded under other names in the target schema, without their secondary keys, over
/// several connections; then they get their keys, foreign keys and triggers, and one RENAME TABLE
/// puts them in place. Until that statement readers see the schema as it was.
package struct Restore: Sendable {
  /// How far a restore has come.
  package struct Progress: Sendable {
    /// What is being done.
    package let phase: String
    /// Bytes of the dump so far.
    package let rawBytes: Int64
    /// Bytes of the whole dump.
    package let totalBytes: Int64
  }

  private let manifest: BackupManifest
  private let dataPath: String
  private let key: EncryptionKey?
  private let plan: RestorePlan

  /// Prepares a restore.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - folder: where it is.
  ///   - key: the key of an encrypted backup.
  ///   - plan: where to and how.
  package init(
    _ manifest: BackupManifest, in folder: BackupFolder, key: EncryptionKey?, plan: RestorePlan
  ) {
    self.manifest = manifest
    dataPath = folder.dataPath(of: manifest)
    self.key = key
    self.plan = plan
  }

  /// Restores.
  ///
  /// - Parameter progress: called as rows are loaded.
  /// - Returns: seconds from the first statement to the last.
  /// - Throws: ``BackupError``; the schema is then as it was before.
  @discardableResult
  package func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws
    -> Double
  {
    try checkTables()
    try await checkFile()
    let clock = ContinuousClock()
    let began = clock.now
    let target = try await RestoreTarget.open(plan, manifest: manifest)
    do {
      let loaded = try await load(into: target, progress: progress)
      FaultPoint.reach("restore.loaded")
      try Task.checkCancellation()
      progress(Progress(phase: "switch", rawBytes: 0, totalBytes: 0))
      try await target.put(loaded, inPlaceOf: plan.tables)
      await target.close()
      return (clock.now - began).inSeconds
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

  /// Reads the whole file once before the first statement: nothing damaged reaches a server.
  package func checkFile() async throws {
    let (path, manifest, key, checks) = (dataPath, manifest, key, plan.checksHash)
    let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        var tail: [UInt8] = []
        do {
          try BackupReader.read(path, manifest: manifest, key: key, checksHash: checks) { bytes in
            tail = Array((tail + bytes.suffix(80)).suffix(80))
          }
          let trailer = Array("-- Dump completed".utf8)
          guard tail.indices.contains(where: { tail[$0...].starts(with: trailer) }) else {
            throw BackupError(
              .damaged, "the dump in \(manifest.id) has no last line: it was cut off")
          }
          continuation.resume(returning: .success(()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    try result.get()
    try Task.checkCancellation()
  }

  private func load(
    into target: RestoreTarget, progress: @escaping @Sendable (Progress) -> Void
  ) async throws -> LoadedDump {
    let (path, manifest, key, plan) = (dataPath, manifest, key, plan)
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
        // One reader that looks at the hash is enough.
        DumpSource.start(
          path, manifest: manifest, key: key, checksHash: plan.checksHash && isFirst,
          readers: plan.connections)
      }, loaded: { report("load", $0) })
    let (dump, rows) = try await load.run(into: target) { report("index", 0) }
    if plan.checksRows { try check(rows) }
    return dump
  }

  /// Compares the rows that the server took with those of the snapshot.
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

  private static func explained(_ error: any Error) -> any Error {
    guard let refused = error as? DatabaseError, refused.code != .interrupted,
      refused.code != .connectionLost, refused.code != .storageFull
    else { return error }
    return BackupError(
      .refusedStatement,
      "the server refused a statement of the backup: \(refused.debugDescription)",
      hint: "nothing was changed; is the server as new as the one that was backed up?")
  }
}
