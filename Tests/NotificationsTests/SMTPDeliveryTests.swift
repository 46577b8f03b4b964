import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import Notifications

@Suite("Delivery over SMTP", .timeLimit(.minutes(2)))
struct SMTPDeliveryTests {
  private let sender = NotificationSender()

  private func secret(_ text: String) throws -> String {
    let path = try TemporaryDirectory.make("secret").appending(path: "password").path
    try Data("\(text)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return path
  }

  private func deliver(
    _ server: String, to recipients: [String], password: String? = "correct horse",
    authority: String? = nil, allowed: [String] = ["127.0.0.0/8", "::1"], plaintext: Bool = false,
    notification: AlertNotification = Samples.full
  ) async throws -> DeliveryOutcome {
    let smtp = try await SMTPServer.shared()
    let channel = try Channel(
      name: "mail", kind: .email, target: smtp.url(server),
      secretFile: try password.map(secret),
      connection: try Receiver.connection(
        allowed: allowed, authority: authority ?? smtp.authority, plaintext: plaintext),
      mail: try MailEnvelope(
        sender: "payops@bank.example", recipients: recipients,
        user: password == nil ? nil : "watch"))
    return await sender.deliver(notification, through: channel)
  }

  private func recipient(_ name: String = "ops") -> String {
    "\(name)@\(UUID().uuidString.lowercased()).example"
  }

  @Test("mail is sent after a login over STARTTLS, and the message reads as intended")
  func starttls() async throws {
    let smtp = try await SMTPServer.shared()
    let (one, other) = (recipient(), recipient("second"))
    #expect(try await deliver("starttls", to: [one, other]) == .delivered)
    let messages = try smtp.messages(for: one)
    let message = try #require(messages.first)
    #expect(messages.count == 1)
    #expect(message.from == "payops@bank.example" && message.to == [one, other])
    #expect(message.tls && message.user == "watch")
    let parsed = try await SMTPServer.parse(message.bytes)
    #expect(parsed.defects == [])
    #expect(
      parsed.headers["Subject"]
        == "[FIRING:4] settlement_delay (severe) 31 payments are past their due date — “late”")
    #expect(parsed.headers["From"] == "payops <payops@bank.example>")
    #expect(parsed.headers["To"] == "\(one), \(other)")
    #expect(parsed.headers["Date"] == "Sun, 22 Nov 2026 10:06:07 +0000")
    #expect(parsed.headers["Message-ID"]?.hasSuffix("@bank.example>") == true)
    // A line with a single dot does not end the message.
    #expect(parsed.text.contains("\n  <!channel> .\n  .\n  = done? é 100 %\n"))
    #expect(parsed.text.contains("merchant: Müller & Söhne <Nord>"))
    #expect(parsed.text.hasSuffix("https://payops.example/alerts?view=open&page=1\n"))
  }

