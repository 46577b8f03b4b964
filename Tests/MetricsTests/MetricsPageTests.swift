import Catalogue
import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

@testable import Metrics

@Suite("Metrics of the database", .timeLimit(.minutes(10)))
struct MetricsPageTests {
  /// Runs a body with a schema of made-up rows, and the options of an account that has the role
  /// `monitor` and nothing else.
  private func withMonitor(
    _ body: (_ owner: Connection, _ monitor: ConnectionOptions) async throws -> Void
  ) async throws {
    try await TestServer.withSchema { owner in
      let schema = try #require(owner.options.database)
      let user = schema + "_u_monitor"
      try await DatabaseRoles(connection: owner).apply()
      try await owner.execute("CREATE USER `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
      try await owner.execute("GRANT `\(schema)_monitor` TO `\(user)`@localhost")
      try await DatabaseRoles(connection: owner).apply()
      // Last, for it also fills the tables of roles.
      try await MadeUpRows.fill(owner)
      var options = owner.options
      options.user = user
      options.password = Secret("secret-of-test")
      let result: Result<Void, any Error>
      do { result = .success(try await body(owner, options)) } catch { result = .failure(error) }
      let drops = try await owner.query(
        """
        SELECT CONCAT(IF(is_role = 'Y', 'DROP ROLE `', 'DROP USER `'), User, '`',
            IF(is_role = 'Y', '', CONCAT('@`', Host, '`'))) AS statement
        FROM mysql.user WHERE LEFT(User, ?) = ?
        """, [.integer(Int64(schema.count + 1)), .text(schema + "_")])
      for row in drops.rows { try await owner.execute(row["statement"] ?? "") }
      try result.get()
    }
  }

  /// A page that an account reads as of the present of the made-up rows.
  private func page(_ options: ConnectionOptions, interval: Duration = .zero) -> MetricsPage {
    MetricsPage(deadline: .seconds(60), interval: interval) {
      let connection = try await Connection.open(options)
      try await connection.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      return connection
    }
  }

  @Test("the role monitor alone reads every source, and a strict reader finds nothing wrong")
  func whole() async throws {
    try await withMonitor { _, options in
      let metrics = page(options)
      let text = await metrics.text()
      let page = StrictPage(text)
      #expect(page.problems == [])
      #expect(await metrics.failure == nil)
      #expect(page.value("payops_up") == 1)
      let success = page.values("payops_exporter_view_success")
      #expect(success.count == MetricSource.all.count)
      for series in success { #expect(series.value == 1, "\(series.labels)") }
      #expect(page.series.count > 300, "\(page.series.count)")
      for name in [
        "payops_today_payments", "payops_today_payments_amount", "payops_today_backlog",
        "payops_today_mean_duration_seconds", "payops_backlog_open", "payops_backlog_by_age_open",
        "payops_settlement_overdue", "payops_alerts_open", "payops_job_late",
        "payops_job_last_succeeded_timestamp_seconds", "payops_backup_kept",
        "payops_rollup_waiting_changes", "payops_freshness_last_event_timestamp_seconds",
        "payops_database_statements_total", "payops_scheduler_at_work", "payops_exposure_amount",
        "payops_slo_due", "payops_scheme_disputes",
      ] { #expect(!page.values(name).isEmpty, "no \(name)") }
      #expect(page.values("payops_exposure_amount").first?.labels["currency"] != nil)
    }
  }

  @Test("figures are those of the views, in base units")
  func figures() async throws {
    try await withMonitor { owner, options in
      let page = StrictPage(await page(options).text())
      try await owner.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      let states = try await owner.query(
        """
        SELECT state, open_count, open_amount,
            TIMESTAMPDIFF(SECOND, '1970-01-01', oldest_at) AS oldest
        FROM backlog_by_state
        """)
      for row in states.rows {
        func value(_ name: String) -> Double? {
          page.values(name).first { $0.labels["state"] == row["state"] }?.value
        }
        #expect(value("payops_backlog_open") == row.double("open_count"))
        #expect(value("payops_backlog_open_amount") == row.double("open_amount"))
        #expect(value("payops_backlog_oldest_timestamp_seconds") == row.double("oldest"))
      }
      let mean = try await owner.query("SELECT kpi_value FROM kpi_today WHERE unit = 'ms'").rows
        .first
      #expect(
        page.value("payops_today_mean_duration_seconds")
          == mean?.double("kpi_value").map { $0 * 0.001 })
      let open = try await owner.query(
        """
        SELECT severity, COUNT(*) AS n FROM ops_alerts WHERE alert_state = 'firing' GROUP BY severity
        """)
      let known = Dictionary(
        open.rows.map { ($0["severity"] ?? "", $0.double("n") ?? 0) }, uniquingKeysWith: { $1 })
      let firing = page.values("payops_alerts_open").filter { $0.labels["alert_state"] == "firing" }
      #expect(firing.count == Severity.allCases.count)
      for series in firing {
        #expect(series.value == known[series.labels["severity"] ?? ""] ?? 0)
      }
    }
  }

  @Test("sources name columns and labels that the catalogue has, none of them personal or an id")
  func catalogue() async throws {
    try await withMonitor { owner, _ in
      let catalogue = try await Catalogue.read(on: owner)
      for source in MetricSource.all {
        let view = try #require(catalogue.views[source.view], "\(source.view)")
        #expect(view.readers.contains("monitor"), "\(source.view)")
        let columns = Dictionary(view.columns.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        for label in source.labels {
          let column = try #require(columns[label], "\(source.view).\(label)")
          #expect(!column.isPersonal && column.unit != "id", "\(source.view).\(label)")
        }
        let named = source.omitted.union(source.words.keys).union(source.members.keys)
        #expect(named.subtracting(columns.keys) == [], "\(source.view)")
        for (column, _) in source.measured(in: view) { #expect(!column.isPersonal) }
      }
    }
  }

  @Test("a page has no more than 200 series of a metric, and says how many it leaves out")
  func bounded() async throws {
    try await withMonitor { owner, options in
      try await owner.execute(
        """
        INSERT INTO space_samples (table_name, sample_date, row_count, data_bytes, index_bytes)
        SELECT CONCAT('made_up_', seq), '2026-01-15', 1, 1, 1 FROM \(numbers(1...500)) AS n
        """)
      let page = StrictPage(await page(options).text())
      #expect(page.problems == [])
      #expect(page.values("payops_table_size_bytes").count == 200)
      let dropped = page.values("payops_exporter_dropped_rows")
        .first { $0.labels["view"] == "ops_space_forecast" }
      #expect(dropped.map { $0.value >= 300 } == true)
    }
  }

  @Test("a source that may not be read leaves out its own metrics alone")
  func denied() async throws {
    try await withMonitor { owner, options in
      let schema = try #require(owner.options.database)
      try await owner.execute("REVOKE SELECT ON ops_jobs FROM `\(schema)_monitor`")
      let page = StrictPage(await page(options).text())
      #expect(page.problems == [])
      #expect(page.value("payops_up") == 1)
      #expect(page.values("payops_job_late").isEmpty && !page.values("payops_backlog_open").isEmpty)
      #expect(
        page.values("payops_exporter_view_success").filter { $0.value == 0 }.map {
          $0.labels["view"]
        }
          == ["ops_jobs"])
    }
  }

  @Test("an empty schema gives a page, and a table that somebody holds leaves out its own metrics")
  func emptyAndHeld() async throws {
    try await TestServer.withSchema { owner in
      let options = owner.options
      let page = MetricsPage(deadline: .seconds(20), interval: .zero) {
        try await Connection.open(options)
      }
      let empty = StrictPage(await page.text())
      #expect(empty.problems == [] && empty.value("payops_up") == 1)
      #expect(empty.value("payops_today_payments") == 0)
      #expect(empty.values("payops_today_success_ratio").isEmpty)
      #expect(empty.values("payops_exporter_view_success").allSatisfy { $0.value == 1 })

      try await owner.execute("LOCK TABLES alerts WRITE")
      let clock = ContinuousClock()
      let start = clock.now
      let held = StrictPage(await page.text())
      #expect(clock.now - start < .seconds(10))
      try await owner.execute("UNLOCK TABLES")
      #expect(held.problems == [] && held.value("payops_up") == 1)
      #expect(held.values("payops_alerts_open").isEmpty)
      #expect(!held.values("payops_rollup_waiting_changes").isEmpty)
      #expect(held.values("payops_exporter_view_success").contains { $0.value == 0 })
    }
  }

  @Test("without a database the page says so at once, with the families of others")
  func away() async throws {
    var options = ConnectionOptions()
    options.socket = "/nonexistent/socket"
    let missing = options
    let page = MetricsPage { try await Connection.open(missing) }
    let text = StrictPage(
      await page.text(extra: [
        MetricFamily("payops_http_requests_total", .counter, help: "h", value: 3)
      ]))
    #expect(text.problems == [])
    #expect(text.value("payops_up") == 0)
    #expect(text.value("payops_http_requests_total") == 3)
    #expect(await page.failure != nil)
  }

  @Test("a database that does not answer costs a scrape its deadline, and one connection only")
  func hanging() async throws {
    let opened = Counter()
    let page = MetricsPage(deadline: .milliseconds(150)) {
      await opened.add()
      try await Task.sleep(for: .seconds(3))
      throw Fault(.unavailable, "away")
    }
    let clock = ContinuousClock()
    let start = clock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 1...20 {
        group.addTask { #expect(StrictPage(await page.text()).value("payops_up") == 0) }
      }
    }
    _ = await page.text()
    #expect(clock.now - start < .seconds(2))
    #expect(await opened.count == 1)
  }

  @Test(
    "many scrapers cost the database one reading per interval; the families of others are fresh")
  func cached() async throws {
    try await withMonitor { _, options in
      let opened = Counter()
      let page = MetricsPage(deadline: .seconds(60), interval: .seconds(60)) {
        await opened.add()
        return try await Connection.open(options)
      }
      await withTaskGroup(of: String.self) { group in
        for _ in 1...10 { group.addTask { await page.text() } }
      }
      for number in 1...2 {
        let own = MetricFamily("payops_own", help: "h", value: Double(number))
        #expect(StrictPage(await page.text(extra: [own])).value("payops_own") == Double(number))
      }
      #expect(await opened.count == 1)
    }
  }

  private actor Counter {
    private(set) var count = 0
    func add() { count += 1 }
  }
}
