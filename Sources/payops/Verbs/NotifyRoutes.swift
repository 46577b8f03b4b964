import Alerting
import Foundation
import MariaDBClient
import Notifications
import PayopsCore
import Tabular

/// `payops notify routes`.
struct NotifyRoutes: Verb {
  let name = "routes"
  let summary = "print the routes, what they tell, and what waits on them"
  let options = [OutputFormat.option.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let isWide = invocation.console.isJSON || invocation.format != nil
    let columns =
      isWide
      ? "r.*"
      : "r.route_name AS route, r.channel_kind AS kind, r.target,"
        + " r.minimum_severity AS severity, r.rule_pattern AS rule, r.owner,"
        + " r.after_seconds AS after, r.repeat_seconds AS repeats, r.is_enabled AS is_on"
    let suffix = isWide ? "_count" : ""
    let counts = ["waiting", "delivered", "failed"].map { state in
      let states = state == "waiting" ? "'waiting', 'sending'" : "'\(state)'"
      return "CAST(COALESCE(SUM(n.notice_state IN (\(states))), 0) AS SIGNED) AS \(state)\(suffix)"
    }
    let table = try await invocation.withConnection { connection in
      DataTable(
        try await connection.query(
          "SELECT \(columns), \(counts.joined(separator: ", ")) FROM notification_routes AS r"
            + " LEFT JOIN ops_notifications AS n ON n.route_name = r.route_name"
            + " GROUP BY r.route_name ORDER BY r.route_name"))
    }
    try invocation.console.write(table, as: invocation.format)
    return .ok
  }
}

/// `payops notify add`.
struct NotifyAdd: Verb {
  static let kind = Option.choice(
    "kind", "KIND", ChannelKind.allCases.map(\.rawValue), "how it delivers")
  static let target = Option.text("target", "TARGET", "URL, or path of a log")
  static let secretFile = Option.path("secret-file", "FILE", "file of mode 0600 with the secret")
  static let severity = Option.choice(
    "severity", "LEVEL", ["INFO", "WARNING", "CRITICAL", "SEVERE"],
    "least severity it tells of (default WARNING)")
  static let rule = Option.text(
    "rule", "PATTERN", "rules it tells of, as in LIKE (default %)")
  static let owner = Option.text("owner", "OWNER", "only alerts of this owner")
  static let after = seconds("after", "only what nobody took for so long")
  static let repeats = seconds("repeat", "remind of what nobody took after so long")
  static let group = seconds("group", "gather alerts of a rule for so long (default 30)")
  static let option = Option<(key: String, value: String)>(
    "option", placeholder: "KEY=JSON", help: "an option of the channel",
    expectation: "a key, =, and a value of JSON"
  ) { text in
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    return (String(parts[0]), String(parts[1]))
  }.repeatable

  private static func seconds(_ name: String, _ help: String) -> Option<Int> {
    .integer(name, "SECONDS", in: 0...31_536_000, help)
  }

