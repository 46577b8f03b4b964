internal import Catalogue
internal import Pages
internal import Tabular

/// What tiles have beside the columns of their view: the days behind each value, and what the
/// catalogue says of its KPI.
struct PageTileColumns {
  /// The columns as a page describes them.
  let columns: [JSON]
  private let rows: [[JSON]]

  init(_ result: PageReader.Result, _ block: PageBlock, _ table: PageTable) {
    let label = block.options["label"]
    let place = table.columns.firstIndex { $0.name == label }
    let names = table.rows.map { row in place.flatMap { row[$0] } ?? "" }
    guard block.form == .tiles, place != nil else {
      (columns, rows) = ([], table.rows.map { _ in [] })
      return
    }
    columns = ["spark", "formula", "better"].map { name in
      .pairs([
        "name": .string(name), "type": .string("text"), "unit": .string("text"),
        "hidden": .bool(true),
      ])
    }
    rows = names.map { name in
      let kpi = result.kpis[name]
      return [
        Self.spark(result, block, name), kpi.map { .string($0.formula) } ?? .null,
        kpi.map { .string($0.better.rawValue) } ?? .null,
      ]
    }
  }

  /// The cells of a row behind those of its view.
  func cells(_ row: Int) -> [JSON] { rows[row] }

  /// The days behind a value, oldest first.
  private static func spark(
    _ result: PageReader.Result, _ block: PageBlock, _ name: String
  ) -> JSON {
    guard let sparks = block.sparks, let days = result.blocks[sparks.block]?.table,
      let column = sparks.columns[name],
      let source = days.columns.firstIndex(where: { $0.name == column })
    else { return .null }
    return .array(days.rows.reversed().map { $0[source].map { .number($0) } ?? .null })
  }
}
