import MariaDBClient
import PayopsCore
import Tabular

extension Check {
  /// The data that the routines of the schema need, and the errors and leftovers of their work.
  package static let dataChecks: [Check] = [
    Check(name: "calendars", needsSchema: true, examine: calendars),
    Check(name: "rollups", needsSchema: true, examine: rollups),
    Check(name: "routine errors", needsSchema: true, examine: routineErrors),
    Check(name: "exchange rates", needsSchema: true, examine: exchangeRates),
    Check(name: "imports", needsSchema: true, examine: imports),
  ]

  /// The days ahead that suffice.
  package static let calendarHorizonDays = 180

  private static func calendars(_ examination: Examination) async throws -> Finding {
    let rows = try await examination.connection.query(
      "SELECT subject, days_ahead AS days FROM ops_calendar_horizon ORDER BY last_day, subject"
    ).rows
    return calendars(
      rows.map { (subject: $0["subject"] ?? "", days: $0.integer("days").map(Int.init)) })
  }

  /// Judges how far ahead due dates can be computed.
  ///
  /// - Parameter horizons: the days until each calendar or rail ends, the earliest first; nil days
  ///   for one without any data
  /// - Returns: the finding
  package static func calendars(_ horizons: [(subject: String, days: Int?)]) -> Finding {
    let rebuild =
      "insert the holidays and time zone changes of the new years into calendar_holidays and"
      + " time_zone_offsets, raise calendar_last_day in settings, then CALL build_calendar_days and"
      + " build_settlement_windows from calendar_first_day to that day"
    let empty = horizons.filter { $0.days == nil }.map(\.subject)
    guard empty.isEmpty, let first = horizons.first, let days = first.days else {
      return .failure(
        empty.isEmpty ? "there are no calendars" : "no days in \(Examination.list(empty))",
        empty.isEmpty ? "run `payops deploy`" : rebuild)
    }
    if days < 7 {
      return .failure(
        days < 0
          ? "\(first.subject) ended \(-days) days ago: payments get wrong due dates"
          : "\(first.subject) end in \(days) days: payments get wrong due dates", rebuild)
    }
    guard days >= calendarHorizonDays else {
      return .warning("\(first.subject) end in \(days) days", rebuild)
    }
    return .ok("due dates are known for the next \(days) days")
  }

  private static func rollups(_ examination: Examination) async throws -> Finding {
    let row = try await examination.connection.query(
      "SELECT CAST(COALESCE(SUM(waiting_count), 0) AS SIGNED) AS waiting,"
        + " COALESCE(MAX(lag_seconds), 0) AS lag_seconds, MAX(refreshed_at) AS refreshed_at"
        + " FROM ops_rollup_lag"
    ).rows.first
    let quarantine = try await examination.connection.query(
      "SELECT COUNT(*) AS changes FROM ops_change_quarantine WHERE quarantine_state = 'waiting'"
    ).rows.first
    return rollups(
      waiting: Int(row?.integer("waiting") ?? 0), lagSeconds: row?.double("lag_seconds") ?? 0,
      refreshedAt: row?["refreshed_at"], quarantined: Int(quarantine?.integer("changes") ?? 0))
  }

  /// Judges how far the rollups are behind, and whether changes are in quarantine.
  package static func rollups(
    waiting: Int, lagSeconds: Double, refreshedAt: String?, quarantined: Int = 0
  ) -> Finding {
    guard quarantined == 0 else {
      return .failure(
        "\(quarantined.grouped) changes that the rollups cannot hold are in quarantine",
        "SELECT * FROM ops_change_quarantine; correct or delete their payments, settlements or"
          + " logins, then CALL retry_quarantined_changes(NULL), or accept the loss by"
          + " CALL discard_quarantined_changes(NULL)")
    }
    guard waiting > 0 else { return .ok("every captured change is applied") }
    let sentence =
      "\(waiting.grouped) changes wait, the oldest for \(age(Int(lagSeconds)))"
    if lagSeconds < 300 { return .ok(sentence) }
    let remedy = "run `payops refresh`, and schedule it"
    let note = refreshedAt == nil ? ", and the rollups were never refreshed" : ""
    return lagSeconds < 86_400
      ? .warning(sentence + note, remedy) : .failure(sentence + note, remedy)
  }

  private static func routineErrors(_ examination: Examination) async throws -> Finding {
    let rows = try await examination.connection.query(
      "SELECT routine_name, error_number, error_count AS errors FROM ops_routine_errors"
        + " ORDER BY error_count DESC, routine_name, error_number"
    ).rows
    guard !rows.isEmpty else { return .ok("none in the last day") }
    let count = rows.reduce(Int64(0)) { $0 + ($1.integer("errors") ?? 0) }
    let names = rows.map { "\($0["routine_name"] ?? "") (error \($0["error_number"] ?? ""))" }
    return .warning(
      "\(count) in the last day: \(Examination.list(names))",
      "SELECT * FROM routine_errors ORDER BY error_id DESC LIMIT 10")
  }

  private static func exchangeRates(_ examination: Examination) async throws -> Finding {
    let rows = try await examination.connection.query(
      "SELECT problem, subject FROM integrity_missing_fx_rates ORDER BY problem, subject"
    ).rows
    let currencies = rows.filter { $0["problem"] == "currency_without_rate" }.compactMap {
      $0["subject"]
    }
    guard currencies.isEmpty else {
      return .failure(
        "no rate for \(Examination.list(currencies)): sums exclude these payments",
        "insert rates into fx_rates, then UPDATE the payments whose base_amount IS NULL")
    }
    guard rows.isEmpty else {
      return .warning(
        "payments of \(Examination.list(rows.compactMap { $0["subject"] })) are not converted",
        "insert rates into fx_rates, then UPDATE the payments whose base_amount IS NULL")
    }
    let row = try await examination.connection.query(
      "SELECT MIN(rate_date) AS oldest FROM ops_exchange_rates"
    ).rows.first
    guard let oldest = row?["oldest"] else { return .ok("no foreign currency is in use") }
    return .ok("every currency in use has a rate; the oldest is of \(oldest)")
  }

  private static func imports(_ examination: Examination) async throws -> Finding {
    let rows = try await examination.connection.query(
      """
      SELECT file_name, import_is_alive(source_name) AS is_alive
      FROM ops_unfinished_imports
      ORDER BY import_id
      """
    ).rows
    let left = rows.filter { $0.integer("is_alive") != 1 }.compactMap { $0["file_name"] }
    guard left.isEmpty else {
      return .warning(
        "left unfinished by a program that ended: \(Examination.list(left))",
        "run the same `payops import` again; it does not load records twice")
    }
    return .ok(rows.isEmpty ? "none is unfinished" : "running now: \(rows.count)")
  }

  /// A time span for people: `45 s`, `12 min`, `3 h`, `2 days`.
  package static func age(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) days"
    }
  }
}
