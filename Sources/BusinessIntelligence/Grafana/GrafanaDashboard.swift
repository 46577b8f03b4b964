internal import Catalogue
internal import Tabular

/// A dashboard of Grafana: a panel for each figure and list of a subject.
struct GrafanaDashboard {
  let subject: KitContents.Subject

  static let datasource = "payops"
  private static let width = 24
  private static let mostRows = 1000

  private struct Panel {
    let title: String
    let description: String
    let kind: String
    let unit: String
    let sql: String

    var size: (width: Int, height: Int) {
      switch kind {
      case "stat": (6, 4)
      case "timeseries": (12, 8)
      default: (24, 8)
      }
    }
  }

  var file: KitFile {
    KitFile(
      "dashboards/payops/\(subject.name).json",
      json: .pairs([
        "uid": .string("payops-\(subject.name)"), "title": .string("payops: \(subject.title)"),
        "tags": .array([.string("payops")]), "timezone": .string("utc"), "editable": .bool(true),
        "schemaVersion": .integer(39), "version": .integer(1), "refresh": .string("1m"),
        "time": .pairs(["from": .string("now-30d"), "to": .string("now")]),
        "templating": .pairs(["list": .array([])]),
        "annotations": .pairs(["list": .array([])]), "panels": .array(laidOut),
      ]))
  }

  private var panels: [Panel] {
    let figures = subject.figures.map { figure in
      Panel(
        title: figure.title, description: figure.kpi.formula, kind: kind(figure),
        unit: Self.unit(of: figure.kpi.unit), sql: sql(figure))
    }
    let lists = subject.lists.map { view in
      Panel(
        title: SupersetBundle.title(of: view), description: view.purpose, kind: "table",
        unit: "none", sql: sql(list: view))
    }
    let order = ["stat", "timeseries", "table"]
    return (figures + lists).enumerated()
      .sorted {
        (order.firstIndex(of: $0.element.kind) ?? 0, $0.offset)
          < (order.firstIndex(of: $1.element.kind) ?? 0, $1.offset)
      }
      .map(\.element)
  }

  /// The panels from left to right, a new row where the next one does not fit.
  private var laidOut: [JSON] {
    var (left, top, height) = (0, 0, 0)
    return panels.enumerated().map { number, panel in
      let size = panel.size
      if left + size.width > Self.width || (height > 0 && size.height != height) {
        (left, top) = (0, top + height)
      }
      height = size.height
      defer { left += size.width }
      let reference = JSON.pairs(["type": .string("mysql"), "uid": .string(Self.datasource)])
      return .pairs([
        "id": .integer(number + 1), "type": .string(panel.kind), "title": .string(panel.title),
        "description": .string(panel.description), "datasource": reference,
        "gridPos": .pairs([
          "h": .integer(size.height), "w": .integer(size.width), "x": .integer(left),
          "y": .integer(top),
        ]),
        "fieldConfig": .pairs([
          "defaults": .pairs(["unit": .string(panel.unit)]), "overrides": .array([]),
        ]),
        "options": .object([]),
        "targets": .array([
          .pairs([
            "refId": .string("A"), "datasource": reference,
            "format": .string(panel.kind == "timeseries" ? "time_series" : "table"),
            "rawQuery": .bool(true), "editorMode": .string("code"), "rawSql": .string(panel.sql),
          ])
        ]),
      ])
    }
  }

  private func kind(_ figure: Figure) -> String {
    figure.time != nil ? "timeseries" : figure.groups.isEmpty ? "stat" : "table"
  }

  private func sql(_ figure: Figure) -> String {
    var fields: [String] = []
    var keys = figure.groups
    if let time = figure.time {
      fields.append("UNIX_TIMESTAMP(\(time)) AS time")
      if !keys.isEmpty {
        fields.append("CONCAT_WS(' ', \(keys.joined(separator: ", "))) AS metric")
      }
      keys.insert(time, at: 0)
    } else {
      fields += keys
    }
    fields.append("\(figure.expression) AS value")
    var text = "SELECT \(fields.joined(separator: ", "))\nFROM \(figure.view.name)"
    text += condition(figure.scope, figure.view)
    if !keys.isEmpty { text += "\nGROUP BY " + keys.joined(separator: ", ") }
    if let time = figure.time { return text + "\nORDER BY \(time)" }
    return keys.isEmpty ? text : text + "\nORDER BY value DESC\nLIMIT \(Self.mostRows)"
  }

  private func sql(list view: PublishedView) -> String {
    "SELECT \(view.columns.map(\.name).joined(separator: ", "))\nFROM \(view.name)"
      + condition(ViewScope(view), view) + "\nLIMIT \(Self.mostRows)"
  }

  private func condition(_ scope: ViewScope, _ view: PublishedView) -> String {
    var conditions = scope.conditions.map {
      "\($0.column) = '\($0.value.replacing("'", with: "''"))'"
    }
    if scope.window != nil, let time = view.timeColumn {
      conditions.insert("$__timeFilter(\(time))", at: 0)
    }
    return conditions.isEmpty ? "" : "\nWHERE " + conditions.joined(separator: " AND ")
  }

  /// A unit in Grafana's words.
  private static func unit(of unit: String) -> String {
    switch unit {
    case "ratio": "percentunit"
    case "seconds": "s"
    case "ms": "ms"
    case "days": "d"
    case "bytes": "bytes"
    default: "none"
    }
  }
}
