internal import Foundation
internal import Synchronization

/// Compresses and stores the output of the dump tool, and reports its progress.
final class DumpPump: Sendable {
  /// The head of a dump is shorter than this; later bytes were written after the snapshot.
  private static let headLength: Int64 = 4096
  private static let trailer = Array("-- Dump completed".utf8)

  /// Used by the thread that reads the pipe, and by ``finish()`` once that thread has ended.
  private nonisolated(unsafe) let writer: BackupWriter
  private nonisolated(unsafe) var tail: [UInt8] = []
  private nonisolated(unsafe) var rows = RowDigest()
  private let begun = Atomic(false)
  private let progress: @Sendable (Int64, Int64) -> Void

  /// - Parameters:
  ///   - writer: where the bytes go.
  ///   - progress: gets raw and stored bytes.
  init(writer: sending BackupWriter, progress: @escaping @Sendable (Int64, Int64) -> Void) {
    self.writer = writer
    self.progress = progress
  }

  /// Stores a piece.
  package func take(_ piece: UnsafeRawBufferPointer) throws {
    try writer.write(piece)
    rows.update(piece)
    tail = Array((tail + piece.suffix(80)).suffix(80))
    if writer.rawBytes >= Self.headLength { begun.store(true, ordering: .relaxed) }
    progress(writer.rawBytes, writer.storedBytes)
  }

  /// Appends bytes to the output of a tool that has succeeded.
  package func append(_ text: String) throws {
    guard isWhole else { return }
    var text = text
    try text.withUTF8 { try take(UnsafeRawBufferPointer($0)) }
  }

  /// Whether the last line of the dump has been received.
  private var isWhole: Bool { tail.indices.contains { tail[$0...].starts(with: Self.trailer) } }

  /// Wakes all waiters: no more output will follow.
  package func end() { begun.store(true, ordering: .relaxed) }

  /// Whether the dump tool has certainly opened its snapshot, or has ended.
  var hasBegun: Bool { begun.load(ordering: .relaxed) }

  /// Completes the file.
  ///
  /// - Returns: SHA-256, raw and stored bytes, and the digest of the rows.
  /// - Throws: ``BackupError/Code/toolFailed`` when the dump has no end.
  package func finish() throws -> (
    sha256: String, rawBytes: Int64, storedBytes: Int64, rows: RowDigest
  ) {
    guard isWhole else {
      throw BackupError(
        .toolFailed, "the dump ended without its last line",
        hint: "nothing was published; run the same command again")
    }
    return (try writer.finish(), writer.rawBytes, writer.storedBytes, rows)
  }
}
