import Foundation
import PayopsCore
import Testing

@testable import Notifications

@Suite("Payloads")
struct PayloadTests {
  private static let envelope: MailEnvelope? = try? MailEnvelope(
    sender: "payops@bank.example", recipients: ["a@bank.example", "b@bank.example"])

  @Test("payloads of every kind are as recorded; PAYOPS_UPDATE_GOLDEN=1 renews them")
  func golden() throws {
    let envelope = try #require(Self.envelope)
    let key = Secret("R0UTINGKEY")
    let payloads: [(String, [UInt8])] = [
      ("webhook_firing.json", WebhookPayload(Samples.full).body),
      ("webhook_resolved.json", WebhookPayload(Samples.resolved).body),
      (
        "alertmanager_firing.json",
        AlertmanagerPayload.body(
          of: Samples.full, at: Samples.full.sentAt, lifetime: .seconds(3600))
      ),
      (
        "alertmanager_resolved.json",
        AlertmanagerPayload.body(
          of: Samples.resolved, at: Samples.full.sentAt, lifetime: .seconds(3600))
      ),
      ("slack_firing.json", SlackPayload(Samples.full).body),
      ("slack_resolved.json", SlackPayload(Samples.resolved).body),
      ("pagerduty_firing.json", PagerDutyPayload(Samples.full).body(routingKey: key)),
      ("pagerduty_resolved.json", PagerDutyPayload(Samples.resolved).body(routingKey: key)),
      ("log_firing.jsonl", LogLine(Samples.full).bytes),
      ("mail_firing.eml", MailMessage(Samples.full, envelope: envelope).bytes),
      ("mail_resolved.eml", MailMessage(Samples.resolved, envelope: envelope).bytes),
    ]
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    let isUpdating = ProcessInfo.processInfo.environment["PAYOPS_UPDATE_GOLDEN"] == "1"
    for (name, payload) in payloads {
      let file = folder.appending(path: name)
      if isUpdating { try Data(payload).write(to: file) }
      let recorded = try #require(try? Data(contentsOf: file), "\(name) is missing")
      #expect(
        String(decoding: payload, as: UTF8.self) == String(decoding: recorded, as: UTF8.self),
        "\(name)")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names) == Set(payloads.map(\.0)))
  }

  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test("a webhook counts the alerts that it omits, and names what all have in common")
  func webhookLimits() throws {
    let alerts = (0..<620).map { Samples.alert(labels: ["merchant": "M-\($0)", "country": "DE"]) }
    let payload = try object(
      WebhookPayload(Samples.notification(alerts, truncatedAlerts: 5)).body)
    #expect((payload["alerts"] as? [Any])?.count == 500)
    #expect(payload["truncatedAlerts"] as? Int == 125)
    #expect(
      payload["commonLabels"] as? [String: String]
        == ["alertname": "settlement_delay", "severity": "critical", "country": "DE"])
    let empty = try object(WebhookPayload(Samples.notification([])).body)
    #expect(empty["commonLabels"] as? [String: String] == [:])
  }

  @Test("a payload to Slack keeps its limits whatever it holds")
  func slackLimits() throws {
    let nasty = String(repeating: "&<👩‍👩‍👧>", count: 2000)
    let alerts = (0..<80).map { _ in
      Samples.alert(
        nasty, labels: [nasty: nasty], summary: nasty, details: nasty,
        generatorURL: "https://payops.example/" + String(repeating: "x&", count: 400))
    }
    let payload = SlackPayload(Samples.notification(alerts, truncatedAlerts: 7))
    #expect(payload.blocks.count == 50)
    for block in payload.blocks {
      if let text = block.text {
        let limit = block.type == "header" ? 150 : 3000
        #expect(text.text.utf16.count <= limit && !text.text.isEmpty)
        // No entity is cut, and no unescaped character remains.
        let rest = text.text.replacing("&amp;", with: "").replacing("&lt;", with: "")
          .replacing("&gt;", with: "")
        let bare = rest.replacing(/<https:[^>|]*\|open>/, with: "")
        #expect(!bare.contains { "&<>".contains($0) })
        #expect(!rest.contains("\u{fffd}"))
      }
      for element in block.elements ?? [] {
        #expect(element.text.contains("and 39 more"))
        #expect(element.text.utf16.count <= 3000)
      }
    }
  }

  @Test(
    "a payload to Slack links only to web pages",
    arguments: ["javascript:alert(1)", "https://a|b.example/", "https://x.example/>y", "no url"])
  func slackLinks(url: String) throws {
    let payload = SlackPayload(Samples.notification([Samples.alert(generatorURL: url)]))
    #expect(payload.blocks[1].text?.text.contains("|open>") == false)
  }

  @Test("a payload to PagerDuty keeps its limits whatever it holds")
  func pagerDutyLimits() throws {
    let alerts = (0..<600).map { number in
      Samples.alert(
        labels: ["merchant": "M-\(number)"], summary: String(repeating: "é", count: 3000),
        details: String(repeating: "d", count: 2000))
    }
    let long = Samples.notification(
      alerts, groupKey: String(repeating: "ü", count: 128))
    let bytes = PagerDutyPayload(long).body(routingKey: Secret("k"))
    #expect(bytes.count <= 524_288 && bytes.count > 100_000)
    let event = try object(bytes)
    #expect((event["dedup_key"] as? String)?.utf8.count == 71)
    let payload = try #require(event["payload"] as? [String: Any])
    #expect((payload["summary"] as? String)?.count == 1024)
    let details = try #require(payload["custom_details"] as? [String: Any])
    let shown = try #require(details["alerts"] as? [Any]).count
    #expect(shown > 0 && details["truncated_alerts"] as? Int == 600 - shown)
    let short = Samples.notification(groupKey: String(repeating: "x", count: 255))
    #expect(PagerDutyPayload(short).dedupKey == short.groupKey)
  }

  @Test(
    "a payload to PagerDuty has one of its four severities",
    arguments: zip(Severity.allCases, ["info", "warning", "error", "critical"]))
  func pagerDutySeverity(severity: Severity, grade: String) {
    #expect(PagerDutyPayload.severity(severity) == grade)
  }

  @Test("a payload to Alertmanager has valid labels and no end before the start")
  func alertmanagerLabels() throws {
    let alert = Samples.alert(
      state: .resolved, labels: ["1st": "a", "a-b": "c", "empty": "", "straße": "d"])
    let early = NotifiedAlert(
      fingerprint: "f", name: "n", severity: .info, state: .resolved, summary: "s",
      startsAt: Samples.instant("2026-11-22 10:00:00"), endsAt: Samples.instant("2026-11-21"))
    let bytes = AlertmanagerPayload.body(
      of: Samples.notification([alert, early], status: .resolved), at: Samples.full.sentAt,
      lifetime: .seconds(60))
    let alerts = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    #expect(
      alerts[0]["labels"] as? [String: String]
        == [
          "alertname": "settlement_delay", "severity": "critical", "_1st": "a", "a_b": "c",
          "stra__e": "d",
        ])
    #expect(alerts[1]["endsAt"] as? String == "2026-11-22T10:00:00Z")
  }

  @Test("a payload has the same bytes every time")
  func stable() {
    #expect(WebhookPayload(Samples.full).body == WebhookPayload(Samples.full).body)
    #expect(LogLine(Samples.full).bytes.count { $0 == 0x0a } == 1)
  }

  @Test("no text of an alert becomes a header or a command of a mail")
  func mailInjection() throws {
    let attack = "late\r\nBcc: thief@evil.example\r\n\r\n<html>\u{2028}.\r\n.\r\nQUIT"
    let message = MailMessage(
      Samples.notification([Samples.alert(attack, summary: attack)]),
      envelope: try #require(Self.envelope))
    let text = String(decoding: message.bytes, as: UTF8.self)
    let end = try #require(text.firstRange(of: "\r\n\r\n"))
    let header = text[..<end.lowerBound]
    let names = header.split(separator: "\r\n").filter { $0.first != " " }
      .compactMap { $0.split(separator: ":").first.map(String.init) }
    #expect(
      names == [
        "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References",
        "Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
      ])
    #expect(message.bytes.allSatisfy { $0 == 0x0d || $0 == 0x0a || (0x20..<0x7f).contains($0) })
    for line in text.split(separator: "\r\n") {
      #expect(line.utf8.count <= 78 && !line.contains { $0.isNewline })
    }
  }

  @Test("a mail has the id of its delivery and refers to its group")
  func mailIdentity() throws {
    let envelope = try #require(Self.envelope)
    func id(_ delivery: String, _ group: String) -> String {
      MailMessage(
        Samples.notification(deliveryKey: delivery, groupKey: group), envelope: envelope
      ).messageID
    }
    #expect(id("1", "g") == id("1", "h"))
    #expect(id("1", "g") != id("2", "g"))
    #expect(id("1", "g").hasSuffix("@bank.example>"))
  }
}
