import Foundation
import PayopsCore
import TestSupport
import Testing

@testable import Notifications

@Suite("Channel")
struct ChannelTests {
  private func refused(
    _ kind: ChannelKind, _ target: String? = nil, secret: String? = nil,
    connection: ChannelConnection = ChannelConnection(), mail: MailEnvelope? = nil
  ) -> String? {
    do {
      _ = try Channel(
        name: "x", kind: kind, target: target, secretFile: secret, connection: connection,
        mail: mail)
      return nil
    } catch {
      return error.code == .unusableChannel ? error.message : "other"
    }
  }

  @Test("a complete and safe channel is accepted")
  func good() throws {
    let mail = try MailEnvelope(sender: "a@x.example", recipients: ["b@x.example"], user: "u")
    let open = try MailEnvelope(sender: "a@x.example", recipients: ["b@x.example"])
    let plain = ChannelConnection(allowsPlaintextOnLoopback: true)
    #expect(refused(.webhook, "https://hooks.example/in?x=1", secret: "/s") == nil)
    #expect(refused(.webhook, "http://127.0.0.1:8080/", connection: plain) == nil)
    #expect(refused(.webhook, "http://[::1]:8080/", connection: plain) == nil)
    #expect(refused(.alertmanager, "https://am.example:9093") == nil)
    #expect(refused(.slack, secret: "/s") == nil)
    #expect(refused(.pagerduty, secret: "/s") == nil)
    #expect(refused(.email, "smtp://mail.example:587", secret: "/s", mail: mail) == nil)
    #expect(refused(.email, "smtps://mail.example", mail: open) == nil)
    #expect(refused(.email, "smtp://localhost:25", connection: plain, mail: open) == nil)
    #expect(refused(.log, "/var/log/payops.jsonl") == nil)
  }

  @Test("an incomplete or unsafe channel is refused with the reason")
  func bad() throws {
    let mail = try MailEnvelope(sender: "a@x.example", recipients: ["b@x.example"], user: "u")
    let open = try MailEnvelope(sender: "a@x.example", recipients: ["b@x.example"])
    let plain = ChannelConnection(allowsPlaintextOnLoopback: true)
    func says(_ part: String, _ message: String?, at line: Int = #line) {
      #expect(message?.contains(part) == true, "line \(line): \(message ?? "taken")")
    }
    says("no target", refused(.webhook))
    says("not a valid URL", refused(.webhook, "https://user:pw@hooks.example/"))
    says("not a valid URL", refused(.webhook, "https://hooks.example/a b"))
    says("not a valid URL", refused(.webhook, "https://hooks.example/\r\nX: y"))
    says("scheme", refused(.webhook, "ftp://hooks.example/"))
    says("not a valid URL", refused(.webhook, "file:///etc/passwd"))
    says("scheme", refused(.webhook, "smtp://mail.example"))
    says("does not use TLS", refused(.webhook, "http://hooks.example/"))
    says("does not use TLS", refused(.webhook, "http://127.0.0.1/"))
    says("does not use TLS", refused(.webhook, "http://127.0.0.1.example/", connection: plain))
    says("does not use TLS", refused(.webhook, "http://10.0.0.1/", connection: plain))
    says("plaintext", refused(.webhook, "https://hooks.example/", connection: plain))
    says("plaintext", refused(.email, "smtp://mail.example", connection: plain, mail: open))
    says("secret", refused(.slack, "https://hooks.slack.com/services/T/B/X"))
    says("file with its URL", refused(.slack))
    says("routing key", refused(.pagerduty))
    says("sender", refused(.email, "smtp://mail.example"))
    says("password", refused(.email, "smtp://mail.example", mail: mail))
    says("user", refused(.email, "smtp://mail.example", secret: "/s", mail: open))
    says("path", refused(.email, "smtp://mail.example/name", mail: open))
    says("recipients", refused(.webhook, "https://hooks.example/", mail: open))
    says("absolute", refused(.log, "payops.log"))
    says("secret", refused(.log, "/var/log/x", secret: "/s"))
    for (connect, total) in [(0, 5), (5, 4), (5, 601)] {
      says(
        "timeouts",
        refused(
          .webhook, "https://hooks.example/",
          connection: ChannelConnection(
            connectTimeout: .seconds(connect), totalTimeout: .seconds(total))))
    }
    says(
      "absolute",
      refused(
        .webhook, "https://hooks.example/", connection: ChannelConnection(authorityFile: "ca.pem")))
  }

