import Alerting
import MariaDBClient
import Notifications
import PayopsCore
import Processes
import Scheduling
import Tabular

/// `payops notify …`: who is notified of alerts, over which routes, and what was delivered.
struct NotifyCommand: Verb {
  static let route = Positional(name: "ROUTE", help: "name of a route", arity: .required)

  let name = "notify"
  let summary = "notify people of alerts: routes, tests, outbox"
  let discussion = """
    A route says which alerts are sent, and where: to a webhook, an Alertmanager, Slack,
    PagerDuty, mail or a log. Notices of alerts wait in the database; the job
    send_notifications sends them every 15 s while `payops run` is running.

      payops notify add pager --kind pagerduty --secret-file /etc/payops/pager \\
        --severity CRITICAL
      payops notify test pager
    """
  let subverbs: [any Verb] = [
    NotifySend(), NotifyTest(), NotifyRoutes(), NotifyList(), NotifyRetry(), NotifyAdd(),
    NotifyRemove(), NotifyEnable(), NotifyDisable(),
  ]

}

/// `payops notify send`.
struct NotifySend: DatabaseVerb {
  let name = "send"
  let summary = "send the notices that are due"
  let discussion = """
    Sends all that is due and ends; what the job send_notifications does. Any number may
    run at once: each notice is one sender's. A notice that cannot be delivered now is
    tried again later, up to 20 times in a day. Exits with 1 when one was given up, which
    also raises the alert notification_failed.
    """

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let sender = NotificationSender()
    let report = try await invocation.withConnection { connection in
      let owner = "\(Host.name.prefix(60)) \(ProcessName.current.text)"
      var generator = SystemRandomNumberGenerator()
      return try await OutboxSender(
        outbox: NoticeOutbox(connection), owner: String(owner.filter(\.isASCII).prefix(128))
      ) { await sender.deliver($0, through: $1) }.send(using: &generator)
    }
    let console = invocation.console
    try console.write(report.text, json: report.json)
    if !console.isJSON {
      for reason in report.reasons { console.note(reason) }
      if report.isCutShort { console.note("there may be more that is due") }
    }
    return report.failed > 0 ? .finding : .ok
  }
}

/// `payops notify test`.
struct NotifyTest: DatabaseVerb {
  let name = "test"
  let summary = "deliver a test notification over a route, at once"
  let discussion = """
    Sends a notification that says that it is a test, of severity info, over the real
    channel, whether the route is on or off. PagerDuty and Alertmanagers are notified
    of its end as well. Exits with 1 and the reason when it is not delivered.
    """
  let positionals = [NotifyCommand.route]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(NotifyCommand.route)
    let (route, now) = try await invocation.withConnection {
      try await RouteTest.read(name, on: $0)
    }
    let test = try await RouteTest.run(route, at: now, by: NotificationSender())
    let console = invocation.console
    try console.write(test.text, json: test.json)
    return test.outcome == .delivered ? .ok : .finding
  }
}

/// `payops notify list`.
struct NotifyList: DatabaseVerb {
  static let state = Option.choice(
    "state", "STATE", ["waiting", "sending", "delivered", "failed", "cancelled"],
    "only notices in this state")
  static let limit = Option.count("limit", "N", from: 1, "most notices to print (default 20)")

  let name = "list"
  let summary = "print notices, the latest first"
  let options = [state.declaration, limit.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let state = invocation[Self.state]
    return try await invocation.show(
      empty: "no notices\(state.map { " that are \($0)" } ?? ": no alert has been sent to a route")"
    ) {
      try await NotificationRoutes.notices(
        state: state, limit: invocation[Self.limit] ?? 20, isWide: $1, on: $0)
    }
  }
}

/// `payops notify retry`.
struct NotifyRetry: DatabaseVerb {
  let name = "retry"
  let summary = "give notices that were given up another chance"
  let discussion = """
    Those of the last day whose alert is open; `payops notify send`, or the job, sends
    them.
    """
  let positionals = [NotifyCommand.route]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(NotifyCommand.route)
    let count = try await invocation.withConnection {
      try await NotificationRoutes.retry(name, on: $0)
    }
    try invocation.console.write(
      "\(count) notices wait to be sent again\n", json: JSON.pairs(["retried": .integer(count)]))
    return .ok
  }
}
