import MariaDBClient
import PayopsCore
import Tabular
import TestSupport
import Testing

@testable import Catalogue

@Suite("Catalogue", .timeLimit(.minutes(10)))
struct CatalogueTests {
  private func withRows(_ body: (Catalogue, Connection) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      try await MadeUpRows.fill(connection)
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('\(MadeUpRows.present)')")
      try await connection.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      try await body(try await Catalogue.read(on: connection), connection)
    }
  }

  @Test("the catalogue has every view with its columns, and every KPI with its view and column")
  func whole() async throws {
    try await withRows { catalogue, _ in
      #expect(catalogue.views.count > 130 && catalogue.kpis.count > 130)
      for view in catalogue.views.values {
        let names = view.columns.map(\.name)
        #expect(!names.isEmpty && Set(names).count == names.count, "\(view.name)")
        #expect(Set(view.key).isSubset(of: names), "\(view.name)")
        #expect(view.timeColumn.map(names.contains) ?? true, "\(view.name)")
        #expect(view.isPersonal == view.columns.contains(where: \.isPersonal), "\(view.name)")
        for ratio in view.columns.compactMap(\.ratio) {
          #expect(names.contains(ratio.numerator) && names.contains(ratio.denominator))
        }
      }
      for kpi in catalogue.kpis.values {
        let view = try catalogue.view(kpi.name)
        #expect(view.name == kpi.view, "\(kpi.name)")
        #expect(kpi.value.map(view.columns.map(\.name).contains) ?? true, "\(kpi.name)")
      }
      let success = try #require(catalogue.kpis["success_rate"])
      #expect(success.better == .higher && success.unit == "ratio")
      let rate = try catalogue.view("success_rate").columns.first { $0.name == "success_rate" }
      #expect(rate?.ratio?.numerator == "completed_count")
      #expect(rate?.additive == .no)
    }
  }

  @Test("pages of a view follow each other without a gap or a row twice")
  func pages() async throws {
    try await withRows { catalogue, connection in
      var paged = 0
      for view in catalogue.views.values.sorted(by: { $0.name < $1.name })
      where !view.key.isEmpty && !view.name.hasPrefix("catalog_") {
        var whole = ViewQuery(view)
        whole.usesDefaultFilter = false
        let all = try await whole.read(on: connection).rows
        var query = whole
        query.limit = 7
        let places = query.cursorColumns.map { name in
          view.columns.firstIndex { $0.name == name } ?? 0
        }
        var found: [[String?]] = []
        while true {
          let page = try await query.read(on: connection).rows
          found += page
          guard page.count == 7, let last = page.last, found.count <= all.count else { break }
          try query.begin(after: places.map { last[$0].map { .text($0) } ?? .null })
        }
        // Rows with equal keys cannot be distinguished; made-up rows may have equal keys.
        let keys = Set(all.map { row in places.map { row[$0] } })
        if keys.count == all.count {
          #expect(found == all, "\(view.name)")
          if all.count > 7 { paged += 1 }
        }
      }
      #expect(paged > 50, "\(paged)")
    }
  }

  @Test("columns, filters and order by name give the same rows as a hand-written statement")
  func filters() async throws {
    try await withRows { catalogue, connection in
      var query = ViewQuery(try catalogue.view("kpi_payment_day"))
      try query.select(["metric_date", "member", "total_count"])
      try query.filter("dimension", .equal, "channel")
      try query.filter("total_count", .greaterOrEqual, .integer(2))
      try query.filter(
        from: CivilInstant("2026-01-01"), to: CivilInstant("2026-01-12"))
      query.limit = 20
      let own = try await connection.query(
        """
        SELECT metric_date, member, total_count FROM kpi_payment_day
        WHERE dimension = 'channel' AND total_count >= 2 AND metric_date >= '2026-01-01'
            AND metric_date < '2026-01-12'
        ORDER BY metric_date DESC, dimension, member LIMIT 20
        """)
      let found = try await query.read(on: connection)
      #expect(found.rows == own.rows.map(\.values))
      #expect(found.columns.map(\.name) == ["metric_date", "member", "total_count"])
    }
  }

  @Test("the default filter of a view applies only without other conditions")
  func defaultFilter() async throws {
    let view = PublishedView(
      name: "v", family: "kpi", purpose: "", grain: "", key: ["a"], timeColumn: "t",
      defaultFilter: "t > 1", nullNote: "", readers: [], follows: nil, isPersonal: false,
      columns: ["a", "t", "o`dd"].map {
        .init(
          name: $0, type: "int(11)", unit: "count", meaning: "", additive: .sum, ratio: nil,
          isPersonal: false)
      })
    var query = ViewQuery(view)
    #expect(
      query.statement.sql
        == "SELECT `a`, `t`, `o``dd` FROM `v` WHERE (t > 1) ORDER BY `t` DESC, `a`")
    query.usesDefaultFilter = false
    #expect(query.statement.sql == "SELECT `a`, `t`, `o``dd` FROM `v` ORDER BY `t` DESC, `a`")
    query.usesDefaultFilter = true
    try query.filter("a", .less, .integer(3))
    query.limit = 2
    #expect(
      query.statement.sql
        == "SELECT `a`, `t`, `o``dd` FROM `v` WHERE `a` < 3 ORDER BY `t` DESC, `a` LIMIT 2")
    #expect(query.statement.values.isEmpty)
  }

  @Test("a number that is the key goes the way of the time, and of other keys each column upwards")
  func order() async throws {
    try await withRows { catalogue, connection in
      for (view, order) in [
        ("payment_list", "`transaction_time` DESC, `transaction_id` DESC"),
        ("alert_list", "`raised_at` DESC, `alert_id` DESC"),
        ("kpi_payment_day", "`metric_date` DESC, CAST(`dimension` AS CHAR), `member`"),
        ("spend_customers", "`customer_id`"),
      ] {
        var query = ViewQuery(try catalogue.view(view))
        query.usesDefaultFilter = false
        #expect(query.statement.sql.hasSuffix(" ORDER BY \(order)"), "\(query.statement.sql)")
      }
    }
  }

  @Test("numbers, days and times stand in the statement; every other value is bound")
  func literals() async throws {
    try await withRows { catalogue, _ in
      for (value, literal) in [
        (.integer(-3), "-3"), ("7", "'7'"), ("-12", "'-12'"), ("2026-01-01", "'2026-01-01'"),
        ("2026-01-01 10:00:00.5", "'2026-01-01 10:00:00.5'"), ("x", nil), ("", nil), ("7'", nil),
        ("1e3", nil), ("7\n", nil), ("2026-01-01' OR '1", nil), ("٣", nil), (.null, nil),
        (.double(1.5), nil), (.bytes([55]), nil), (.text(String(repeating: "9", count: 19)), nil),
      ] as [(SQLValue, String?)] {
        var query = ViewQuery(try catalogue.view("kpi_payment_day"))
        try query.filter("total_count", .equal, value)
        let (sql, values) = query.statement
        #expect(sql.contains("`total_count` = \(literal ?? "?") ORDER"), "\(value)")
        #expect(values == (literal == nil ? [value] : []), "\(value)")
      }
    }
  }

  @Test("a name is that of a KPI first, which shows when, of what, its value and its parts")
  func subjects() async throws {
    try await withRows { catalogue, _ in
      let shared = try catalogue.subject("settlement_sla_compliance")
      let kpi = try #require(shared.kpi)
      #expect(
        shared.view.columns(of: kpi) == ["rail", "due_compliance", "on_time_count", "due_count"])
      let rate = try catalogue.subject("success_rate")
      #expect(
        rate.view.columns(of: try #require(rate.kpi)) == [
          "metric_date", "dimension", "member", "success_rate", "completed_count", "total_count",
        ])
      let view = try catalogue.subject("kpi_payment_day")
      #expect(view.kpi == nil && view.columns.isSuperset(of: ["success_rate", "reversal_rate"]))
      // The rows themselves are what these are about.
      #expect(try catalogue.subject("today").kpi == nil)
      #expect(try catalogue.subject("payments_by_hour").kpi == nil)
    }
  }

  @Test("columns of a view are measured as the catalogue says, and only sentences may be cut")
  func described() async throws {
    try await withRows { catalogue, connection in
      let view = try catalogue.view("kpi_payment_day")
      let table = view.described(
        try await ViewQuery(view).read(on: connection), main: ["success_rate"], currency: "EUR")
      let columns = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0) })
      #expect(columns["success_rate"]?.measure == .ratio && columns["success_rate"]?.role == .key)
      #expect(columns["total_amount"]?.measure == .amount("EUR"))
      #expect(columns["total_count"]?.measure == .count)
      #expect(columns["metric_date"]?.role == .key && columns["failed_rate"]?.role == .value)
      for view in catalogue.views.values {
        let table = view.described(
          DataTable(columns: view.columns.map { .init(name: $0.name) }, rows: []), main: [],
          currency: nil)
        for (column, shown) in zip(view.columns, table.columns) where shown.role == .text {
          #expect(column.unit == "text" && !view.key.contains(column.name))
        }
      }
    }
  }

  @Test("unknown names are refused with the nearest known one")
  func unknownNames() async throws {
    try await withRows { catalogue, _ in
      #expect(
        throws: Fault.usage("there is no KPI 'sucess_rate'", hint: "did you mean success_rate?")
      ) {
        try catalogue.view("sucess_rate")
      }
      var query = ViewQuery(try catalogue.view("exposure_total"))
      #expect(
        throws: Fault.usage(
          "exposure_total has no column 'open_amout'", hint: "did you mean open_amount?")
      ) { try query.filter("open_amout", .equal, .integer(1)) }
      #expect(throws: Fault.self) { try query.select(["total_amount", "1; DROP TABLE accounts"]) }
      #expect(throws: Fault.self) { try query.filter(from: CivilInstant("2026-01-01"), to: nil) }
      #expect(throws: Fault.self) { try query.begin(after: ["x"]) }
    }
  }
}
