internal import Foundation
internal import Synchronization

/// Receives one log from a server, and writes it compressed into files that end with whole
/// transactions.
///
/// The bytes are those of the server's own file: anything else that it sends (the head of a log
/// that is not read from its beginning) is left out.
final class LogReceiver: Sendable {
  /// Name of the log.
  package let log: String
  /// Whether one file is to hold the log from its first byte to its last.
  private let isWhole: Bool
  private let archive: BinaryLogArchive
  /// Size of a file, bytes, at which the next transaction starts a new file.
  private let limit: Int64
  /// When the server started the archived log; nil when nothing is archived.
  private let begun: Int64?

  /// Used by the thread that reads the tool's output, and by others only when that has ended.
  private nonisolated(unsafe) var events: BinaryLogEvents
  private nonisolated(unsafe) var writer: BackupWriter?
  private nonisolated(unsafe) var start: Int64
  private nonisolated(unsafe) var position: Int64
  private nonisolated(unsafe) var isKept = false
  private nonisolated(unsafe) var newest: Int64?
  private nonisolated(unsafe) var finished: [(file: String, bytes: Int64)] = []

  /// - Parameters:
  ///   - log: name of the log.
  ///   - from: first byte to receive.
  ///   - isWhole: whether the server has closed it, and one file takes it all.
  ///   - begun: see above.
  ///   - archive: where it goes.
  ///   - limit: see above.
  init(
    _ log: String, from: Int64, isWhole: Bool, begun: Int64?, archive: BinaryLogArchive,
    limit: Int64
  ) {
    self.log = log
    self.isWhole = isWhole
    self.begun = begun
    self.archive = archive
    self.limit = limit
    events = BinaryLogEvents(name: log)
    start = from
    // The server sends the mark in front of the first event unasked.
    position = max(from, Int64(BinaryLogEvents.magic.count))
  }

  /// Receives a piece; called by the reading thread.
  package func take(_ piece: UnsafeRawBufferPointer) throws {
    try events.update(piece) { bytes in
      if isKept { try writer?.write(bytes) }
    } begin: { event in
      try begin(event)
    }
  }

  private func begin(_ event: BinaryLogEvents.Event) throws {
    if event.type == BinaryLogEvents.formatDescription, let begun, event.instant != begun {
      throw BackupError(
        .damaged, "the log \(log) of the server differs from that in \(archive.path)",
        hint: "it is the log of another server, or the server has restarted its numbering:"
          + " name another folder with --dir")
    }
    isKept =
      !event.isArtificial
      && !(event.type == BinaryLogEvents.formatDescription && event.end == 0)
    guard isKept else { return }
    guard event.end == 0 || event.end == UInt32(truncatingIfNeeded: position + event.length) else {
      throw BackupError(
        .unsupported, "the server does not send every event of \(log): byte \(position) is missing",
        hint: "logs that the server encrypts itself cannot be archived")
    }
    if !isWhole, event.type == BinaryLogEvents.gtid, position - start >= limit { try close() }
    if writer == nil {
      let file = try archive.writer(log: log, from: isWhole ? nil : start)
      writer = file
      if start == 0 { try BinaryLogEvents.magic.withUnsafeBytes { try file.write($0) } }
      FaultPoint.reach("archive.receiving")
    }
    position += event.length
    if event.instant > 0 { newest = max(newest ?? 0, event.instant) }
  }

  private func close() throws {
    guard let writer else { return }
    _ = try writer.finish()
    self.writer = nil
    FaultPoint.reach("archive.copied")
    let name = try archive.publish(log: log, from: isWhole ? nil : start, to: position)
    finished.append((name, writer.storedBytes))
    start = position
  }

  /// What has been received.
  package struct Result: Sendable {
    /// The position after the last byte now in the archive.
    package let end: Int64
    /// Instant of the newest event; nil without one.
    let newest: Int64?
    /// Bytes of the files written.
    let storedBytes: Int64
  }

  /// Publishes the received bytes; call it when the tool has succeeded.
  ///
  /// - Parameter size: bytes that a closed log must have; nil for any.
  package func finish(size: Int64?) throws -> Result {
    if writer != nil {
      try events.finish()
      if let size, position != size {
        throw BackupError(.damaged, "the copy of \(log) is incomplete")
      }
      try close()
    }
    return Result(
      end: position, newest: newest, storedBytes: finished.reduce(0) { $0 + $1.bytes })
  }

  /// Removes the unfinished file.
  func discard() {
    guard writer != nil else { return }
    writer = nil
    archive.discardUnfinished(log)
  }
}
