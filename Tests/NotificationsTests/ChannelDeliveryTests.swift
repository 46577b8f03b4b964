import Cryptography
import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import Notifications

@Suite("Delivery through each kind of channel", .timeLimit(.minutes(2)))
struct ChannelDeliveryTests {
  private let sender = NotificationSender(now: { Samples.instant("2026-11-22 10:06:30") })

  private func secret(_ text: String, mode: Int = 0o600) throws -> String {
    let path = try TemporaryDirectory.make("secret").appending(path: "secret").path
    try Data("\(text)\n".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// The output of a program.
  private func output(_ program: String, _ arguments: [String]) async throws -> String {
    let folder = try TemporaryDirectory.make("output")
    let file = folder.appending(path: "output")
    let process = try TestProcess(program, arguments, output: file.path)
    try #require(await process.end() == 0)
    return try String(contentsOf: file, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test(
    "a webhook is signed so that the receiver can check it",
    arguments: [
      "k", "correct horse battery staple",
      "a key é that is longer than the block of SHA-256, which is 64 bytes, and so is hashed first",
    ])
  func signature(key: String) async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let channel = try Channel(
      name: "hook", kind: .webhook, target: receiver.url("/200/\(token)"),
      secretFile: try secret(key), connection: try Receiver.connection())
    #expect(await sender.deliver(Samples.full, through: channel) == .delivered)
    let request = try #require(try receiver.requests(token).first)
    #expect(request.method == "POST")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["idempotency-key"] == "delivery-1")
    #expect(request.headers["x-payops-timestamp"] == "1795341990")
    #expect(request.headers["expect"] == nil && request.headers["authorization"] == nil)
    #expect(request.body == String(decoding: WebhookPayload(Samples.full).body, as: UTF8.self))

    let folder = try TemporaryDirectory.make("signed")
    let signed = folder.appending(path: "signed").path
    try Data("1795341990.\(request.body)".utf8).write(to: URL(filePath: signed))
    let trimmed = key.trimmingCharacters(in: .whitespaces)
    let program =
      "import hashlib,hmac,sys;print(hmac.new(sys.argv[1].encode(),open(sys.argv[2],'rb').read(),"
      + "hashlib.sha256).hexdigest())"
    let python = try await output(GuardedProgram.python(), ["-c", program, trimmed, signed])
    #expect(request.headers["x-payops-signature"] == "v1=\(python)")
    let digits = trimmed.utf8.map { String($0, radix: 16) }
      .map { $0.count == 1 ? "0\($0)" : $0 }.joined()
    let openssl = try await output(
      "/usr/bin/openssl",
      ["dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:\(digits)", "-r", signed])
    #expect(openssl.hasPrefix(python))
    // Another body, time or key gives another signature.
    let body = Array(request.body.utf8)
    let time = Samples.instant("2026-11-22 10:06:30")
    let later = CivilInstant(secondsSinceEpoch: time.secondsSinceEpoch + 1)
    let values = [
      WebhookSignature.value(body: body, timestamp: time, key: Secret(trimmed)),
      WebhookSignature.value(body: body + [32], timestamp: time, key: Secret(trimmed)),
      WebhookSignature.value(body: body, timestamp: later, key: Secret(trimmed)),
      WebhookSignature.value(body: body, timestamp: time, key: Secret(trimmed + "x")),
    ]
    #expect(values[0] == "v1=\(python)" && Set(values).count == 4)
  }

  @Test("there is no signature without a key, and an odd delivery key is sent as its hash")
  func unsigned() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let channel = try Channel(
      name: "hook", kind: .webhook, target: receiver.url("/200/\(token)"),
      connection: try Receiver.connection())
    let odd = Samples.notification(deliveryKey: "a\r\nX-Evil: 1")
    #expect(await sender.deliver(odd, through: channel) == .delivered)
    let request = try #require(try receiver.requests(token).first)
    #expect(request.headers["x-payops-signature"] == nil && request.headers["x-evil"] == nil)
    #expect(request.headers["idempotency-key"] == SHA256.of("a\r\nX-Evil: 1"))
  }

  @Test("a Slack message is posted as blocks to the secret URL")
  func slack() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let channel = try Channel(
      name: "chat", kind: .slack, secretFile: try secret(receiver.url("/200/\(token)")),
      connection: try Receiver.connection())
    #expect(await sender.deliver(Samples.full, through: channel) == .delivered)
    let request = try #require(try receiver.requests(token).first)
    #expect((try json(request.body)["blocks"] as? [Any])?.count == 4)
    // A URL that the channel may not use is refused.
    let bad = try Channel(
      name: "chat", kind: .slack, secretFile: try secret("http://hooks.example/T0KEN"))
    let outcome = await sender.deliver(Samples.full, through: bad)
    guard case .retry(nil, let failure) = outcome, failure.code == .misconfigured else {
      Issue.record("\(outcome)")
      return
    }
    #expect(!Samples.dump(outcome).contains("T0KEN"))
  }

  @Test("a PagerDuty incident is triggered and resolved under one key")
  func pagerDuty() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let channel = try Channel(
      name: "pager", kind: .pagerduty, target: receiver.url("/202/\(token)"),
      secretFile: try secret("R0UTINGKEY"), connection: try Receiver.connection())
    #expect(await sender.deliver(Samples.full, through: channel) == .delivered)
    #expect(await sender.deliver(Samples.resolved, through: channel) == .delivered)
    let events = try receiver.requests(token).map { try json($0.body) }
    #expect(events.map { $0["event_action"] as? String } == ["trigger", "resolve"])
    #expect(events.allSatisfy { $0["routing_key"] as? String == "R0UTINGKEY" })
    #expect(Set(events.map { $0["dedup_key"] as? String }).count == 1)
  }

