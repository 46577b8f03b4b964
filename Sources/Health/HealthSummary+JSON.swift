import Monitoring
import Statistics
package import Tabular

extension HealthSummary {
  /// The summary as JSON; amounts and ratios are rounded to what their views give.
  package var json: JSON {
    .pairs([
      "as_of": .string(asOf),
      "base_currency": .string(currency),
      "today": .array(
        headlines.map { headline in
          .pairs([
            "kpi_name": .string(headline.name), "unit": .string(headline.unit),
            "value": Self.number(headline.value), "change_pct": Self.number(headline.changePct),
            "course": Self.numbers(headline.course),
          ])
        }),
      "backlog_by_age": .array(
        backlog.map { bucket in
          .pairs([
            "bucket_label": .string(bucket.label), "open_count": .integer(bucket.count),
            "open_amount": Self.number(bucket.amount),
          ])
        }),
      "settlement_sla": .array(
        settlement.map { rail in
          .pairs([
            "rail": .string(rail.rail), "due_count": .integer(rail.due),
            "on_time_count": .integer(rail.onTime), "overdue_count": .integer(rail.overdue),
            "course": Self.numbers(rail.course),
          ])
        }),
      "exposure": .pairs([
        "exposure_amount": Self.number(exposure.total), "open_amount": Self.number(exposure.open),
        "unsettled_amount": Self.number(exposure.unsettled),
      ]),
      "anomalies": .array(
        (monitor?.metrics ?? []).map { metric in
          .pairs([
            "metric": .string(metric.metric.rateName),
            "rate": Self.number(metric.current.value),
            "threshold": Self.number(metric.current.threshold),
            "minutes_above": .integer(metric.persistence.minutesAbove),
            "severity": .string(metric.persistence.severity.rawValue),
          ])
        }),
    ])
  }

  private static func number(_ value: Double?) -> JSON {
    guard let value, value.isFinite else { return .null }
    return .number("\(value)")
  }

  private static func numbers(_ values: [Double?]) -> JSON { .array(values.map(number)) }
}
