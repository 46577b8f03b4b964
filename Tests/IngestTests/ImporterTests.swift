import Foundation
import MariaDBClient
import Testing

@testable import Ingest

@Suite("Import of files", .timeLimit(.minutes(5)))
struct ImporterTests {
  private let minutes = """
    timestamp,status,count
    2025-07-12 13:45:00,approved,116
    2025-07-12 13:45:00,denied,3
    2025-07-12 13:46:00,approved,128
    2025-07-12 13:46:00,backend_reversed,1

    """

  @Test("every record is accounted for, and a second import changes nothing")
  func twice() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let first = try await Fixtures.run(connection, minutes, mapping: "minute-status-counts")
      #expect(first.counts == ImportCounts(read: 4, loaded: 4))
      #expect(first.remarks == [])
      let contents = try await Fixtures.contents(connection)
      let second = try await Fixtures.run(connection, minutes, mapping: "minute-status-counts")
      #expect(second.counts == ImportCounts(read: 4, duplicate: 4))
      #expect(second.checksum == first.checksum)
      #expect(try await Fixtures.contents(connection) == contents)
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS(' ', source_status, state, payment_count) FROM imported_status_counts"
            + " ORDER BY metric_minute, source_status")
          == [
            "approved completed 116", "denied denied 3", "approved completed 128",
            "backend_reversed reversed 1",
          ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS(' ', state, read_count, loaded_count, updated_count, duplicate_count,"
            + " quarantined_count, source_name, file_name) FROM import_runs ORDER BY import_id")
          == [
            "completed 4 4 0 0 0 minute-status-counts fixture.csv",
            "completed 4 0 0 4 0 minute-status-counts fixture.csv",
          ])
    }
  }

  @Test("a changed count updates its row; equal repeats are duplicates; contradictions are refused")
  func changes() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      for batch in [1, 2, 100] {
        let source = "source-\(batch)"
        func run(_ text: String) async throws -> ImportCounts {
          try await Fixtures.run(
            connection, text, mapping: "minute-status-counts", source: source, batchRecords: batch
          ).counts
        }
        #expect(try await run(minutes) == ImportCounts(read: 4, loaded: 4))
        let changed =
          minutes.replacingOccurrences(of: "128", with: "129")
          + "2025-07-12 13:45:00,denied,3\n2025-07-12 13:45:00,denied,4\n"
        #expect(
          try await run(changed)
            == ImportCounts(read: 6, updated: 1, duplicate: 4, quarantined: 1))
        #expect(try await run(changed) == ImportCounts(read: 6, duplicate: 5, quarantined: 1))
      }
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT DISTINCT CONCAT_WS('|', line_number, raw_line, reason) FROM import_quarantine")
          == [
            "7|2025-07-12 13:45:00,denied,4|contradicts an earlier record of this file with the same key"
          ])
    }
  }

  @Test("bad records go to the quarantine with line, column, reason and raw line")
  func quarantine() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let text = """
        timestamp,status,count
        2025-07-12 13:45:00,approved,116
        2025-07-12 13:45:30,denied,3
        2025-07-12 13:46:00,stolen,1
        2025-07-12 13:46:00,denied
        2025-07-12 13:46:00,denied,1,2
        2025-07-12 13:46:00,,1
        2025-07-12 13:46:00,failed,-1
        yesterday,failed,1
        <<<<<<< HEAD
        2025-07-12 13:47:00,"denied,1
        """
      let summary = try await Fixtures.run(connection, text, mapping: "minute-status-counts")
      #expect(summary.counts == ImportCounts(read: 10, loaded: 1, quarantined: 9))
      #expect(
        summary.remarks == [
          "the last line has no line end: the file may have been cut off there"
        ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, COALESCE(column_name, '-'), reason, raw_line)"
            + " FROM import_quarantine ORDER BY line_number")
          == [
            "3|timestamp|the time is not on a whole minute|2025-07-12 13:45:30,denied,3",
            "4|status|the status is not in the state mapping|2025-07-12 13:46:00,stolen,1",
            "5|-|2 fields where the header has 3|2025-07-12 13:46:00,denied",
            "6|-|4 fields where the header has 3|2025-07-12 13:46:00,denied,1,2",
            "7|status|there is no value|2025-07-12 13:46:00,,1",
            "8|count|the number is out of range|2025-07-12 13:46:00,failed,-1",
            "9|timestamp|this is not a time in a form that the mapping names|yesterday,failed,1",
            "10|-|conflict marker of a version control merge|<<<<<<< HEAD",
            "11|-|a quote that is opened here is never closed|2025-07-12 13:47:00,\"denied,1",
          ])
    }
  }

  @Test("a file that cannot be imported is an error, and its run is marked as failed")
  func failures() async throws {
    let cases: [(String, ImportError.Code)] = [
      ("", .empty), ("timestamp,state,count\n", .badHeader),
      ("timestamp,status,count,status\n", .badHeader), ("<<<<<<< HEAD\n", .badHeader),
    ]
    try await Deployed.withSchema { (connection: Connection) async throws in
      for (text, code) in cases {
        let error = await #expect(throws: ImportError.self) {
          try await Fixtures.run(connection, text, mapping: "minute-status-counts")
        }
        #expect(error?.code == code)
      }
      #expect(
        try await Fixtures.texts(connection, "SELECT state FROM import_runs")
          == cases.map { _ in "failed" })
    }
  }

  @Test("a file with a header and no records is imported with a remark")
  func headerOnly() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let summary = try await Fixtures.run(
        connection, "timestamp,status,count\n", mapping: "minute-status-counts")
      #expect(summary.counts == ImportCounts())
      #expect(summary.remarks == ["the file has a header and no records"])
    }
  }

  @Test("a file cut off inside its gzip data keeps what was read, fails, and can be repeated")
  func cutGzip() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let text =
        "timestamp,status,count\n"
        + (0..<5000).map { "2025-07-\(10 + $0 / 1440) \(clock($0 % 1440)),denied,\($0)\n" }.joined()
      let bytes = Fixtures.gzip(Array(text.utf8))
      let importer = Importer(connection: connection, batchRecords: 100)
      let mapping = try BuiltInMappings.resolve("minute-status-counts")
      let error = await #expect(throws: ImportError.self) {
        try await importer.run(
          source: .bytes(Array(bytes.prefix(bytes.count / 2))), fileName: "cut.csv.gz",
          mapping: mapping)
      }
      #expect(error?.code == .damaged)
      let loaded =
        try await Fixtures.number(
          connection, "SELECT loaded_count FROM import_runs WHERE state = 'failed'") ?? 0
      #expect(loaded > 1000 && loaded < 5000)
      let summary = try await importer.run(
        source: .bytes(bytes), fileName: "whole.csv.gz", mapping: mapping)
      #expect(
        summary.counts == ImportCounts(read: 5000, loaded: 5000 - loaded, duplicate: loaded))
    }
  }

  private func clock(_ minute: Int) -> String {
    let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
    return "\(two(minute / 60)):\(two(minute % 60)):00"
  }

  @Test("a cancelled import is marked as interrupted, and the next one completes it")
  func cancellation() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let text =
        "timestamp,status,count\n"
        + (0..<1000).map { "2025-07-10 \(clock($0)),denied,\($0)\n" }.joined()
      let mapping = try BuiltInMappings.resolve("minute-status-counts")
      let error = await #expect(throws: ImportError.self) {
        try await Importer(connection: connection, batchRecords: 100).run(
          source: .bytes(Array(text.utf8)), fileName: "x.csv", mapping: mapping
        ) { progress in
          if progress.counts.read == 300 { withUnsafeCurrentTask { $0?.cancel() } }
        }
      }
      #expect(error?.code == .interrupted)
      #expect(
        try await Fixtures.texts(
          connection, "SELECT CONCAT_WS(' ', state, read_count, loaded_count) FROM import_runs")
          == ["interrupted 300 300"])
    }
  }

  @Test("a run whose program was killed becomes interrupted when the next one starts")
  func killed() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let other = try await Connection.open(connection.options)
      try await other.execute("CALL start_import('minute-status-counts', 'x.csv', 'x')")
      let error = await #expect(throws: ImportError.self) {
        try await Fixtures.run(connection, minutes, mapping: "minute-status-counts")
      }
      #expect(error?.code == .busy)
      try await connection.execute("KILL \(other.connectionId)")
      while try await Fixtures.number(
        connection,
        "SELECT COUNT(*) FROM information_schema.processlist WHERE id = \(other.connectionId)") != 0
      { await Task.yield() }
      let summary = try await Fixtures.run(connection, minutes, mapping: "minute-status-counts")
      #expect(summary.counts == ImportCounts(read: 4, loaded: 4))
      #expect(
        try await Fixtures.texts(connection, "SELECT state FROM import_runs ORDER BY import_id")
          == ["interrupted", "completed"])
    }
  }
}
