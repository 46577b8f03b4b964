import Foundation
import MariaDBClient
import Tabular
import TestSupport
import Testing

@Suite("payops alerts", .timeLimit(.minutes(5)))
struct AlertsCommandTests {
  private static let setup = [
    """
    INSERT INTO notification_routes SET route_name = 'team', channel_kind = 'log',
        target = '/tmp/x', minimum_severity = 'CRITICAL'
    """,
    "CALL raise_alert('job_failed', 'refresh_kpis', 'WARNING', 'run 17 failed')",
    "CALL raise_alert('job_late', 'check_integrity', 'CRITICAL', 'due at 10:00')",
    "CALL raise_alert('jobless', 'EUR', 'INFO', 'rates are old')",
    "UPDATE alerts SET raised_at = raised_at - INTERVAL 1 MINUTE, fired_at = raised_at",
  ]

  private func run(_ words: [String], _ connection: Connection) async throws -> ProgramRun {
    try await ProgramRun.run(
      try ProgramRun.binary, try await command(words, connection),
      environment: ["LC_ALL": "C.UTF-8"])
  }

  private func command(_ words: [String], _ connection: Connection) async throws -> [String] {
    let options = connection.options
    let names = try await connection.query("SELECT DATABASE() AS name")
    let all =
      words + [
        "--socket", try #require(options.socket), "--database",
        try #require(names.rows.first?["name"]),
      ]
    return all + (options.user.map { ["--user", $0] } ?? [])
  }

