import Alerting
import Foundation
import MariaDBClient
import Notifications
import TestSupport
import Testing

/// What receivers learn of the impact of an alert.
@Suite("Impact in notifications", .timeLimit(.minutes(5)))
struct OutboxImpactTests {
  private static let impact = """
    UPDATE alerts SET cause = 'acquirer=Northline', payments_affected = 1234,
        value_at_stake = 42248.7414, customers_affected = 87 WHERE alert_subject = 'a'
    """

  private static let loopback =
    #"{"plaintext_on_loopback": true, "allowed_networks": ["127.0.0.0/8"]}"#

  @Test("a webhook gets value, customers, cause and link of the alert, now and at its end")
  func webhook() async throws {
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      let token = Receiver.token()
      try await outbox.webhook("hook", "/200/\(token)")
      try await outbox.at(0)
      try await outbox.raise("a", "CRITICAL")
      try await outbox.raise("b")
      try await connection.execute(Self.impact)
      try await connection.execute(
        "UPDATE settings SET setting_value = 'https://ops.example/alerts?id={alert_id}'"
          + " WHERE setting_name = 'alert_url_template'")
      #expect(try await outbox.send().delivered == 2)
      let first = try WebhookBody(try #require(receiver.requests(token).first))
      let (a, b) = (try #require(first.alerts.first), try #require(first.alerts.last))
      #expect(
        a.annotations == [
          "summary": "found a", "value_at_stake": "42,248.74 EUR", "customers_affected": "87",
          "description": "mostly acquirer Northline, 1,234 payments affected",
        ])
      #expect(b.annotations == ["summary": "found b"])
      #expect(a.generatorURL == "https://ops.example/alerts?id=1")
      #expect(b.generatorURL == "https://ops.example/alerts?id=2")
      // The end of one: what still fires beside it is as complete.
      try await outbox.at(60)
      try await outbox.resolve("b")
      #expect(try await outbox.send().delivered == 1)
      let second = try WebhookBody(try #require(receiver.requests(token).last))
      let still = try #require(second.alerts.last)
      #expect(still.annotations["value_at_stake"] == "42,248.74 EUR")
      #expect(still.generatorURL == "https://ops.example/alerts?id=1")
    }
  }

  @Test("an Alertmanager gets the same; without the setting there is no link")
  func alertmanager() async throws {
    struct Alert: Decodable {
      let annotations: [String: String]
      let generatorURL: String?
    }
    let receiver = try await Receiver.shared()
    try await TestServer.withSchema { connection in
      let outbox = Outbox(connection: connection)
      let token = Receiver.token()
      try await outbox.route(
        "manager", "alertmanager", try await receiver.url("/200/\(token)"),
        options: Self.loopback)
      try await outbox.at(0)
      try await outbox.raise("a", "CRITICAL")
      try await connection.execute(Self.impact)
      #expect(try await outbox.send().delivered == 1)
      let body = try #require(receiver.requests(token).first?.body)
      let alert = try #require(JSONDecoder().decode([Alert].self, from: Data(body.utf8)).first)
      #expect(alert.annotations["value_at_stake"] == "42,248.74 EUR")
      #expect(alert.annotations["customers_affected"] == "87")
      #expect(alert.annotations["description"]?.hasPrefix("mostly acquirer Northline") == true)
      #expect(alert.generatorURL == nil)
    }
  }
}