  @Test("any text of a mail can be read back", arguments: 0..<8)
  func anyText(seed: Int) async throws {
    var random = SeededRandom(seed: UInt64(seed))
    let alphabet = Array("abc =.?_:<>\"'\\\t,;éßЖ中🙂e\u{301}")
    func text(_ longest: Int) -> String {
      String((0..<random.within(1...longest)).map { _ in alphabet[random.below(alphabet.count)] })
    }
    let alerts = (0..<5).map { number in
      Samples.alert("alert_\(number)", labels: ["a": text(300), "b": text(80)], summary: text(60))
    }
    let notification = Samples.notification(alerts)
    let envelope = try MailEnvelope(sender: "a@b.example", recipients: ["c@d.example"])
    let message = MailMessage(notification, envelope: envelope)
    for line in String(decoding: message.bytes, as: UTF8.self).split(separator: "\r\n") {
      #expect(line.utf8.count <= 78)
    }
    let parsed = try await SMTPServer.parse(Data(message.bytes))
    #expect(parsed.defects == [])
    let subject = TextLimit.cut(
      TextLimit.oneLine("\(notification.title) \(alerts[0].summary)"), to: 200)
    #expect(
      parsed.headers["Subject"]?.trimmingCharacters(in: .whitespaces)
        == subject.trimmingCharacters(in: .whitespaces))
    let lines = parsed.text.split(separator: "\n", omittingEmptySubsequences: false)
    for alert in alerts {
      let head = "CRITICAL \(alert.name): \(TextLimit.oneLine(alert.summary))"
      #expect(lines.contains { $0 == head })
      for (name, value) in alert.labels {
        #expect(lines.contains { $0 == "  \(name): \(TextLimit.oneLine(value))" })
      }
    }
  }

  @Test("a mail keeps its Message-ID when it is sent again; the next notification has another")
  func identity() async throws {
    let smtp = try await SMTPServer.shared()
    let one = recipient()
    for key in ["a", "a", "b"] {
      let notification = Samples.notification(deliveryKey: key)
      #expect(try await deliver("starttls", to: [one], notification: notification) == .delivered)
    }
    var ids: [String?] = []
    for message in try smtp.messages(for: one) {
      ids.append(try await SMTPServer.parse(message.bytes).headers["Message-ID"])
    }
    #expect(ids.count == 3 && ids[0] != nil && ids[0] == ids[1] && ids[1] != ids[2])
  }

  @Test("mail to an smtps URL uses TLS from the start")
  func implicit() async throws {
    let one = recipient()
    #expect(try await deliver("implicit", to: [one], password: nil) == .delivered)
    #expect(try await SMTPServer.shared().messages(for: one).count == 1)
  }

  @Test("no mail goes to a server without TLS, except on this machine where allowed")
  func plaintext() async throws {
    let one = recipient()
    let outcome = try await deliver("plain", to: [one], password: nil)
    guard case .failed(let failure) = outcome, failure.code == .tlsFailed else {
      Issue.record("\(outcome)")
      return
    }
    #expect(try await SMTPServer.shared().messages(for: one).isEmpty)
    #expect(try await deliver("plain", to: [one], password: nil, plaintext: true) == .delivered)
    #expect(try await SMTPServer.shared().messages(for: one).first?.tls == false)
  }

  @Test("no mail goes to a server with a certificate of another host or authority")
  func certificates() async throws {
    let smtp = try await SMTPServer.shared()
    let one = recipient()
    let stranger = smtp.program.folder.appending(path: "stranger.pem").path
    for (server, authority) in [
      ("elsewhere", smtp.authority), ("impostor", smtp.authority), ("starttls", stranger),
    ] {
      let outcome = try await deliver(server, to: [one], authority: authority)
      guard case .failed(let failure) = outcome, failure.code == .tlsFailed else {
        Issue.record("\(server): \(outcome)")
        continue
      }
    }
    #expect(try smtp.messages(for: one).isEmpty)
  }

  @Test("no mail goes to an internal address")
  func guarded() async throws {
    let outcome = try await deliver("starttls", to: [recipient()], allowed: [])
    guard case .failed(let failure) = outcome, failure.code == .addressRefused else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("mail is not retried after a 5yz reply", arguments: ["never", "spam"])
  func permanent(name: String) async throws {
    let one = recipient(name)
    let outcome = try await deliver("starttls", to: [recipient(), one])
    guard case .failed(let failure) = outcome, failure.code == .rejected else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.status == (name == "never" ? 550 : 554))
    #expect(!failure.reason.contains(one))
  }

  @Test("mail is retried after a 4yz reply", arguments: ["later", "full"])
  func temporary(name: String) async throws {
    let outcome = try await deliver("starttls", to: [recipient(name)])
    guard case .retry(nil, let failure) = outcome, failure.code == .overloaded else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.status == (name == "later" ? 451 : 452))
  }

  @Test("mail with a wrong password is not retried, and the password is not shown")
  func wrongPassword() async throws {
    let outcome = try await deliver("starttls", to: [recipient()], password: "hunter2")
    guard case .failed(let failure) = outcome, failure.code == .rejected else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.status == 535)
    #expect(!Samples.dump(outcome).contains("hunter2"))
  }

  @Test("mail is retried when the connection breaks before the reply to the message")
  func broken() async throws {
    let outcome = try await deliver("starttls", to: [recipient("broken")])
    guard case .retry(nil, let failure) = outcome, failure.code == .connectionLost else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test("mail is retried when nobody listens")
  func unreachable() async throws {
    let channel = try Channel(
      name: "mail", kind: .email, target: "smtp://localhost:\(try FreePort.next())",
      connection: try Receiver.connection(plaintext: false),
      mail: try MailEnvelope(sender: "a@b.example", recipients: ["c@d.example"]))
    let outcome = await sender.deliver(Samples.full, through: channel)
    guard case .retry(nil, let failure) = outcome, failure.code == .unreachable else {
      Issue.record("\(outcome)")
      return
    }
  }
}