  /// Runs the program, which must exit with the status, and returns its output.
  private func output(
    _ words: [String], _ connection: Connection, status: Int32 = 0
  ) async throws -> String {
    let run = try await run(words, connection)
    #expect(run.status == status, "\(words): \(run.errors)")
    return run.output
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func array(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  /// One value of the database.
  private func value(_ query: String, _ connection: Connection) async throws -> String? {
    try await connection.query("SELECT (\(query)) AS v").rows.first?["v"]
  }

  private func withAlerts(_ body: (Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      for statement in Self.setup { try await connection.execute(statement) }
      try await body(connection)
    }
  }

  @Test("alerts list shows open alerts, the most severe first, and filtered ones")
  func list() async throws {
    try await withAlerts { connection in
      func listed(_ words: String...) async throws -> [Int] {
        try array(try await output(["alerts", "list", "--json"] + words, connection))
          .compactMap { $0["alert_id"] as? Int }
      }
      _ = try await output(["alerts", "resolve", "3", "--note", "new rates"], connection)
      #expect(try await listed() == [2, 1])
      #expect(try await listed("--all") == [2, 1, 3])
      #expect(try await listed("--state", "resolved") == [3])
      #expect(try await listed("--all", "--rule", "job_*") == [2, 1])
      #expect(try await listed("--all", "--rule", "job*") == [2, 1, 3])
      #expect(try await listed("--severity", "CRITICAL") == [2])
      #expect(try await listed("--since", "2999-01-01") == [])
      #expect(try await listed("--since", "2000-01-01", "--limit", "1") == [2])
      #expect(try await listed("--limit", "9223372036854775807") == [2, 1])
      let text = try await run(["alerts", "list", "--limit", "1"], connection)
      #expect(text.output.contains("job_late check_integrity: due at 10:00"))
      #expect(!text.output.contains("job_failed"))
      #expect(text.errors == "there are more; see --limit\n")
      let csv = try await output(["alerts", "list", "--format", "csv"], connection)
      #expect(csv.hasPrefix("alert_id,alert_rule,alert_subject,severity,alert_state,"))
      let none = try await run(["alerts", "list", "--rule", "none"], connection)
      #expect(none.output.isEmpty)
      #expect(none.errors == "no open alert matches; --all shows those that have ended\n")
      let nothing = try await run(["alerts", "list", "--limit", "0"], connection)
      #expect(nothing.status == 64 && nothing.errors.contains("--limit 0 prints nothing"))
    }
  }

  @Test("what an alert explains is shown with it, and acknowledged with it")
  func children() async throws {
    try await withAlerts { connection in
      try await connection.execute("UPDATE alerts SET parent_alert_id = 2 WHERE alert_id = 1")
      let parent = try await output(["alerts", "show", "2"], connection)
      #expect(parent.contains("explains      alert 1, which is open"), "\(parent)")
      let along = try await output(["alerts", "ack", "2"], connection)
      #expect(along == "alert 2 is acknowledged, and so is the alert under it\n")
      let child = try await output(["alerts", "show", "1"], connection)
      #expect(child.hasPrefix("alert 1  WARNING  acknowledged\n"), "\(child)")
      #expect(child.contains("WARNING: with alert 2\n"), "\(child)")
    }
  }

  @Test("alerts check fails only for open alerts of sufficient severity that are not silenced")
  func failOn() async throws {
    try await withAlerts { connection in
      func check(_ severity: String, _ words: String...) async throws -> Int32 {
        try await run(["alerts", "list", "--fail-on", severity] + words, connection).status
      }
      #expect(try await check("CRITICAL") == 1)
      #expect(try await check("CRITICAL", "--limit", "0") == 1)
      #expect(try await check("SEVERE") == 0)
      #expect(try await check("CRITICAL", "--rule", "job_failed") == 0)
      #expect(try await check("WARNING", "--rule", "job_failed") == 1)
      let silenced = try await output(
        ["alerts", "silence", "--rule", "job_late", "--for", "2h", "--reason", "work"], connection)
      #expect(silenced.contains("open alerts that its patterns match: 1\n"))
      #expect(try await check("CRITICAL") == 0)
      let json = try array(try await output(["alerts", "list", "--json"], connection))
      #expect(json.first?["silence_id"] as? Int == 1)
      _ = try await output(["alerts", "unsilence", "1"], connection)
      #expect(try await check("CRITICAL") == 1)
      _ = try await output(["alerts", "resolve", "2"], connection)
      #expect(try await check("CRITICAL", "--all") == 0)
    }
  }

  @Test("actions of people are recorded with who did them, and shown with the notices")
  func life() async throws {
    try await withAlerts { connection in
      let account = try #require(try await value("USER()", connection))
      #expect(
        try await output(["alerts", "ack", "2", "--note", "on it"], connection)
          == "alert 2 is acknowledged\n")
      #expect(
        try await output(["alerts", "comment", "2", "acquirer\ncalled"], connection)
          == "alert 2 has a new comment\n")
      #expect(
        try await output(["alerts", "assign", "2", "cards"], connection)
          == "alert 2 is assigned to cards\n")
      #expect(
        try await output(["alerts", "judge", "2", "true"], connection)
          == "alert 2 was a true positive\n")
      let shown = try await output(["alerts", "show", "2"], connection)
      for text in [
        "alert 2  CRITICAL  acknowledged", "message       due at 10:00", "owner         cards",
        "disposition   true positive", "team: firing CRITICAL, waiting, due ",
        "comment by \(account), CRITICAL: acquirer\\ncalled",
      ] {
        #expect(shown.contains(text), "\(text) in \(shown)")
      }
      let report = try object(try await output(["alerts", "show", "2", "--json"], connection))
      #expect(
        Set(report.keys) == [
          "alert", "silence", "slices", "children", "notices", "history", "base_currency",
        ])
      #expect((report["alert"] as? [String: Any])?["acknowledged_by"] as? String == account)
      #expect(report["silence"] is NSNull)
      let notices = try #require(report["notices"] as? [[String: Any]])
      #expect(notices.map { $0["route_name"] as? String } == ["team"])
      let history = try #require(report["history"] as? [[String: Any]])
      #expect(
        history.compactMap { $0["change_kind"] as? String } == [
          "fired", "acknowledged", "comment", "assigned", "disposition",
        ])
      let resolved = try object(
        try await output(["alerts", "resolve", "2", "--note", "fixed", "--json"], connection))
      #expect(resolved["alert_state"] as? String == "resolved")
      #expect(resolved["resolved_at"] is String)
      #expect(
        try await output(["alerts", "judge", "2", "false"], connection)
          == "alert 2 was a false positive\n")
      #expect(
        try await value(
          "SELECT GROUP_CONCAT(change_text ORDER BY change_id SEPARATOR '|') FROM alert_changes"
            + " WHERE alert_id = 2 AND changed_by = USER()", connection)
          == "on it|acquirer\ncalled|cards|true_positive|fixed|false_positive")
      let times = try array(try await output(["alerts", "times", "--json"], connection))
      let late = times.first { $0["alert_rule"] as? String == "job_late" }
      #expect(late?["false_count"] as? Int == 1 && late?["resolved_count"] as? Int == 1)
      let table = try await output(["alerts", "times"], connection)
      #expect(table.contains("0 %"))
    }
  }

  @Test("silences have a span or recur by a calendar, and can be ended early")
  func silences() async throws {
    try await withAlerts { connection in
      let words = ["alerts", "silence", "--reason", "work"]
      let first = try object(
        try await output(words + ["--rule", "job_*", "--for", "90m", "--json"], connection))
      #expect(first["rule_pattern"] as? String == #"job\_%"#)
      #expect(first["subject_pattern"] as? String == "%")
      #expect(first["is_active"] as? Int == 1)
      #expect(first["created_by"] as? String == (try await value("USER()", connection)))
      #expect(
        try await value(
          "SELECT TIMESTAMPDIFF(SECOND, starts_at, ends_at) FROM alert_silences", connection)
          == "5400")
      #expect(
        try await value(
          "SELECT GROUP_CONCAT(alert_id ORDER BY alert_id) FROM ops_alerts"
            + " WHERE silence_id IS NOT NULL", connection) == "1,2")
      _ = try await output(
        words + [
          "--rule", "*", "--subject", "E?R", "--from", "2998-01-01", "--until",
          "2999-01-01T08:30", "--calendar", "TARGET", "--on", "business", "--between",
          "22:00-24:00",
        ], connection)
      #expect(
        try await value(
          """
          SELECT CONCAT_WS(' ', rule_pattern, subject_pattern, starts_at, ends_at, calendar_name,
              on_days, from_time, to_time, is_active) FROM ops_silences WHERE silence_id = 2
          """, connection)
          == "% E_R 2998-01-01 00:00:00 2999-01-01 08:30:00 TARGET business 22:00:00 24:00:00 0")
      // Every hour of every day, so it is active now.
      _ = try await output(
        words + ["--rule", "jobless", "--for", "1d", "--calendar", "ALWAYS"], connection)
      #expect(
        try await value("SELECT is_active FROM ops_silences WHERE silence_id = 3", connection)
          == "1")
      let table = try await output(["alerts", "silences"], connection)
      #expect(table.contains("TARGET business 22:00-24:00\n  * E?R: work\n"))
      #expect(table.contains("all the time\n  job_* *: work\n"))
      let shown = try await output(["alerts", "show", "1"], connection)
      #expect(shown.contains("silenced      by silence 1 until "))
      #expect(
        try await output(["alerts", "unsilence", "1"], connection) == "silence 1 is over\n")
      #expect(
        try array(try await output(["alerts", "silences", "--json"], connection))
          .compactMap { $0["silence_id"] as? Int } == [3, 2])
      #expect(
        try array(try await output(["alerts", "silences", "--all", "--json"], connection))
          .compactMap { $0["silence_id"] as? Int } == [3, 2, 1])
    }
  }

  @Test("invalid alert commands fail with one sentence, a hint and an exit code")
  func refusals() async throws {
    try await withAlerts { connection in
      _ = try await output(["alerts", "resolve", "3"], connection)
      let silence = ["alerts", "silence", "--rule", "a", "--reason", "x"]
      let before = try await value("SELECT COUNT(*) FROM alert_changes", connection)
      for (words, status, text) in [
        (["alerts", "show", "99"], 64, "error: alert 99 does not exist\nhint: "),
        (["alerts", "ack", "99"], 64, "error: alert 99 does not exist\nhint: "),
        (["alerts", "ack", "x"], 64, "'x' is no number of an alert"),
        (["alerts", "ack", "3"], 65, "error: alert 3 is resolved\nhint: "),
        (["alerts", "resolve", "3"], 65, "error: alert 3 is resolved\nhint: "),
        (["alerts", "judge", "1", "maybe"], 64, "one of true, false"),
        (["alerts", "comment", "1", ""], 64, "the comment is empty"),
        (["alerts", "assign", "1", ""], 64, "the owner is empty"),
        (
          ["alerts", "assign", "1", String(repeating: "a", count: 65)], 64,
          "the text has 65 characters\nhint: at most 64"
        ),
        (
          ["alerts", "comment", "1", String(repeating: "é", count: 513)], 64,
          "the text has 513 characters\nhint: at most 512"
        ),
        (
          ["alerts", "comment", "1", "card 4111 1111 1111 1111"], 65,
          "the text contains a payment card number; nothing was changed\nhint: "
        ),
        (
          ["alerts", "ack", "1", "--note", "4111111111111111"], 65, "a payment card number"
        ),
        (["alerts", "silence", "--for", "2h", "--reason", "x"], 64, "needs --rule"),
        (["alerts", "silence", "--rule", "a", "--for", "2h"], 64, "needs --reason"),
        (silence, 64, "needs one of --for and --until"),
        (silence + ["--for", "2h", "--until", "2999-01-01"], 64, "needs one of --for and --until"),
        (silence + ["--for", "two hours"], 64, "is not a span such as 90m, 2h or 1d12h"),
        (silence + ["--until", "2001-01-01"], 64, "would end before it begins"),
        (
          silence + ["--until", "2001-01-01", "--calendar", "TARGET"], 64,
          "would end before it begins"
        ),
        (silence + ["--for", "2h", "--on", "closed"], 64, "--on and --between need --calendar"),
        (
          silence + ["--for", "2h", "--between", "22:00-06:00"], 64,
          "(over midnight: two silences)"
        ),
        (
          silence + ["--for", "2h", "--calendar", "MOON"], 64,
          "there is no calendar 'MOON'\nhint: "
        ),
        (["alerts", "silence", "--rule", "é", "--for", "2h", "--reason", "x"], 64, "are ASCII"),
        (
          [
            "alerts", "silence", "--rule", "a", "--for", "2h", "--reason", "4111111111111111",
          ], 65, "a payment card number"
        ),
        (
          silence + ["--for", "2h", "--subject", String(repeating: "_", count: 65)], 64,
          "--subject is too long"
        ),
        (["alerts", "unsilence", "7"], 64, "silence 7 does not exist or has expired\nhint: "),
        (["alerts", "unsilence", "x"], 64, "'x' is no number of a silence"),
        (["alerts"], 64, "payops alerts"),
      ] as [([String], Int32, String)] {
        let run = try await run(words, connection)
        #expect(run.status == status, "\(words): \(run.errors)")
        #expect(run.errors.contains(text), "\(words): \(run.errors)")
        #expect(!run.errors.contains("4111"), "\(words): \(run.errors)")
      }
      #expect(try await value("SELECT COUNT(*) FROM alert_changes", connection) == before)
      #expect(try await value("SELECT COUNT(*) FROM alert_silences", connection) == "0")
      let json = try await run(["alerts", "ack", "99", "--json"], connection)
      #expect(try object(json.errors)["error"] as? String == "alert 99 does not exist")
    }
  }

  @Test("alert pages keep to the width of the terminal, whatever the names and texts")
  func columns() async throws {
    try await withAlerts { connection in
      let rule = String(repeating: "r", count: 64)
      let subject = String(repeating: "s", count: 128)
      let message = String(repeating: "a long message 東京 ", count: 25)
      try await connection.execute(
        "CALL raise_alert('\(rule)', '\(subject)', 'CRITICAL', '\(message)')")
      _ = try await output(
        ["alerts", "comment", "4", String(repeating: "words and ", count: 50)], connection)
      _ = try await output(
        ["alerts", "assign", "4", String(repeating: "o", count: 64)], connection)
      _ = try await output(
        [
          "alerts", "silence", "--rule", rule, "--subject", "sss*", "--for", "9w", "--calendar",
          "ALWAYS", "--between", "00:00-24:00", "--reason", String(repeating: "why ", count: 60),
        ], connection)
      _ = try await output(["alerts", "ack", "4"], connection)
      let raised = try #require(
        try await value(
          "SELECT DATE_FORMAT(raised_at, '%Y-%m-%d %H:%i') FROM alerts WHERE alert_id = 4",
          connection))
      #expect(try await output(["alerts", "list"], connection).contains("  \(raised)  "))
      for words in [["list", "--all"], ["show", "4"], ["silences", "--all"], ["times"]] {
        for width in [60, 80] {
          let text = try await TerminalRun.payops(
            try await command(["alerts"] + words, connection), columns: width
          ).plain
          let lines = text.split(separator: "\n")
          #expect(lines.count > 1, "\(words): \(text)")
          for line in lines { #expect(String(line).displayWidth <= width, "\(words): \(line)") }
        }
      }
    }
  }
}
