internal import Tabular

/// A dashboard of Superset: the charts of one subject, in rows of twelve columns.
struct SupersetDashboard {
  let subject: KitContents.Subject
  let charts: [SupersetChart]

  init(_ subject: KitContents.Subject) {
    self.subject = subject
    let figures = subject.figures.map { SupersetChart($0) }
    // Numbers first, then courses, then tables.
    charts =
      (figures + subject.lists.map { SupersetChart(list: $0) })
      .enumerated().sorted { ($0.element.width, $0.offset) < ($1.element.width, $1.offset) }
      .map(\.element)
  }

  var file: KitFile {
    KitFile(
      "dashboards/\(subject.name).yaml",
      yaml: .pairs([
        "dashboard_title": .string("payops: \(subject.title)"), "description": .null,
        "css": .string(""), "slug": .string("payops-\(subject.name)"),
        "uuid": .string(StableIdentifier.uuid("superset", "dashboard", subject.name)),
        "position": .object(position), "metadata": metadata, "version": .string("1.0.0"),
        "published": .bool(true),
      ]))
  }

  private var rows: [[SupersetChart]] {
    var rows: [[SupersetChart]] = []
    for chart in charts {
      if let last = rows.last, last.reduce(0, { $0 + $1.width }) + chart.width <= 12 {
        rows[rows.count - 1].append(chart)
      } else {
        rows.append([chart])
      }
    }
    return rows
  }

  private var position: [(key: String, value: JSON)] {
    let names = rows.indices.map { "ROW-\($0 + 1)" }
    var position: [(key: String, value: JSON)] = [
      ("DASHBOARD_VERSION_KEY", .string("v2")),
      ("ROOT_ID", node("ROOT_ID", "ROOT", children: ["GRID_ID"], parents: [])),
      ("GRID_ID", node("GRID_ID", "GRID", children: names, parents: ["ROOT_ID"])),
      (
        "HEADER_ID",
        .pairs([
          "id": .string("HEADER_ID"), "type": .string("HEADER"),
          "meta": .pairs(["text": .string("payops: \(subject.title)")]),
        ])
      ),
    ]
    for (name, row) in zip(names, rows) {
      let children = row.map { "CHART-\($0.name)" }
      position.append(
        (
          name,
          node(
            name, "ROW", children: children, parents: ["ROOT_ID", "GRID_ID"],
            meta: .pairs(["background": .string("BACKGROUND_TRANSPARENT")]))
        ))
      for chart in row {
        let meta = JSON.pairs([
          "chartId": .integer(1 + (charts.firstIndex { $0.name == chart.name } ?? 0)),
          "uuid": .string(chart.uuid), "sliceName": .string(chart.title),
          "width": .integer(chart.width), "height": .integer(chart.width == 3 ? 20 : 50),
        ])
        position.append(
          (
            "CHART-\(chart.name)",
            node(
              "CHART-\(chart.name)", "CHART", children: [], parents: ["ROOT_ID", "GRID_ID", name],
              meta: meta)
          ))
      }
    }
    return position
  }

  private func node(
    _ id: String, _ type: String, children: [String], parents: [String], meta: JSON = .object([])
  ) -> JSON {
    .pairs([
      "id": .string(id), "type": .string(type), "children": .array(children.map(JSON.string)),
      "parents": .array(parents.map(JSON.string)), "meta": meta,
    ])
  }

  /// A filter of time for the charts that have a time axis.
  private var metadata: JSON {
    let filters: [JSON] =
      charts.contains(where: \.isOverTime)
      ? [
        .pairs([
          "id": .string("NATIVE_FILTER-period"), "name": .string("Period (UTC)"),
          "filterType": .string("filter_time"), "type": .string("NATIVE_FILTER"),
          "targets": .array([.object([])]), "controlValues": .object([]),
          "cascadeParentIds": .array([]), "defaultDataMask": .object([]),
          "scope": .pairs(["rootPath": .array([.string("ROOT_ID")]), "excluded": .array([])]),
        ])
      ] : []
    return .pairs([
      "color_scheme": .string(""), "refresh_frequency": .integer(0),
      "native_filter_configuration": .array(filters),
    ])
  }
}
