internal import Foundation
package import MariaDBClient
internal import PayopsCore

/// Why an alert of a metric fired: its decisions, recomputed from the stored evidence.
package struct AlertExplanation: Sendable {
  /// One time that the alert fired or became more severe.
  package struct Change: Sendable, Equatable {
    /// Number of the change, 1 for the first.
    package let number: Int
    /// The severity that the alert reached.
    package let severity: String
    /// The first minute of the incident, UTC.
    package let since: String
    /// The minute after the step that caused the change, UTC.
    package let until: String
    /// What the detector decides today from the stored counts; nil when that is the same.
    package let difference: String?
    /// Whether the database decides the same from the stored verdicts: reproduced, differs or gone.
    package let verdicts: String
    /// Steps whose counts have changed since, for example because payments arrived late, in words.
    package let changedCounts: [String]

    /// Whether the stored counts, and the stored verdicts if they still exist, give the same
    /// decision.
    package var isReproduced: Bool { difference == nil && verdicts != "differs" }
  }

  /// The rule of the alert.
  package let rule: String
  /// The subject of the alert.
  package let subject: String
  /// The times that the alert fired or became more severe, in order.
  package let changes: [Change]
  /// The steps of the last change: rows of the procedure `explain_alert`.
  package let steps: ResultSet
  /// The sum of evidence at which the alert fires without waiting; nil when it never does so, or
  /// the metric of that time cannot be read.
  package let evidenceLimit: Double?
  /// The minutes after which what goes on is INFO, WARNING, CRITICAL and SEVERE.
  package let ladderMinutes: [Int]
  /// What the values of the steps are; nil when the metric of that time cannot be read.
  let unit: MetricUnit?
  /// The code of the base currency.
  let currency: String

  /// Whether all decisions are reproduced.
  package var isReproduced: Bool { changes.allSatisfy(\.isReproduced) }

  /// Explains an alert.
  ///
  /// - Throws: `DatabaseError`, with 30655 when there is no such alert of a metric
  package static func read(
    _ alert: Int64, on connection: Connection
  ) async throws -> AlertExplanation {
    // READ COMMITTED: the procedure collects repeated payments into a table; REPEATABLE READ would
    // lock these payments.
    try await connection.transaction { connection in try connection.explanation(of: alert) }
  }
}

extension Connection {
  fileprivate func explanation(of alert: Int64) throws -> AlertExplanation {
    let results = try queryAll("CALL explain_alert(?)", [.integer(alert)])
    let verdicts = results[0].rows
    let subject = try query(
      "SELECT alert_rule, alert_subject FROM ops_alerts WHERE alert_id = ?", [.integer(alert)]
    ).rows.first
    let member = subject?["alert_subject"] ?? ""
    let evidence = try query(
      """
      SELECT evidence_number, severity, since_minute, until_minute, metric_columns, track_state,
        steps
      FROM alert_evidence WHERE alert_id = ? ORDER BY evidence_number
      """, [.integer(alert)]
    ).rows
    var changes: [AlertExplanation.Change] = []
    var metric: MetricDefinition?
    let currency = try query("SELECT base_currency() AS currency").rows.first?["currency"]
    for (row, verdict) in zip(evidence, verdicts) {
      let kept = try? AlertEvidence(row)
      metric = kept?.metric ?? metric
      changes.append(
        AlertExplanation.Change(
          number: Int(row.integer("evidence_number") ?? 0), severity: row["severity"] ?? "",
          since: row["since_minute"] ?? "", until: row["until_minute"] ?? "",
          difference: difference(kept, row), verdicts: verdict["explanation"] ?? "gone",
          changedCounts: try kept.map { try changedCounts($0, member: member) } ?? []))
    }
    return AlertExplanation(
      rule: subject?["alert_rule"] ?? "", subject: member, changes: changes, steps: results[1],
      evidenceLimit: metric?.ladder.fastEvidence, ladderMinutes: metric?.ladder.minutes ?? [],
      unit: metric?.unit, currency: currency ?? "")
  }

  private func difference(_ evidence: AlertEvidence?, _ row: Row) -> String? {
    guard let evidence else { return "the stored evidence cannot be read" }
    guard let (decision, _) = evidence.decide() else { return "no alert would be raised" }
    let since = Self.text(decision.since)
    guard decision.severity.rawValue == row["severity"], since == row["since_minute"] else {
      return "\(decision.severity.rawValue) since \(since)"
    }
    return nil
  }

  /// The steps of the evidence for which the tables count something else today, in words.
  private func changedCounts(_ evidence: AlertEvidence, member: String) throws -> [String] {
    guard let first = evidence.steps.first?.input.minute,
      let last = evidence.steps.last?.input.minute
    else { return [] }
    let metric = evidence.metric
    var today: [Int: (numerator: Double, denominator: Double)] = [:]
    do {
      for count in try counts(of: metric, in: first...(last + metric.stepMinutes - 1))
      where count.member == member {
        let start = count.minute / metric.stepMinutes * metric.stepMinutes
        let sum = today[start] ?? (0, 0)
        today[start] = (
          sum.numerator + count.numerator, sum.denominator + (count.denominator ?? 0)
        )
      }
    } catch let error as DatabaseError where error.errno == 30671 {
      return ["the metric no longer exists, or counts something else"]
    }
    func shown(_ numerator: Double?, _ denominator: Double?) -> String {
      func number(_ value: Double?) -> String {
        value.map { String(format: "%g", $0) } ?? "nothing"
      }
      return metric.isShare ? "\(number(numerator)) of \(number(denominator))" : number(numerator)
    }
    return evidence.steps.compactMap { step in
      let now = today[step.input.minute]
      let before = shown(step.input.numerator, step.input.denominator)
      let after = shown(now?.numerator, metric.isShare ? now?.denominator : nil)
      return before == after
        ? nil : "\(Self.text(step.input.minute)) UTC: \(before) then, \(after) now"
    }
  }
}

extension AlertEvidence {
  fileprivate init(_ row: Row) throws {
    metric = try MetricDefinition(encodedColumns: row["metric_columns"] ?? "")
    state = row["track_state"]
    steps = try JSONDecoder().decode([Step].self, from: Data((row["steps"] ?? "").utf8))
  }
}
