package import MariaDBClient
internal import PayopsCore
package import Tabular

/// The routes of notifications in the database, and the notifications that wait on them.
package enum NotificationRoutes {
  /// The route of a name.
  ///
  /// - Throws: a usage error that lists the routes when no route has the name
  package static func route(
    _ name: String, on connection: Connection
  ) async throws -> NotificationRoute {
    let rows = try await connection.query(
      "SELECT route_name, channel_kind, target, channel_options FROM notification_routes"
        + " ORDER BY route_name"
    ).rows
    guard let row = rows.first(where: { $0["route_name"] == name }) else {
      let names = rows.compactMap { $0["route_name"] }
      throw Fault.usage(
        "there is no route '\(name)'",
        hint: names.isEmpty
          ? "no routes exist; see `payops notify add --help`"
          : "the routes are " + names.joined(separator: ", "))
    }
    return NotificationRoute(
      name: name, kind: row["channel_kind"] ?? "", target: row["target"] ?? "",
      options: row["channel_options"] ?? "{}")
  }

  /// The routes, with how many notifications wait, were delivered and failed.
  ///
  /// - Parameters:
  ///   - isWide: whether to return every column, for programs
  ///   - connection: connection with the schema selected
  package static func table(isWide: Bool, on connection: Connection) async throws -> DataTable {
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
    return DataTable(
      try await connection.query(
        "SELECT \(columns), \(counts.joined(separator: ", ")) FROM notification_routes AS r"
          + " LEFT JOIN ops_notifications AS n ON n.route_name = r.route_name"
          + " GROUP BY r.route_name ORDER BY r.route_name")
    ).roles([
      "kind": .minor, "target": .text, "owner": .minor, "after": .minor, "repeats": .minor,
      "delivered": .minor, "is_on": .key, "waiting": .key, "failed": .key,
    ])
  }

  /// Adds a route.
  ///
  /// - Parameters:
  ///   - route: the route
  ///   - terms: of which alerts it notifies, and when
  ///   - connection: connection with the schema selected
  /// - Throws: ``Fault`` when a route of the name exists
  package static func add(
    _ route: NotificationRoute, _ terms: RouteTerms, on connection: Connection
  ) async throws {
    var values: [SQLValue] = [route.name, route.kind, route.target, route.options].map { .text($0) }
    for text in [terms.severity, terms.rule, terms.owner] {
      values.append(text.map(SQLValue.text) ?? .null)
    }
    for seconds in [terms.afterSeconds, terms.groupSeconds, terms.repeatSeconds] {
      values.append(seconds.map { .integer(Int64($0)) } ?? .null)
    }
    do {
      try await connection.execute(
        "CALL add_notification_route(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
    } catch {
      guard error.errno == 30657 else { throw error }
      throw Fault(
        .invalidData, "route '\(route.name)' already exists",
        hint: "remove it first, or choose another name")
    }
  }

  /// Removes a route.
  ///
  /// - Returns: how many waiting notifications are cancelled
  package static func remove(_ name: String, on connection: Connection) async throws -> Int64 {
    let name = try await route(name, on: connection).name
    return try await connection.query("CALL remove_notification_route(?)", [.text(name)])
      .rows.first?.integer("cancelled_count") ?? 0
  }

  /// Enables or disables a route; a route whose channel is not valid cannot be enabled.
  package static func setEnabled(
    _ name: String, _ isOn: Bool, on connection: Connection
  ) async throws {
    let route = try await route(name, on: connection)
    if isOn { _ = try route.channel() }
    try await connection.execute(
      "CALL set_notification_route_enabled(?, ?)", [.text(name), .integer(isOn ? 1 : 0)])
  }

  /// Retries the failed notifications of a route.
  ///
  /// - Returns: how many wait again
  package static func retry(_ name: String, on connection: Connection) async throws -> Int64 {
    let name = try await route(name, on: connection).name
    return try await connection.query("CALL retry_notifications(?)", [.text(name)])
      .rows.first?.integer("retried_count") ?? 0
  }

  /// Notifications, the latest first.
  ///
  /// - Parameters:
  ///   - state: only those in this state; nil for all
  ///   - limit: most rows
  ///   - isWide: whether to return every column, for programs
  ///   - connection: connection with the schema selected
  package static func notices(
    state: String?, limit: Int, isWide: Bool, on connection: Connection
  ) async throws -> DataTable {
    let columns =
      isWide
      ? "*"
      : "notification_id AS id, route_name AS route, notice_kind AS kind,"
        + " CONCAT(alert_rule, ' ', alert_subject) AS alert, severity, notice_state AS state,"
        + " attempt_count AS attempts, last_error"
    return DataTable(
      try await connection.query(
        "SELECT \(columns) FROM ops_notifications WHERE notice_state = COALESCE(?, notice_state)"
          + " ORDER BY notification_id DESC LIMIT ?",
        [.optional(state), .integer(Int64(limit))])
    ).roles(["alert": .key, "state": .key, "kind": .minor, "attempts": .minor])
  }
}

/// Of which alerts a route notifies, and when; nil for the default.
package struct RouteTerms: Sendable {
  /// The least severity.
  package var severity: String?
  /// Pattern of rules, as in LIKE.
  package var rule: String?
  /// Only alerts of this owner.
  package var owner: String?
  /// Only alerts that nobody has acknowledged for so many seconds.
  package var afterSeconds: Int?
  /// For how many seconds the alerts of a rule are grouped.
  package var groupSeconds: Int?
  /// After how many seconds an unacknowledged alert is notified of again.
  package var repeatSeconds: Int?

  /// The default terms.
  package init() {}
}
