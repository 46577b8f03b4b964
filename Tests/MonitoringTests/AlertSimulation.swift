import MariaDBClient
import PayopsCore
import Testing

@testable import Monitoring

/// Random failures of the whole alerting under a simulated clock: series that become anomalous and
/// recover, gaps, ticks that die half way, a clock that jumps, people who acknowledge, silence and
/// resolve, senders that fail and die, receivers that lose answers.
struct AlertSimulation {
  private struct Series {
    let metric: String
    let member: String
    var track = IncidentTrack()
    var badness = 0.02
    var key: String { "monitor_\(metric)/\(member)" }
  }

  private enum Move {
    case raise(Series, Severity, since: Int)
    case end(Series)
  }

  private let connection: Connection
  private let seed: UInt64
  private var random: SeededRandom
  private var clock = 1_795_000_000
  private var minute: Int
  private var series: [Series]
  /// The alerts that must be open.
  private(set) var open: Set<String> = []
  /// Accepted deliveries by delivery key: receivers accept each key once.
  private var accepted: [String: Set<Int64>] = [:]
  private(set) var killed = 0
  private(set) var raised = 0
  private let ladder = SeverityLadder()

  init(_ connection: Connection, seed: UInt64) async throws {
    self.connection = connection
    self.seed = seed
    random = SeededRandom(seed: seed, stream: "alerts")
    minute = 1_795_000_000 / 60
    series = [
      ("failed_rate", "all"), ("failed_rate_by_acquirer", "A"), ("failed_rate_by_acquirer", "B"),
      ("failed_rate_by_channel", "web"), ("denied_rate", "all"), ("volume", "all"),
    ].map { Series(metric: $0.0, member: $0.1) }
    for (name, columns) in [
      ("all", "repeat_seconds = 1800, group_seconds = 0, minimum_severity = 'INFO'"),
      ("critical", "minimum_severity = 'CRITICAL', group_seconds = 30"),
      ("late", "after_seconds = 1200, minimum_severity = 'INFO'"),
      ("quiet", "tells_resolved = 0, minimum_severity = 'INFO'"),
    ] {
      try await connection.execute(
        "INSERT INTO notification_routes (route_name, channel_kind, target)"
          + " VALUES ('\(name)', 'log', '/x')")
      try await connection.execute(
        "UPDATE notification_routes SET \(columns) WHERE route_name = '\(name)'")
    }
    try await tellTime()
  }

  private func tellTime() async throws {
    try await connection.execute("SET timestamp = \(clock)")
  }

  private mutating func any<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private func call(_ statement: String) async throws -> [Row] {
    try await connection.queryAll("CALL \(statement)").first?.rows ?? []
  }

  /// Performs a random action.
  mutating func step() async throws {
    switch Int.random(in: 0..<1000, using: &random) {
    case 0..<700: try await tick()
    case 700..<790: _ = try await call("watch_alerts()")
    case 790..<920: try await send()
    case 920..<950: try await touch()
    case 950..<965:
      let pattern = any(["monitor\\_%", "monitor\\_failed\\_rate", "monitor\\_denied%"])
      let seconds = Int.random(in: 60...5000, using: &random)
      _ = try await call(
        "silence_alerts('\(pattern)', NULL, NULL, UTC_TIMESTAMP() + INTERVAL \(seconds) SECOND,"
          + " 'x', 'x', @s)")
    case 965..<975:
      try await connection.execute(
        "UPDATE alert_silences SET ends_at = GREATEST(UTC_TIMESTAMP(), starts_at + INTERVAL 1 SECOND)"
          + " WHERE ends_at > UTC_TIMESTAMP()")
    case 975..<985: try await byHand()
    default:
      // Clocks are corrected, in either direction, and machines sleep.
      clock += any([-1800, -60, -1, 1, 600, 7200])
      try await tellTime()
    }
  }

