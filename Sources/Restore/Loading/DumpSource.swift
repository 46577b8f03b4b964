internal import Backup
internal import Dispatch
internal import Foundation
internal import MariaDBClient
internal import Synchronization

/// The statements of a backup, read and split on a separate thread, a few ahead of the consumer.
final class DumpSource: Sendable {
  /// Bytes that may wait for the consumers of one backup.
  private static let capacity = 4 << 20

  private struct State {
    var waitingBytes = 0
    var isCancelled = false
  }

  /// The statements in order; ends with the reader's error when the file is damaged.
  let statements: AsyncThrowingStream<DumpStatement, any Error>
  private let continuation: AsyncThrowingStream<DumpStatement, any Error>.Continuation
  private let state = Mutex(State())
  private let room = DispatchSemaphore(value: 0)
  private let capacity: Int

  private init(readers: Int) {
    capacity = Self.capacity / max(1, readers)
    (statements, continuation) = AsyncThrowingStream.makeStream()
  }

  /// Starts to read.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - manifest: the published facts.
  ///   - key: the key of an encrypted backup.
  ///   - checksHash: see ``BackupReader``.
  ///   - trust: how far definitions are trusted.
  ///   - readers: how many read the backup at the same time.
  static func start(
    _ path: String, manifest: BackupManifest, key: EncryptionKey?, checksHash: Bool,
    trust: BackupTrust, readers: Int
  ) -> DumpSource {
    let source = DumpSource(readers: readers)
    let guardian = DumpGuard(manifest, trust: trust)
    Thread.detachNewThread {
      source.continuation.finish(
        throwing: source.read(
          path, manifest: manifest, key: key, checksHash: checksHash, guardian: guardian))
    }
    return source
  }

  private func read(
    _ path: String, manifest: BackupManifest, key: EncryptionKey?, checksHash: Bool,
    guardian: DumpGuard
  ) -> (any Error)? {
    var splitter = StatementSplitter(.tool)
    var guardian = guardian
    // The file was checked before, but may have changed since. Rows are loaded as data, or checked
    // when they are run as a statement.
    let pass = { (bytes: [UInt8]) in
      let statement = DumpStatement(bytes)
      try guardian.check(statement, readsRows: false)
      try self.send(statement)
    }
    do {
      try BackupReader.read(path, manifest: manifest, key: key, checksHash: checksHash) { bytes in
        try splitter.update(bytes, pass)
      }
      try splitter.finishDump(pass)
      return nil
    } catch {
      return error
    }
  }

  private func send(_ statement: DumpStatement) throws {
    while true {
      let (hasRoom, isCancelled) = state.withLock { state in
        let hasRoom = state.waitingBytes == 0 || state.waitingBytes < capacity
        if hasRoom { state.waitingBytes += statement.bytes.count }
        return (hasRoom, state.isCancelled)
      }
      if isCancelled { throw CancellationError() }
      if hasRoom { break }
      room.wait()
    }
    continuation.yield(statement)
  }

  /// Notes that a consumer has received a statement.
  func took(_ statement: DumpStatement) {
    state.withLock { $0.waitingBytes -= statement.bytes.count }
    room.signal()
  }

  /// Stops the reader.
  func cancel() {
    state.withLock { $0.isCancelled = true }
    room.signal()
  }
}
