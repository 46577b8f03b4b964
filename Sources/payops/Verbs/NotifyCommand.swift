import Alerting
import Foundation
import MariaDBClient
import Notifications
import PayopsCore
import Processes
import Scheduling
import Tabular

/// `payops notify …`: whom alerts are told, over which routes, and what became of it.
struct NotifyCommand: Verb {
  static let route = Positional(name: "ROUTE", help: "name of a route", arity: .required)

  let name = "notify"
  let summary = "tell people of alerts: routes, tests, outbox"
  let discussion = """
    A route says which alerts are told, and to whom: a webhook, an Alertmanager, Slack,
    PagerDuty, mail or a log. Notices of alerts wait in the database; the job
    send_notifications sends them every 15 s while `payops run` is at work.

      payops notify add pager --kind pagerduty --secret-file /etc/payops/pager \\
        --severity CRITICAL
      payops notify test pager
    """
  let subverbs: [any Verb] = [
    NotifySend(), NotifyTest(), NotifyRoutes(), NotifyList(), NotifyRetry(), NotifyAdd(),
    NotifyRemove(), NotifyEnable(), NotifyDisable(),
  ]

  /// Reads the route that is named.
  ///
  /// - Throws: a usage failure that lists the routes when there is none of the name
  static func read(_ invocation: Invocation, _ connection: Connection) async throws
    -> NotificationRoute
  {
    let name = try invocation.required(route)
    let rows = try await connection.query(
      "SELECT route_name, channel_kind, target, channel_options FROM notification_routes"
        + " ORDER BY route_name"
    ).rows
    guard let row = rows.first(where: { $0["route_name"] == name }) else {
      let names = rows.compactMap { $0["route_name"] }
      throw Fault.usage(
        "there is no route '\(name)'",
        hint: names.isEmpty
          ? "there are none; see `payops notify add --help`"
          : "there are " + names.joined(separator: ", "))
    }
    return NotificationRoute(
      name: name, kind: row["channel_kind"] ?? "", target: row["target"] ?? "",
      options: row["channel_options"] ?? "{}")
  }
}

/// `payops notify send`.
struct NotifySend: Verb {
  let name = "send"
  let summary = "send the notices that are due"
  let discussion = """
    Sends all that is due and ends; what the job send_notifications does. Any number may
    run at once: each notice is one sender's. A notice that cannot be delivered now is
    tried again later, up to 20 times in a day. Exits with 1 when one was given up, which
    also raises the alert notification_failed.
    """
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let sender = NotificationSender()
    let report = try await invocation.withConnection { connection in
      let owner = "\(Host.name.prefix(60)) \(ProcessName.current.text)"
      var generator = SystemRandomNumberGenerator()
      return try await OutboxSender(
        outbox: NoticeOutbox(connection), owner: String(owner.filter(\.isASCII).prefix(128))
      ) { await sender.deliver($0, through: $1) }.send(using: &generator)
    }
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.pairs([
          "delivered": .integer(report.delivered), "retried": .integer(report.retried),
          "failed": .integer(report.failed), "lost": .integer(report.lost),
          "is_cut_short": .bool(report.isCutShort),
          "reasons": .array(report.reasons.map { .string($0) }),
        ]).lines)
    } else {
      try invocation.console.write(
        "\(report.delivered) delivered, \(report.retried) to be tried again,"
          + " \(report.failed) given up\(report.lost > 0 ? ", \(report.lost) lost" : "")\n")
      for reason in report.reasons { invocation.console.note(reason) }
      if report.isCutShort { invocation.console.note("there may be more that is due") }
    }
    return report.failed > 0 ? .finding : .ok
  }
}