  private mutating func tick(isCalm: Bool = false) async throws {
    clock += 60
    try await tellTime()
    var advanced = series
    var moves: [Move] = []
    minute += 1
    for index in advanced.indices {
      if !isCalm, chance(2) {
        advanced[index].badness = any([0.01, 0.01, 0.01, 0.5, 0.95])
      }
      if chance(5) { continue }
      let isBad = Double.random(in: 0..<1, using: &random) < advanced[index].badness
      let change = advanced[index].track.advance(
        .judged(isAnomalous: isBad, chance: isBad ? 1e-3 : 0.5), minute: minute, stepMinutes: 1,
        ladder: ladder)
      switch change {
      case .raise(let severity, let since):
        moves.append(.raise(advanced[index], severity, since: since))
      case .resolve: moves.append(.end(advanced[index]))
      case nil: break
      }
    }
    guard !moves.isEmpty else {
      series = advanced
      return
    }
    try await connection.execute("START TRANSACTION")
    let deadline = chance(10) ? Int.random(in: 0...moves.count, using: &random) : nil
    for (index, move) in moves.enumerated() {
      if index == deadline { break }
      try await make(move)
    }
    if deadline != nil {
      // It dies before it commits: it has no effect, and the next one does everything.
      try await connection.execute("ROLLBACK")
      minute -= 1
      killed += 1
      return
    }
    try await connection.execute("COMMIT")
    series = advanced
    for move in moves {
      switch move {
      case .raise(let series, _, _):
        open.insert(series.key)
        raised += 1
      case .end(let series): open.remove(series.key)
      }
    }
  }

  private func make(_ move: Move) async throws {
    func text(_ minute: Int) -> String { CivilInstant(minutesSinceEpoch: minute).description }
    switch move {
    case .raise(let series, let severity, let since):
      _ = try await call(
        "raise_metric_alert('\(series.metric)', '\(series.member)', '\(severity.rawValue)',"
          + " '\(text(since))', '\(text(minute + 1))', 'm', 'n')")
    case .end(let series):
      _ = try await call(
        "end_metric_alert('\(series.metric)', '\(series.member)', '\(text(minute + 1))')")
    }
  }

  /// Somebody acknowledges, comments, assigns or gives a disposition to an alert.
  private mutating func touch() async throws {
    let ids = try await connection.query(
      "SELECT alert_id FROM alerts WHERE alert_state = 'firing' ORDER BY alert_id"
    ).rows.compactMap { $0.integer("alert_id") }
    guard !ids.isEmpty else { return }
    let (kind, text) = any([
      ("acknowledged", "mine"), ("acknowledged", "mine"), ("comment", "hm"),
      ("assigned", "cards"), ("disposition", "true_positive"),
    ])
    _ = try await call("change_alert(\(any(ids)), '\(kind)', '\(text)', 'x')")
  }

  /// Somebody resolves an alert by hand, and with it those that it explains.
  private mutating func byHand() async throws {
    let rows = try await connection.query(
      "SELECT alert_id, open_key, parent_alert_id FROM alerts"
        + " WHERE open_key LIKE 'monitor\\_%' ORDER BY alert_id"
    ).rows
    guard !rows.isEmpty else { return }
    let row = any(rows)
    guard let id = row.integer("alert_id"), let key = row["open_key"] else { return }
    _ = try await call("change_alert(\(id), 'resolved', 'fixed', 'x')")
    open.remove(key)
    for child in rows where child.integer("parent_alert_id") == id {
      if let key = child["open_key"] { open.remove(key) }
    }
  }

  private mutating func send(isCalm: Bool = false) async throws {
    for _ in 0..<(isCalm ? 1000 : 3) {
      let leased = try await call("lease_notifications('sender', 90, 5)")
      guard let first = leased.first, let key = first["delivery_key"] else { return }
      let notices = leased.compactMap { $0.integer("notification_id") }
      let isEnd = first["notice_kind"] == "resolved"
      let fate = isCalm ? 0 : Int.random(in: 0..<100, using: &random)
      let isKnown = accepted[key] != nil
      // A sender that dies before or after it sends, without recording the result.
      if fate >= 95 { continue }
      if fate < 80 {
        if let before = accepted[key] {
          #expect(before == Set(notices), "what is sent again is the same, seed \(seed)")
        }
        accepted[key] = Set(notices)
      }
      if fate >= 90 { continue }
      for notice in notices {
        let outcome: String
        switch fate {
        case 0..<70: outcome = "'delivered', NULL, NULL"
        case 85..<90 where !isEnd && !isKnown: outcome = "'failed', 'rejected', NULL"
        default: outcome = "'retry', 'busy', 30"
        }
        _ = try await call("finish_notification(\(notice), 'sender', \(outcome))")
      }
    }
  }

  /// The invariants at any time.
  func checkOpen(after step: Int) async throws {
    let found = try await connection.query(
      "SELECT open_key FROM alerts WHERE open_key LIKE 'monitor\\_%'"
    ).rows.compactMap { $0["open_key"] }
    #expect(found.count == Set(found).count)
    #expect(Set(found) == open, "step \(step), seed \(seed)")
  }

