import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import Notifications

@Suite("Alertmanager as receiver and as model", .timeLimit(.minutes(3)))
struct AlertmanagerTests {
  private let sender = NotificationSender()

  private func notification(
    _ state: AlertState, severity: Severity = .warning, previous: Severity? = nil
  ) -> AlertNotification {
    let now = Int(Date().timeIntervalSince1970)
    let alert = NotifiedAlert(
      fingerprint: "f1", name: "settlement_delay", severity: severity, state: state,
      labels: ["merchant": "Müller & Söhne", "cut-off": "17:00"], summary: "31 payments are late",
      details: "Batch 7 has not come.", valueAtStake: "12500.00 EUR", customersAffected: 29,
      startsAt: CivilInstant(secondsSinceEpoch: now - 600),
      endsAt: state == .resolved ? CivilInstant(secondsSinceEpoch: now - 1) : nil,
      generatorURL: "https://payops.example/alerts/f1", previousSeverity: previous)
    return AlertNotification(
      deliveryKey: "1", groupKey: "g", status: state, receiver: "ours", alerts: [alert],
      sentAt: CivilInstant(secondsSinceEpoch: now))
  }

  @Test(
    "Alertmanager shows an alert, its new severity and its end, and webhooks have its form")
  func life() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let server = try await Alertmanager.start(webhook: receiver.url("/200/\(token)"))
    let channel = try server.channel()

    #expect(await sender.deliver(notification(.firing), through: channel) == .delivered)
    let first = try await server.program.wait(for: "alert") {
      let alerts = try server.alerts()
      return alerts.isEmpty ? nil : alerts
    }
    #expect(first.count == 1)
    let labels = [
      "alertname": "settlement_delay", "severity": "warning", "merchant": "Müller & Söhne",
      "cut_off": "17:00",
    ]
    #expect(first.first?.labels == labels)
    #expect(first.first?.status.state != "suppressed")
    let said = [
      "summary": "31 payments are late", "description": "Batch 7 has not come.",
      "value_at_stake": "12500.00 EUR", "customers_affected": "29",
    ]
    #expect(first.first?.annotations == said)
    let firing = try await webhook(server, token) { $0["status"] as? String == "firing" }

    // The more severe one replaces the other.
    let escalated = notification(.firing, severity: .critical, previous: .warning)
    #expect(await sender.deliver(escalated, through: channel) == .delivered)
    let second = try await server.program.wait(for: "escalated alert") {
      let alerts = try server.alerts()
      return alerts.contains { $0.labels["severity"] == "critical" } && alerts.count == 1
        ? alerts : nil
    }
    #expect(second.first?.labels["severity"] == "critical")

    let over = notification(.resolved, severity: .critical)
    #expect(await sender.deliver(over, through: channel) == .delivered)
    _ = try await server.program.wait(for: "end") { try server.alerts().isEmpty ? true : nil }
    let resolved = try await webhook(server, token) { $0["status"] as? String == "resolved" }

    // The payops webhook has the form of Alertmanager's.
    for (theirs, state) in [(firing, AlertState.firing), (resolved, .resolved)] {
      let body = Data(WebhookPayload(notification(state)).body)
      let ours = try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any])
      #expect(shape(ours) == shape(theirs))
      #expect(ours["version"] as? String == theirs["version"] as? String)
    }
    let theirAlerts = try #require(firing["alerts"] as? [[String: Any]])
    let ourAlert = WebhookPayload.Alert(try #require(notification(.firing).alerts.first))
    #expect(theirAlerts.first?["endsAt"] as? String == ourAlert.endsAt)
    #expect(theirAlerts.first?["annotations"] as? [String: String] == ourAlert.annotations)
  }

  @Test("a notification that Alertmanager refuses is not retried")
  func refused() async throws {
    let receiver = try await Receiver.shared()
    let server = try await Alertmanager.start(webhook: receiver.url("/200/\(Receiver.token())"))
    let channel = try Channel(
      name: "am", kind: .alertmanager, target: "http://127.0.0.1:\(server.port)/nowhere",
      connection: try Receiver.connection())
    let outcome = await sender.deliver(notification(.firing), through: channel)
    guard case .failed(let failure) = outcome, failure.code == .rejected else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.status == 404)
  }

  /// The first webhook of Alertmanager that meets a condition.
  private func webhook(
    _ server: Alertmanager, _ token: String, _ fits: @escaping ([String: Any]) -> Bool
  ) async throws -> [String: Any] {
    let receiver = try await Receiver.shared()
    let text = try await server.program.wait(for: "webhook") {
      try receiver.requests(token).map(\.body).first { body in
        let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
        return object.map(fits) ?? false
      }
    }
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The keys of a webhook with the types of their values.
  private func shape(_ object: [String: Any]) -> [String: String] {
    var shape: [String: String] = [:]
    for (key, value) in object { shape[key] = kind(value) }
    for (key, value) in (object["alerts"] as? [[String: Any]])?.first ?? [:] {
      shape["alerts." + key] = kind(value)
    }
    return shape
  }

  private func kind(_ value: Any) -> String {
    switch value {
    case is String: "text"
    case is [Any]: "list"
    case is [String: Any]: "object"
    case is NSNumber: "number"
    default: "other"
    }
  }
}
