import PayopsCore
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
            "change_points": Self.number(headline.changePoints),
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
            "on_time_count": .integer(rail.onTime), "late_count": .integer(rail.late),
            "failed_count": .integer(rail.failed), "overdue_count": .integer(rail.overdue),
            "course": Self.numbers(rail.course),
          ])
        }),
      "exposure": .pairs([
        "exposure_amount": Self.number(exposure.total), "open_amount": Self.number(exposure.open),
        "unsettled_amount": Self.number(exposure.unsettled),
      ]),
      "incidents": .array(
        incidents.map { incident in
          .pairs([
            "incident_id": .integer(incident.id), "alert_rule": .string(incident.rule),
            "alert_subject": .string(incident.subject),
            "severity": .string(incident.severity.rawValue),
            "alert_state": .string(incident.state), "raised_at": .string(incident.raisedAt),
            "cause": incident.cause.map(JSON.string) ?? .null,
          ])
        }),
      "monitored_until": monitoredUntil.map(JSON.string) ?? .null,
      "jobs": .pairs([
        "is_scheduled": .bool(jobs.isScheduled),
        "troubled_jobs": jobs.troubled.map(JSON.string) ?? .null,
        "failed_runs": .integer(jobs.failedRuns),
      ]),
      "backups": .pairs([
        "newest_verified_id": backups.newestVerified.map(JSON.string) ?? .null,
        "verified_age_seconds": backups.ageSeconds.map { .integer($0) } ?? .null,
        "failed_count": .integer(backups.failed),
      ]),
    ])
  }

  private static func number(_ value: Double?) -> JSON {
    guard let value, value.isFinite else { return .null }
    return .number("\(value)")
  }

  private static func numbers(_ values: [Double?]) -> JSON { .array(values.map(number)) }
}
