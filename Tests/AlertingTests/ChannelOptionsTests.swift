import Alerting
import Notifications
import Testing

@Suite("Options of routes")
struct ChannelOptionsTests {
  private func channel(_ kind: String, _ target: String, _ options: String) throws -> Channel {
    try NotificationRoute(name: "r", kind: kind, target: target, options: options).channel()
  }

  @Test("the options of a route become a channel")
  func channels() throws {
    let webhook = try channel(
      "webhook", "https://example.com/hook",
      #"""
      {"secret_file": "/k", "ca_file": "/ca", "allowed_networks": ["10.0.0.0/8", "fd00::/8"],
       "connect_timeout_seconds": 2, "total_timeout_seconds": 7.5}
      """#)
    #expect(webhook.secretFile == "/k")
    #expect(webhook.connection.authorityFile == "/ca")
    #expect(webhook.connection.allowedNetworks.count == 2)
    #expect(webhook.connection.totalTimeout == .milliseconds(7500))
    let mail = try channel(
      "email", "smtp://mail.example.com:587",
      #"{"sender": "a@x.org", "recipients": ["b@x.org"], "user": "u", "secret_file": "/p"}"#)
    #expect(mail.mail?.recipients == ["b@x.org"])
    #expect(mail.mail?.user == "u")
    let manager = try channel(
      "alertmanager", "http://127.0.0.1:9093",
      #"{"plaintext_on_loopback": true, "alert_lifetime_seconds": 3600}"#)
    #expect(manager.alertLifetime == .seconds(3600))
    #expect(manager.connection.allowsPlaintextOnLoopback)
    // A long or short timeout alone also moves the other one.
    #expect(
      try channel("webhook", "https://x.org", #"{"total_timeout_seconds": 1}"#)
        .connection.connectTimeout == .seconds(1))
    #expect(
      try channel("webhook", "https://x.org", #"{"connect_timeout_seconds": 60}"#)
        .connection.totalTimeout == .seconds(60))
    #expect(try channel("log", "/var/log/x", "{}").kind == .log)
    #expect(try channel("pagerduty", "", #"{"secret_file": "/k"}"#).kind == .pagerduty)
  }

  @Test(
    "invalid options are refused with the names of route and key",
    arguments: [
      ("log", "/x", "[1]", "its options are not a JSON object"),
      ("log", "/x", "{", "its options are not a JSON object"),
      ("log", "/x", #"{"secret_file": "/k"}"#, "log has no option 'secret_file'"),
      ("webhook", "https://x.org", #"{"secretfile": "/k"}"#, "webhook has no option 'secretfile'"),
      ("webhook", "https://x.org", #"{"secret_file": 7}"#, "option secret_file: it must be a text"),
      (
        "webhook", "https://x.org", #"{"secret_file": "k"}"#,
        "option secret_file: it must be an abs"
      ),
      ("webhook", "https://x.org", #"{"secret_file": null}"#, "option secret_file: it must be"),
      ("webhook", "https://x.org", #"{"ca_file": "ca"}"#, "option ca_file: it must be an absolute"),
      (
        "webhook", "https://x.org", #"{"allowed_networks": "::1"}"#, "option allowed_networks: it m"
      ),
      (
        "webhook", "https://x.org", #"{"allowed_networks": ["x"]}"#,
        "option allowed_networks: 'x' i"
      ),
      (
        "webhook", "https://x.org", #"{"total_timeout_seconds": "9"}"#, "option total_timeout_secon"
      ),
      (
        "webhook", "https://x.org", #"{"total_timeout_seconds": 601}"#,
        "option total_timeout_second"
      ),
      (
        "webhook", "https://x.org", #"{"plaintext_on_loopback": 1}"#,
        "option plaintext_on_loopback:"
      ),
      ("webhook", "https://x.org", #"{"sender": "a@x.org"}"#, "webhook has no option 'sender'"),
      ("email", "smtp://x.org:587", #"{"sender": "a@x.org"}"#, "option recipients: it is missing"),
      (
        "email", "smtp://x.org:587", #"{"recipients": ["a@x.org"]}"#, "option sender: it is missing"
      ),
      ("email", "smtp://x.org:587", "{}", "an email needs a sender and recipients"),
      ("webhook", "http://x.org", "{}", "http://x.org does not use TLS"),
      ("pigeon", "x", "{}", "there is no kind 'pigeon'"),
    ])
  func refusals(kind: String, target: String, options: String, text: String) throws {
    let error = try #require(throws: NotificationError.self) {
      try channel(kind, target, options)
    }
    #expect(error.message.hasPrefix("route 'r'"), "\(error.message)")
    #expect(error.message.contains(text), "\(error.message)")
  }
}
