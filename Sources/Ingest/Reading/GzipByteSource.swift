import CZlib

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
  private var stream = z_stream()
  private var isInitialised = false

  /// Checks the first bytes of a source and decompresses it when it is gzip.
  init(_ source: any ByteSource) {
    self.source = source
  }

  deinit {
    if isInitialised { inflateEnd(&stream) }
    input.deallocate()
  }

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
    // 16 asks zlib for the gzip format, 15 is the largest window.
    guard payops_inflateInit2(&stream, 15 + 16) == Z_OK else {
      throw ImportError(.damaged, "zlib cannot be started")
    }
    isInitialised = true
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
    let output = buffer.bindMemory(to: UInt8.self)
    stream.next_in = input.baseAddress.map {
      $0.advanced(by: position).assumingMemoryBound(to: UInt8.self)
    }
    stream.avail_in = UInt32(available - position)
    stream.next_out = output.baseAddress
    stream.avail_out = UInt32(clamping: buffer.count)
    let offered = Int(stream.avail_out)
    let result = inflate(&stream, Z_NO_FLUSH)
    position = available - Int(stream.avail_in)
    switch result {
    case Z_STREAM_END: phase = .betweenMembers
    case Z_OK, Z_BUF_ERROR: break
    default: throw ImportError(.damaged, "the gzip data are corrupt (zlib error \(result))")
    }
    return offered - Int(stream.avail_out)
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
    guard inflateReset(&stream) == Z_OK else {
      throw ImportError(.damaged, "zlib cannot start the next gzip member")
    }
    phase = .member
  }
}
