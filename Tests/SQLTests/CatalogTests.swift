import MariaDBClient
import TestSupport
import Testing

@Suite("Catalogue of published views", .timeLimit(.minutes(5)))
struct CatalogTests {
  private struct View {
    let name: String
    let key: [String]
  }

  private func views(_ connection: Connection) async throws -> [View] {
    try await connection.query("SELECT view_name, key_columns FROM catalog_views").rows.map {
      View(
        name: $0["view_name"] ?? "",
        key: ($0["key_columns"] ?? "").split(separator: ",").map(String.init))
    }
  }

  /// The number of rows of a view with a duplicate key.
  private func repeated(_ view: View, _ connection: Connection) async throws -> Int64 {
    let key = view.key.map { "`\($0)`" }
    let groups = key.isEmpty ? "" : " GROUP BY \(key.joined(separator: ", "))"
    let row = try await connection.query(
      "SELECT COALESCE(SUM(n - 1), 0) AS n FROM (SELECT COUNT(*) AS n FROM \(view.name)\(groups)) AS g"
    ).rows.first
    return max(0, row?.integer("n") ?? -1)
  }

  @Test("no two rows of a view have the same key")
  func keys() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      let views = try await views(connection)
      #expect(views.count > 130)
      for view in views {
        #expect(try await repeated(view, connection) == 0, "\(view.name)")
      }
      // Control: columns that do not identify a row are found.
      #expect(
        try await repeated(View(name: "customer_accounts", key: ["currency"]), connection) > 0)
    }
  }

  @Test("the columns of a ratio exist, and are counts or amounts")
  func ratios() async throws {
    try await TestServer.withSchema { connection in
      let wrong = try await connection.query(
        """
        SELECT r.view_name, r.column_name
        FROM catalog_columns AS r
        LEFT JOIN catalog_columns AS n
            ON n.view_name = r.view_name AND n.column_name = r.numerator
        LEFT JOIN catalog_columns AS d
            ON d.view_name = r.view_name AND d.column_name = r.denominator
        WHERE (r.numerator IS NULL) <> (r.denominator IS NULL)
            OR r.numerator IS NOT NULL AND (n.column_name IS NULL OR d.column_name IS NULL)
            OR r.numerator IS NOT NULL AND r.additive <> 'no'
        """)
      #expect(wrong.rows.map(\.values) == [])
      let count = try await connection.query(
        "SELECT COUNT(*) AS n FROM catalog_columns WHERE numerator IS NOT NULL")
      #expect((count.rows.first?.integer("n") ?? 0) > 60)
    }
  }

  /// Columns whose meaning of NULL is there though the server rules NULL out, or is not though it
  /// does not.
  private func unexplained(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT(p.view_name, '.', p.column_name) AS name
      FROM catalog_columns AS p
      INNER JOIN information_schema.columns AS c
          ON c.table_schema = DATABASE() AND c.table_name = p.view_name
          AND c.column_name = p.column_name
      WHERE (c.is_nullable = 'YES') <> (p.null_meaning IS NOT NULL)
      ORDER BY 1
      """
    ).rows.map { $0["name"] ?? "" }
  }

  @Test(
    "each column that can be NULL says what NULL means, and no other does",
    .onMariaDB("MySQL calls other columns of views nullable"))
  func nullMeanings() async throws {
    try await TestServer.withSchema { connection in
      #expect(try await unexplained(connection) == [])
      try await connection.execute(
        "UPDATE published_columns SET null_meaning = IF(column_name = 'grain', 'unknown', NULL)"
          + " WHERE view_name = 'catalog_views' AND column_name IN ('grain', 'follows')")
      #expect(
        try await unexplained(connection) == ["catalog_views.follows", "catalog_views.grain"])
    }
  }

  @Test(
    "no row has NULL in a column of which the catalogue says that it never is",
    arguments: [
      true, false,
    ])
  func neverNull(isMadeUp: Bool) async throws {
    try await TestServer.withSchema { connection in
      if isMadeUp {
        try await MadeUpRows.fill(connection)
        try await connection.execute("SET @payops_as_of = '\(MadeUpRows.present)'")
      } else {
        try await ViewSample.load(on: connection)
      }
      let never = try await connection.query(
        """
        SELECT view_name, GROUP_CONCAT(column_name) AS columns
        FROM catalog_columns
        WHERE null_meaning = 'never'
        GROUP BY view_name
        """
      ).rows
      #expect(never.count > 40)
      var found: [String] = []
      for row in never {
        let (view, columns) = (row["view_name"] ?? "", (row["columns"] ?? "").split(separator: ","))
        let counts = try await connection.query(
          "SELECT " + columns.map { "SUM(`\($0)` IS NULL) AS `\($0)`" }.joined(separator: ", ")
            + " FROM \(view)"
        ).rows[0]
        found += columns.filter { (counts.integer(String($0)) ?? 0) > 0 }.map { "\(view).\($0)" }
      }
      #expect(found == [])
    }
  }

  @Test("roles read exactly the views that name them")
  func readers() async throws {
    try await TestServer.withSchema { connection in
      let differing = try await connection.query(
        """
        SELECT v.view_name, g.role_name
        FROM catalog_views AS v
        INNER JOIN role_grants AS g
            ON g.object_kind = 'view' AND g.object_pattern = REPLACE(v.view_name, '_', '\\\\_')
        WHERE FIND_IN_SET(g.role_name, v.reader_roles) = 0
        """)
      #expect(differing.rows.map(\.values) == [])
      let counts = try await connection.query(
        """
        SELECT
            (SELECT COUNT(*) FROM role_grants AS g
             INNER JOIN catalog_views AS v
                 ON g.object_pattern = REPLACE(v.view_name, '_', '\\\\_')
             WHERE g.object_kind = 'view') AS grants,
            (SELECT SUM(LENGTH(reader_roles) - LENGTH(REPLACE(reader_roles, ',', '')) + 1)
             FROM catalog_views) AS readers
        """
      ).rows[0]
      #expect(counts["grants"] == counts["readers"])
    }
  }

  @Test("dimensions are those of the rollups, and columns of payments and their copies")
  func dimensions() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query(
        "SELECT * FROM catalog_dimensions ORDER BY dimension_number"
      ).rows
      let names = rows.map { $0["dimension"] ?? "" }
      let routes = rows.filter { $0["has_latency"] == "1" }.map { $0["dimension"] ?? "" }
      #expect(names.count > 9 && names.first == "all")
      for (table, members) in [
        ("metric_minute", names), ("metric_hour", names), ("metric_day", names),
        ("rollup_members", Array(names.dropFirst())), ("latency_minute", routes),
        ("latency_hour", routes), ("latency_day", routes),
      ] {
        let type = try await connection.query(
          """
          SELECT c.column_type AS t FROM information_schema.columns AS c
          WHERE c.table_schema = DATABASE() AND c.table_name = '\(table)'
              AND c.column_name = 'dimension'
          """
        ).rows.first?["t"]
        #expect(type == "enum(\(members.map { "'\($0)'" }.joined(separator: ",")))", "\(table)")
      }
      for table in ["transactions", "transactions_archive", "transaction_changes"] {
        let wrong = try await connection.query(
          """
          SELECT d.dimension
          FROM catalog_dimensions AS d
          LEFT JOIN information_schema.columns AS c
              ON c.table_schema = DATABASE() AND c.table_name = '\(table)'
                  AND c.column_name = d.payment_column
                  AND c.is_nullable = IF(d.null_member IS NULL, 'NO', 'YES')
          WHERE d.dimension <> 'all' AND c.column_name IS NULL
          """)
        #expect(wrong.rows.map(\.values) == [], "\(table)")
      }
    }
  }

  @Test("a view that is missing from or differs from the catalogue is a finding")
  func findings() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("CREATE VIEW kpi_other AS SELECT 1 AS one")
      try await connection.execute("DELETE FROM published_views WHERE view_name = 'kpi_today'")
      try await connection.execute(
        "UPDATE published_columns SET column_name = 'gone'"
          + " WHERE view_name = 'exposure_total' AND ordinal_position = 1")
      try await connection.execute(
        "INSERT INTO published_views SELECT 'nowhere', family, purpose, grain, key_columns,"
          + " time_column, default_filter, null_note, reader_roles, follows, is_personal,"
          + " column_count FROM published_views LIMIT 1")
      let found = try await connection.query(
        "SELECT CONCAT(problem, ' ', object_name) AS p FROM integrity_catalog ORDER BY 1"
      ).rows.map { $0["p"] ?? "" }
      #expect(
        found == [
          "catalog_without_view nowhere", "column_differs exposure_total.gone",
          "view_not_in_catalog kpi_other", "view_not_in_catalog kpi_today",
          "view_without_kpi kpi_other",
        ])
    }
  }
}
