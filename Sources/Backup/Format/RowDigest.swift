internal import Foundation

/// Computes a digest of each table's rows from the stream of a dump, independent of row order.
///
/// The dump tool writes each row on its own line. A row's hash covers the text between the line
/// ends, without the comma or semicolon, and the hashes of a table are added up.
package struct RowDigest: Sendable {
  private static let insert = Array("INSERT INTO `".utf8)
  private static let values = Array("VALUES".utf8)

  private var pending: [UInt8] = []
  private var table: String?
  private var sums: [String: (rows: Int64, bytes: Int64, sum: UInt64)] = [:]

  /// Starts with no rows.
  package init() {}

  /// Adds bytes of the dump.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes
    if !pending.isEmpty {
      guard let end = Self.lineEnd(rest) else {
        pending.append(contentsOf: rest)
        return
      }
      pending.append(contentsOf: rest.prefix(end))
      let line = pending
      pending.removeAll(keepingCapacity: true)
      line.withUnsafeBytes { take($0) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(end + 1))
    }
    while let end = Self.lineEnd(rest) {
      take(UnsafeRawBufferPointer(rebasing: rest.prefix(end)))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(end + 1))
    }
    pending.append(contentsOf: rest)
  }

  /// The digest of a table: number of rows and sum, or nil when it has none.
  package func digest(of table: String) -> String? {
    sums[table].map { "\($0.rows):\(String($0.sum, radix: 16))" }
  }

  /// Bytes of the rows of a table.
  package func bytes(of table: String) -> Int64 { sums[table]?.bytes ?? 0 }

  private static func lineEnd(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    return memchr(base, 0x0a, bytes.count).map { UnsafeRawPointer($0) - base }
  }

  private mutating func take(_ line: UnsafeRawBufferPointer) {
    guard let last = line.last else { return }
    if table == nil {
      guard line.count > Self.insert.count, line.starts(with: Self.insert) else { return }
      begin(line)
    } else {
      add(UnsafeRawBufferPointer(rebasing: line.dropLast()))
    }
    if last == UInt8(ascii: ";") { table = nil }
  }

  /// Reads the line that names the table; the first row may be on it, too.
  private mutating func begin(_ line: UnsafeRawBufferPointer) {
    let bytes = Array(line)
    guard let (name, end) = DumpStatement.name(in: bytes, at: Self.insert.count - 1) else { return }
    table = name
    let rest = bytes[end...]
    guard let mark = rest.firstRange(of: Self.values) else { return }
    let row = bytes[mark.upperBound...].drop { $0 == UInt8(ascii: " ") }
    if row.count > 1 { row.dropLast().withUnsafeBytes { add($0) } }
  }

  private mutating func add(_ row: UnsafeRawBufferPointer) {
    guard let table else { return }
    let hash = Self.hash(row)
    sums[table, default: (0, 0, 0)].rows += 1
    sums[table, default: (0, 0, 0)].bytes += Int64(row.count)
    sums[table, default: (0, 0, 0)].sum &+= hash
  }

  /// A hash of bytes, eight at a time; the same on every machine.
  static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash = 0x9e37_79b9_7f4a_7c15 ^ UInt64(bytes.count)
    var position = 0
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0xff51_afd7_ed55_8ccd
      hash ^= hash >> 32
    }
    while position + 8 <= bytes.count {
      mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
      position += 8
    }
    var tail: UInt64 = 0
    while position < bytes.count {
      tail = tail << 8 | UInt64(bytes[position])
      position += 1
    }
    mix(tail)
    hash = (hash ^ hash >> 29) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 32
  }
}
