import Alerting
import Foundation
import MariaDBClient
import Notifications
import TestSupport

/// The common steps of tests of the outbox.
struct Outbox: Sendable {
  let connection: Connection
  static let start = 1_795_348_800  // 2026-11-22 12:00:00 UTC

  /// Sets the clock of the connection.
  func at(_ seconds: Int, on other: Connection? = nil) async throws {
    try await (other ?? connection).execute("SET timestamp = \(Self.start + seconds)")
  }

  func call(_ text: String) async throws {
    _ = try await connection.queryAll("CALL \(text)")
  }

  func raise(_ subject: String, _ severity: String = "WARNING") async throws {
    try await call("raise_alert('test', '\(subject)', '\(severity)', 'found \(subject)')")
  }

  func resolve(_ subject: String) async throws {
    try await call("resolve_alert('test', '\(subject)')")
  }

  func route(
    _ name: String, _ kind: String = "log", _ target: String = "/tmp/x", options: String = "{}",
    _ set: String = ""
  ) async throws {
    try await connection.execute(
      """
      INSERT INTO notification_routes SET route_name = ?, channel_kind = ?, target = ?,
          channel_options = ?, group_seconds = 0\(set.isEmpty ? "" : ", " + set)
      """, [.text(name), .text(kind), .text(target), .text(options)])
  }

  /// A route to the receiver of the tests, which answers as the path says.
  func webhook(_ name: String, _ path: String, _ set: String = "") async throws {
    try await route(
      name, "webhook", try await Receiver.shared().url(path),
      options: #"{"plaintext_on_loopback": true, "allowed_networks": ["127.0.0.0/8"]}"#, set)
  }

  func redirect(_ name: String, to path: String) async throws {
    try await connection.execute(
      "UPDATE notification_routes SET target = ? WHERE route_name = ?",
      [.text(try await Receiver.shared().url(path)), .text(name)])
  }

  /// Sends over the real channels.
  func send() async throws -> SendReport {
    try await send { await NotificationSender().deliver($0, through: $1) }
  }

  func send(_ deliver: @escaping OutboxSender.Delivery) async throws -> SendReport {
    var generator = SystemRandomNumberGenerator()
    return try await OutboxSender(
      outbox: NoticeOutbox(connection), owner: "sender", deliver: deliver
    ).send(using: &generator)
  }

  /// Makes all waiting notices due.
  func hurry() async throws {
    try await connection.execute(
      "UPDATE notifications SET due_at = UTC_TIMESTAMP(3) WHERE notice_state = 'waiting'")
  }

  /// The notices, in the order in which they were written.
  func notices() async throws -> [String] {
    try await connection.query(
      """
      SELECT CONCAT_WS(' ', route_name, alert_subject, notice_kind, severity, notice_state,
          attempt_count) AS n
      FROM notifications ORDER BY notification_id
      """
    ).rows.compactMap { $0["n"] }
  }

  func value(_ sql: String) async throws -> String? {
    try await connection.query(sql).rows.first?.text(at: 0)
  }

  /// A second connection to the same schema.
  func another() async throws -> Outbox {
    var options = connection.options
    options.database = try await value("SELECT DATABASE()")
    return Outbox(connection: try await Connection.open(options))
  }
}

/// The parts of a webhook's body that tests read.
struct WebhookBody: Decodable {
  struct Alert: Decodable {
    let status: String
    let labels: [String: String]
    let annotations: [String: String]
    let startsAt: String
    let endsAt: String
    let fingerprint: String
    let generatorURL: String
  }

  let status: String
  let receiver: String
  let groupKey: String
  let alerts: [Alert]

  init(_ request: Receiver.Request) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(request.body.utf8))
  }
}
