import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Monitoring

@Suite("Monitor's window", .timeLimit(.minutes(5)))
struct MonitorWindowTests {
  /// Runs a body on a deployed schema whose clock is at 2026-03-01 12:00:30.
  private func withSchema(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '2026-03-01 12:00:30'")
      try await body(connection)
    }
  }

  private func addLive(_ connection: Connection, _ minutes: [(String, Int64)]) async throws {
    for (minute, failed) in minutes {
      try await connection.execute(
        "INSERT INTO metric_minute (dimension, metric_minute, member, total_count, completed_count,"
          + " failed_count, denied_count, reversed_count) VALUES ('all', ?, 'all', 100, 80, ?, 7, 1)",
        [.text(minute), .integer(failed)])
    }
  }

  private func addImported(_ connection: Connection, _ minutes: [String]) async throws {
    for minute in minutes {
      try await connection.execute(
        "INSERT INTO imported_status_counts VALUES ('there', ?, 'approved', 'completed', 90),"
          + " ('there', ?, 'denied', 'denied', 10)", [.text(minute), .text(minute)])
    }
  }

  private func texts(_ observed: ObservedWindow) -> [String?] {
    observed.minutes.map { Minutes.text($0.minute) }
  }

  @Test("the window of live payments is the 24 hours up to the last complete minute")
  func live() async throws {
    try await withSchema { connection in
      try await addLive(
        connection,
        [
          ("2026-02-28 11:56:00", 1), ("2026-02-28 11:57:00", 2), ("2026-03-01 11:56:00", 3),
          ("2026-03-01 12:00:00", 4), ("2026-03-01 12:01:00", 5),
        ])
      let observed = try await connection.observe(MonitorWindow())
      #expect(Minutes.text(observed.currentMinute) == "2026-03-01 11:56")
      #expect(texts(observed) == ["2026-02-28 11:57", "2026-03-01 11:56"])
      #expect(observed.ageMinutes == 3)
      #expect(
        observed.minutes.last
          == MinuteCounts(
            minute: observed.currentMinute, total: 100, failed: 3, denied: 7, reversed: 1))
    }
  }

  @Test("the window ends with the requested minute, observed or not")
  func at() async throws {
    try await withSchema { connection in
      try await addLive(
        connection, [("2026-01-01 09:30:00", 1), ("2026-01-01 10:00:00", 1)])
      var window = MonitorWindow(at: CivilInstant("2026-01-01 09:59:59"), hours: 1)
      let observed = try await connection.observe(window)
      #expect(Minutes.text(observed.currentMinute) == "2026-01-01 09:59")
      #expect(texts(observed) == ["2026-01-01 09:30"])
      window.hours = nil
      window.from = CivilInstant("2026-01-01 09:30:01")
      #expect(try await connection.observe(window).minutes.isEmpty)
    }
  }

  @Test("the window includes its start and excludes its end")
  func period() async throws {
    try await withSchema { connection in
      let minutes = ["2026-01-01 09:00:00", "2026-01-01 09:01:00", "2026-01-01 09:02:00"]
      try await addLive(connection, minutes.map { ($0, 1) })
      try await addImported(connection, minutes)
      for source in ["live", "there"] {
        let observed = try await connection.observe(
          MonitorWindow(
            source: source, from: CivilInstant("2026-01-01 09:00:00"),
            to: CivilInstant("2026-01-01 09:02:00")))
        #expect(texts(observed) == ["2026-01-01 09:00", "2026-01-01 09:01"], "\(source)")
        #expect(Minutes.text(observed.currentMinute) == "2026-01-01 09:01", "\(source)")
      }
    }
  }

  @Test("the window of an import is all of it, or the requested part")
  func imported() async throws {
    try await withSchema { connection in
      try await addImported(
        connection, ["2020-05-01 00:00:00", "2025-05-01 11:00:00", "2025-05-01 11:59:00"])
      let all = try await connection.observe(MonitorWindow(source: "there"))
      #expect(all.minutes.count == 3)
      #expect(all.minutes.first?.total == 100)
      #expect(all.minutes.first?.denied == 10)
      #expect(Minutes.text(all.currentMinute) == "2025-05-01 11:59")
      let hour = try await connection.observe(MonitorWindow(source: "there", hours: 1))
      #expect(texts(hour) == ["2025-05-01 11:00", "2025-05-01 11:59"])
    }
  }

  @Test("a window without live payments is empty and ends with the last complete minute")
  func nothingLive() async throws {
    try await withSchema { connection in
      let observed = try await connection.observe(MonitorWindow())
      #expect(Minutes.text(observed.currentMinute) == "2026-03-01 11:59")
      #expect(observed.minutes.isEmpty)
    }
  }

  @Test("an unknown source is refused with the known ones")
  func unknownSource() async throws {
    try await withSchema { connection in
      try await addImported(connection, ["2025-05-01 11:00:00"])
      do {
        _ = try await connection.observe(MonitorWindow(source: "here"))
        Issue.record("an unknown source was accepted")
      } catch let error as MonitoringError {
        #expect(error.code == .unknownSource)
        #expect(error.description == "there is no source here with counts by minute")
        #expect(error.hint.contains("live, there"))
      }
      do {
        _ = try await connection.observe(
          MonitorWindow(source: "there", to: CivilInstant("2025-05-01")))
        Issue.record("a period without a minute was accepted")
      } catch let error as MonitoringError {
        #expect(error.code == .noData)
        #expect(error.description == "source there has no minute in the period")
      }
    }
  }
}
