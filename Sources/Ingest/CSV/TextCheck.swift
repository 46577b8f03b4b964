/// Checks whether bytes are text in UTF-8, and if not, what they are.
enum TextCheck {
  /// Why a record is not text: a NUL byte or invalid UTF-8; nil when it is text.
  static func flaw(in bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard let base = bytes.baseAddress else { return nil }
    let raw = UnsafeRawPointer(base)
    var index = 0
    let low: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    while index + 8 <= bytes.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      // The second term finds zero bytes.
      if (word | ((word &- low) & ~word)) & high != 0 { return slowFlaw(in: bytes) }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] == 0 || bytes[index] >= 0x80 { return slowFlaw(in: bytes) }
      index += 1
    }
    return nil
  }

  private static func slowFlaw(in bytes: UnsafeBufferPointer<UInt8>) -> String? {
    if bytes.contains(0) { return "the record holds a NUL byte" }
    return isUTF8(bytes) ? nil : "the record is not valid UTF-8"
  }

  /// Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7).
  static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count {
      let first = bytes[index]
      let length: Int
      var lowest: UInt8 = 0x80
      var highest: UInt8 = 0xbf
      switch first {
      case 0x00...0x7f:
        index += 1
        continue
      case 0xc2...0xdf: length = 2
      case 0xe0...0xef:
        length = 3
        if first == 0xe0 { lowest = 0xa0 }
        if first == 0xed { highest = 0x9f }
      case 0xf0...0xf4:
        length = 4
        if first == 0xf0 { lowest = 0x90 }
        if first == 0xf4 { highest = 0x8f }
      default: return false
      }
      guard index + length <= bytes.count, bytes[index + 1] >= lowest, bytes[index + 1] <= highest
      else { return false }
      for offset in 2..<max(length, 2) where bytes[index + offset] & 0xc0 != 0x80 { return false }
      index += length
    }
    return true
  }

  /// Recognises files that are not text in UTF-8 by their first bytes.
  ///
  /// - Returns: the error to throw; nil when the file may be text.
  static func foreignFormat(_ front: UnsafeBufferPointer<UInt8>) -> ImportError? {
    let hint = "convert it first, for example with: iconv -f UTF-16 -t UTF-8"
    if front.starts(with: [0xff, 0xfe]) || front.starts(with: [0xfe, 0xff])
      || front.starts(with: [0, 0, 0xfe, 0xff])
    {
      return ImportError(.wrongFormat, "the file is UTF-16 or UTF-32, not UTF-8", hint: hint)
    }
    let kinds: [([UInt8], String)] = [
      ([0x50, 0x4b, 0x03, 0x04], "a ZIP archive or a spreadsheet"),
      ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"),
      ([0x42, 0x5a, 0x68], "compressed with bzip2"),
      ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed with xz"),
      ([0x1f, 0x8b], "compressed twice with gzip"),
      ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
      ([0x50, 0x41, 0x52, 0x31], "a Parquet file"),
    ]
    for (magic, kind) in kinds where front.starts(with: magic) {
      return ImportError(
        .wrongFormat, "the file is \(kind)", hint: "unpack it or export it as CSV in UTF-8")
    }
    // Text in UTF-16 without a mark: every other byte of western text is NUL.
    let pairs = front.count / 2
    guard pairs >= 4 else { return nil }
    let even = (0..<pairs).count { front[2 * $0] == 0 }
    let odd = (0..<pairs).count { front[2 * $0 + 1] == 0 }
    guard max(even, odd) * 4 >= pairs * 3, min(even, odd) * 4 <= pairs else { return nil }
    return ImportError(.wrongFormat, "the file looks like UTF-16, not UTF-8", hint: hint)
  }
}
