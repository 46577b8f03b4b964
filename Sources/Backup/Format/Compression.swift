internal import CZstd

/// How a dump is compressed.
package struct CompressionSettings: Sendable, Equatable {
  /// Level of zstd, 1 to 19; nil for settings tuned for dumps.
  package var level: Int32?
  /// Threads that compress; 0 compresses on the thread that reads the dump.
  package var threads: Int32 = 1

  /// The usual settings.
  package init(level: Int32? = nil, threads: Int32 = 1) {
    self.level = level
    self.threads = threads
  }
}

/// Compresses a stream with zstd, with a checksum of the content at its end.
final class Compression {
  /// Level 3 with another search: rows repeat long texts, so it searches for longer matches. 10 %
  /// smaller than level 3, and smaller than gzip -6, at twice the time of level 3.
  private static var suitableForDumps: [(ZSTD_cParameter, Int32)] {
    [
      (ZSTD_c_compressionLevel, 3), (ZSTD_c_strategy, Int32(ZSTD_greedy.rawValue)),
      (ZSTD_c_searchLog, 3), (ZSTD_c_minMatch, 6),
    ]
  }

  /// Bytes that a thread compresses at a time; half of zstd's choice, for half of its memory.
  private static let pieceBytes: Int32 = 4 << 20

  private let context: OpaquePointer
  private let output: UnsafeMutableRawBufferPointer

  init(_ settings: CompressionSettings) throws(BackupError) {
    guard let context = ZSTD_createCCtx() else {
      throw BackupError(.toolFailed, "zstd cannot be started: out of memory")
    }
    self.context = context
    output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)
    let strength =
      settings.level.map { [(ZSTD_c_compressionLevel, $0)] } ?? Self.suitableForDumps
    for (parameter, value) in strength + [
      (ZSTD_c_checksumFlag, 1), (ZSTD_c_nbWorkers, settings.threads),
      (ZSTD_c_jobSize, Self.pieceBytes),
    ] {
      // A library without threads refuses them and compresses on the reading thread.
      let status = ZSTD_CCtx_setParameter(context, parameter, value)
      if ZSTD_isError(status) != 0, ![ZSTD_c_nbWorkers, ZSTD_c_jobSize].contains(parameter) {
        throw BackupError(
          .toolFailed,
          "zstd refuses the value \(value): \(String(cString: ZSTD_getErrorName(status)))")
      }
    }
  }

  deinit {
    ZSTD_freeCCtx(context)
    output.deallocate()
  }

  /// Compresses bytes.
  package func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    try run(bytes, ZSTD_e_continue, write)
  }

  /// Ends the stream.
  package func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    try run(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, write)
  }

  private func run(
    _ bytes: UnsafeRawBufferPointer, _ end: ZSTD_EndDirective,
    _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    while true {
      var packed = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let left = ZSTD_compressStream2(context, &packed, &input, end)
      guard ZSTD_isError(left) == 0 else {
        throw BackupError(
          .toolFailed, "zstd failed: \(String(cString: ZSTD_getErrorName(left)))")
      }
      if packed.pos > 0 {
        try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<packed.pos]))
      }
      let isDone =
        end.rawValue == ZSTD_e_continue.rawValue ? input.pos == input.size : left == 0
      if isDone { return }
    }
  }
}

/// Decompresses a zstd stream.
final class Decompression {
  private let context: OpaquePointer
  private let output: UnsafeMutableRawBufferPointer
  /// Whether a frame has ended and no other has begun.
  private(set) var isComplete = false

  init() throws(BackupError) {
    guard let context = ZSTD_createDCtx() else {
      throw BackupError(.toolFailed, "zstd cannot be started: out of memory")
    }
    self.context = context
    output = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 16)
  }

  deinit {
    ZSTD_freeDCtx(context)
    output.deallocate()
  }

  /// Decompresses bytes.
  package func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    while true {
      var plain = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let left = ZSTD_decompressStream(context, &plain, &input)
      guard ZSTD_isError(left) == 0 else {
        throw BackupError(
          .damaged,
          "the compressed data are corrupt (zstd: \(String(cString: ZSTD_getErrorName(left))))")
      }
      isComplete = left == 0
      if plain.pos > 0 {
        try write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output)[..<plain.pos]))
      }
      if input.pos == input.size, plain.pos < plain.size { return }
    }
  }

  /// Checks that the stream has ended.
  package func finish() throws(BackupError) {
    guard isComplete else {
      throw BackupError(.damaged, "the compressed data are cut off inside a zstd frame")
    }
  }
}
