import Alerting
import MariaDBClient
import Notifications
import PayopsCore
import Tabular

/// `payops notify routes`.
struct NotifyRoutes: DatabaseVerb {
  let name = "routes"
  let summary = "print the routes, what they send, and what waits on them"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(
      empty: "no routes: nobody is notified of alerts; `payops notify add` makes one"
    ) {
      try await NotificationRoutes.table(isWide: $1, on: $0)
    }
  }
}

/// `payops notify add`.
struct NotifyAdd: DatabaseVerb {
  static let kind = Option.choice(
    "kind", "KIND", ChannelKind.allCases.map(\.rawValue), "how it delivers")
  static let target = Option.text("target", "TARGET", "URL, or path of a log")
  static let secretFile = Option.path("secret-file", "FILE", "file of mode 0600 with the secret")
  static let severity = Option.choice(
    "severity", "LEVEL", Severity.allCases.map(\.rawValue),
    "least severity it sends (default WARNING)")
  static let rule = Option.text(
    "rule", "PATTERN", "rules it sends, as in LIKE (default %)")
  static let owner = Option.text("owner", "OWNER", "only alerts of this owner")
  static let after = seconds("after", "only what nobody acknowledged for so long")
  static let repeats = seconds("repeat", "remind of what nobody acknowledged after so long")
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

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(NotifyCommand.route)
    guard let kind = invocation[Self.kind] else {
      throw Fault.usage("notify add needs --kind", hint: "see `payops notify add --help`")
    }
    let route = try NotificationRoute(
      named: name, kind: kind, target: invocation[Self.target],
      options: invocation.all(Self.option), secretFile: invocation[Self.secretFile])
    var terms = RouteTerms()
    terms.severity = invocation[Self.severity]
    terms.rule = invocation[Self.rule]
    terms.owner = invocation[Self.owner]
    terms.afterSeconds = invocation[Self.after]
    terms.groupSeconds = invocation[Self.group]
    terms.repeatSeconds = invocation[Self.repeats]
    try await invocation.withConnection { [terms] in
      try await NotificationRoutes.add(route, terms, on: $0)
    }
    try invocation.console.write("\(name) sends notifications of alerts from now on\n")
    invocation.console.note("payops notify test \(name)")
    return .ok
  }

}

/// `payops notify remove`.
struct NotifyRemove: DatabaseVerb {
  let name = "remove"
  let summary = "remove a route; what waits on it is not sent"
  let positionals = [NotifyCommand.route]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let name = try invocation.required(NotifyCommand.route)
    let cancelled = try await invocation.withConnection {
      try await NotificationRoutes.remove(name, on: $0)
    }
    try invocation.console.write(
      "\(name) is removed\(cancelled > 0 ? "; \(cancelled) notices are not sent" : "")\n")
    return .ok
  }
}

/// `payops notify enable`.
struct NotifyEnable: DatabaseVerb {
  let name = "enable"
  let summary = "let a route send alerts"
  let positionals = [NotifyCommand.route]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchRoute(on: true)
  }
}

/// `payops notify disable`.
struct NotifyDisable: DatabaseVerb {
  let name = "disable"
  let summary = "keep a route from sending; what waits on it stays"
  let positionals = [NotifyCommand.route]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.switchRoute(on: false)
  }
}

extension Invocation {
  fileprivate func switchRoute(on isOn: Bool) async throws -> ExitCode {
    let name = try required(NotifyCommand.route)
    try await withConnection { try await NotificationRoutes.setEnabled(name, isOn, on: $0) }
    try console.write("\(name) is \(isOn ? "on" : "off")\n")
    return .ok
  }
}
