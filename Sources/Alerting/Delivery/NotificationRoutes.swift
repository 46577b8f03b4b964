package import MariaDBClient
internal import PayopsCore
package import Tabular

/// The routes of notifications in the database, and the notices that wait on them.
package enum NotificationRoutes {
  /// The route of a name.
  ///
  /// - Throws: a usage failure that lists the routes when there is none of the name
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
          ? "there are none; see `payops notify add --help`"
          : "there are " + names.joined(separator: ", "))
    }
    return NotificationRoute(
      name: name, kind: row["channel_kind"] ?? "", target: row["target"] ?? "",
      options: row["channel_options"] ?? "{}")
  }

  /// The routes, with how many notices wait, were delivered and were given up.
  ///
  /// - Parameters:
  ///   - isWide: whether with every column, for programs
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
          + " GROUP BY r.route_name ORDER BY r.route_name"))
  }

  /// Adds a route.
  ///
  /// - Parameters:
  ///   - route: the route
  ///   - terms: of which alerts it tells, and when
  ///   - connection: connection with the schema selected
  /// - Throws: ``Fault`` when there is one of the name
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
        .invalidData, "there is a route '\(route.name)' already",
        hint: "remove it first, or name it otherwise")
    }
  }

  /// Removes a route.
  ///
  /// - Returns: how many notices that waited on it are not sent
  package static func remove(_ name: String, on connection: Connection) async throws -> Int64 {
    let name = try await route(name, on: connection).name
    return try await connection.query("CALL remove_notification_route(?)", [.text(name)])
      .rows.first?.integer("cancelled_count") ?? 0
  }

  /// Lets a route tell of alerts, or keeps it from that; one that could not is not switched on.
  package static func setEnabled(
    _ name: String, _ isOn: Bool, on connection: Connection
  ) async throws {
    let route = try await route(name, on: connection)
    if isOn { _ = try route.channel() }
    try await connection.execute(
      "CALL set_notification_route_enabled(?, ?)", [.text(name), .integer(isOn ? 1 : 0)])
  }

  /// Gives notices of a route that were given up another chance.
  ///
  /// - Returns: how many wait again
  package static func retry(_ name: String, on connection: Connection) async throws -> Int64 {
    let name = try await route(name, on: connection).name
    return try await connection.query("CALL retry_notifications(?)", [.text(name)])
      .rows.first?.integer("retried_count") ?? 0
  }

  /// Notices, the latest first.
  ///
  /// - Parameters:
  ///   - state: only those in this state; nil for all
  ///   - limit: most rows
  ///   - isWide: whether with every column, for programs
  ///   - connection: connection with the schema selected
  package static func notices(
    state: String?, limit: Int, isWide: Bool, on connection: Connection
  ) async throws -> DataTable {
    let columns =
      isWide
      ? "*"
      : "notification_id AS id, route_name AS route, notice_kind AS tells,"
        + " CONCAT(alert_rule, ' ', alert_subject) AS alert, severity, notice_state AS state,"
        + " attempt_count AS attempts, last_error"
    return DataTable(
      try await connection.query(
        "SELECT \(columns) FROM ops_notifications WHERE notice_state = COALESCE(?, notice_state)"
          + " ORDER BY notification_id DESC LIMIT ?",
        [.optional(state), .integer(Int64(limit))]))
  }
}

/// Of which alerts a route tells, and when; nil for what is usual.
package struct RouteTerms: Sendable {
  /// The least severity.
  package var severity: String?
  /// Pattern of rules, as in LIKE.
  package var rule: String?
  /// Only alerts of this owner.
  package var owner: String?
  /// Only what nobody acknowledged for so long.
  package var afterSeconds: Int?
  /// Alerts of a rule are gathered for so long.
  package var groupSeconds: Int?
  /// Reminders of what nobody acknowledged come after so long.
  package var repeatSeconds: Int?

  /// The usual terms.
  package init() {}
}
