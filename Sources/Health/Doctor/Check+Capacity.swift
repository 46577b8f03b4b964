import Foundation
import MariaDBClient

extension Check {
  /// Memory, sizes and disk space.
  package static let capacityChecks: [Check] = [
    Check(name: "buffer pool", examine: bufferPool),
    Check(name: "temporary tables") {
      temporaryKeys($0.variables)
        ?? temporaryTables(
          tableBytes: $0.variables.integer("tmp_table_size") ?? 0,
          heapBytes: $0.variables.integer("max_heap_table_size") ?? 0)
    },
    Check(name: "packet size") { packetSize($0.variables.integer("max_allowed_packet") ?? 0) },
    Check(name: "disk space", examine: diskSpace),
  ]

  private static func bufferPool(_ examination: Examination) async throws -> Finding {
    let row = try await examination.connection.query(
      "SELECT CAST(COALESCE(SUM(DATA_LENGTH + INDEX_LENGTH), 0) AS SIGNED) AS bytes"
        + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
      [.text(examination.database)]
    ).rows.first
    return bufferPool(
      poolBytes: examination.variables.integer("innodb_buffer_pool_size") ?? 0,
      dataBytes: Int(row?.integer("bytes") ?? 0))
  }

  /// Judges the buffer pool against the data: rollups and recent payments, which most queries read,
  /// should fit.
  package static func bufferPool(poolBytes: Int, dataBytes: Int) -> Finding {
    let sentence = "\(size(poolBytes)) for \(size(dataBytes)) of data and indexes"
    guard poolBytes < dataBytes / 4 else { return .ok(sentence) }
    return .warning(
      sentence, "set innodb_buffer_pool_size to \(size(dataBytes / 4)) or more")
  }

  /// Judges whether MySQL accepts temporary tables without a primary key, as jobs make them.
  ///
  /// - Returns: nil when it does
  package static func temporaryKeys(_ variables: ServerVariables) -> Finding? {
    guard variables.isOn("sql_require_primary_key"),
      !variables.isOn("sql_generate_invisible_primary_key")
    else { return nil }
    return .failure(
      "sql_require_primary_key is on: temporary tables of jobs are refused",
      "set sql_require_primary_key = OFF, or sql_generate_invisible_primary_key = ON beside it")
  }

  /// Judges how large a temporary table may become before it goes to disk.
  package static func temporaryTables(tableBytes: Int, heapBytes: Int) -> Finding {
    let bytes = min(tableBytes, heapBytes)
    guard bytes < 64 << 20 else { return .ok("up to \(size(bytes)) stay in memory") }
    return .warning(
      "groupings larger than \(size(bytes)) go to disk, which takes ten times as long",
      "set tmp_table_size and max_heap_table_size to 64M or more")
  }

  /// Judges the longest statement and row.
  package static func packetSize(_ bytes: Int) -> Finding {
    guard bytes < 16 << 20 else { return .ok("max_allowed_packet is \(size(bytes))") }
    return .failure(
      "max_allowed_packet is \(size(bytes)): large batches are refused",
      "set max_allowed_packet = 16M or more")
  }

  private static func diskSpace(_ examination: Examination) async throws -> Finding {
    guard let directory = examination.variables["datadir"] else {
      return .unknown("the server does not report its data directory")
    }
    guard !examination.connection.options.usesTCP else {
      return .unknown("the data may be on another machine", "check there: df \(directory)")
    }
    var info = statvfs()
    guard statvfs(directory, &info) == 0 else {
      return .unknown(
        "\(directory) cannot be read on this machine", "check on the server: df \(directory)")
    }
    return diskSpace(
      freeBytes: Int(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize)),
      totalBytes: Int(clamping: UInt64(info.f_blocks) * UInt64(info.f_frsize)),
      directory: directory)
  }

  /// Judges the free space of the disk that holds the data.
  package static func diskSpace(freeBytes: Int, totalBytes: Int, directory: String) -> Finding {
    let sentence = "\(size(freeBytes)) of \(size(totalBytes)) are free"
    let remedy = "free space on the disk of \(directory)"
    if freeBytes < 512 << 20 { return .failure(sentence, remedy) }
    if freeBytes < 4 << 30 || freeBytes < totalBytes / 20 { return .warning(sentence, remedy) }
    return .ok(sentence)
  }

  /// A number of bytes for people: `512 MiB`, `1.5 GiB`.
  package static func size(_ bytes: Int) -> String {
    for (unit, scale) in [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    where bytes >= scale {
      let tenths = Int((Double(bytes) / Double(scale) * 10).rounded())
      return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
    return "\(bytes) B"
  }
}