/// `payops notify test`.
struct NotifyTest: Verb {
  let name = "test"
  let summary = "deliver a test notification over a route, at once"
  let discussion = """
    Sends a notification that says that it is a test, of severity info, over the real
    channel, whether the route is on or off. PagerDuty and Alertmanagers are told of its
    end as well. Exits with 1 and the reason when it is not delivered.
    """
  let positionals = [NotifyCommand.route]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let (route, now) = try await invocation.withConnection { connection in
      let route = try await NotifyCommand.read(invocation, connection)
      let time = try await connection.query("SELECT UTC_TIMESTAMP() AS time").rows.first?["time"]
      return (route, time.flatMap { CivilInstant($0) } ?? CivilInstant(secondsSinceEpoch: 0))
    }
    let channel = try route.channel()
    let key = "test-\(UUID().uuidString.lowercased())"
    var states = [AlertState.firing]
    if channel.kind == .pagerduty || channel.kind == .alertmanager { states.append(.resolved) }
    var outcome = DeliveryOutcome.delivered
    for state in states where outcome == .delivered {
      outcome = await NotificationSender().deliver(
        Self.notification(route.name, key: key, state, at: now), through: channel)
    }
    try report(outcome, channel, invocation.console)
    return outcome == .delivered ? .ok : .finding
  }

  private static func notification(
    _ route: String, key: String, _ state: AlertState, at now: CivilInstant
  ) -> AlertNotification {
    AlertNotification(
      deliveryKey: "\(key)-\(state.rawValue)", groupKey: "\(route)/payops_test/\(key)",
      status: state, receiver: route,
      alerts: [
        NotifiedAlert(
          fingerprint: key, name: "payops_test", severity: .info, state: state,
          labels: ["subject": "test", "route": route],
          summary: "TEST of the route \(route) by payops: nothing is wrong", startsAt: now,
          endsAt: state == .resolved ? now : nil)
      ], groupLabels: ["alertname": "payops_test"], sentAt: now)
  }

  private func report(_ outcome: DeliveryOutcome, _ channel: Channel, _ console: Console) throws {
    let failure = outcome.failure
    let word =
      switch outcome {
      case .delivered: "delivered"
      case .retry: "not delivered, later it may be"
      case .failed: "not delivered"
      }
    guard !console.isJSON else {
      return try console.write(
        JSON.pairs([
          "route": .string(channel.name), "is_delivered": .bool(failure == nil),
          "code": failure.map { .string($0.code.description) } ?? .null,
          "reason": failure.map { .string($0.reason) } ?? .null,
          "status": failure?.status.map { .integer($0) } ?? .null,
          "answer": failure?.excerpt.map { .string($0) } ?? .null,
        ]).lines)
    }
    var text = "\(channel): \(word)"
    if let failure { text += ": \(failure.reason)" }
    if let excerpt = failure?.excerpt { text += "\nanswer: \(excerpt)" }
    try console.write(text + "\n")
  }
}

/// `payops notify list`.
struct NotifyList: Verb {
  static let state = Option.choice(
    "state", "STATE", ["waiting", "sending", "delivered", "failed", "cancelled"],
    "only notices in this state")
  static let limit = Option.count("limit", "N", "most notices to print (default 20)")

  let name = "list"
  let summary = "print notices, the latest first"
  let options = [state.declaration, limit.declaration, OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isWide = invocation.console.isJSON || invocation.format != nil
    let columns =
      isWide
      ? "*"
      : "notification_id AS id, route_name AS route, notice_kind AS tells,"
        + " CONCAT(alert_rule, ' ', alert_subject) AS alert, severity, notice_state AS state,"
        + " attempt_count AS attempts, last_error"
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT \(columns) FROM ops_notifications WHERE notice_state = COALESCE(?, notice_state)"
            + " ORDER BY notification_id DESC LIMIT ?",
          [.optional(invocation[Self.state]), .integer(invocation[Self.limit] ?? 20)]))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops notify retry`.
struct NotifyRetry: Verb {
  let name = "retry"
  let summary = "give notices that were given up another chance"
  let discussion = """
    Those of the last day whose alert is open; `payops notify send`, or the job, sends
    them.
    """
  let positionals = [NotifyCommand.route]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let count = try await invocation.withConnection { connection in
      let route = try await NotifyCommand.read(invocation, connection)
      return try await connection.query("CALL retry_notifications(?)", [.text(route.name)])
        .rows.first?.integer("retried_count") ?? 0
    }
    if invocation.console.isJSON {
      try invocation.console.write(JSON.pairs(["retried": .integer(count)]).lines)
    } else {
      try invocation.console.write("\(count) notices wait to be sent again\n")
    }
    return .ok
  }
}
