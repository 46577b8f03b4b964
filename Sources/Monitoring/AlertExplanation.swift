internal import Foundation
package import MariaDBClient
internal import PayopsCore

/// Why an alert of a metric fired: its decisions, made anew from what they rested on.
package struct AlertExplanation: Sendable {
  /// One time that it fired or rose.
  package struct Change: Sendable, Equatable {
    /// Number of the change, 1 for the first.
    package let number: Int
    /// The severity that was told.
    package let severity: String
    /// The first minute of what went on, UTC.
    package let since: String
    /// The minute after the step that decided, UTC.
    package let until: String
    /// What the detector makes of the stored counts today: nil when it comes to the same.
    package let difference: String?
    /// What the stored verdicts come to in the database: reproduced, differs or gone.
    package let verdicts: String
    /// Steps whose counts are others today, such as by payments that came late, in words.
    package let changedCounts: [String]

    /// Whether the decision is the same from the stored counts and from the stored verdicts, as far
    /// as these are kept.
    package var isReproduced: Bool { difference == nil && verdicts != "differs" }
  }

  /// The rule of the alert.
  package let rule: String
  /// What it is about.
  package let subject: String
  /// The times that it fired or rose, in order.
  package let changes: [Change]
  /// The steps of the last time: rows of the procedure `explain_alert`.
  package let steps: ResultSet

  /// Whether all decisions are the same.
  package var isReproduced: Bool { changes.allSatisfy(\.isReproduced) }

  /// Explains an alert.
  ///
  /// - Throws: `DatabaseError`, with 30655 when there is no such alert of a metric
  package static func read(
    _ alert: Int64, on connection: Connection
  ) async throws -> AlertExplanation {
    // READ COMMITTED: repeated payments are collected into a table, which would lock them else.
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
    for (row, verdict) in zip(evidence, verdicts) {
      let kept = try? AlertEvidence(row)
      changes.append(
        AlertExplanation.Change(
          number: Int(row.integer("evidence_number") ?? 0), severity: row["severity"] ?? "",
          since: row["since_minute"] ?? "", until: row["until_minute"] ?? "",
          difference: difference(kept, row), verdicts: verdict["explanation"] ?? "gone",
          changedCounts: try kept.map { try changedCounts($0, member: member) } ?? []))
    }
    return AlertExplanation(
      rule: subject?["alert_rule"] ?? "", subject: member, changes: changes, steps: results[1])
  }

  private func difference(_ evidence: AlertEvidence?, _ row: Row) -> String? {
    guard let evidence else { return "what it rested on cannot be read" }
    guard let (decision, _) = evidence.decide() else { return "nothing would be told" }
    let since = Self.text(decision.since)
    guard decision.severity.rawValue == row["severity"], since == row["since_minute"] else {
      return "\(decision.severity.rawValue) since \(since)"
    }
    return nil
  }

  /// What the tables count today in the steps that an alert rested on, where that is something else.
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
      return ["the metric is no longer there, or counts something else"]
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
