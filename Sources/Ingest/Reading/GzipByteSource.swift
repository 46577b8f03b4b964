internal import Compression

/// The decompressed bytes of a source that may be compressed with gzip; plain bytes stay unchanged.
///
/// A file of several gzip members one after another gives the bytes of all of them.
final class GzipByteSource: ByteSource {
  private enum Phase { case undecided, plain, member, betweenMembers, ended }

  private static let inputCapacity = 1 << 16

  private let source: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputCapacity, alignment: 8)
  private var available = 0
  private var position = 0
  private var phase = Phase.undecided
  private var inflater: GzipInflater?

  /// Checks the first bytes of a source and decompresses it when it is gzip.
  init(_ source: any ByteSource) {
    self.source = source
  }

  deinit { input.deallocate() }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    if phase == .undecided { try decide() }
    while true {
      switch phase {
      case .undecided, .ended: return 0
      case .plain:
        if position < available { return drain(into: buffer) }
        return try source.read(into: buffer)
      case .betweenMembers:
        try beginNextMember()
      case .member:
        let count = try inflateSome(into: buffer)
        if count > 0 { return count }
      }
    }
  }

  private func decide() throws(ImportError) {
    try fill(atLeast: 2)
    guard available >= 2, input[0] == 0x1f, input[1] == 0x8b else {
      phase = .plain
      return
    }
    do throws(GzipInflater.Damage) {
      inflater = try GzipInflater()
    } catch {
      throw ImportError(.damaged, "zlib cannot be started (error \(error.code))")
    }
    phase = .member
  }

  /// Reads until some bytes are available or the source ends.
  private func fill(atLeast wanted: Int) throws(ImportError) {
    if position > 0 {
      let rest = available - position
      if rest > 0 {
        input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[position..<available]))
      }
      available = rest
      position = 0
    }
    while available < wanted {
      let count = try source.read(
        into: UnsafeMutableRawBufferPointer(rebasing: input[available...]))
      if count == 0 { return }
      available += count
    }
  }

  private func drain(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, available - position)
    buffer.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: input[position..<position + count]))
    position += count
    return count
  }

  private func inflateSome(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    if position == available {
      try fill(atLeast: 1)
      guard available > 0 else {
        throw ImportError(
          .damaged, "the gzip data are cut off: the file ends inside a compressed member",
          hint: "copy the file again and compare its size with the original")
      }
    }
    do throws(GzipInflater.Damage) {
      guard
        let step = try inflater?.inflate(
          UnsafeRawBufferPointer(rebasing: input[position..<available]), into: buffer)
      else { return 0 }
      position += step.used
      if step.isEnd { phase = .betweenMembers }
      return step.written
    } catch {
      throw ImportError(.damaged, "the gzip data are corrupt (zlib error \(error.code))")
    }
  }

  /// After a member: the next one, padding of zeros, or the end.
  private func beginNextMember() throws(ImportError) {
    while true {
      if available - position < 2 { try fill(atLeast: 2) }
      guard position < available else {
        phase = .ended
        return
      }
      guard input[position] == 0 else { break }
      position += 1
    }
    guard available - position >= 2, input[position] == 0x1f, input[position + 1] == 0x8b else {
      throw ImportError(.damaged, "there are bytes after the end of the gzip data")
    }
    do throws(GzipInflater.Damage) {
      try inflater?.begin()
    } catch {
      throw ImportError(
        .damaged, "zlib cannot start the next gzip member (error \(error.code))")
    }
    phase = .member
  }
}
