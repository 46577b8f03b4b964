import Alerting
import MariaDBClient
import Notifications
import PayopsCore
import Synchronization
import TestSupport
import Testing

@Suite("Outbox under random failures", .timeLimit(.minutes(10)))
struct OutboxRandomTests {
  /// A receiver that accepts each delivery key once, as the documentation asks, and loses answers.
  private final class Receivers: Sendable {
    struct Notified {
      let route: String
      let notice: Int64
    }

    private struct State {
      var random: SeededRandom
      var keys: Set<String> = []
      var notified: [Notified] = []
      var attempted: Set<Int64> = []
      var isCalm = false
    }

    private let state: Mutex<State>
    private let connection: Connection

    init(_ connection: Connection, seed: UInt64) {
      self.connection = connection
      state = Mutex(State(random: SeededRandom(seed: seed, stream: "receivers")))
    }

    var notified: [Notified] { state.withLock { $0.notified } }
    var attempted: Set<Int64> { state.withLock { $0.attempted } }
    func calm() { state.withLock { $0.isCalm = true } }

    /// What is being sent under a key, as recorded in the tables.
    func take(_ notification: AlertNotification, _ route: String) async -> DeliveryOutcome {
      let rows =
        (try? await connection.query(
          "SELECT notification_id FROM notifications WHERE delivery_key = ?"
            + " AND notice_state = 'sending' ORDER BY notification_id",
          [.text(notification.deliveryKey)]))?.rows ?? []
      let notices = rows.compactMap { $0.integer("notification_id") }
      let isEnd = notification.alerts.contains { $0.state == .resolved }
      return state.withLock { state in
        state.attempted.formUnion(notices)
        let isKnown = state.keys.contains(notification.deliveryKey)
        let die = state.isCalm ? 0 : Int.random(in: 0..<100, using: &state.random)
        let failure = DeliveryFailure(.serverError, "busy")
        // An end whose delivery failed for good is not notified again, as documented.
        if die >= 95, !isKnown, !isEnd { return .failed(DeliveryFailure(.rejected, "no")) }
        if die >= 80, !isKnown { return .retry(after: nil, failure) }
        if !isKnown {
          state.keys.insert(notification.deliveryKey)
          state.notified += notices.map { Notified(route: route, notice: $0) }
        }
        return die >= 65 ? .retry(after: nil, failure) : .delivered
      }
    }
  }

  private struct Notice {
    let id: Int64
    /// Alert, route and reopening.
    let episode: String
    let isEnd: Bool
  }

  private func notices(_ outbox: Outbox) async throws -> [Int64: Notice] {
    let rows = try await outbox.connection.query(
      """
      SELECT notification_id, CONCAT_WS('/', alert_id, route_name, reopened_count) AS episode,
          notice_kind
      FROM notifications
      """
    ).rows
    var notices: [Int64: Notice] = [:]
    for row in rows {
      let id = row.integer("notification_id") ?? 0
      notices[id] = Notice(
        id: id, episode: row["episode"] ?? "", isEnd: row["notice_kind"] == "resolved")
    }
    return notices
  }

  private func send(
    _ outbox: Outbox, _ receivers: Receivers, _ generator: inout SeededRandom
  ) async throws {
    _ = try await OutboxSender(
      outbox: NoticeOutbox(outbox.connection), owner: "sender",
      schedule: RetrySchedule(maximumAttempts: 10_000, maximumAge: .seconds(10_000_000)),
      groupLimit: Int.random(in: 1...4, using: &generator)
    ) { await receivers.take($0, $1.name) }.send(using: &generator)
  }

  /// A sender that dies before its attempt, or after the receiver has accepted it.
  private func crash(
    _ outbox: Outbox, _ receivers: Receivers, _ generator: inout SeededRandom
  ) async throws {
    guard
      let group = try await NoticeOutbox(outbox.connection).lease(
        owner: "dead", seconds: Int.random(in: 1...300, using: &generator), limit: 3)
    else { return }
    if Bool.random(using: &generator) {
      let states = Set(group.notices.map(\.isEnd))
      let notification = AlertNotification(
        deliveryKey: group.deliveryKey, groupKey: "g",
        status: states == [true] ? .resolved : .firing, receiver: group.route.name,
        alerts: group.notices.map {
          NotifiedAlert(
            fingerprint: "alert-\($0.alertId)", name: $0.rule, severity: $0.severity,
            state: $0.isEnd ? .resolved : .firing, summary: "", startsAt: $0.raisedAt)
        }, sentAt: group.leasedAt)
      _ = await receivers.take(notification, group.route.name)
    }
  }

