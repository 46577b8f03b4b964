import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Scheduling

extension JobTests {
  @Test("the watchdog in the database runs every minute")
  func watchdog() async throws {
    try await TestServer.withSchema { connection in
      let event = try await connection.query(
        "SELECT interval_value, interval_field, status, event_definition"
          + " FROM information_schema.events"
          + " WHERE event_schema = DATABASE() AND event_name = 'watch_jobs'"
      ).rows[0]
      #expect(event.values == ["1", "MINUTE", "ENABLED", "CALL check_jobs('event')"])
    }
  }

  @Test("a job that starts late and a silent scheduler raise alerts, which are resolved later")
  func late() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection)
      func at(_ text: String) async throws {
        try await connection.execute("SET timestamp = UNIX_TIMESTAMP('\(text)')")
      }
      func firing() async throws -> [String] {
        try await connection.execute("CALL check_jobs('event')")
        return try await connection.query(
          "SELECT open_key AS k FROM alerts WHERE open_key IS NOT NULL ORDER BY 1"
        ).rows.compactMap { $0["k"] }
      }
      try await at("2026-11-22 10:00:30")
      _ = try await connection.query("CALL take_scheduler_lease('a', 10)")
      try await DatabaseJobStore(connection, host: "here").noteDue([
        "count_up": #require(CivilInstant("2026-11-22 10:01:00"))
      ])
      #expect(try await firing() == [])
      try await at("2026-11-22 10:01:20")
      #expect(try await firing() == [])
      try await at("2026-11-22 10:06:01")
      // Nobody is there to start it: that is the one alert.
      #expect(try await firing() == ["scheduler_silent/payops run"])
      _ = try await connection.query("CALL take_scheduler_lease('b', 10)")
      // Who has just come makes up for what is late.
      #expect(try await firing() == [])
      try await at("2026-11-22 10:07:10")
      _ = try await connection.query("CALL take_scheduler_lease('b', 10)")
      #expect(try await firing() == ["job_late/count_up"])
      #expect(try await Self.runJob(connection, "count_up", "2026-11-22 10:06:00") == "succeeded")
      #expect(try await firing() == [])
      // A scheduler that released its lease is not silent.
      try await connection.execute("CALL release_scheduler_lease(2)")
      try await at("2026-11-22 11:00:00")
      #expect(try await firing() == [])
      let ticked =
        "SELECT COUNT(*) AS n FROM watchdog_ticks WHERE ticked_at = '2026-11-22 11:00:00'"
      #expect(try await Self.count(connection, ticked) == 1)
    }
  }

  @Test(
    "a stopped or dead scheduler is one alert and one notice, however many jobs are late",
    arguments: [true, false])
  func absentScheduler(isReleased: Bool) async throws {
    try await TestServer.withSchema { connection in
      func at(_ text: String) async throws {
        try await connection.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 \(text)')")
        _ = try await connection.queryAll("CALL check_jobs('event')")
      }
      func alerts() async throws -> [String] {
        try await connection.query(
          "SELECT CONCAT_WS(' ', alert_rule, severity, alert_message) AS a FROM alerts"
            + " WHERE open_key IS NOT NULL ORDER BY alert_rule"
        ).rows.compactMap { $0["a"] }
      }
      try await connection.execute(
        "INSERT INTO notification_routes SET route_name = 'log', channel_kind = 'log',"
          + " target = '/tmp/x', group_seconds = 0")
      try await at("10:00:00")
      let lease = try await connection.query("CALL take_scheduler_lease('host 17', 10)")
      let token = try #require(lease.rows.first?.integer("fencing_token"))
      try await connection.execute(
        "INSERT INTO job_dues (job_name, next_due_at, noted_at)"
          + " SELECT job_name, '2026-11-22 10:01:00', UTC_TIMESTAMP(3) FROM jobs WHERE is_enabled = 1"
      )
      if isReleased { try await connection.execute("CALL release_scheduler_lease(\(token))") }
      for minute in stride(from: 1, through: 59, by: 2) {
        try await at("10:\(minute < 10 ? "0" : "")\(minute):30")
      }
      for hour in 12...20 { try await at("\(hour):00:00") }
      let open = try await alerts()
      #expect(open.count == 1, "\(open)")
      #expect(
        open.first?.hasPrefix(
          isReleased
            ? "scheduler_silent WARNING no scheduler is running since host 17 was stopped at"
            : "scheduler_silent CRITICAL host 17 gave its last sign at") == true, "\(open)")
      #expect(open.first?.contains(" jobs are late: ") == true, "\(open)")
      #expect(open.first?.contains("monitor_tick") == true, "\(open)")
      let notices = "SELECT COUNT(*) AS n FROM notifications WHERE notice_kind <> 'resolved'"
      #expect(try await Self.count(connection, notices) == 1)
      let late = "SELECT COUNT(*) AS n FROM ops_jobs WHERE is_late = 1"
      #expect(try await Self.count(connection, late) > 5)
      // A scheduler is there again, and one job is still not started beside it.
      _ = try await connection.query("CALL take_scheduler_lease('host 18', 10)")
      try await connection.execute(
        "UPDATE job_dues SET next_due_at = '2026-11-23 10:00:00' WHERE job_name <> 'monitor_tick'")
      try await at("20:00:05")
      #expect(try await alerts() == [])
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-22 20:02:00')")
      _ = try await connection.query("CALL take_scheduler_lease('host 18', 10)")
      try await at("20:02:00")
      #expect(
        try await alerts() == ["job_late WARNING due at 2026-11-22 10:01:00 UTC, not started"])
    }
  }

  @Test("every built-in SQL job succeeds on an empty schema and has a schedule")
  func shipped() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT * FROM jobs").rows
      #expect(rows.count >= 12)
      for row in rows {
        let name = row["job_name"] ?? ""
        _ = try Schedule(row["schedule"] ?? "", timeZone: row["time_zone"] ?? "")
        if row["command_kind"] == "sql" {
          let outcome = try await Self.runJob(connection, name, "2026-11-22 10:00:00")
          let run = try await connection.query(
            "SELECT error_number, error_message FROM job_runs WHERE job_name = ?"
              + " ORDER BY run_id DESC LIMIT 1", [.text(name)]
          ).rows.first
          #expect(outcome == "succeeded", "\(name): \(run?.values ?? [])")
        } else {
          let refused = await Self.errno {
            _ = try await Self.runJob(connection, name, "2026-11-22 10:00:00")
          }
          #expect(refused == 30604, "\(name)")
        }
      }
      #expect(
        await Self.errno { _ = try await Self.runJob(connection, "nix", "2026-11-22") } == 30601)
      // A command is one CALL: the table accepts nothing else.
      for text in ["DELETE FROM jobs", "CALL a(); DELETE FROM jobs", "CALL a() "] {
        let refused = await Self.errno {
          try await connection.execute(
            "UPDATE jobs SET command_text = ? WHERE job_name = 'refresh_kpis'", [.text(text)])
        }
        // Of MariaDB and of MySQL.
        #expect([4025, 3819].contains(refused), "\(text)")
      }
    }
  }

  @Test("a job that is enabled again is due only from then on")
  func switching() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection)
      try await connection.execute(
        "INSERT INTO job_states (job_name, decided_until) VALUES ('count_up', '2020-01-01')")
      try await connection.execute("CALL set_job_enabled('count_up', FALSE)")
      let store = DatabaseJobStore(connection, host: "here")
      #expect(try await store.jobs().contains { $0.job.name == "count_up" } == false)
      try await connection.execute(
        """
        INSERT INTO job_dues (job_name, next_due_at, noted_at)
        SELECT job_name, '2020-01-01', '2020-01-01' FROM jobs
        WHERE job_name IN ('count_up', 'purge_history')
        ON DUPLICATE KEY UPDATE next_due_at = VALUES(next_due_at)
        """)
      try await connection.execute("CALL set_job_enabled('count_up', TRUE)")
      let dues = try await connection.query("SELECT GROUP_CONCAT(job_name) AS j FROM job_dues")
      #expect(dues.rows.first?["j"] == "purge_history")
      let state = try #require(try await store.job("count_up"))
      let decided = try #require(state.decidedUntil)
      #expect(try await store.now().secondsSinceEpoch - decided.secondsSinceEpoch < 60)
    }
  }
}
