package import MariaDBClient
package import PayopsCore
package import Tabular

/// A request for a silence.
package struct AlertSilence: Sendable {
  private let rule: String
  private let subject: String
  private let from: CivilInstant?
  private let until: CivilInstant?
  private let duration: Duration?
  private let reason: String
  private let recurrence: Recurrence?

  /// The days and hours on which a silence recurs.
  private struct Recurrence: Sendable {
    let calendar: String
    let days: String
    let hours: ClockRange?
  }

  private static let mostOfRule = 64
  private static let mostOfSubject = 128
  private static let mostOfReason = 255

  /// Describes a silence.
  ///
  /// - Parameters:
  ///   - rule: pattern of rules, `*` for any text; required
  ///   - subject: pattern of subjects; nil for all
  ///   - from: when it begins (UTC); nil for now
  ///   - until: when it ends (UTC), or nil
  ///   - duration: how long it lasts, or nil; exactly one of the two is required
  ///   - reason: why; required
  ///   - calendar: calendar on whose days it recurs; nil for a silence that does not recur
  ///   - days: all, business or closed days of the calendar; nil for all
  ///   - hours: hours of these days; nil for all
  /// - Throws: ``Fault`` for missing, too long or contradictory values
  package init(
    rule: String?, subject: String?, from: CivilInstant?, until: CivilInstant?,
    lasting duration: Duration?, reason: String?, calendar: String?, days: String?,
    hours: ClockRange?
  ) throws(Fault) {
    guard let rule, !rule.isEmpty else {
      throw .usage("alerts silence needs --rule", hint: "--rule '*' covers every rule")
    }
    guard let reason, !reason.isEmpty else { throw .usage("alerts silence needs --reason") }
    self.from = from
    self.until = until
    self.duration = duration
    guard (until == nil) != (duration == nil) else {
      throw .usage(
        "alerts silence needs one of --for and --until",
        hint: "--for 2h, or --until 2026-12-01T06:00 (UTC)")
    }
    if let calendar {
      recurrence = Recurrence(calendar: calendar, days: days ?? "all", hours: hours)
    } else {
      guard days == nil, hours == nil else {
        throw .usage(
          "--on and --between need --calendar",
          hint: "--calendar ALWAYS has every day, in UTC")
      }
      recurrence = nil
    }
    guard rule.utf8.allSatisfy({ $0 < 128 }) else {
      throw .usage("'\(rule)' matches no rule: rule names are ASCII")
    }
    self.rule = AlertPattern.like(rule)
    self.subject = AlertPattern.like(subject ?? "*")
    self.reason = reason
    let lengths: [(String, String, Int)] = [
      ("--rule", self.rule, Self.mostOfRule), ("--subject", self.subject, Self.mostOfSubject),
      ("--reason", reason, Self.mostOfReason),
    ]
    for (option, text, most) in lengths where text.unicodeScalars.count > most {
      throw .usage(
        "\(option) is too long", hint: "at most \(most) characters; % and _ count twice")
    }
  }

  /// Creates the silence.
  ///
  /// - Parameter connection: connection with the schema selected
  /// - Returns: its row of `ops_silences`, and how many open alerts its patterns match
  /// - Throws: ``Fault`` when the database refuses it
  package func make(_ connection: Connection) async throws -> (DataTable, Int64) {
    let start = from.map { SQLValue.text($0.description) } ?? .null
    let seconds = duration.map { SQLValue.integer($0.components.seconds) } ?? .null
    var values: [SQLValue] = [
      .text(rule), .text(subject), start, until.map { .text($0.description) } ?? .null, start,
      seconds,
    ]
    // Times are computed by the clock of the database, which decides when a silence is active.
    let span =
      "?, ?, ?, COALESCE(CAST(? AS DATETIME),"
      + " COALESCE(CAST(? AS DATETIME), UTC_TIMESTAMP()) + INTERVAL ? SECOND)"
    let call: String
    if let recurrence {
      call = "CALL silence_alerts_by_calendar(\(span), ?, ?, ?, ?, ?, NULL, @payops_silence_id)"
      values += [
        .text(recurrence.calendar), .text(recurrence.days),
        recurrence.hours.map { .text($0.from) } ?? .null,
        recurrence.hours.map { .text($0.to) } ?? .null,
      ]
    } else {
      call = "CALL silence_alerts(\(span), ?, NULL, @payops_silence_id)"
    }
    do {
      _ = try await connection.query(call, values + [.text(reason)])
    } catch {
      throw refusal(error)
    }
    let silence = DataTable(
      try await connection.query(
        "SELECT * FROM ops_silences WHERE silence_id = @payops_silence_id"))
    let covered = try await connection.query(
      "SELECT COUNT(*) AS alert_count FROM ops_alerts WHERE alert_state <> 'resolved'"
        + " AND alert_rule LIKE ? AND alert_subject LIKE ?", [.text(rule), .text(subject)])
    return (silence, covered.rows.first?.integer("alert_count") ?? 0)
  }

  private func refusal(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    switch error.errno {
    case 30701: return Fault.cardNumber
    case 30002 where error.serverMessage.contains("no such calendar"):
      return Fault.usage(
        "there is no calendar '\(recurrence?.calendar ?? "")'",
        hint: "the table calendars lists them: TARGET, US_FED, ALWAYS and your own")
    case 30002 where error.serverMessage.contains("in_to is missing"):
      return Fault.usage(
        "the silence would end before it begins", hint: "times are UTC")
    default: return error
    }
  }
}