  /// Everything recovers, silences end, receivers accept, time passes.
  mutating func calmDown() async throws {
    try await connection.execute("DELETE FROM alert_silences")
    for index in series.indices { series[index].badness = 0 }
    for _ in 0..<120 { try await tick(isCalm: true) }
    for _ in 0..<40 {
      clock += 600
      try await tellTime()
      _ = try await call("watch_alerts()")
      clock += 60
      try await tellTime()
      try await send(isCalm: true)
    }
  }

  /// The invariants after recovery.
  func checkTold() async throws {
    func rows(_ query: String) async throws -> [String] {
      try await connection.query(query).rows.map { row in row["v"] ?? "NULL" }
    }
    #expect(open.isEmpty, "seed \(seed)")
    let waiting = try await rows(
      "SELECT CONCAT_WS(' ', notification_id, route_name, notice_kind, notice_state, due_at,"
        + " alert_rule) AS v FROM notifications WHERE notice_state IN ('waiting', 'sending')")
    #expect(waiting.isEmpty, "seed \(seed): \(waiting)")

    var times: [Int64: Int] = [:]
    for notice in accepted.values.joined() { times[notice, default: 0] += 1 }
    #expect(times.values.allSatisfy { $0 == 1 }, "notified twice, seed \(seed)")

    // Each end is notified once to those notified of its beginning, and to nobody else.
    let lost = try await rows(
      """
      SELECT CONCAT_WS(' ', f.alert_id, f.route_name, f.reopened_count) AS v
      FROM notifications AS f
      INNER JOIN notification_routes AS r ON r.route_name = f.route_name AND r.tells_resolved = 1
      WHERE f.notice_kind <> 'resolved' AND f.notice_state = 'delivered'
        AND f.alert_rule LIKE 'monitor\\_%'
        AND NOT EXISTS (
          SELECT 1 FROM notifications AS e
          WHERE e.alert_id = f.alert_id AND e.route_name = f.route_name
            AND e.reopened_count = f.reopened_count AND e.notice_kind = 'resolved'
            AND e.notice_state = 'delivered')
      """)
    #expect(lost.isEmpty, "ends that were lost, seed \(seed): \(lost.prefix(5))")
    let unasked = try await rows(
      """
      SELECT CONCAT_WS(' ', e.alert_id, e.route_name, e.reopened_count) AS v
      FROM notifications AS e
      WHERE e.notice_kind = 'resolved' AND (e.route_name = 'quiet' OR NOT EXISTS (
          SELECT 1 FROM notifications AS f
          WHERE f.alert_id = e.alert_id AND f.route_name = e.route_name
            AND f.reopened_count = e.reopened_count AND f.notice_kind <> 'resolved'
            AND f.attempt_count > 0))
      """)
    #expect(unasked.isEmpty, "ends that nobody waits for, seed \(seed): \(unasked.prefix(5))")

    // The n-th reminder comes no sooner than n intervals after the first notice.
    let early = try await rows(
      """
      SELECT CONCAT_WS(' ', m.notification_id, m.notice_number, m.created_at, f.created_at) AS v
      FROM notifications AS m
      INNER JOIN notification_routes AS r ON r.route_name = m.route_name
      INNER JOIN notifications AS f
        ON f.alert_id = m.alert_id AND f.route_name = m.route_name
          AND f.reopened_count = m.reopened_count AND f.severity = m.severity
          AND f.notice_kind = 'firing'
      WHERE m.notice_kind = 'reminder' AND (m.notice_number < 1
        OR m.created_at < f.created_at + INTERVAL m.notice_number * r.repeat_seconds SECOND)
      """)
    #expect(early.isEmpty, "reminders too early, seed \(seed): \(early.prefix(5))")

    // The history of an alert has one beginning more than ends while it is open.
    let crooked = try await rows(
      """
      SELECT alert_id AS v FROM alert_changes WHERE alert_rule LIKE 'monitor\\_%'
      GROUP BY alert_id
      HAVING SUM(change_kind IN ('fired', 'reopened')) <> SUM(change_kind = 'resolved')
      """)
    #expect(crooked.isEmpty, "seed \(seed): \(crooked.prefix(5))")
    // Two levels, no alert is its own parent.
    let deep = try await rows(
      """
      SELECT a.alert_id AS v FROM alerts AS a
      INNER JOIN alerts AS h ON h.alert_id = a.parent_alert_id
      WHERE h.parent_alert_id IS NOT NULL AND a.open_key IS NOT NULL
        OR h.alert_id = a.alert_id
      """)
    #expect(deep.isEmpty, "seed \(seed): \(deep.prefix(5))")
  }
}
