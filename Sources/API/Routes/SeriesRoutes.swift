internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Series of the monitor for charts, and their metrics as system monitors read them.
enum SeriesRoutes {
  static let all: [Route] = [
    Route(
      method: "GET", path: "/api/v1/series", scope: .read, subject: "Monitor",
      summary: "Gives a series in at most so many points; no anomalous step is left out",
      parameters: [
        Route.Parameter(
          name: "metric", place: .query, isRequired: true, meaning: "metric, as in monitor_now"),
        Route.Parameter(name: "member", place: .query, meaning: "member (all when absent)"),
        Route.Parameter(
          name: "from", place: .query, kind: .time, isRequired: true, meaning: "first moment"),
        Route.Parameter(
          name: "to", place: .query, kind: .time, isRequired: true,
          meaning: "last moment, not included"),
        Route.Parameter(
          name: "points", place: .query, kind: .integer, meaning: "most points (2 to 5000)"),
      ], run: series),
    Route(
      method: "GET", path: "/monitor", scope: .read, subject: "Monitor",
      summary: "Gives the current minute, the metrics, their thresholds and how long each departs",
      run: monitor),
  ]

  /// Columns of the answer and those of the routine behind them.
  private static let columns = [
    ("at", "bucket_from"), ("min", "minimum_value"), ("mean", "mean_value"),
    ("max", "maximum_value"), ("expected", "expected_value"), ("lower", "lower_value"),
    ("upper", "upper_value"), ("anomalous", "anomalous_count"), ("verdict", "worst_verdict"),
  ]

  private static func series(_ request: APIRequest) async throws -> HTTPResponse {
    guard let metric = request.http.parameter("metric"), let from = try request.time("from"),
      let to = try request.time("to")
    else { throw Problem(400, code: "usage", "metric, from and to are needed") }
    // The name of a metric is ASCII, and the procedure refuses anything else as no value at all.
    guard metric.utf8.allSatisfy({ $0 < 0x80 }), metric.utf8.count <= 48 else {
      throw Problem(404, code: "not_found", "there is no metric of this name")
    }
    let points = try request.integer("points", in: 2...5000, or: 600)
    let member = request.http.parameter("member") ?? "all"
    let results = try await request.service.pools.use(request.scope, .page) { connection in
      try await Moment.fix(on: connection, as: nil)
      return try await connection.queryAll(
        "CALL read_series(?, ?, ?, ?, ?)",
        [
          .text(metric), .text(member), .text(from.description), .text(to.description),
          .integer(Int64(points)),
        ])
    }
    let tables = results.filter { !$0.columns.isEmpty }.map { DataTable($0) }
    guard tables.count >= 2, let facts = tables[1].records.first else {
      throw Fault(.internalError, "read_series gave no description")
    }
    let buckets = tables[0]
    let places = columns.map { _, name in buckets.columns.firstIndex { $0.name == name } }
    let rows = buckets.rows.map { row -> JSON in
      .array(
        zip(columns, places).map { column, place in
          guard let cell = place.flatMap({ row[$0] }) else { return .null }
          switch column.0 {
          case "at": return .string(APITime.text(cell))
          case "verdict": return .string(cell)
          default: return .number(cell)
          }
        })
    }
    return .json(
      .pairs([
        "metric": .string(metric), "member": .string(member),
        "step_minutes": .number(facts["step_minutes"] ?? "1"),
        "bucket_minutes": .number(facts["bucket_minutes"] ?? "1"),
        "unit": .string(facts["unit"] ?? "number"),
        "grain": .string(grain(of: tables[0])),
        "has_band": .bool(facts["band_from"] != nil),
        "note": note(facts, from: from),
        "band_from": facts["band_from"].map { .string(APITime.text($0)) } ?? .null,
        "columns": .array(columns.map { .string($0.0) }), "rows": .array(rows),
      ]), headers: [(name: "Cache-Control", value: "no-store")])
  }

  /// step, hour, or both: what the points of a series stand for.
  private static func grain(of buckets: DataTable) -> String {
    guard let place = buckets.columns.firstIndex(where: { $0.name == "grain" }) else {
      return "step"
    }
    let grains = Set(buckets.rows.compactMap { $0[place] })
    return grains.count == 1 ? grains.first ?? "step" : "both"
  }

  /// What a viewer must know of a series that begins before its band.
  private static func note(_ facts: [String: String], from: CivilInstant) -> JSON {
    guard let first = facts["band_from"] else {
      return .string("no step of this series is kept: hours of the rollups, without a band")
    }
    guard from.description < first else { return .null }
    return .string("before \(APITime.text(first)) these are hours, of which no band is kept")
  }

  private static func monitor(_ request: APIRequest) async throws -> HTTPResponse {
    let table = try await request.service.pools.use(request.scope, .page) { connection in
      try await Moment.fix(on: connection, as: nil)
      return DataTable(try await connection.query("SELECT * FROM monitor_now"))
    }
    let place = table.columns.firstIndex { $0.name == "metric_minute" }
    let minute = place.flatMap { place in table.rows.compactMap { $0[place] }.max() }
    return .json(
      .pairs([
        "current_minute": minute.map { .string(APITime.text($0)) } ?? .null,
        "metrics": byMetric(table, ["metric_minute", "observed_value", "event_count"]),
        "thresholds": byMetric(table, ["expected_value", "lower_value", "upper_value"]),
        "persistence_analysis": byMetric(
          table, ["verdict", "reason", "alert_id", "severity", "alert_state", "raised_at"]),
      ]), headers: [(name: "Cache-Control", value: "no-store")])
  }

  /// Columns of the rows of `monitor_now`, by metric and member.
  private static func byMetric(_ table: DataTable, _ names: [String]) -> JSON {
    let places = names.compactMap { name in table.columns.firstIndex { $0.name == name } }
    var metrics: [String] = []
    var members: [String: [(key: String, value: JSON)]] = [:]
    for (row, record) in zip(table.rows, table.records) {
      guard let metric = record["metric_name"], let member = record["member"] else { continue }
      if members[metric] == nil { metrics.append(metric) }
      let values = places.map { place -> (key: String, value: JSON) in
        let column = table.columns[place]
        let isTime = column.name.hasSuffix("_at") || column.name == "metric_minute"
        let value = row[place].map { cell -> JSON in
          isTime ? .string(APITime.text(cell)) : column.isNumeric ? .number(cell) : .string(cell)
        }
        return (key: column.name, value: value ?? .null)
      }
      members[metric, default: []].append((key: member, value: .object(values)))
    }
    return .object(metrics.map { (key: $0, value: .object(members[$0] ?? [])) })
  }
}