  private func step(
    _ outbox: Outbox, _ receivers: Receivers, _ now: inout Int, _ generator: inout SeededRandom
  ) async throws {
    func any<Element>(_ choices: [Element]) -> Element {
      choices[Int.random(in: 0..<choices.count, using: &generator)]
    }
    let (rule, subject) = (any(["r1", "r2"]), any(["a", "b", "c"]))
    switch Int.random(in: 0..<100, using: &generator) {
    case 0..<25:
      let severity = any(["WARNING", "WARNING", "CRITICAL", "SEVERE"])
      try await outbox.call("raise_alert('\(rule)', '\(subject)', '\(severity)', 'm')")
    case 25..<40: try await outbox.call("resolve_alert('\(rule)', '\(subject)')")
    case 40..<44:
      try await outbox.call(
        "silence_alerts('\(rule)', NULL, NULL, UTC_TIMESTAMP() + INTERVAL 900 SECOND, 'x', 'x', @s)"
      )
    case 44..<50:
      if let alert = try await outbox.value(
        "SELECT alert_id FROM alerts WHERE alert_state = 'firing' AND alert_rule IN ('r1', 'r2')"
          + " ORDER BY alert_id LIMIT 1")
      {
        try await outbox.call("change_alert(\(alert), 'acknowledged', 'mine', 'x')")
      }
    case 50..<70: now += Int.random(in: 1...400, using: &generator)
    case 70..<78: try await outbox.call("watch_alerts()")
    case 78..<93: try await send(outbox, receivers, &generator)
    case 93..<97: try await crash(outbox, receivers, &generator)
    default:
      try await outbox.call("retry_notifications('\(any(["all", "critical", "late", "quiet"]))')")
    }
    try await outbox.at(now)
  }

  @Test("the outbox notifies once, in order, and each end to those notified of its beginning")
  func randomised() async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("the outbox under random trouble: seed \(seed)")
    for round in 0..<3 {
      try await TestServer.withSchema { connection in
        try await run(Outbox(connection: connection), seed: seed &+ UInt64(round))
      }
    }
  }

  private func run(_ outbox: Outbox, seed: UInt64) async throws {
    var generator = SeededRandom(seed: seed, stream: "steps")
    let receivers = Receivers(outbox.connection, seed: seed)
    try await outbox.route("all", "log", "/x", options: "{}", "repeat_seconds = 600")
    try await outbox.route("critical", "log", "/x", options: "{}", "minimum_severity = 'CRITICAL'")
    try await outbox.route("late", "log", "/x", options: "{}", "after_seconds = 900")
    try await outbox.route("quiet", "log", "/x", options: "{}", "tells_resolved = 0")
    try await outbox.connection.execute(
      "UPDATE notification_routes SET group_seconds = 30 WHERE route_name = 'critical'")
    var now = 0
    try await outbox.at(now)
    for _ in 0..<400 { try await step(outbox, receivers, &now, &generator) }
    // Recovery: silences end, every receiver accepts, time passes.
    receivers.calm()
    for _ in 0..<4 {
      now += 2000
      try await outbox.at(now)
      for route in ["all", "critical", "late", "quiet"] {
        try await outbox.call("retry_notifications('\(route)')")
      }
      try await outbox.call("watch_alerts()")
      try await outbox.at(now + 40)
      try await send(outbox, receivers, &generator)
    }
    try await check(outbox, receivers, seed)
  }

  private func check(_ outbox: Outbox, _ receivers: Receivers, _ seed: UInt64) async throws {
    let notices = try await notices(outbox)
    let notified = receivers.notified
    #expect(notified.count > 50, "seed \(seed)")
    #expect(Set(notified.map(\.notice)).count == notified.count, "notified twice, seed \(seed)")
    var fired: Set<String> = []
    var ended: Set<String> = []
    var begun: Set<String> = []
    for id in receivers.attempted {
      if let notice = notices[id], !notice.isEnd { begun.insert(notice.episode) }
    }
    for one in notified {
      let notice = try #require(notices[one.notice])
      if notice.isEnd {
        #expect(begun.contains(notice.episode), "an end of nothing, seed \(seed)")
        ended.insert(notice.episode)
      } else {
        #expect(!ended.contains(notice.episode), "notified after its end, seed \(seed)")
        fired.insert(notice.episode)
      }
    }
    let left = try await outbox.value(
      "SELECT COUNT(*) FROM notifications WHERE notice_state IN ('waiting', 'sending')")
    #expect(left == "0", "seed \(seed)")
    // Every open alert that matches a route was notified over it with its present state.
    let untold = try await outbox.connection.query(
      """
      SELECT CONCAT_WS(' ', a.alert_id, a.alert_rule, a.severity, a.alert_state, r.route_name) AS u
      FROM alerts AS a
      INNER JOIN notification_routes AS r
          ON a.severity + 0 >= r.minimum_severity + 0
              AND (r.after_seconds = 0 OR a.alert_state = 'firing')
      WHERE a.open_key IS NOT NULL
          AND NOT (a.alert_rule = 'notification_failed' AND a.alert_subject = r.route_name)
          AND NOT EXISTS (
              SELECT 1 FROM notifications AS n
              WHERE n.alert_id = a.alert_id AND n.route_name = r.route_name
                  AND n.reopened_count = a.reopened_count AND n.severity = a.severity
                  AND n.notice_state = 'delivered'
          )
      """
    ).rows.compactMap { $0["u"] }
    #expect(untold == [], "seed \(seed)")
    // Every end was notified over the routes of its beginning.
    let over = try await outbox.connection.query(
      """
      SELECT DISTINCT CONCAT_WS('/', n.alert_id, n.route_name, n.reopened_count) AS episode
      FROM notifications AS n
      INNER JOIN alerts AS a ON a.alert_id = n.alert_id
      INNER JOIN notification_routes AS r ON r.route_name = n.route_name AND r.tells_resolved = 1
      WHERE a.open_key IS NULL OR a.reopened_count > n.reopened_count
      """
    ).rows.compactMap { $0["episode"] }
    let silent = Set(over).intersection(fired).subtracting(ended)
    #expect(silent == [], "an end was not notified, seed \(seed)")
  }
}
