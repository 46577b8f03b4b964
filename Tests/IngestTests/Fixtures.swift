import Foundation
import MariaDBClient
import PayopsCore
import TestSupport

@testable import Ingest

/// Files that tests create, and functions to read and import them.
enum Fixtures {
  /// What a reader returned for some bytes.
  struct Reading: Equatable {
    var records: [[String]] = []
    var lines: [Int64] = []
    var refused: [RefusedRecord] = []
  }

  /// Reads bytes to the end.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - format: how records are written.
  ///   - chunk: the most bytes that one read gives.
  ///   - capacity: initial bytes of the reader's buffer.
  static func read(
    _ bytes: [UInt8], format: CSVFormat = CSVFormat(), chunk: Int = .max, capacity: Int = 1 << 18
  ) throws -> Reading {
    let reader = CSVReader(
      MemoryByteSource(bytes, chunk: chunk), format: format, initialCapacity: capacity)
    var reading = Reading()
    while let element = try reader.next() {
      switch element {
      case .record:
        reading.records.append((0..<reader.fieldCount).map(reader.text))
        reading.lines.append(reader.line)
      case .refused(let record): reading.refused.append(record)
      }
    }
    return reading
  }

  static func read(_ text: String, format: CSVFormat = CSVFormat()) throws -> Reading {
    try read(Array(text.utf8), format: format)
  }

  /// Decompresses bytes with the gzip source.
  static func unpack(_ bytes: [UInt8], chunk: Int = .max) throws -> [UInt8] {
    let source = GzipByteSource(MemoryByteSource(bytes, chunk: chunk))
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1000)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return result }
      result.append(contentsOf: buffer.prefix(count))
    }
  }

  /// One gzip member that stores its bytes without compression.
  static func gzip(_ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var rest = content[...]
    repeat {
      let block = rest.prefix(60_000)
      rest = rest.dropFirst(block.count)
      let length = UInt16(block.count)
      bytes.append(rest.isEmpty ? 1 : 0)
      for word in [length, ~length] { bytes += [UInt8(word & 255), UInt8(word >> 8)] }
      bytes += block
    } while !rest.isEmpty
    for word in [crc(content), UInt32(content.count)] {
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(word >> UInt32(shift) & 255)) }
    }
    return bytes
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xedb8_8320 : value >> 1 }
    }
    return ~value
  }

  /// Imports a text with a built-in mapping.
  static func run(
    _ connection: Connection, _ text: String, mapping: String, source: String? = nil,
    batchRecords: Int = 20_000
  ) async throws -> ImportSummary {
    try await Importer(connection: connection, batchRecords: batchRecords).run(
      source: .bytes(Array(text.utf8)), fileName: "fixture.csv",
      mapping: try BuiltInMappings.resolve(mapping), sourceName: source)
  }

  /// The first column of the first row, as a whole number.
  static func number(_ connection: Connection, _ sql: String) async throws -> Int64? {
    try await connection.query(sql).rows.first?.values.first.flatMap { $0 }.flatMap { Int64($0) }
  }

  /// The first column of all rows.
  static func texts(_ connection: Connection, _ sql: String) async throws -> [String?] {
    try await connection.query(sql).rows.map { $0.values[0] }
  }

  /// A checksum over everything that imports write, except the records of the imports themselves.
  static func contents(_ connection: Connection) async throws -> [String?] {
    var result: [String?] = []
    for table in [
      "transactions", "accounts", "customers", "external_references", "imported_status_counts",
      "imported_response_code_counts", "transaction_changes",
    ] {
      let row = try await connection.query("CHECKSUM TABLE \(table)").rows.first
      result.append(row?.values.last ?? nil)
    }
    return result
  }
}
