import MariaDBClient
import PayopsCore
import Tabular

/// A silence as it is asked for.
struct AlertSilence: Sendable {
  private let rule: String
  private let subject: String
  private let from: CivilInstant?
  private let until: CivilInstant?
  private let duration: Duration?
  private let reason: String
  private let recurrence: Recurrence?

  /// The days and hours on which a silence comes again.
  private struct Recurrence: Sendable {
    let calendar: String
    let days: String
    let hours: ClockRange?
  }

  private static let mostOfRule = 64
  private static let mostOfSubject = 128
  private static let mostOfReason = 255

  /// Reads a silence from the options of an invocation.
  ///
  /// - Parameter invocation: an invocation of ``AlertsSilence``
  /// - Throws: a usage failure for what is missing, too long or contradictory
  init(_ invocation: Invocation) throws(Failure) {
    guard let rule = invocation[AlertsSilence.rule], !rule.isEmpty else {
      throw .usage("alerts silence needs --rule", hint: "--rule '*' covers every rule")
    }
    guard let reason = invocation[AlertsSilence.reason], !reason.isEmpty else {
      throw .usage("alerts silence needs --reason")
    }
    from = invocation[AlertsSilence.from]
    until = invocation[AlertsSilence.until]
    duration = invocation[AlertsSilence.duration]
    guard (until == nil) != (duration == nil) else {
      throw .usage(
        "alerts silence needs one of --for and --until",
        hint: "--for 2h, or --until 2026-12-01T06:00 (UTC)")
    }
    if let calendar = invocation[AlertsSilence.calendar] {
      recurrence = Recurrence(
        calendar: calendar, days: invocation[AlertsSilence.days] ?? "all",
        hours: invocation[AlertsSilence.hours])
    } else {
      guard invocation[AlertsSilence.days] == nil, invocation[AlertsSilence.hours] == nil else {
        throw .usage(
          "--on and --between need --calendar",
          hint: "--calendar ALWAYS has every day, by the clock of UTC")
      }
      recurrence = nil
    }
    guard rule.utf8.allSatisfy({ $0 < 128 }) else {
      throw .usage("'\(rule)' matches no rule: names of rules are ASCII")
    }
    self.rule = AlertPattern.like(rule)
    subject = AlertPattern.like(invocation[AlertsSilence.subject] ?? "*")
    self.reason = reason
    let lengths: [(String, String, Int)] = [
      ("--rule", self.rule, Self.mostOfRule), ("--subject", subject, Self.mostOfSubject),
      ("--reason", reason, Self.mostOfReason),
    ]
    for (option, text, most) in lengths where text.unicodeScalars.count > most {
      throw .usage(
        "\(option) is too long", hint: "at most \(most) characters; % and _ count twice")
    }
  }

  /// Makes the silence.
  ///
  /// - Parameter connection: connection with the schema selected
  /// - Returns: the silence as `ops_silences` has it, and how many open alerts its patterns match
  /// - Throws: ``Failure`` for what the database refuses
  func make(_ connection: Connection) async throws -> (DataTable, Int64) {
    let start = from.map { SQLValue.text($0.description) } ?? .null
    let seconds = duration.map { SQLValue.integer($0.components.seconds) } ?? .null
    var values: [SQLValue] = [
      .text(rule), .text(subject), start, until.map { .text($0.description) } ?? .null, start,
      seconds,
    ]
    // The clock of the database counts.
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
    case 30701: return Failure.cardNumber
    case 30002 where error.serverMessage.contains("no such calendar"):
      return Failure.usage(
        "there is no calendar '\(recurrence?.calendar ?? "")'",
        hint: "the table calendars has them: TARGET, US_FED, ALWAYS and your own")
    case 30002 where error.serverMessage.contains("in_to is missing"):
      return Failure.usage(
        "the silence would be over before it begins", hint: "times are UTC")
    default: return error
    }
  }
}