  @Test("an Alertmanager that requires a login gets one")
  func alertmanager() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let channel = try Channel(
      name: "am", kind: .alertmanager, target: receiver.url("/200/\(token)/"),
      secretFile: try secret("user:pässword"), connection: try Receiver.connection())
    _ = await sender.deliver(Samples.full, through: channel)
    let request = try #require(try receiver.requests(token).first)
    #expect(request.path == "/200/\(token)/api/v2/alerts")
    let credentials = Data("user:pässword".utf8).base64EncodedString()
    #expect(request.headers["authorization"] == "Basic \(credentials)")
  }

  @Test("a log channel appends a line to a file that others cannot write")
  func log() async throws {
    let path = try TemporaryDirectory.make("log").appending(path: "alerts.jsonl").path
    let channel = try Channel(name: "log", kind: .log, target: path)
    await withTaskGroup { group in
      for _ in 0..<20 {
        group.addTask { _ = await sender.deliver(Samples.full, through: channel) }
      }
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 20 && text.hasSuffix("\n"))
    for line in lines {
      let entry = try json(String(line))
      #expect(entry["event"] as? String == "notification")
      #expect(entry["delivery_key"] as? String == "delivery-1")
    }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect((mode ?? 0o777) & 0o137 == 0)
  }

  @Test("a log channel does not write to a pipe, link or directory")
  func logKinds() async throws {
    let folder = try TemporaryDirectory.make("log").path
    try #require(mkfifo(folder + "/pipe", 0o600) == 0)
    try Data().write(to: URL(filePath: folder + "/target"))
    try #require(symlink(folder + "/target", folder + "/link") == 0)
    for path in ["/pipe", "/link", "", "/none/x"].map({ folder + $0 }) + ["/dev/full"] {
      let channel = try Channel(name: "log", kind: .log, target: path)
      let outcome = await sender.deliver(Samples.full, through: channel)
      #expect(outcome.failure?.code == .fileUnusable, "\(path): \(outcome)")
    }
    #expect(FileManager.default.contents(atPath: folder + "/target") == Data())
  }

  @Test("an error shows no secret, whatever the receiver answers")
  func secrets() async throws {
    let receiver = try await Receiver.shared()
    let path = "/repeat/\(Receiver.token())"
    for kind in [ChannelKind.webhook, .pagerduty] {
      let channel = try Channel(
        name: "x", kind: kind, target: receiver.url(path), secretFile: try secret("hunter2secret"),
        connection: try Receiver.connection())
      let outcome = await sender.deliver(Samples.resolved, through: channel)
      #expect(outcome.failure?.excerpt?.contains(kind == .webhook ? "payops" : "***") == true)
      #expect(!Samples.dump(outcome).contains("hunter2"))
      #expect(!"\(channel)".contains("repeat"))
    }
    let basic = try Channel(
      name: "x", kind: .alertmanager, target: receiver.url(path),
      secretFile: try secret("user:hunter2secret"), connection: try Receiver.connection())
    let outcome = await sender.deliver(Samples.resolved, through: basic)
    let encoded = Data("user:hunter2secret".utf8).base64EncodedString()
    #expect(outcome.failure?.code == .rejected)
    #expect(outcome.failure?.excerpt?.contains("Basic ***") == true)
    #expect(!Samples.dump(outcome).contains("hunter2"))
    #expect(!Samples.dump(outcome).contains(encoded))
  }

  @Test("nothing is sent while others can read the secret file; after a fix sending continues")
  func unsafeSecret() async throws {
    let receiver = try await Receiver.shared()
    let token = Receiver.token()
    let file = try secret("key", mode: 0o644)
    let channel = try Channel(
      name: "x", kind: .webhook, target: receiver.url("/200/\(token)"), secretFile: file,
      connection: try Receiver.connection())
    let outcome = await sender.deliver(Samples.full, through: channel)
    guard case .retry(nil, let failure) = outcome, failure.code == .misconfigured else {
      Issue.record("\(outcome)")
      return
    }
    #expect(failure.reason == "the secret file \(file) can be read by others")
    #expect(try receiver.requests(token).isEmpty)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    #expect(await sender.deliver(Samples.full, through: channel) == .delivered)
  }
}
