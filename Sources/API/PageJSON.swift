internal import Catalogue
internal import Charts
internal import Pages
internal import PayopsCore
internal import Tabular

/// A page as the API gives it.
struct PageJSON {
  private let result: PageReader.Result
  private let revision: String

  init(_ result: PageReader.Result, revision: String) {
    self.result = result
    self.revision = revision
  }

  /// The page.
  var json: JSON {
    .pairs([
      "page": .string(result.page.name), "title": .string(result.page.title),
      "as_of": .string(APITime.text(result.moment)),
      "read_at": .string(APITime.text(result.readAt)), "revision": .string(revision),
      "data_as_of": .string(APITime.text(result.lag?.waitingSince ?? result.moment)),
      "age_seconds": result.lag.map { .number($0.seconds) } ?? .null,
      "waiting_count": result.lag.map { .number($0.waiting) } ?? .null,
      "is_stale": .bool(result.lag?.isStale ?? false),
      "base_currency": .string(result.currency),
      "parameters": .object(
        result.page.parameters.map { parameter in
          (key: parameter.name, value: .string(result.values[parameter.name] ?? ""))
        }),
      "summary": .pairs([
        "severity": .string(result.summary.tone), "text": .string(result.summary.text),
      ]),
      "sections": .array(
        result.page.sections.filter { !$0.isIdle(result.values) }.map { section in
          .pairs([
            "name": .string(section.name), "title": .string(section.title),
            "blocks": .array(section.blocks.compactMap { result.blocks[$0.name] }.map(block)),
          ])
        }),
    ])
  }

  private func block(_ read: PageReader.BlockResult) -> JSON {
    let block = read.block
    var members: [(key: String, value: JSON)] = [
      (key: "name", value: .string(block.name)), (key: "title", value: .string(block.title)),
      (key: "form", value: .string(block.form.rawValue)),
      (key: "view", value: .string(block.view)),
      (key: "grain", value: .string(read.view?.grain ?? "")),
      (key: "sql", value: .string(read.sql)), (key: "list", value: .string(read.list)),
      (key: "is_cut", value: .bool(read.isCut)),
      (key: "empty", value: .string(block.emptyText(result.values))),
      (key: "options", value: options(block)),
      (key: "links", value: links(block)),
      (key: "actions", value: .array(block.actions.map(action))),
    ]
    if let span = block.span { members.append((key: "span", value: .string(span.rawValue))) }
    if let failure = read.failure {
      let kind =
        failure.code == "timeout"
        ? "timeout" : failure.category == .noPermission ? "denied" : "failed"
      members.append(
        (
          key: "error",
          value: .pairs([
            "kind": .string(kind), "title": .string(failure.message),
            "detail": .string(failure.hint ?? ""),
          ])
        ))
    }
    guard let table = read.table else { return .object(members) }
    let more = PageTileColumns(result, block, table)
    members.append(
      (
        key: "columns",
        value: .array(
          table.columns.map { column(column: $0, of: table, hidden: block.hidden) } + more.columns)
      ))
    let rows = table.rows.enumerated().map { place, row -> JSON in
      let cells = zip(table.columns, row).map { column, cell -> JSON in
        if column.unit == "flag", let cell { return .bool(cell != "0") }
        return ViewValue.json(cell, of: column)
      }
      return .array(cells + more.cells(place))
    }
    members.append((key: "rows", value: .array(rows)))
    if !table.rows.isEmpty, let chart = block.chart(table, result.tables) {
      // The page takes the drawing that is next in width to its place.
      let drawings = chart.drawings(more: block.drawingWidths).sorted { $0.key < $1.key }
      members.append(
        (key: "svg", value: .object(drawings.map { (key: "\($0.key)", value: .string($0.value)) })))
    }
    return .object(members)
  }

  private func column(
    column: PublishedView.Column, of table: PageTable, hidden: [String]
  ) -> JSON {
    // An amount beside a column `currency` is in that currency; base_ amounts never are.
    let isOwn = table.columns.contains { $0.name == "currency" } && !column.name.hasPrefix("base_")
    let isAmount = column.unit == "amount"
    return .pairs([
      "name": .string(column.name),
      "type": .string(
        column.unit == "flag"
          ? "boolean"
          : ViewValue.isNumeric(column.type)
            ? "number"
            : ViewValue.isTime(column.type) ? "time" : column.type == "date" ? "date" : "text"
      ),
      "unit": .string(Self.unit(of: column)),
      "currency": isAmount && !isOwn || column.unit == "value" ? .string(result.currency) : .null,
      "meaning": .string(column.meaning),
      "numerator": column.ratio.map { .string($0.numerator) } ?? .null,
      "denominator": column.ratio.map { .string($0.denominator) } ?? .null,
      "hidden": .bool(hidden.contains(column.name)),
    ])
  }

  /// Addresses of cells, with the times of the page filled in; what stays in braces are columns.
  private func links(_ block: PageBlock) -> JSON {
    .object(
      block.sortedLinks.map { column, address in
        (key: column, value: .string(PageTimes(result.moment).filled(address)))
      })
  }

  /// The unit as pages name it: a value beside a column `unit` has that one; points of rules are
  /// bare numbers, where a page writes points of percent with a sign.
  private static func unit(of column: PublishedView.Column) -> String {
    switch column.unit {
    case "value": "named"
    case "points" where !column.name.hasPrefix("change"): "number"
    default: column.unit
    }
  }

  /// Options of the form; a series is asked for by the browser, with the window of the page.
  private func options(_ block: PageBlock) -> JSON {
    var options = block.sortedOptions.map { (key: $0.0, value: JSON.string($0.1)) }
    if block.form == .series {
      for name in ["metric", "member"] {
        options.append((key: name, value: .string(result.values[name] ?? "")))
      }
      let end = CivilInstant(result.moment.prefix(19))?.secondsSinceEpoch ?? 0
      let hours = Int((result.values["window"] ?? "").dropLast()) ?? 24 * 90
      let from = CivilInstant(secondsSinceEpoch: end - hours * 3600).rfc3339
      let to = CivilInstant(secondsSinceEpoch: end + 60).rfc3339
      let asked = { (name: String) in result.values[name].flatMap { $0.isEmpty ? nil : $0 } }
      options.append((key: "from", value: .string(asked("from") ?? from)))
      options.append((key: "to", value: .string(asked("to") ?? to)))
    }
    return .object(options)
  }

  private func action(_ action: PageBlock.Action) -> JSON {
    .pairs([
      "label": .string(action.label), "method": .string("POST"), "path": .string(action.path),
      "fields": .array(action.fields.map { .string($0) }), "scope": .string(action.scope),
    ])
  }
}
