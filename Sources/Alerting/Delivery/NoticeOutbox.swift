package import MariaDBClient
package import Notifications
internal import PayopsCore

/// The outbox: the notifications that wait in the database.
package struct NoticeOutbox: Sendable {
  /// The error number when a notification is no longer leased to the sender.
  private static let lost: UInt32 = 30654
  /// The most attempts of a statement that fails because of other transactions.
  private static let tries = 5
  /// Length of `last_error`, characters.
  private static let reasonLimit = 255

  private let connection: Connection

  /// Opens the outbox of a connection.
  ///
  /// - Parameter connection: with the schema selected; used for short statements only.
  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// The longest that an attempt over any route may take, seconds.
  package func longestAttemptSeconds() async throws(DatabaseError) -> Int {
    let usual = ChannelConnection().totalTimeout.components.seconds
    let row = try await connection.query(
      """
      SELECT CAST(CEIL(MAX(LEAST(600, GREATEST(?, COALESCE(
          CAST(JSON_VALUE(channel_options, '$.total_timeout_seconds') AS DOUBLE), 0), COALESCE(
          CAST(JSON_VALUE(channel_options, '$.connect_timeout_seconds') AS DOUBLE), 0))))) AS SIGNED)
          AS seconds
      FROM notification_routes
      WHERE is_enabled = 1
      """, [.integer(usual)]
    ).rows.first
    return Int(row?.integer("seconds") ?? usual)
  }

  /// Leases the due notifications of one rule and one route.
  ///
  /// - Parameters:
  ///   - owner: the sender.
  ///   - seconds: how long the lease lasts; until then no other sender gets them.
  ///   - limit: the most notifications.
  /// - Returns: nil when nothing is due.
  package func lease(owner: String, seconds: Int, limit: Int) async throws(DatabaseError)
    -> NoticeGroup?
  {
    let values: [SQLValue] = [.text(owner), .integer(seconds), .integer(limit)]
    let connection = connection
    let rows = try await Self.repeating { () async throws(DatabaseError) in
      try await connection.query("CALL lease_notifications(?, ?, ?)", values).rows
    }
    guard let row = rows.first else { return nil }
    let notices = rows.compactMap { LeasedNotice($0) }
    guard notices.count == rows.count,
      let leasedAt = row["leased_at"].flatMap({ CivilInstant($0) })
    else {
      throw DatabaseError(code: .unusableValue, context: "lease_notifications")
    }
    return NoticeGroup(
      route: NotificationRoute(
        name: row["route_name"] ?? "", kind: row["channel_kind"] ?? "",
        target: row["target"] ?? "", options: row["channel_options"] ?? "{}"),
      deliveryKey: row["delivery_key"] ?? "", notices: notices, leasedAt: leasedAt,
      currency: row["base_currency"] ?? "",
      pages: AlertPageAddress(template: row["alert_url_template"]))
  }

  /// Open alerts of a rule of which a route has already notified, without those of the group
  /// itself.
  package func stillFiring(besides group: NoticeGroup) async throws(DatabaseError)
    -> [NotifiedAlert]
  {
    let rows = try await connection.query(
      """
      SELECT a.alert_id, a.alert_subject, a.severity, a.alert_message, a.raised_at, a.cause,
        a.payments_affected, a.value_at_stake, a.customers_affected
      FROM ops_alerts AS a
      WHERE a.alert_rule = ?
          AND a.alert_state <> 'resolved'
          AND EXISTS (
              SELECT 1
              FROM ops_notifications AS n
              WHERE n.alert_id = a.alert_id
                  AND n.route_name = ?
                  AND n.notice_kind <> 'resolved'
                  AND n.notice_state = 'delivered'
                  AND n.created_at >= a.fired_at
          )
      ORDER BY a.severity DESC, a.alert_id
      LIMIT 100
      """, [.text(group.rule), .text(group.route.name)]
    ).rows
    let own = Set(group.notices.map(\.alertId))
    return rows.compactMap { row in
      guard let id = row.integer("alert_id"), !own.contains(id),
        let severity = row["severity"].flatMap(Severity.init(rawValue:)),
        let raisedAt = row["raised_at"].flatMap({ CivilInstant($0) })
      else { return nil }
      let impact = AlertImpact(row, currency: group.currency)
      return NotifiedAlert(
        fingerprint: "alert-\(id)", name: group.rule, severity: severity, state: .firing,
        labels: ["subject": row["alert_subject"] ?? "", "route": group.route.name],
        summary: row["alert_message"] ?? "", details: impact.details, valueAtStake: impact.value,
        customersAffected: impact.customers, startsAt: raisedAt, generatorURL: group.pages.of(id))
    }
  }

  /// Records the outcome of notifications that were sent together, in one transaction.
  ///
  /// - Returns: how many were no longer leased to the sender.
  package func finish(_ outcomes: [(id: Int64, outcome: NoticeOutcome)], owner: String) async throws
    -> Int
  {
    let connection = connection
    return try await Self.repeating {
      try await connection.transaction { connection in
        var lostCount = 0
        for (id, outcome) in outcomes {
          do throws(DatabaseError) {
            try connection.execute(
              "CALL finish_notification(?, ?, ?, ?, ?)",
              [.integer(id), .text(owner)] + Self.values(outcome))
          } catch {
            guard error.errno == Self.lost else { throw error }
            lostCount += 1
          }
        }
        return lostCount
      }
    }
  }

  private static func values(_ outcome: NoticeOutcome) -> [SQLValue] {
    switch outcome {
    case .delivered: ["delivered", .null, .null]
    case .retry(let seconds, let reason):
      ["retry", .text(String(reason.prefix(reasonLimit))), .double(max(0, seconds))]
    case .failed(let reason): ["failed", .text(String(reason.prefix(reasonLimit))), .null]
    }
  }

  /// Retries after a deadlock, a lock wait timeout, a changed record or replaced routines.
  private static func repeating<Value: Sendable, Fault: Error>(
    _ body: @Sendable () async throws(Fault) -> Value
  ) async throws(Fault) -> Value {
    for _ in 1..<tries {
      do throws(Fault) {
        return try await body()
      } catch {
        guard let cause = error as? DatabaseError, [1213, 1205, 1020, 1615].contains(cause.errno)
        else {
          throw error
        }
      }
    }
    return try await body()
  }
}
