internal import Catalogue
internal import Tabular

/// A dataset of Superset: a published view, its columns, and the figures in it as metrics.
struct SupersetDataset {
  let view: PublishedView
  let figures: [Figure]
  let source: KitSource

  var file: KitFile {
    KitFile(
      "datasets/payops/\(view.name).yaml",
      yaml: .pairs([
        "table_name": .string(view.name), "main_dttm_col": .optional(view.timeColumn),
        "description": .string("\(view.purpose) Grain: \(view.grain)"),
        "default_endpoint": .null, "offset": .integer(0), "cache_timeout": .null,
        "schema": .string(source.database), "sql": .null, "params": .null,
        "template_params": .null, "filter_select_enabled": .bool(true),
        "fetch_values_predicate": .null, "extra": .null,
        "uuid": .string(SupersetBundle.uuid(of: view)), "metrics": .array(metrics),
        "columns": .array(columns), "version": .string("1.0.0"),
        "database_uuid": .string(SupersetBundle.databaseUUID),
      ]))
  }

  private var metrics: [JSON] {
    figures.map { figure in
      .pairs([
        "metric_name": .string(figure.kpi.name), "verbose_name": .string(figure.label),
        "metric_type": .null, "expression": .string(figure.expression),
        "description": .string(figure.kpi.formula),
        "d3format": .string(SupersetBundle.format(of: figure.kpi.unit)), "currency": .null,
        "extra": .object([]),
        "warning_text": .optional(
          figure.isSingle
            ? "no aggregate: group by all of \(view.key.joined(separator: ", "))" : nil
        ),
      ])
    }
  }

  private var columns: [JSON] {
    view.columns.map { column in
      let isTime = ["date", "datetime", "timestamp"].contains {
        column.type.split(separator: "(").first.map(String.init) == $0
      }
      return .pairs([
        "column_name": .string(column.name), "verbose_name": .null, "is_dttm": .bool(isTime),
        "is_active": .bool(true), "type": .string(column.type.uppercased()),
        "advanced_data_type": .null, "groupby": .bool(true), "filterable": .bool(true),
        "expression": .null, "description": .string("\(column.meaning) [\(column.unit)]"),
        "python_date_format": .null, "extra": .object([]),
      ])
    }
  }
}

extension Figure {
  var isSingle: Bool {
    if case .single = aggregation { return true }
    return false
  }
}

extension JSON {
  static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
