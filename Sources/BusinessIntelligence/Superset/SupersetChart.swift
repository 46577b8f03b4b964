internal import Catalogue
internal import Tabular

/// A chart of Superset: a figure, or the rows of a view.
///
/// Each one has its query context saved, so that the API, reports and caches can run it although
/// nobody has opened it.
struct SupersetChart {
  /// Its name, unique in the kit.
  let name: String
  /// The title for people.
  let title: String
  /// The view that it reads.
  let view: PublishedView
  private let description: String
  private let figure: Figure?
  private let scope: ViewScope

  init(_ figure: Figure) {
    name = figure.kpi.name
    title = figure.label
    view = figure.view
    description = figure.kpi.formula
    self.figure = figure
    scope = figure.scope
  }

  /// The rows of a view.
  init(list view: PublishedView) {
    name = "list_" + view.name
    title = SupersetBundle.title(of: view)
    self.view = view
    description = view.purpose
    figure = nil
    scope = ViewScope(view)
  }

  var uuid: String { StableIdentifier.uuid("superset", "chart", name) }

  /// Columns of the 12 of a row of the dashboard.
  var width: Int { figure == nil ? 12 : kind == Self.number ? 3 : 6 }

  var isOverTime: Bool { kind == Self.line }

  var file: KitFile {
    KitFile(
      "charts/\(name).yaml",
      yaml: .pairs([
        "slice_name": .string(title), "description": .string(description),
        "certified_by": .null, "certification_details": .null, "viz_type": .string(kind),
        "params": parameters, "query_context": .string(queryContext.compact),
        "cache_timeout": .null, "uuid": .string(uuid), "version": .string("1.0.0"),
        "dataset_uuid": .string(SupersetBundle.uuid(of: view)),
      ]))
  }

  private static let line = "echarts_timeseries_line"
  private static let number = "big_number_total"
  private static let table = "table"
  private static let mostRows = 10_000

  private var kind: String {
    guard let figure else { return Self.table }
    return figure.time != nil ? Self.line : figure.groups.isEmpty ? Self.number : Self.table
  }

  private var format: String { SupersetBundle.format(of: figure?.kpi.unit ?? "") }

  /// The time axis by which rows are chosen.
  private var timeColumn: String? { scope.window == nil ? nil : view.timeColumn }

  /// The window in Superset's words, today included, whose end for a column of days would be cut
  /// to its start. The clock is that of Superset's server, which should be UTC.
  private var range: String {
    guard let window = scope.window else { return "No filter" }
    return "DATEADD(DATETIME(\"now\"), -\(window.count), \(window.unit))"
      + " : DATEADD(DATETIME(\"now\"), 1, day)"
  }

  private var groups: [JSON] { (figure?.groups ?? []).map(JSON.string) }

  /// The greatest first in a table, which may be cut.
  private var order: [JSON] {
    guard let figure, kind == Self.table else { return [] }
    return [.array([.string(figure.kpi.name), .bool(false)])]
  }

  private var parameters: JSON {
    var filters: [JSON] = scope.conditions.map {
      .pairs([
        "clause": .string("WHERE"), "expressionType": .string("SIMPLE"),
        "subject": .string($0.column), "operator": .string("=="), "operatorId": .string("EQUALS"),
        "comparator": .string($0.value), "isExtra": .bool(false), "isNew": .bool(false),
      ])
    }
    if let timeColumn {
      filters.append(
        .pairs([
          "clause": .string("WHERE"), "expressionType": .string("SIMPLE"),
          "subject": .string(timeColumn), "operator": .string("TEMPORAL_RANGE"),
          "comparator": .string(range), "isExtra": .bool(false), "isNew": .bool(false),
        ]))
    }
    var pairs: [(key: String, value: JSON)] = [
      ("viz_type", .string(kind)), ("adhoc_filters", .array(filters)),
      ("row_limit", .integer(Self.mostRows)),
    ]
    guard let figure else {
      pairs += [
        ("query_mode", .string("raw")),
        ("all_columns", .array(view.columns.map { .string($0.name) })),
        ("server_pagination", .bool(false)), ("table_timestamp_format", .string("smart_date")),
      ]
      return .object(pairs)
    }
    let metric = JSON.string(figure.kpi.name)
    switch kind {
    case Self.line:
      pairs += [
        ("x_axis", .string(figure.time ?? "")), ("time_grain_sqla", .null),
        ("metrics", .array([metric])), ("groupby", .array(groups)),
        ("y_axis_format", .string(format)), ("rich_tooltip", .bool(true)),
        ("show_legend", .bool(!groups.isEmpty)), ("truncate_metric", .bool(true)),
      ]
    case Self.number:
      pairs += [("metric", metric), ("y_axis_format", .string(format))]
    default:
      pairs += [
        ("query_mode", .string("aggregate")), ("groupby", .array(groups)),
        ("metrics", .array([metric])), ("order_desc", .bool(true)),
        (
          "column_config",
          .object([(figure.kpi.name, .pairs(["d3NumberFormat": .string(format)]))])
        ),
      ]
    }
    return .object(pairs)
  }

  private var queryContext: JSON {
    var filters: [JSON] = scope.conditions.map {
      .pairs(["col": .string($0.column), "op": .string("=="), "val": .string($0.value)])
    }
    if let timeColumn {
      filters.append(
        .pairs([
          "col": .string(timeColumn), "op": .string("TEMPORAL_RANGE"), "val": .string(range),
        ]))
    }
    var columns = groups
    if let time = figure?.time {
      // The axis as it is: no grain rounds it.
      columns.insert(
        .pairs([
          "columnType": .string("BASE_AXIS"), "sqlExpression": .string(time),
          "label": .string(time), "expressionType": .string("SQL"),
        ]), at: 0)
    }
    if figure == nil { columns = view.columns.map { .string($0.name) } }
    var query: [(key: String, value: JSON)] = [
      ("filters", .array(filters)), ("columns", .array(columns)),
      ("metrics", figure.map { .array([.string($0.kpi.name)]) } ?? .null),
      ("orderby", .array(order)), ("row_limit", .integer(Self.mostRows)),
      ("annotation_layers", .array([])), ("applied_time_extras", .object([])),
      ("extras", .pairs(["having": .string(""), "where": .string("")])),
    ]
    if let timeColumn { query.append(("granularity", .string(timeColumn))) }
    return .pairs([
      "datasource": .pairs(["id": .integer(0), "type": .string("table")]),
      "force": .bool(false), "queries": .array([.object(query)]), "form_data": parameters,
      "result_format": .string("json"), "result_type": .string("full"),
    ])
  }
}