  let name = "add"
  let summary = "add a route"
  let discussion = """
    Secrets stay in files; only their paths are kept. A value of --option that is no JSON
    counts as a text. Servers of private networks must be allowed one by one.

      payops notify add team --kind slack --secret-file /etc/payops/slack-url
      payops notify add duty --kind webhook --target https://duty.example/hook \\
        --secret-file /etc/payops/hook-key --severity CRITICAL --repeat 3600
      payops notify add mail --kind email --target smtp://10.1.0.9:587 \\
        --option sender=payops@example.com \\
        --option 'recipients=["ops@example.com"]' \\
        --option 'allowed_networks=["10.1.0.9"]'

    The keys of --option are in docs/notifications.md. Try it with `payops notify test`.
    """
  let positionals = [NotifyCommand.route]
  let options = [
    kind.declaration, target.declaration, secretFile.declaration, severity.declaration,
    rule.declaration, owner.declaration, after.declaration, repeats.declaration,
    group.declaration, option.declaration,
  ]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(NotifyCommand.route)
    guard name.count <= 64, !name.isEmpty,
      name.utf8.allSatisfy({
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
          || [45, 46, 95].contains($0)
      })
    else {
      throw Fault.usage(
        "'\(name)' is no name of a route", hint: "use letters, digits, hyphens, up to 64")
    }
    guard let kind = invocation[Self.kind] else {
      throw Fault.usage("notify add needs --kind", hint: "see `payops notify add --help`")
    }
    let route = NotificationRoute(
      name: name, kind: kind, target: invocation[Self.target] ?? "",
      options: try Self.options(invocation))
    _ = try route.channel()
    let values: [SQLValue] = [
      .text(name), .text(kind), .text(route.target), .text(route.options),
      .optional(invocation[Self.severity]), .optional(invocation[Self.rule]),
      .optional(invocation[Self.owner]),
    ]
    let seconds: [SQLValue] = [Self.after, Self.group, Self.repeats].map { option in
      invocation[option].map { .integer(Int64($0)) } ?? .null
    }
    try await invocation.withConnection { connection in
      do {
        try await connection.execute(
          "CALL add_notification_route(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values + seconds)
      } catch let error as DatabaseError where error.errno == 30657 {
        throw Fault(
          .invalidData, "there is a route '\(name)' already",
          hint: "remove it first, or name it otherwise")
      }
    }
    try invocation.console.write("\(name) tells of alerts from now on\n")
    invocation.console.note("payops notify test \(name)")
    return .ok
  }

  /// The options of the channel as an object of JSON.
  private static func options(_ invocation: Invocation) throws -> String {
    var pairs: [String: JSONText] = [:]
    for (key, value) in invocation.all(option) { pairs[key] = JSONText(value) }
    if let path = invocation[secretFile] {
      pairs["secret_file"] = JSONText(text: URL(filePath: path).standardizedFileURL.path)
    }
    return "{"
      + pairs.sorted { $0.key < $1.key }
      .map { "\(JSON.string($0.key).compact): \($0.value.text)" }.joined(separator: ", ") + "}"
  }

  /// A value of JSON, as text.
  private struct JSONText {
    let text: String

    /// Takes JSON as it is, and anything else as a text.
    init(_ value: String) {
      let isJSON =
        (try? JSONSerialization.jsonObject(
          with: Data(value.utf8), options: .fragmentsAllowed)) != nil
      text = isJSON ? value : JSON.string(value).compact
    }

    init(text: String) { self.text = JSON.string(text).compact }
  }
}

/// `payops notify remove`.
struct NotifyRemove: Verb {
  let name = "remove"
  let summary = "remove a route; what waits on it is not sent"
  let positionals = [NotifyCommand.route]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let cancelled = try await invocation.withConnection { connection in
      let route = try await NotifyCommand.read(invocation, connection).name
      return try await connection.query(
        "CALL remove_notification_route(?)", [.text(route)]
      ).rows.first?.integer("cancelled_count") ?? 0
    }
    let name = try invocation.required(NotifyCommand.route)
    try invocation.console.write(
      "\(name) is removed\(cancelled > 0 ? "; \(cancelled) notices are not sent" : "")\n")
    return .ok
  }
}

/// `payops notify enable`.
struct NotifyEnable: Verb {
  let name = "enable"
  let summary = "let a route tell of alerts"
  let positionals = [NotifyCommand.route]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchRoute(on: true)
  }
}

/// `payops notify disable`.
struct NotifyDisable: Verb {
  let name = "disable"
  let summary = "keep a route from telling; what waits on it stays"
  let positionals = [NotifyCommand.route]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchRoute(on: false)
  }
}

extension Invocation {
  fileprivate func switchRoute(on isOn: Bool) async throws -> ExitCode {
    let name = try required(NotifyCommand.route)
    try await withConnection { connection in
      let route = try await NotifyCommand.read(self, connection)
      if isOn { _ = try route.channel() }
      try await connection.execute(
        "CALL set_notification_route_enabled(?, ?)", [.text(name), .integer(isOn ? 1 : 0)])
    }
    try console.write("\(name) is \(isOn ? "on" : "off")\n")
    return .ok
  }
}