  @Test("a channel shows only scheme and host of its URL")
  func description() throws {
    let channel = try Channel(
      name: "ops", kind: .webhook, target: "https://hooks.example:8443/T0KEN?key=S3CRET")
    #expect(channel.description == "ops (webhook to https://hooks.example)")
    let error = #expect(throws: NotificationError.self) {
      try Channel(name: "ops", kind: .webhook, target: "http://hooks.example/T0KEN")
    }
    #expect(error?.description.contains("T0KEN") == false)
  }

  @Test(
    "an email goes only to valid addresses",
    arguments: [
      "", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "<a@b>", "a@b c", "é@b",
      "a..b@c",
      ".a@b", "a@b..c", "\"a\"@b", "a@[127.0.0.1]", "a,b@c", "a@b>",
    ])
  func addresses(text: String) {
    #expect(!MailEnvelope.isAddress(text))
    #expect(throws: NotificationError.self) {
      try MailEnvelope(sender: text, recipients: ["a@b.example"])
    }
    #expect(throws: NotificationError.self) {
      try MailEnvelope(sender: "a@b.example", recipients: ["c@b.example", text])
    }
  }

  @Test("all usual forms of email addresses are accepted")
  func goodAddresses() throws {
    for text in ["a@b", "first.last+tag@mail-1.example.com", "o'neil@x.example"] {
      #expect(MailEnvelope.isAddress(text))
    }
    #expect(
      try MailEnvelope(sender: "a@b.example", recipients: ["x@y.example"]).domain == "b.example")
  }
}

@Suite("Secret file")
struct SecretFileTests {
  private func file(_ text: String, mode: Int) throws -> String {
    let path = try TemporaryDirectory.make("secret").appending(path: "secret").path
    try Data(text.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  @Test("a secret file is read without surrounding blanks", arguments: [0o600, 0o400])
  func good(mode: Int) throws {
    #expect(try SecretFile.read(file(" correct horse\n", mode: mode)).reveal == "correct horse")
  }

  @Test(
    "a secret file that others can read or that has no line is refused without its text",
    arguments: [
      ("hunter2", 0o640), ("hunter2", 0o604), ("hunter2", 0o666), ("", 0o600), (" \n", 0o600),
      ("hunter2\nhunter3", 0o600), ("hunter2\u{0}", 0o600),
    ])
  func bad(text: String, mode: Int) throws {
    let path = try file(text, mode: mode)
    let error = #expect(throws: NotificationError.self) { try SecretFile.read(path) }
    #expect(error?.code == .unusableSecret)
    #expect(error?.description.contains("hunter2") == false)
    #expect(error?.description.contains(path) == true)
  }

  @Test("a secret file that is too large is refused")
  func large() throws {
    let path = try file(String(repeating: "x", count: SecretFile.limit), mode: 0o600)
    #expect(try SecretFile.read(path).reveal.count == SecretFile.limit)
    let larger = try file(String(repeating: "x", count: SecretFile.limit + 1), mode: 0o600)
    #expect(throws: NotificationError.self) { try SecretFile.read(larger) }
  }

  @Test("a secret file that is a pipe, a directory or missing is refused without waiting")
  func kinds() throws {
    let folder = try TemporaryDirectory.make("secret").path
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    for path in [folder, folder + "/pipe", folder + "/none"] {
      #expect(throws: NotificationError.self) { try SecretFile.read(path) }
    }
  }
}
