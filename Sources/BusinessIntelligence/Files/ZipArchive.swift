/// A ZIP file (PKWARE's APPNOTE 6.3.2) of stored entries without times of their own, so that the
/// same contents give the same bytes.
enum ZipArchive {
  /// 1980-01-01 00:00:00, the least time that the format knows.
  private static let time: UInt32 = 0x0021_0000

  /// The bytes of an archive.
  static func bytes(of files: [KitFile]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for file in files {
      let name = Array(file.path.utf8)
      let size = UInt32(file.bytes.count)
      // Version 2.0, names in UTF-8, stored.
      let common =
        little(UInt16(20)) + little(UInt16(0x0800)) + little(UInt16(0)) + little(time)
        + little(crc32(file.bytes)) + little(size) + little(size) + little(UInt16(name.count))
        + little(UInt16(0))
      directory +=
        little(UInt32(0x0201_4B50)) + little(UInt16(20)) + common + little(UInt16(0))
        + little(UInt16(0)) + little(UInt16(0)) + little(UInt32(0)) + little(UInt32(bytes.count))
        + name
      bytes += little(UInt32(0x0403_4B50)) + common + name + file.bytes
    }
    let start = UInt32(bytes.count)
    bytes += directory
    bytes +=
      little(UInt32(0x0605_4B50)) + little(UInt16(0)) + little(UInt16(0))
      + little(UInt16(files.count)) + little(UInt16(files.count)) + little(UInt32(directory.count))
      + little(start) + little(UInt16(0))
    return bytes
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  /// The checksum of the format (ISO 3309).
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { value, byte in
      table[Int((value ^ UInt32(byte)) & 0xFF)] ^ (value >> 8)
    }
  }
}
